#include "core/providers/usagenumbers.h"

#include <algorithm>
#include <charconv>

namespace core {

namespace {

std::optional<PicoUsd> dollarsMember(const JsonElement &object, std::string_view name)
{
    const auto value = member(object, name);
    const bool isNumber = value && (value->is_double() || value->is_int64() || value->is_uint64());
    return isNumber ? dollarsFromNumber(rawJson(*value)) : std::nullopt;
}

bool isOn(const JsonElement &object, std::string_view name)
{
    const auto value = member(object, name);
    bool on = false;
    return value && value->get(on) == simdjson::SUCCESS && on;
}

} // namespace

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

std::optional<PicoUsd> reportedCost(const JsonElement &usage)
{
    if (const auto ticks = countMember(usage, "cost_in_usd_ticks")) {
        constexpr std::int64_t PicoPerTick =
            PicoUsd::PerDollar / 10'000'000'000; // 1e10 ticks a dollar
        return PicoUsd(PicoPerTick).scaled(*ticks);
    }
    const auto cost = member(usage, "cost");
    if (cost && cost->is_object())
        return dollarsMember(*cost, "total_cost");
    const auto charged = dollarsMember(usage, "cost");
    if (!charged || !isOn(usage, "is_byok"))
        return charged;
    const auto details = member(usage, "cost_details");
    const auto behind = details ? dollarsMember(*details, "upstream_inference_cost") : std::nullopt;
    return behind ? charged->plus(*behind) : std::nullopt;
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
