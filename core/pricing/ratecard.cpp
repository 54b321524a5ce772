#include "core/pricing/ratecard.h"

#include <QDateTime>

#include <algorithm>
#include <limits>

namespace core {

using namespace std::chrono;

std::optional<PicoUsd> TokenRates::perMillion(UsageKind kind) const
{
    constexpr std::int64_t Million = 1'000'000;
    const std::optional<std::int64_t> perToken = rate(kind);
    return perToken ? PicoUsd(*perToken).scaled(Million) : std::nullopt;
}

void TokenRates::overlay(const TokenRates &over)
{
    for (std::size_t i = 0; i < Kinds; ++i) {
        if (over.m_rates.at(i))
            m_rates.at(i) = over.m_rates.at(i);
    }
    m_otherCacheWrites.insert(over.m_otherCacheWrites);
}

QList<UsageKind> TokenRates::kinds() const
{
    QList<UsageKind> kinds;
    for (std::size_t i = 0; i < Kinds; ++i) {
        if (m_rates.at(i))
            kinds.append(static_cast<UsageKind>(i));
    }
    return kinds + m_otherCacheWrites.keys();
}

bool TokenRates::isEmpty() const
{
    return kinds().isEmpty();
}

std::int64_t ContextTier::counted(std::int64_t input, std::int64_t output) const
{
    if (!countsInput)
        return output;
    if (!countsOutput)
        return input;
    constexpr std::int64_t Most = std::numeric_limits<std::int64_t>::max();
    return input > 0 && output > Most - input ? Most : input + output;
}

bool PriceSchedule::covers(UtcTime at) const
{
    const auto day = floor<days>(at);
    const auto sinceMidnight = at - day;
    const auto isOn = [this](UtcTime start) {
        if (weekdays.isEmpty())
            return true;
        const auto there =
            QDateTime::fromMSecsSinceEpoch(start.time_since_epoch().count(), weekdayZone);
        return weekdays.contains(there.date().dayOfWeek());
    };
    return std::any_of(windows.begin(), windows.end(), [&](const Window &window) {
        if (window.from <= window.to)
            return sinceMidnight >= window.from && sinceMidnight < window.to &&
                   isOn(day + window.from);
        // Past midnight a window still belongs to the day on which it began.
        return (sinceMidnight >= window.from && isOn(day + window.from)) ||
               (sinceMidnight < window.to && isOn(day - days(1) + window.from));
    });
}

} // namespace core
