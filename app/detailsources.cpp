#include "app/detailsources.h"

#include "core/client/sellers.h"

namespace app {

namespace {

//! The day of the prices that \p attempt was charged at, if the catalogue still has them.
std::optional<core::UtcTime> pricesOf(const Engine &engine, const core::AttemptRecord &attempt)
{
    const core::ProviderInfo *provider = engine.providers().provider(attempt.target.provider);
    if (!provider)
        return std::nullopt;
    // As the calculator looks: by the model that answered, else by the one asked for.
    for (const QString &model : {attempt.usage.model, attempt.target.model}) {
        const auto match = engine.prices().find(
            core::sellerOf(core::providerAt(*provider, attempt.target), attempt.target.model),
            model, attempt.queuedAt);
        if (match && match->card->id == attempt.cost.rateCard)
            return match->card->checkedOn ? match->card->checkedOn : engine.prices().checkedOn();
    }
    return std::nullopt;
}

} // namespace

ui::DetailSources detailSources(Engine &engine, const core::ModelDirectory &models)
{
    ui::DetailSources sources;
    sources.attempts = [&engine](std::int64_t requestId) {
        return engine.store().conversations().attempts(requestId);
    };
    sources.contextLimit = [&models](const core::Target &target) {
        return models.contextLimitOf(target);
    };
    sources.limits = [&engine](const core::Target &target) {
        return engine.traffic().limitsOf(target);
    };
    sources.pricesOf = [&engine](const core::AttemptRecord &attempt) {
        return pricesOf(engine, attempt);
    };
    sources.takesCacheMarks = [&engine](const core::Target &target) {
        const core::ProviderInfo *provider = engine.providers().provider(target.provider);
        return provider && provider->cacheMarks;
    };
    return sources;
}

} // namespace app
