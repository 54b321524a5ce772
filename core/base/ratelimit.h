#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace core {

//! What a service says about one of its limits in the headers of an answer. Foreign and often
//! rounded: something to slow down by, not to count with.
struct RateLimit
{
    std::optional<std::int64_t> limit;              //!< Units a period.
    std::optional<std::int64_t> remaining;          //!< Units left just now.
    std::optional<std::chrono::milliseconds> reset; //!< Until nothing is used any more.
    //! Where its name says so; else it is guessed.
    std::optional<std::chrono::milliseconds> period;

    [[nodiscard]] bool isEmpty() const { return !limit && !remaining && !reset; }
    bool operator==(const RateLimit &) const = default;
};

} // namespace core
