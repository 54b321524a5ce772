#include "core/net/regionurl.h"

#include "core/net/urlpolicy.h"

#include <QRegularExpression>

namespace core {

std::optional<QUrl> regionUrl(const QString &pattern, const QString &region)
{
    static const QRegularExpression form(
        QStringLiteral("\\A[a-z]{2,8}(-[a-z]{2,16}){1,3}-[0-9]{1,2}\\z"));
    if (pattern.isEmpty() || !form.match(region).hasMatch())
        return std::nullopt;
    QString text = pattern;
    text.replace(QStringLiteral("{region}"), region);
    if (region.startsWith(QStringLiteral("cn-")))
        text += QStringLiteral(".cn");
    const auto url = parseBaseUrl(text);
    return url ? std::optional(*url) : std::nullopt;
}

QString regionOf(const QString &pattern, const QUrl &url)
{
    // Taken out of the host and put in again: what comes out must be the same origin.
    const QString head = pattern.section(QStringLiteral("{region}"), 0, 0);
    const QString origin = originOf(url);
    if (pattern.isEmpty() || !origin.startsWith(head))
        return {};
    const QString region = origin.sliced(head.size()).section(u'.', 0, 0);
    const auto own = regionUrl(pattern, region);
    return own && originOf(*own) == origin ? region : QString();
}

} // namespace core
