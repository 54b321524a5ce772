#include "core/client/cachekey.h"

#include <QCryptographicHash>
#include <QJsonDocument>
#include <QJsonObject>

namespace core {

QByteArray cacheKey(const QString &format, const QString &provider, const QString &model,
                    const HttpRequest &request)
{
    const QJsonDocument body = QJsonDocument::fromJson(request.body);
    if (!body.isObject())
        return {};
    // Qt's objects have their members in the order of their names, at every level.
    const QJsonObject whole{{QStringLiteral("format"), format},
                            {QStringLiteral("provider"), provider},
                            {QStringLiteral("endpoint"), request.url.toString(QUrl::FullyEncoded)},
                            {QStringLiteral("model"), model},
                            {QStringLiteral("body"), body.object()}};
    return QCryptographicHash::hash(QJsonDocument(whole).toJson(QJsonDocument::Compact),
                                    QCryptographicHash::Sha256)
        .toHex();
}

} // namespace core
