#pragma once

#include <cstdint>
#include <optional>

namespace core {

//! What a limit counts, and for how long.
enum class LimitUnit { Money, Tokens, Requests };
enum class LimitPeriod { Message, Session, Day, Month };

//! What a limit on spending lacks for one attempt. Amounts are pico-USD, tokens or requests, as
//! the unit says.
struct Shortfall
{
    LimitUnit unit = LimitUnit::Money;
    LimitPeriod period = LimitPeriod::Day; //!< Message: the cap that this message was given.
    std::int64_t budgetId = 0;             //!< 0: no budget's.
    bool hard = true;                      //!< A soft one only asks.
    std::int64_t need = 0;                 //!< The most that the attempt may take.
    std::int64_t left = 0;                 //!< Never negative.
    std::optional<int> fittingOutput; //!< Longest answer, in tokens, that would fit; none: not even
                                      //!< the question does, or it would not help.
    std::int64_t certain = 0;         //!< Spent for sure, money only.
    std::int64_t unsure = 0; //!< Counted as spent, money only, though nobody knows that it was.
    bool priced = true;      //!< False: something of it has no known price.
    bool operator==(const Shortfall &) const = default;
};

} // namespace core
