#include "core/client/warmprompt.h"

#include "core/client/sellers.h"

namespace core {

namespace {

//! Exactly known, or nothing.
std::optional<PicoUsd> priceOf(const Target &target, const Usage &usage,
                               const ProviderRegistry &providers, const ModelBook &models,
                               const CostCalculator &costs, UtcTime at)
{
    const ProviderInfo *provider = providers.provider(target.provider);
    if (!provider)
        return std::nullopt;
    const Cost cost = costs
                          .cost(sellerOf(providerAt(*provider, target), target.model),
                                models.modelBehind(target), usage, at)
                          .total;
    return cost.isExact() ? std::optional(cost.low) : std::nullopt;
}

} // namespace

std::optional<CacheLoss> lossOf(const WarmPrompt &prompt, const Target &to,
                                const ProviderRegistry &providers, const ModelBook &models,
                                const CostCalculator &costs, UtcTime at)
{
    const ProviderInfo *provider = providers.provider(to.provider);
    // What runs here costs nothing, and practice money is none.
    if (to == prompt.target || !provider || provider->local || to.simulated ||
        prompt.target.simulated)
        return std::nullopt;
    Usage plain;
    plain.tokens.insert(UsageKind::Input, prompt.tokens);
    plain.tokens.insert(UsageKind::Output, 0); // unknown it would leave the cost open
    Usage read = plain;
    read.tokens.insert(UsageKind::CacheRead, prompt.tokens);
    const auto there = priceOf(to, plain, providers, models, costs, at);
    const auto here = priceOf(prompt.target, read, providers, models, costs, at);
    CacheLoss loss{prompt, std::nullopt};
    if (!there || !here)
        return loss;
    if (*there <= *here)
        return std::nullopt;
    loss.more = PicoUsd(there->count() - here->count());
    return loss;
}

} // namespace core
