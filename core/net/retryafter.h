#pragma once

#include "core/base/clock.h"
#include "core/net/httpmessage.h"

#include <chrono>
#include <optional>

namespace core {

// What servers say about when to come again (resilience.md §4, read 2026-11). All of it is foreign:
// whatever is malformed, not finite, zero, negative or past is no hint, and longer than MaxHint is
// MaxHint. A fraction of a millisecond is rounded up: never earlier than asked.

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

//! The wait from \p now until an RFC 3339 time ("2026-11-23T12:00:00Z"), as in rate-limit resets.
[[nodiscard]] std::optional<std::chrono::milliseconds> untilRfc3339(QByteArrayView text,
                                                                    UtcTime now);

//! An HTTP date in each of its three forms (RFC 9110, section 5.6.7); always UTC.
[[nodiscard]] std::optional<UtcTime> parseHttpDate(QByteArrayView text);

} // namespace core
