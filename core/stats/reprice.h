#pragma once

#include "core/pricing/pricecatalogue.h"
#include "core/stats/spendqueries.h"

namespace core {

//! What a model's answers were charged at, and what the same ones would cost at other prices.
struct RepriceRow
{
    QString provider, model;
    std::int64_t attempts = 0; //!< Compared.
    PicoUsd charged, now;      //!< Of these.
    //! Not compared: charged in a range or not by the table, or without a price now.
    std::int64_t leftOut = 0;
};

//! History is frozen at its price: this is a comparison beside it and writes nothing.
//!
//! Compares the attempts in \p filter whose cost is exact by \p prices as they are on the day of \p
//! today, at the hour of each request; what was charged nothing for has no row. The largest
//! difference first. Reads the raw ledger: for a person who asks. Main thread.
[[nodiscard]] QFuture<Result<QList<RepriceRow>>>
reprice(Store &store, const SpendFilter &filter, const PriceCatalogue &prices, UtcTime today);

} // namespace core
