#include "core/net/urlpolicy.h"

#include <QHostAddress>
#include <QRegularExpression>

#include <algorithm>

namespace core {

namespace {

// The texts never repeat the URL: a user who typed a key into it would find it in a log.
int defaultPort(const QString &scheme)
{
    return scheme == QLatin1StringView("https") ? 443 : 80;
}

QString asciiHost(const QUrl &url)
{
    return url.host(QUrl::FullyEncoded).toLower();
}

std::optional<Error> brokenRule(const QUrl &url)
{
    if (!url.isValid() || url.isRelative())
        return rejected(QStringLiteral("This is not a complete URL, such as https://host/path."));
    const QString scheme = url.scheme();
    if (scheme != QLatin1StringView("https") && scheme != QLatin1StringView("http"))
        return rejected(QStringLiteral("The URL must begin with https://."));
    const QString host = asciiHost(url);
    if (host.isEmpty())
        return rejected(QStringLiteral("The URL names no host."));
    // A zone index names an interface of this machine, a percent sign anything else an escape.
    if (host.contains(u'%'))
        return rejected(QStringLiteral("The host has a character that no host name has."));
    if (!url.userInfo().isEmpty())
        return rejected(QStringLiteral("The URL must not hold a user name or a password."));
    if (url.port(defaultPort(scheme)) == 0)
        return rejected(QStringLiteral("Port 0 cannot be reached."));
    if (url.hasFragment())
        return rejected(QStringLiteral("The URL must not have a fragment (#)."));
    if (scheme == QLatin1StringView("http") && !isLoopback(url)) {
        return rejected(
            QStringLiteral("http is allowed to this machine only; other hosts need https."));
    }
    return std::nullopt;
}

//! The one query that a root may carry: Azure's services are versioned by it.
bool isApiVersion(const QString &query)
{
    static const QRegularExpression version(
        QStringLiteral("\\Aapi-version=[A-Za-z0-9.-]{1,40}\\z"));
    return version.match(query).hasMatch();
}

} // namespace

Result<QUrl> parseBaseUrl(const QString &text)
{
    const QString typed = text.trimmed();
    const bool hasHidden = std::any_of(typed.begin(), typed.end(), [](QChar c) {
        return c.isSpace() || c.category() == QChar::Other_Control ||
               c.category() == QChar::Other_Format || c == u'\\';
    });
    if (hasHidden)
        return rejected(
            QStringLiteral("The URL has a space, a backslash or an invisible character."));
    QUrl url(typed, QUrl::StrictMode);
    if (auto error = brokenRule(url))
        return *error;
    // QUrl keeps no trace of an empty user name or port: "https://https://host" names a host
    // "https".
    const QString authority = typed.section(u'/', 2, 2);
    if (authority.contains(u'@'))
        return rejected(QStringLiteral("The URL must not hold a user name or a password."));
    if (authority.endsWith(u':'))
        return rejected(QStringLiteral("The URL has a colon without a port after its host."));
    if (url.hasQuery() && !isApiVersion(url.query(QUrl::FullyEncoded)))
        return rejected(QStringLiteral("The URL must not have a query (?)."));
    QString path = url.path(QUrl::FullyEncoded);
    while (path.endsWith(u'/'))
        path.chop(1);
    url.setPath(path, QUrl::StrictMode);
    return url.adjusted(QUrl::NormalizePathSegments);
}

Result<Done> checkRequestUrl(const QUrl &url)
{
    if (auto error = brokenRule(url))
        return *error;
    return Done{};
}

QString originOf(const QUrl &url)
{
    const QString scheme = url.scheme().toLower();
    QString host = asciiHost(url);
    if (host.contains(u':'))
        host = u'[' + host + u']';
    QString origin = scheme + QStringLiteral("://") + host;
    const int port = url.port(defaultPort(scheme));
    if (port != defaultPort(scheme))
        origin += u':' + QString::number(port);
    return origin;
}

bool isLoopback(const QUrl &url)
{
    const QString host = asciiHost(url);
    if (host == QLatin1StringView("localhost"))
        return true;
    const QHostAddress address(host);
    if (address.protocol() == QAbstractSocket::IPv4Protocol)
        return (address.toIPv4Address() >> 24U) == 127U;
    // An IPv4-mapped ::ffff:127.0.0.1 is not written by accident: no exception for it.
    return address == QHostAddress(QHostAddress::LocalHostIPv6);
}

} // namespace core
