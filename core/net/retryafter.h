#pragma once

#include "core/base/clock.h"
#include "core/net/httpmessage.h"

#include <QString>

#include <chrono>
#include <cstdint>
#include <optional>

namespace core {

// What servers say about when to come again (as of November 2026). All of it is foreign: whatever
// is malformed, not finite, zero, negative or past is no hint, and longer than MaxHint is MaxHint.
// A fraction of a millisecond is rounded up: never earlier than asked.

inline constexpr std::chrono::milliseconds MaxHint = std::chrono::hours(24 * 366);

//! The wait that an answer asks for: retry-after-ms (milliseconds, may have a fraction), else
//! retry-after (seconds, may have a fraction, or an HTTP date, which counts from the answer's own
//! Date header: our clock may be wrong). Only where mayCarryHint(): some services send the header
//! with every 200.
[[nodiscard]] std::optional<std::chrono::milliseconds> retryAfterHint(const HttpHeaders &headers);

//! Whether a hint in an answer with \p status means a retry: one of 408, 409, 429, 5xx, and of any
//! error that the server itself wants tried again.
[[nodiscard]] bool mayCarryHint(int status, const HttpHeaders &headers);

//! x-should-retry, the server's own word, which overrides what its status means.
[[nodiscard]] std::optional<bool> shouldRetryHint(const HttpHeaders &headers);

//! A duration as Go and protobuf write it: "1m0s", "17.379s", "26ms", "1h2m3.5s". Zero is none.
[[nodiscard]] std::optional<std::chrono::milliseconds> parseDuration(QByteArrayView text);

//! The wait that the sentence of a refusal names, at times the only place: "Please try again in
//! 1m30.5s.", "Please retry in 48.9s.", "Please retry after 20 seconds."
[[nodiscard]] std::optional<std::chrono::milliseconds> waitSaidIn(const QString &message);

//! The wait until \p count, a time since 1970 in seconds or (OpenRouter) milliseconds, counted from
//! the answer's own Date: our clock may be wrong. None where \p count is too small to be such a
//! time, or beyond all sense.
[[nodiscard]] std::optional<std::chrono::milliseconds> untilInstant(std::int64_t count,
                                                                    const HttpHeaders &headers);
//! Whether a count in a reset header is a time since 1970, not a wait.
[[nodiscard]] bool isInstant(std::int64_t count);

//! The wait from \p now until an RFC 3339 time ("2026-11-23T12:00:00Z"), as in rate-limit resets.
[[nodiscard]] std::optional<std::chrono::milliseconds> untilRfc3339(QByteArrayView text,
                                                                    UtcTime now);

//! An HTTP date in each of its three forms (RFC 9110, section 5.6.7); always UTC.
[[nodiscard]] std::optional<UtcTime> parseHttpDate(QByteArrayView text);

} // namespace core
