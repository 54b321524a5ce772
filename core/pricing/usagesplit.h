#pragma once

#include "core/chat/usage.h"

#include <QList>

namespace core {

//! So many tokens that are nothing more special than \p kind: each token stands in one share only.
struct TokenShare
{
    UsageKind kind = UsageKind::Input;
    std::int64_t tokens = 0;
    bool operator==(const TokenShare &) const = default;
};

//! One side of a usage record, input or output, cut along containment (UsageKind).
struct UsageSide
{
    std::optional<std::int64_t> total; //!< None: the side was not told.
    QList<TokenShare> shares;          //!< What was in the prompt first, first: cached tokens.
    bool contradictory = false;        //!< The parts are more than the whole, or negative.
    bool operator==(const UsageSide &) const = default;
};

[[nodiscard]] UsageSide splitInput(const Usage &usage);
[[nodiscard]] UsageSide splitOutput(const Usage &usage);

} // namespace core
