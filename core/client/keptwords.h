#pragma once

#include "core/ledger/attemptrecord.h"
#include "core/pricing/pricecatalogue.h"
#include "core/providers/providerregistry.h"
#include "core/tokens/textcounts.h"

#include <memory>

namespace core {

//! Prices what a crash left of answers: no less was billed than what arrived.
//! Holds copies, for it is asked in another thread while the store opens or closes.
class KeptWords
{
public:
    KeptWords(ProviderRegistry providers, PriceCatalogue prices, std::shared_ptr<TextCounts> counts)
        : m_providers(std::move(providers))
        , m_prices(std::move(prices))
        , m_counts(std::move(counts))
    {
    }

    //! \p words of \p attempt arrived. Fills usage and cost.lines and raises cost.total.low, never
    //! above its high end; without a price, and where a person named the model, the cost stays as
    //! it is. As slow as counting.
    void price(AttemptRecord &attempt, const QString &words) const;

private:
    ProviderRegistry m_providers;
    PriceCatalogue m_prices;
    std::shared_ptr<TextCounts> m_counts;
};

} // namespace core
