#pragma once

#include "core/store/rollup.h"

#include <functional>

namespace core {

//! Shows what each ended attempt that was queued in [\p from, \p to), and each request that ended
//! with one of them, adds to the rollup. Reads the raw ledger: for the part of a quarter that the
//! rollup does not tell from its rest.
void visitEnded(Sql &sql, UtcTime from, UtcTime to,
                const std::function<void(const RollupKey &, const RollupSums &)> &visit);

} // namespace core
