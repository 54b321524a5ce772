// The files of a conversation's draft, and what is written of it with them.
#include "core/base/whenready.h"
#include "core/chat/attachment.h"
#include "core/conversation/conversation.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace core {

namespace {

constexpr std::chrono::seconds RefusedDelay(10);

//! Takes the first that is \p file out of \p files.
std::optional<DraftFile> takeSame(QList<DraftFile> &files, const AttachmentPart &file)
{
    const auto place = std::find_if(files.begin(), files.end(), [&file](const DraftFile &known) {
        return isSameFile(known.part, file);
    });
    if (place == files.end())
        return std::nullopt;
    const DraftFile taken = *place;
    files.erase(place);
    return taken;
}

} // namespace

void Conversation::setDraftFiles(const QList<AttachmentPart> &files)
{
    QList<DraftFile> known = m_draftFiles;
    QList<DraftFile> now;
    for (const AttachmentPart &file : files) {
        const std::optional<DraftFile> had = takeSame(known, file);
        now.append(had ? *had : DraftFile{m_parts.ids.next(), file});
    }
    const bool isSame =
        std::equal(now.begin(), now.end(), m_draftFiles.begin(), m_draftFiles.end(),
                   [](const DraftFile &a, const DraftFile &b) { return a.id == b.id; });
    if (isSame)
        return;
    m_draftFiles = now;
    m_filesChanged = true;
    saveSoon();
}

QList<AttachmentPart> Conversation::draftFiles() const
{
    QList<AttachmentPart> files;
    for (const DraftFile &file : m_draftFiles)
        files.append(file.part);
    return files;
}

void Conversation::setReadingFiles(bool reading)
{
    if (std::exchange(m_isReadingFiles, reading) && !reading)
        Q_EMIT filesRead();
}

//! They are the turn's now. Others that it has were no draft: nobody would miss them there.
void Conversation::takeDraftFiles(const QList<AttachmentPart> &sent)
{
    m_sentFiles.clear();
    for (const AttachmentPart &file : sent) {
        if (const std::optional<DraftFile> had = takeSame(m_draftFiles, file))
            m_sentFiles.append(*had);
    }
}

//! As storable(): the Journal erases them with the question's own row.
QList<DraftFile> Conversation::storableFiles() const
{
    return !m_reply || m_reply->isRecorded() ? m_draftFiles : m_sentFiles + m_draftFiles;
}

//! The messages go first: the record takes their words out of the draft.
void Conversation::writeMessages()
{
    const QList<std::int64_t> unstored = std::exchange(m_unstored, {});
    for (const std::int64_t messageId : unstored) {
        const MessageRecord *known = m_tree.find(messageId);
        if (!known)
            continue;
        const QFuture<Result<Done>> writing = m_parts.repository.save(*known);
        whenReady(this, writing, [this, messageId](const Result<Done> &saved) {
            if (!saved)
                m_unstored.append(messageId);
        });
        await(writing);
    }
}

//! The row goes before the files, which refer to it. They may be large, and are written when they
//! change.
void Conversation::write()
{
    writeMessages();
    await(m_parts.repository.save(storable()));
    if (!std::exchange(m_filesChanged, false))
        return;
    const QFuture<Result<Done>> writing = m_parts.repository.saveDraftFiles(id(), storableFiles());
    whenReady(this, writing,
              [this](const Result<Done> &saved) { m_filesChanged = m_filesChanged || !saved; });
    await(writing);
}

void Conversation::await(const QFuture<Result<Done>> &write)
{
    ++m_writes;
    whenReady(this, write, [this](const Result<Done> &written) {
        --m_writes;
        // What the disk refused is nowhere but here: it stays open until it is taken.
        if (!written && !m_saveAlarm.isSet())
            m_saveAlarm.set(RefusedDelay, [this] { save(); });
        if (isSaved())
            Q_EMIT saved();
    });
}

} // namespace core
