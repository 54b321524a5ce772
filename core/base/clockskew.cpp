#include "core/base/clockskew.h"

#include <QDateTime>
#include <QRegularExpression>

namespace core {

std::optional<std::chrono::seconds> clockSkewIn(const Error &error)
{
    if (error.kind != ErrorKind::AuthenticationFailed ||
        !error.detail.startsWith(QStringLiteral("Signature ")))
        return std::nullopt;
    static const auto &pattern = *new QRegularExpression(QStringLiteral(
        R"(^Signature (?:expired|not yet current): (\d{8}T\d{6})Z .*\((\d{8}T\d{6})Z [+-] )"));
    const QRegularExpressionMatch match = pattern.match(error.detail);
    const auto time = [&match](int group) {
        QDateTime at =
            QDateTime::fromString(match.captured(group), QStringLiteral("yyyyMMdd'T'HHmmss"));
        at.setTimeSpec(Qt::UTC);
        return at;
    };
    const QDateTime ours = time(1);
    const QDateTime theirs = time(2);
    if (!ours.isValid() || !theirs.isValid())
        return std::nullopt;
    return std::chrono::seconds(ours.secsTo(theirs));
}

} // namespace core
