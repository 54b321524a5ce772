#pragma once

#include "core/client/trafficcontrol.h"
#include "core/ledger/attemptrecord.h"

namespace core {

//! What an ended attempt says about its endpoint and how much of the limits it used.
[[nodiscard]] PassageEnd verdictOn(const AttemptRecord &attempt);

//! How long its headers had been there when \p attempt ended; 0: none came.
[[nodiscard]] std::chrono::milliseconds sinceHeaders(const AttemptRecord &attempt);

} // namespace core
