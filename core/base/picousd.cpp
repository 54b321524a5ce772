#include "core/base/picousd.h"

#include <limits>

namespace core {

namespace {

__extension__ using Wide = __int128;

std::optional<PicoUsd> narrowed(Wide value)
{
    if (value > std::numeric_limits<std::int64_t>::max() ||
        value < std::numeric_limits<std::int64_t>::min())
        return std::nullopt;
    return PicoUsd(static_cast<std::int64_t>(value));
}

} // namespace

std::optional<PicoUsd> PicoUsd::plus(PicoUsd other) const
{
    return narrowed(static_cast<Wide>(m_count) + other.m_count);
}

std::optional<PicoUsd> PicoUsd::scaled(std::int64_t factor, std::int64_t divisor) const
{
    if (divisor <= 0)
        return std::nullopt;
    const Wide product = static_cast<Wide>(m_count) * factor;
    Wide quotient = product / divisor;
    Wide rest = product % divisor;
    const int sign = product < 0 ? -1 : 1;
    if (rest < 0)
        rest = -rest;
    const Wide twice = rest * 2;
    const bool odd = (quotient % 2) != 0;
    if (twice > divisor || (twice == divisor && odd))
        quotient += sign;
    return narrowed(quotient);
}

QString PicoUsd::toDecimal() const
{
    const bool negative = m_count < 0;
    // The magnitude of the smallest int64 does not fit into an int64.
    const auto magnitude =
        negative ? 0 - static_cast<std::uint64_t>(m_count) : static_cast<std::uint64_t>(m_count);
    constexpr auto Unit = static_cast<std::uint64_t>(PerDollar);
    QString text = QString::number(magnitude / Unit);
    QString fraction = QString::number(magnitude % Unit).rightJustified(12, QLatin1Char('0'));
    while (fraction.endsWith(QLatin1Char('0')))
        fraction.chop(1);
    if (!fraction.isEmpty())
        text += QLatin1Char('.') + fraction;
    return negative ? QLatin1Char('-') + text : text;
}

std::optional<PicoUsd> PicoUsd::fromDecimal(const QString &text)
{
    QStringView rest(text);
    const bool negative = rest.startsWith(QLatin1Char('-'));
    if (negative)
        rest = rest.sliced(1);
    Wide value = 0;
    int decimals = -1; // -1: before the point
    int digits = 0;
    for (const QChar c : rest) {
        if (c == QLatin1Char('.') && decimals < 0 && digits > 0) {
            decimals = 0;
            continue;
        }
        if (c < QLatin1Char('0') || c > QLatin1Char('9') || ++digits > 30 || decimals == 12)
            return std::nullopt;
        value = value * 10 + (c.unicode() - '0');
        if (decimals >= 0)
            ++decimals;
    }
    if (digits == 0 || decimals == 0)
        return std::nullopt;
    for (int i = decimals < 0 ? 0 : decimals; i < 12; ++i) {
        value *= 10;
        if (value > std::numeric_limits<std::int64_t>::max())
            return std::nullopt;
    }
    return narrowed(negative ? -value : value);
}

PicoUsd saturatingSum(PicoUsd a, PicoUsd b)
{
    if (const auto sum = a.plus(b))
        return *sum;
    return PicoUsd(a.count() < 0 ? std::numeric_limits<std::int64_t>::min()
                                 : std::numeric_limits<std::int64_t>::max());
}

Cost Cost::plus(const Cost &other) const
{
    return {saturatingSum(low, other.low), saturatingSum(high, other.high),
            complete && other.complete};
}

} // namespace core
