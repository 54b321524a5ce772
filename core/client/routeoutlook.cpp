#include "core/client/routeoutlook.h"

namespace core {

namespace {

using Reason = Decision::Reason;

std::optional<double> priceOf(const PricedEnd &priced)
{
    if (priced.end.provider.local)
        return 0.0; // no catalogue has it, and what is not here costs more
    if (!priced.inputPerMillion || !priced.outputPerMillion)
        return std::nullopt;
    return static_cast<double>(priced.inputPerMillion->count()) +
           static_cast<double>(priced.outputPerMillion->count());
}

} // namespace

TargetOutlook outlookOf(const PricedEnd &first, const PricedEnd &other)
{
    TargetOutlook outlook;
    const ProviderInfo &from = first.end.provider;
    const ProviderInfo &to = other.end.provider;
    const auto before = priceOf(first);
    const auto after = priceOf(other);
    const bool costs = !from.simulated && !to.simulated && !to.local;
    if (costs && before && after && *before > 0)
        outlook.priceRatio = *after / *before;
    if (costs && before && !after)
        outlook.reasons += Reason::PriceUnknown;
    else if (costs && before && after && *after > DearerThan * *before)
        outlook.reasons += Reason::Dearer;
    if (const auto region = otherRegion(first.end, other.end)) {
        outlook.reasons += Reason::OtherRegion;
        outlook.region = *region;
    }
    if (takesImages(first.end) && !takesImages(other.end))
        outlook.reasons += Reason::LosesImages;
    if (takesDocuments(first.end) && !takesDocuments(other.end))
        outlook.reasons += Reason::LosesDocuments;
    if (takesTools(first.end) && !takesTools(other.end))
        outlook.reasons += Reason::LosesTools;
    if (from.structuredOutput && !to.structuredOutput)
        outlook.reasons += Reason::LosesSchema;
    return outlook;
}

} // namespace core
