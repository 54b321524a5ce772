#pragma once

#include "core/ledger/attemptrecord.h"

#include <functional>

namespace core {

//! Tells what the words that are kept of an attempt cost at least, where the end of the program cut
//! it off: fills usage and raises the low end of the cost, whose high end is the worst case. Called
//! in the writer's thread; whatever it holds is its own.
using PriceKeptWords = std::function<void(AttemptRecord &attempt, const QString &words)>;

} // namespace core
