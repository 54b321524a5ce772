#pragma once

#include <QString>

#include <compare>
#include <cstdint>
#include <optional>

namespace core {

//! Money: whole pico-USD (1e-12 US dollars) in 64 bits, up to about 9.2 million dollars. A rate
//! with six decimals per million tokens is a whole number of pico-USD per token, so sums are exact.
//! Arithmetic that would leave the range gives no value, never a wrong one.
class PicoUsd
{
public:
    static constexpr std::int64_t PerDollar = 1'000'000'000'000;

    constexpr PicoUsd() = default;
    constexpr explicit PicoUsd(std::int64_t count)
        : m_count(count)
    {
    }
    [[nodiscard]] constexpr std::int64_t count() const { return m_count; }

    auto operator<=>(const PicoUsd &) const = default;

    [[nodiscard]] std::optional<PicoUsd> plus(PicoUsd other) const;
    //! This times \p factor / \p divisor, rounded half to even; \p divisor > 0.
    [[nodiscard]] std::optional<PicoUsd> scaled(std::int64_t factor,
                                                std::int64_t divisor = 1) const;

    //! Exact decimal dollars without superfluous zeros: "0.003612", "3", "0".
    [[nodiscard]] QString toDecimal() const;
    //! Inverse of toDecimal(); at most 12 decimals, no exponent, no sign but a leading minus.
    [[nodiscard]] static std::optional<PicoUsd> fromDecimal(const QString &text);

private:
    std::int64_t m_count = 0;
};

//! Adds and stays at the limits of the range instead of wrapping. For display and counters; the
//! ledger uses plus() and refuses.
[[nodiscard]] PicoUsd saturatingSum(PicoUsd a, PicoUsd b);

//! What something cost or may cost, from low to high; both ends equal: exact. \c complete is false
//! if some part has no price: the ends are those of the rest, and the true cost is at least low.
struct Cost
{
    PicoUsd low;
    PicoUsd high;
    bool complete = true;

    [[nodiscard]] bool isExact() const { return complete && low == high; }
    [[nodiscard]] bool isZero() const { return complete && low == PicoUsd() && high == PicoUsd(); }
    [[nodiscard]] Cost plus(const Cost &other) const; //!< Saturating; complete only if both are.
    bool operator==(const Cost &) const = default;
};

} // namespace core
