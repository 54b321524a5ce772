#pragma once

#include <cstdint>

namespace core {

//! Source of randomness: jitter, tokens, ids. An interface so that tests can hold chance.
class Random
{
public:
    virtual ~Random() = default;
    [[nodiscard]] virtual std::uint64_t bits() = 0; //!< 64 uniform bits.
    [[nodiscard]] double uniform();                 //!< Uniform in [0, 1).
};

//! The system's generator; good enough for tokens.
class SystemRandom final : public Random
{
public:
    [[nodiscard]] std::uint64_t bits() override;
};

} // namespace core
