#include "core/providers/ratelimits.h"

#include "core/net/retryafter.h"

#include <algorithm>
#include <array>

namespace core {

namespace {

using std::chrono::milliseconds;

constexpr qsizetype LongestCount = 18;

std::optional<milliseconds> resetIn(const HttpHeaders &headers, const QByteArray &name,
                                    ResetUnit unit)
{
    const QByteArray text = headers.value(name).trimmed();
    if (const auto count = countIn(headers, name)) {
        if (isInstant(*count))
            return untilInstant(*count, headers);
        const auto longest = MaxHint.count() / (unit == ResetUnit::Seconds ? 1'000 : 1);
        const auto bounded = std::min<std::int64_t>(*count, longest);
        const milliseconds wait(unit == ResetUnit::Seconds ? bounded * 1'000 : bounded);
        return wait.count() > 0 ? std::optional(wait) : std::nullopt;
    }
    return parseDuration(text);
}

//! The limit whose three headers end in \p suffix.
RateLimit commonLimit(const HttpHeaders &headers, const QByteArray &suffix, ResetUnit unit)
{
    return {countIn(headers, "x-ratelimit-limit" + suffix),
            countIn(headers, "x-ratelimit-remaining" + suffix),
            resetIn(headers, "x-ratelimit-reset" + suffix, unit),
            {}};
}

struct Named
{
    const char *suffix;
    milliseconds period; //!< 0: the name does not say.
};

template <std::size_t Size>
RateLimit firstOf(const HttpHeaders &headers, const std::array<Named, Size> &names, ResetUnit unit)
{
    for (const Named &named : names) {
        RateLimit limit = commonLimit(headers, named.suffix, unit);
        if (limit.isEmpty())
            continue;
        if (named.period.count() > 0)
            limit.period = named.period;
        return limit;
    }
    return {};
}

RateLimit anthropicLimit(const HttpHeaders &headers, const QByteArray &what,
                         std::optional<UtcTime> sentAt)
{
    const QByteArray prefix = "anthropic-ratelimit-" + what;
    RateLimit limit;
    limit.limit = countIn(headers, prefix + "-limit");
    limit.remaining = countIn(headers, prefix + "-remaining");
    if (sentAt)
        limit.reset = untilRfc3339(headers.value(prefix + "-reset"), *sentAt);
    return limit;
}

//! How much of it is left; 1 where that is unknown.
double shareLeft(const RateLimit &limit)
{
    if (!limit.remaining)
        return 1.0;
    if (!limit.limit || *limit.limit <= 0)
        return *limit.remaining == 0 ? 0.0 : 1.0;
    return static_cast<double>(*limit.remaining) / static_cast<double>(*limit.limit);
}

} // namespace

std::optional<std::int64_t> countIn(const HttpHeaders &headers, const QByteArray &name)
{
    const QByteArray text = headers.value(name).trimmed();
    const bool isCount =
        !text.isEmpty() && text.size() <= LongestCount &&
        std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    return isCount ? std::optional<std::int64_t>(text.toLongLong()) : std::nullopt;
}

void readCommonLimits(const HttpHeaders &headers, ResetUnit unit, ResponseFacts &facts)
{
    using namespace std::chrono_literals;
    constexpr std::array<Named, 5> Requests{{{"-requests", 0ms},
                                             {"-req-minute", 1min},
                                             {"-req-10-second", 10s},
                                             {"-req-second", 1s},
                                             {"", 0ms}}};
    constexpr std::array<Named, 2> Tokens{{{"-tokens", 0ms}, {"-tokens-minute", 1min}}};
    const auto isLimit = [](const auto &field) {
        constexpr QByteArrayView Beginning("x-ratelimit-");
        return QByteArrayView(field.first)
                   .first(std::min(field.first.size(), Beginning.size()))
                   .compare(Beginning, Qt::CaseInsensitive) == 0;
    };
    // Many say nothing of limits: all names need not be looked for then.
    if (std::none_of(headers.fields().begin(), headers.fields().end(), isLimit)) {
        facts.requests = facts.tokens = {};
        return;
    }
    facts.requests = firstOf(headers, Requests, unit);
    facts.tokens = firstOf(headers, Tokens, unit);
}

void readAnthropicLimits(const HttpHeaders &headers, ResponseFacts &facts)
{
    const auto sentAt = parseHttpDate(headers.value("date"));
    facts.requests = anthropicLimit(headers, "requests", sentAt);
    facts.tokens = anthropicLimit(headers, "tokens", sentAt);
    if (facts.tokens.isEmpty())
        facts.tokens = anthropicLimit(headers, "input-tokens", sentAt);
}

std::optional<milliseconds> anthropicResetHint(const HttpHeaders &headers)
{
    const auto sentAt = parseHttpDate(headers.value("date"));
    double least = 1.0;
    std::optional<milliseconds> hint;
    for (const char *what : {"requests", "tokens", "input-tokens", "output-tokens"}) {
        const RateLimit limit = anthropicLimit(headers, what, sentAt);
        const double share = shareLeft(limit);
        if (share < least)
            hint = limit.reset;
        else if (share == least && share < 1.0)
            hint = std::max(hint, limit.reset); // a known one is more than none
        least = std::min(least, share);
    }
    return hint;
}

std::optional<milliseconds> resetHint(const ResponseFacts &facts)
{
    const bool isTokens = shareLeft(facts.tokens) < shareLeft(facts.requests);
    const RateLimit &tightest = isTokens ? facts.tokens : facts.requests;
    return tightest.reset ? tightest.reset : (isTokens ? facts.requests : facts.tokens).reset;
}

} // namespace core
