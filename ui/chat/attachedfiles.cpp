#include "ui/chat/attachedfiles.h"

#include "core/base/errortext.h"
#include "core/base/whenready.h"
#include "core/chat/attachment.h"
#include "core/client/tokenestimate.h"

#include <QBuffer>
#include <QFile>
#include <QFileInfo>
#include <QImageReader>
#include <QtConcurrent>

#include <algorithm>

namespace ui {

namespace {

constexpr int MostNamed = 5;       // of those left out
constexpr int PreviewPixels = 144; // sharp at a scale of 4
constexpr int LargestPictureMiB = 128;

core::Result<core::AttachmentPart> readFile(const QString &path)
{
    const QString name = QFileInfo(path).fileName();
    QFile file(path);
    if (!QFileInfo(path).isFile())
        return core::rejected(AttachedFiles::tr("\u201c%1\u201d is not a file.").arg(name));
    if (!file.open(QIODevice::ReadOnly))
        return core::rejected(
            AttachedFiles::tr("\u201c%1\u201d cannot be read. Check its permissions.").arg(name));
    // One byte more than is taken tells that it is too large, whatever size() says.
    return core::attachmentFrom(name, file.read(core::LargestAttachment + 1));
}

QString pastedName()
{
    return AttachedFiles::tr("pasted image.png");
}

core::Result<core::AttachmentPart> encoded(const QImage &image)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    if (!image.save(&buffer, "PNG"))
        return core::rejected(AttachedFiles::tr("The pasted image cannot be stored."));
    return core::attachmentFrom(pastedName(), bytes);
}

//! A small copy of an image; null for other files and for what cannot be decoded.
QImage previewOf(const core::AttachmentPart &part)
{
    if (!core::isImage(part))
        return {};
    QByteArray bytes = part.data;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::ReadOnly);
    QImageReader reader(&buffer);
    reader.setAutoTransform(true);
    const QSize size = reader.size();
    if (size.isValid() && size.width() > PreviewPixels)
        reader.setScaledSize(size.scaled(PreviewPixels, PreviewPixels, Qt::KeepAspectRatio));
    const QImage image = reader.read();
    return image.isNull() ? QImage()
                          : image.scaled(PreviewPixels, PreviewPixels, Qt::KeepAspectRatio,
                                         Qt::SmoothTransformation);
}

QString detailOf(const core::AttachmentPart &part)
{
    core::ChatRequest alone;
    alone.messages = {{core::Role::User, {part}}};
    const std::int64_t most = core::estimateInput(alone).high();
    return AttachedFiles::tr("%1 · up to %2 tokens")
        .arg(sizeText(part.data.size()), shortCountText(most));
}

//! "214 KB · ≈ 1,105 tokens · $0.0028": "≈" where a rule says so, no sign where it was counted.
QString detailOf(const core::AttachmentPart &part, const core::FileForecast &forecast,
                 MoneyMark mark)
{
    const QString tokens = !forecast.known    ? AttachedFiles::tr("up to %1 tokens")
                           : forecast.counted ? AttachedFiles::tr("%1 tokens")
                                              : AttachedFiles::tr("\u2248 %1 tokens");
    const QString count =
        forecast.known ? countText(forecast.tokens) : shortCountText(forecast.tokens);
    QString cost = costText(forecast.cost, Decimals::Figures, mark);
    if (!forecast.known && forecast.cost.complete && mark != MoneyMark::Local)
        cost = AttachedFiles::tr("up to %1").arg(cost);
    return QStringLiteral("%1 \u00B7 %2 \u00B7 %3")
        .arg(sizeText(part.data.size()), tokens.arg(count), cost);
}

QString leftOutText(const QStringList &names)
{
    const QString named = names.mid(0, MostNamed).join(QStringLiteral(", "));
    const qsizetype more = names.size() - MostNamed;
    return more > 0
               ? AttachedFiles::tr("A message takes %1 files at most. Left out: %2 and %3 more.")
                     .arg(QString::number(AttachedFiles::MostFiles), named, QString::number(more))
               : AttachedFiles::tr("A message takes %1 files at most. Left out: %2.")
                     .arg(QString::number(AttachedFiles::MostFiles), named);
}

} // namespace

AttachedFiles::AttachedFiles(QObject *parent)
    : QObject(parent)
{
    QImageReader::setAllocationLimit(LargestPictureMiB);
}

//! \p file has its place, without a part if that comes by \p read.
template <typename Read>
void AttachedFiles::read(std::int64_t chat, const File &file, Read read)
{
    const std::int64_t number = ++m_lastNumber;
    m_files[chat].append(file);
    m_files[chat].last().number = number;
    const auto work = [number, read = std::move(read)]() -> core::Result<File> {
        const core::Result<core::AttachmentPart> part = read();
        if (!part)
            return part.error();
        return File{number, *part, {part->name, detailOf(*part), previewOf(*part)}};
    };
    core::whenReady(
        this, QtConcurrent::run(work),
        [this, chat, number](const core::Result<File> &result) { take(chat, number, result); });
}

