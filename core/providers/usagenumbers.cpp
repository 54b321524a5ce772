#include "core/providers/usagenumbers.h"

#include <algorithm>
#include <charconv>

namespace core {

std::optional<PicoUsd> dollarsFromNumber(QByteArrayView text)
{
    constexpr int PicoDecimals = 12;
    const qsizetype e = [&] {
        for (qsizetype i = 0; i < text.size(); ++i) {
            if (text[i] == 'e' || text[i] == 'E')
                return i;
        }
        return text.size();
    }();
    int exponent = 0;
    if (e < text.size()) {
        QByteArrayView power = text.sliced(e + 1);
        if (power.startsWith('+'))
            power = power.sliced(1);
        const auto [end, error] = std::from_chars(power.begin(), power.end(), exponent);
        if (error != std::errc() || end != power.end() || exponent < -400 || exponent > 400)
            return std::nullopt;
    }
    QByteArray digits;
    bool point = false;
    for (const char c : text.first(e)) {
        if (c == '.' && !point) {
            point = true;
        } else if (c >= '0' && c <= '9' && digits.size() < 40) {
            digits.append(c);
            exponent -= point ? 1 : 0;
        } else {
            return std::nullopt; // a sign, too: a negative cost is no cost
        }
    }
    if (digits.isEmpty())
        return std::nullopt;
    // digits * 10^exponent dollars; in pico-USD the point moves twelve places.
    exponent += PicoDecimals;
    bool roundUp = false;
    if (exponent >= 0) {
        digits.append(QByteArray(exponent, '0'));
    } else {
        const qsizetype dropped = std::min<qsizetype>(-exponent, digits.size());
        const QByteArray rest = digits.last(dropped);
        digits.chop(dropped);
        const bool all = -exponent == dropped; // else zeros stand before what was dropped
        const bool odd = !digits.isEmpty() && (digits.back() - '0') % 2 == 1;
        const QByteArray half = QByteArray("5").leftJustified(dropped, '0');
        roundUp = all && (rest > half || (rest == half && odd));
    }
    std::int64_t count = 0;
    const auto [end, error] =
        std::from_chars(digits.constData(), digits.constData() + digits.size(), count);
    if (!digits.isEmpty() && error != std::errc())
        return std::nullopt;
    return PicoUsd(count).plus(PicoUsd(roundUp ? 1 : 0));
}

void setCount(Usage &usage, UsageKind kind, std::optional<std::int64_t> count)
{
    if (count)
        usage.tokens.insert(kind, *count);
}

void addCount(Usage &usage, UsageKind kind, std::optional<std::int64_t> count)
{
    constexpr std::int64_t Largest = 1LL << 53; // as of one count
    if (count)
        usage.tokens.insert(kind, std::min(usage.count(kind).value_or(0) + *count, Largest));
}

} // namespace core
