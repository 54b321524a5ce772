#include "core/secrets/personclaims.h"

#include "core/base/redactor.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype LongestToken = 64 * 1024;
constexpr qsizetype LongestClaim = 120;

//! On one line, without what is not seen.
QString claim(const QJsonObject &claims, QLatin1StringView name)
{
    QString shown;
    for (const QChar c : claims.value(name).toString().left(4 * LongestClaim).simplified()) {
        if (c.category() != QChar::Other_Control && c.category() != QChar::Other_Format)
            shown += c;
    }
    return redacted(shown).left(LongestClaim);
}

} // namespace

QString personIn(const QByteArray &token)
{
    const QList<QByteArray> parts =
        token.size() <= LongestToken ? token.split('.') : QList<QByteArray>();
    if (parts.size() != 3)
        return {};
    const auto payload = QByteArray::fromBase64Encoding(
        parts.at(1), QByteArray::Base64UrlEncoding | QByteArray::AbortOnBase64DecodingErrors);
    if (!payload)
        return {};
    const QJsonObject claims = QJsonDocument::fromJson(payload.decoded).object();
    const QString name = claim(claims, "name"_L1);
    // As Entra ID names the account, newest form of a token first.
    for (const QLatin1StringView kind :
         {"preferred_username"_L1, "upn"_L1, "unique_name"_L1, "email"_L1}) {
        const QString account = claim(claims, kind);
        if (account.isEmpty() || account == name)
            continue;
        return name.isEmpty() ? account : u"%1 (%2)"_s.arg(name, account);
    }
    return name;
}

} // namespace core
