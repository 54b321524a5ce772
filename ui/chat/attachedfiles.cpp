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

namespace ui {

namespace {

constexpr int MostFiles = 20;
constexpr int PreviewPixels = 144; // sharp at a scale of 4
constexpr int LargestPictureMiB = 128;

core::Error refusal(const QString &sentence)
{
    core::Error error;
    error.kind = core::ErrorKind::InputRejected;
    error.detail = sentence;
    return error;
}

core::Result<core::AttachmentPart> readFile(const QString &path)
{
    const QString name = QFileInfo(path).fileName();
    QFile file(path);
    if (!QFileInfo(path).isFile())
        return refusal(AttachedFiles::tr("\u201c%1\u201d is not a file.").arg(name));
    if (!file.open(QIODevice::ReadOnly))
        return refusal(
            AttachedFiles::tr("\u201c%1\u201d cannot be read. Check its permissions.").arg(name));
    // One byte more than is taken tells that it is too large, whatever size() says.
    return core::attachmentFrom(name, file.read(core::LargestAttachment + 1));
}

core::Result<core::AttachmentPart> encoded(const QImage &image)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    if (!image.save(&buffer, "PNG"))
        return refusal(AttachedFiles::tr("The pasted image cannot be stored."));
    return core::attachmentFrom(AttachedFiles::tr("pasted image.png"), bytes);
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

} // namespace

AttachedFiles::AttachedFiles(QObject *parent)
    : QObject(parent)
{
    QImageReader::setAllocationLimit(LargestPictureMiB);
}

template <typename Read>
void AttachedFiles::add(std::int64_t chat, Read read)
{
    if (m_files.value(chat).size() >= MostFiles) {
        Q_EMIT refused(chat, tr("A message takes %1 files at most.").arg(MostFiles));
        return;
    }
    const auto work = [read = std::move(read)]() -> core::Result<File> {
        const core::Result<core::AttachmentPart> part = read();
        if (!part)
            return part.error();
        return File{*part, {part->name, detailOf(*part), previewOf(*part)}};
    };
    core::whenReady(this, QtConcurrent::run(work), [this, chat](const core::Result<File> &file) {
        if (!file) {
            Q_EMIT refused(chat, core::userText(file.error()));
            return;
        }
        m_files[chat].append(*file);
        Q_EMIT changed(chat);
    });
}

void AttachedFiles::addFiles(std::int64_t chat, const QList<QUrl> &files)
{
    for (const QUrl &url : files.first(std::min<qsizetype>(files.size(), MostFiles)))
        add(chat, [path = url.toLocalFile()] { return readFile(path); });
}

void AttachedFiles::addImage(std::int64_t chat, const QImage &image)
{
    add(chat, [image] { return encoded(image); });
}

void AttachedFiles::put(std::int64_t chat, const QList<core::AttachmentPart> &parts)
{
    for (const core::AttachmentPart &part : parts)
        add(chat, [part]() -> core::Result<core::AttachmentPart> { return part; });
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
    for (const File &file : m_files.value(chat))
        parts.append(file.part);
    return parts;
}

QList<FileTile> AttachedFiles::tiles(std::int64_t chat, const QList<core::FileForecast> &forecasts,
                                     MoneyMark mark) const
{
    QList<FileTile> tiles;
    const QList<File> files = m_files.value(chat);
    for (const File &file : files)
        tiles.append(file.tile);
    // A forecast of other files is on its way to be replaced.
    for (qsizetype i = 0; i < tiles.size() && forecasts.size() == tiles.size(); ++i)
        tiles[i].detail = detailOf(files.at(i).part, forecasts.at(i), mark);
    return tiles;
}

} // namespace ui
