#include "ui/settings/durations.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <cmath>

namespace ui {

namespace {

using std::chrono::milliseconds;

constexpr qint64 Second = 1'000;
constexpr qint64 Minute = 60 * Second;
constexpr qint64 Hour = 60 * Minute;
constexpr qint64 Day = 24 * Hour;
constexpr qint64 Longest = Day;

} // namespace

QString exactDurationText(milliseconds duration)
{
    const qint64 count = duration.count();
    if (count >= Hour && count % Hour == 0)
        return QStringLiteral("%1 h").arg(count / Hour);
    if (count >= 2 * Minute && count % Minute == 0)
        return QStringLiteral("%1 min").arg(count / Minute);
    return QStringLiteral("%1 s").arg(
        QString::number(static_cast<double>(count) / Second, 'g', 10));
}

std::optional<milliseconds> durationFrom(const QString &text)
{
    static const QRegularExpression shape(
        QStringLiteral("^\\s*(\\d{1,9}(?:[.,]\\d{1,6})?)\\s*(ms|s|min|h)?\\s*$"),
        QRegularExpression::CaseInsensitiveOption);
    const QRegularExpressionMatch match = shape.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    const QString unit = match.captured(2).toLower();
    const double factor = unit == QStringLiteral("ms")    ? 1
                          : unit == QStringLiteral("min") ? Minute
                          : unit == QStringLiteral("h")   ? Hour
                                                          : Second;
    const double count =
        match.captured(1).replace(QLatin1Char(','), QLatin1Char('.')).toDouble() * factor;
    if (count > Longest)
        return std::nullopt;
    return milliseconds(std::llround(count));
}

QString agoText(core::UtcTime at, core::UtcTime now)
{
    const auto text = [](const char *form, qint64 count) {
        return QCoreApplication::translate("ui::Durations", form, nullptr, static_cast<int>(count));
    };
    const qint64 age = std::chrono::duration_cast<milliseconds>(now - at).count();
    if (age < Minute)
        return QCoreApplication::translate("ui::Durations", "just now");
    if (age < Hour)
        return text("%n min ago", age / Minute);
    if (age < Day)
        return text("%n h ago", age / Hour);
    return text("%n day(s) ago", age / Day);
}

} // namespace ui
