#include "core/client/keptwords.h"

#include "core/client/sellers.h"
#include "core/client/tokenestimate.h"
#include "core/tokens/modelencoding.h"

#include <algorithm>

namespace core {

void KeptWords::price(AttemptRecord &attempt, const QString &words) const
{
    if (words.isEmpty())
        return;
    const ProviderInfo *provider = m_providers.provider(attempt.target.provider);
    // The name that a person gave to a deployment tells neither its model nor its price.
    const bool isModelKnown = !provider || !provider->deployments;
    const auto encoding =
        isModelKnown ? encodingOf(attempt.target.model) : std::optional<EncodingId>();
    const auto counted = encoding ? m_counts->count(*encoding, words) : std::nullopt;
    TokenEstimate guessed;
    guessed.add(words);
    attempt.visible = true;
    attempt.usage = {};
    attempt.usage.tokens.insert(UsageKind::Output, counted.value_or(guessed.low()));
    attempt.usage.basis = UsageBasis::Estimated;
    if (!provider || provider->local || !isModelKnown)
        return;
    CostBreakdown least = CostCalculator(m_prices).cost(
        sellerOf(providerAt(*provider, attempt.target), attempt.target.model), attempt.target.model,
        attempt.usage, attempt.queuedAt);
    // The prompt is of the unknown part.
    least.lines.removeIf([](const CostLine &line) { return !line.amount; });
    attempt.cost.lines = least.lines;
    attempt.cost.rateCard = least.rateCard;
    Cost &total = attempt.cost.total;
    total.low = std::max(total.low, std::min(least.total.low, total.high));
}

} // namespace core
