#pragma once

#include "core/chat/providerinfo.h"
#include "core/chat/target.h"
#include "core/net/urlpolicy.h"
#include "core/pricing/seller.h"

namespace core {

//! Who charges for what \p provider answers at its base URL. This machine charges nothing: what is
//! asked there (a tunnel, a gateway) stands for the provider that was configured. \p asked: the
//! name of a deployment, or the model's own.
[[nodiscard]] inline Seller sellerOf(const ProviderInfo &provider, const QString &asked)
{
    const QUrl &root = provider.baseUrl;
    Seller seller(provider.priceProvider, isLoopback(root) ? QString() : root.host().toLower());
    seller.deployment = asked;
    return seller;
}

//! The address that \p target asks: its own, else that of its \p provider.
[[nodiscard]] inline QUrl rootOf(const Target &target, const ProviderInfo &provider)
{
    return target.baseUrl.isEmpty() ? provider.baseUrl : target.baseUrl;
}

//! \p provider at the address that \p target asks.
[[nodiscard]] inline ProviderInfo providerAt(ProviderInfo provider, const Target &target)
{
    provider.baseUrl = rootOf(target, provider);
    return provider;
}

} // namespace core
