#include "core/practice/practicejson.h"

#include <QJsonDocument>
#include <QStringList>

namespace core {

Error practiceBadRequest(const QString &detail)
{
    return makeError(ErrorKind::InvalidRequest, detail);
}

Result<QJsonObject> practiceObject(const QByteArray &body)
{
    const QJsonDocument document = QJsonDocument::fromJson(body);
    if (!document.isObject())
        return practiceBadRequest(QStringLiteral("The body is not a JSON object."));
    return document.object();
}

Result<std::optional<qint64>> practiceLimit(const QJsonObject &object, QLatin1StringView member)
{
    const QJsonValue limit = object[member];
    if (!limit.isDouble())
        return std::optional<qint64>();
    if (limit.toInteger() < 1)
        return practiceBadRequest(QStringLiteral("%1 must be at least 1.").arg(member));
    return std::optional(limit.toInteger());
}

QByteArray practiceCompact(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

QString practiceText(const QJsonValue &content)
{
    if (content.isString())
        return content.toString();
    static const QStringList kinds{QStringLiteral("text"), QStringLiteral("input_text"),
                                   QStringLiteral("output_text")};
    QStringList texts;
    const QJsonArray parts = content.toArray();
    for (const QJsonValue &part : parts) {
        if (kinds.contains(part[QLatin1StringView("type")].toString()))
            texts.append(part[QLatin1StringView("text")].toString());
    }
    return texts.join(QLatin1StringView("\n\n"));
}

int practiceAttachments(const QJsonValue &content)
{
    static const QStringList kinds{QStringLiteral("image_url"),   QStringLiteral("image"),
                                   QStringLiteral("file"),        QStringLiteral("document"),
                                   QStringLiteral("input_audio"), QStringLiteral("input_image"),
                                   QStringLiteral("input_file")};
    int count = 0;
    const QJsonArray parts = content.toArray();
    for (const QJsonValue &part : parts)
        count += kinds.contains(part[QLatin1StringView("type")].toString()) ? 1 : 0;
    return count;
}

} // namespace core
