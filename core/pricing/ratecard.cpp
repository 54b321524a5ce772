#include "core/pricing/ratecard.h"

#include <algorithm>

namespace core {

using namespace std::chrono;

void TokenRates::overlay(const TokenRates &over)
{
    for (std::size_t i = 0; i < Kinds; ++i) {
        if (over.m_rates.at(i))
            m_rates.at(i) = over.m_rates.at(i);
    }
}

bool TokenRates::isEmpty() const
{
    return std::none_of(m_rates.begin(), m_rates.end(),
                        [](const auto &rate) { return rate.has_value(); });
}

bool PriceSchedule::covers(UtcTime at) const
{
    const auto day = floor<days>(at);
    const auto sinceMidnight = at - day;
    const auto isOn = [this](sys_days start) {
        const int weekday = static_cast<int>(std::chrono::weekday(start).iso_encoding());
        return weekdays.isEmpty() || weekdays.contains(weekday);
    };
    return std::any_of(windows.begin(), windows.end(), [&](const Window &window) {
        if (window.from <= window.to)
            return sinceMidnight >= window.from && sinceMidnight < window.to && isOn(day);
        // Past midnight a window still belongs to the day on which it began.
        return (sinceMidnight >= window.from && isOn(day)) ||
               (sinceMidnight < window.to && isOn(day - days(1)));
    });
}

} // namespace core
