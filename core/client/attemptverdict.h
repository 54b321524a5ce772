#pragma once

#include "core/client/trafficcontrol.h"
#include "core/ledger/attemptrecord.h"

namespace core {

//! What an ended attempt says about its endpoint and how much of the limits it used.
[[nodiscard]] PassageEnd verdictOn(const AttemptRecord &attempt);

} // namespace core
