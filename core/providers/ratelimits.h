#pragma once

#include "core/providers/provideradapter.h"

namespace core {

//! What a bare number in a reset header counts. Numbers with a unit ("6m0s", "26ms") say it
//! themselves, and a count too large for a wait is a time since 1970 (OpenRouter).
enum class ResetUnit { Seconds, Milliseconds };

//! x-ratelimit-{limit,remaining,reset}-*, as OpenAI began it and most services took it up, each a
//! little differently: Groq's requests count by the day, Mistral names the period ("req-10-second",
//! "tokens-minute"), Together has one limit without a name, Azure resets in milliseconds.
void readCommonLimits(const HttpHeaders &headers, ResetUnit unit, ResponseFacts &facts);

//! anthropic-ratelimit-*: the resets are RFC 3339 times, counted from the answer's own Date.
void readAnthropicLimits(const HttpHeaders &headers, ResponseFacts &facts);

//! The same for a refusal: until that one of Anthropic's four limits which is used up most is whole
//! again. Input and output tokens have limits of their own, which ResponseFacts has no room for.
//! None: none of them is used at all.
[[nodiscard]] std::optional<std::chrono::milliseconds>
anthropicResetHint(const HttpHeaders &headers);

//! A count in a header: digits only.
[[nodiscard]] std::optional<std::int64_t> countIn(const HttpHeaders &headers,
                                                  const QByteArray &name);

//! The wait that the limits of a refusal ask for: until that one of them which is used up most has
//! drained. For a 429 that names no wait itself.
[[nodiscard]] std::optional<std::chrono::milliseconds> resetHint(const ResponseFacts &facts);

} // namespace core
