#include "core/practice/practicejson.h"

#include <QJsonDocument>
#include <QStringList>

namespace core {

Error practiceBadRequest(const QString &detail)
{
    Error error;
    error.kind = ErrorKind::InvalidRequest;
    error.detail = detail;
    return error;
}

Result<QJsonObject> practiceObject(const QByteArray &body)
{
    const QJsonDocument document = QJsonDocument::fromJson(body);
    if (!document.isObject())
        return practiceBadRequest(QStringLiteral("The body is not a JSON object."));
    return document.object();
}

QByteArray practiceCompact(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

QString practiceText(const QJsonValue &content)
{
    if (content.isString())
        return content.toString();
    QStringList texts;
    const QJsonArray parts = content.toArray();
    for (const QJsonValue &part : parts) {
        if (part[QLatin1StringView("type")] == QLatin1StringView("text"))
            texts.append(part[QLatin1StringView("text")].toString());
    }
    return texts.join(QLatin1StringView("\n\n"));
}

int practiceAttachments(const QJsonValue &content)
{
    static const QStringList kinds{QStringLiteral("image_url"), QStringLiteral("image"),
                                   QStringLiteral("file"), QStringLiteral("document"),
                                   QStringLiteral("input_audio")};
    int count = 0;
    const QJsonArray parts = content.toArray();
    for (const QJsonValue &part : parts)
        count += kinds.contains(part[QLatin1StringView("type")].toString()) ? 1 : 0;
    return count;
}

} // namespace core
