#pragma once

#include "core/chat/providerinfo.h"
#include "core/chat/target.h"
#include "core/net/urlpolicy.h"
#include "core/pricing/seller.h"

namespace core {

//! Who charges for what \p provider answers at its base URL. This machine charges nothing: what is
//! asked there (a tunnel, a gateway) stands for the provider that was configured.
[[nodiscard]] inline Seller sellerOf(const ProviderInfo &provider)
{
    const QUrl &root = provider.baseUrl;
    return {provider.priceProvider, isLoopback(root) ? QString() : root.host().toLower()};
}

//! \p provider at the address that \p target asks.
[[nodiscard]] inline ProviderInfo providerAt(ProviderInfo provider, const Target &target)
{
    if (!target.baseUrl.isEmpty())
        provider.baseUrl = target.baseUrl;
    return provider;
}

} // namespace core
