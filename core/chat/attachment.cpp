#include "core/chat/attachment.h"

#include <QCoreApplication>
#include <QStringDecoder>

#include <algorithm>

namespace core {

namespace {

constexpr qsizetype LongestName = 200;

QString labelOf(const QString &name)
{
    const qsizetype slash = std::max(name.lastIndexOf(u'/'), name.lastIndexOf(u'\\'));
    return name.sliced(slash + 1).left(LongestName);
}

bool isPlainText(const QByteArray &bytes)
{
    const auto isControl = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f';
    };
    if (std::any_of(bytes.begin(), bytes.end(), isControl))
        return false;
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString text = decoder(bytes);
    return !decoder.hasError();
}

//! Empty: no type that a model takes.
QString typeOf(const QByteArray &bytes)
{
    if (bytes.startsWith("\x89PNG\r\n\x1a\n"))
        return QStringLiteral("image/png");
    if (bytes.startsWith("\xff\xd8\xff"))
        return QStringLiteral("image/jpeg");
    if (bytes.startsWith("GIF87a") || bytes.startsWith("GIF89a"))
        return QStringLiteral("image/gif");
    if (bytes.startsWith("RIFF") && bytes.size() > 12 && bytes.sliced(8).startsWith("WEBP"))
        return QStringLiteral("image/webp");
    if (bytes.startsWith("%PDF-"))
        return QStringLiteral("application/pdf");
    return isPlainText(bytes) ? QStringLiteral("text/plain") : QString();
}

QString textFor(const char *sentence)
{
    return QCoreApplication::translate("core::Attachment", sentence);
}

} // namespace

Result<AttachmentPart> attachmentFrom(const QString &name, const QByteArray &bytes)
{
    const QString label = labelOf(name);
    if (bytes.isEmpty())
        return rejected(textFor("\u201c%1\u201d is empty.").arg(label));
    if (bytes.size() > LargestAttachment)
        return rejected(
            textFor("\u201c%1\u201d is larger than %2 MiB, the most that can be attached.")
                .arg(label)
                .arg(LargestAttachment / (1024 * 1024)));
    const QString type = typeOf(bytes);
    if (type.isEmpty())
        return rejected(
            textFor("\u201c%1\u201d cannot be attached: models take PNG, JPEG, GIF and WebP "
                    "images, PDF and text.")
                .arg(label));
    return AttachmentPart{label, type, bytes};
}

bool isSameFile(const AttachmentPart &a, const AttachmentPart &b)
{
    return a.name == b.name && a.mimeType == b.mimeType && a.data.size() == b.data.size() &&
           (a.data.constData() == b.data.constData() || a.data == b.data);
}

bool isImage(const AttachmentPart &attachment)
{
    return attachment.mimeType.startsWith(QStringLiteral("image/"));
}

bool isText(const AttachmentPart &attachment)
{
    return attachment.mimeType.startsWith(QStringLiteral("text/"));
}

QString promptText(const AttachmentPart &attachment)
{
    const QString text = QString::fromUtf8(attachment.data);
    // A fence is longer than any run of its character inside.
    qsizetype run = 0;
    qsizetype longest = 2;
    for (const QChar c : text) {
        run = c == u'`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    const QString fence(longest + 1, u'`');
    const QString end = text.endsWith(u'\n') ? QString() : QStringLiteral("\n");
    return attachment.name + QStringLiteral(":\n") + fence + u'\n' + text + end + fence + u'\n';
}

} // namespace core