void AttachedFiles::take(std::int64_t chat, std::int64_t number, const core::Result<File> &result)
{
    const auto files = m_files.find(chat);
    if (files == m_files.end())
        return; // sent or cleared before it was read
    const auto place = std::find_if(files->begin(), files->end(),
                                    [number](const File &file) { return file.number == number; });
    if (place == files->end())
        return;
    if (result) {
        *place = *result;
    } else {
        files->erase(place);
        refuse(chat, core::userText(result.error())); // first: who waits for it is not to go on
    }
    Q_EMIT changed(chat);
}

//! One refusal does not take another's place above the composer.
void AttachedFiles::refuse(std::int64_t chat, const QString &sentence)
{
    m_refusals[chat].append(sentence);
    Q_EMIT refused(chat, m_refusals.value(chat).join(u' '));
}

void AttachedFiles::beginRefusals(std::int64_t chat)
{
    if (beingRead(chat).isEmpty())
        m_refusals.remove(chat);
}

void AttachedFiles::addFiles(std::int64_t chat, const QList<QUrl> &files)
{
    beginRefusals(chat);
    QStringList leftOut;
    for (const QUrl &url : files) {
        const QString path = url.toLocalFile();
        const QString name = QFileInfo(path).fileName();
        if (m_files.value(chat).size() < MostFiles)
            read(chat, {0, {}, {name, tr("Reading\u2026"), {}}}, [path] { return readFile(path); });
        else
            leftOut.append(name);
    }
    Q_EMIT changed(chat);
    if (!leftOut.isEmpty())
        refuse(chat, leftOutText(leftOut));
}

void AttachedFiles::addImage(std::int64_t chat, const QImage &image)
{
    beginRefusals(chat);
    if (m_files.value(chat).size() >= MostFiles)
        return refuse(chat, leftOutText({pastedName()}));
    read(chat, {0, {}, {pastedName(), tr("Reading\u2026"), {}}},
         [image] { return encoded(image); });
    Q_EMIT changed(chat);
}

void AttachedFiles::put(std::int64_t chat, const QList<core::AttachmentPart> &parts)
{
    if (parts.isEmpty())
        return;
    for (const core::AttachmentPart &part : parts) {
        read(chat, {0, part, {part.name, sizeText(part.data.size()), {}}},
             [part]() -> core::Result<core::AttachmentPart> { return part; });
    }
    Q_EMIT changed(chat);
}

void AttachedFiles::restore(std::int64_t chat, const QList<core::AttachmentPart> &parts)
{
    QList<core::AttachmentPart> there = of(chat);
    QList<core::AttachmentPart> missing;
    for (const core::AttachmentPart &part : parts) {
        const auto same =
            std::find_if(there.begin(), there.end(), [&part](const core::AttachmentPart &other) {
                return core::isSameFile(part, other);
            });
        if (same == there.end())
            missing.append(part);
        else
            there.erase(same); // one of two that are alike
    }
    put(chat, missing);
}

void AttachedFiles::remove(std::int64_t chat, int index)
{
    QList<File> &files = m_files[chat];
    if (index < 0 || index >= files.size())
        return;
    files.removeAt(index);
    Q_EMIT changed(chat);
}

void AttachedFiles::clear(std::int64_t chat)
{
    if (m_files.remove(chat))
        Q_EMIT changed(chat);
}

QList<core::AttachmentPart> AttachedFiles::of(std::int64_t chat) const
{
    QList<core::AttachmentPart> parts;
    for (const File &file : m_files.value(chat)) {
        if (file.part)
            parts.append(*file.part);
    }
    return parts;
}

QStringList AttachedFiles::beingRead(std::int64_t chat) const
{
    QStringList names;
    for (const File &file : m_files.value(chat)) {
        if (!file.part)
            names.append(file.tile.name);
    }
    return names;
}

QList<FileTile> AttachedFiles::tiles(std::int64_t chat, const QList<core::FileForecast> &forecasts,
                                     MoneyMark mark) const
{
    QList<FileTile> tiles;
    const QList<File> files = m_files.value(chat);
    for (const File &file : files)
        tiles.append(file.tile);
    // A forecast of other files is on its way to be replaced.
    for (qsizetype i = 0; i < tiles.size() && forecasts.size() == tiles.size(); ++i) {
        if (const auto &part = files.at(i).part)
            tiles[i].detail = detailOf(*part, forecasts.at(i), mark);
    }
    return tiles;
}

} // namespace ui
