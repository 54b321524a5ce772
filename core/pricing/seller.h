#pragma once

#include <QString>

#include <utility>

namespace core {

//! Whose prices hold for a call: the provider that is configured, and the host that was asked. The
//! host wins where a catalogue knows whose it is (PriceCatalogue::placeOf()); without one it is the
//! provider.
struct Seller
{
    // Implicit: most that is priced by hand or from the ledger has no host.
    Seller(QString configured, QString asked = {})
        : provider(std::move(configured))
        , host(std::move(asked))
    {
    }
    QString provider; //!< As ProviderInfo::priceProvider.
    QString host;     //!< In lower case; empty: none, or one that tells nothing (this machine).
    //! The name that was asked for, where a model stands behind it: it may have a price of its own.
    QString deployment{};
    bool operator==(const Seller &) const = default;
};

} // namespace core
