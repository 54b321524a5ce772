#pragma once

#include "core/chat/chatrequest.h"
#include "core/chat/providerinfo.h"
#include "core/client/attemptcost.h"
#include "core/client/decision.h"
#include "core/providers/provideradapter.h"

namespace core {

//! One end of a change of target.
struct FallbackEnd
{
    Target target;
    ProviderInfo provider;
    ModelInfo model = {}; //!< As the service lists it; what it does not say is unknown.
};

//! What an end takes: what its API does, less what its list says that the model does not.
[[nodiscard]] bool takesImages(const FallbackEnd &end);
[[nodiscard]] bool takesDocuments(const FallbackEnd &end);
[[nodiscard]] bool takesTools(const FallbackEnd &end);

//! A fallback that costs more than so many times what the first target takes is asked about.
inline constexpr double DearerThan = 2.0;

//! What speaks against asking \p to instead of \p from by itself: price, region, and what of the
//! request it cannot take; no reasons if nothing does. Every protocol carries system prompts, so
//! that none can be lost. id is left to the caller.
[[nodiscard]] Decision fallbackTerms(const FallbackEnd &from, const FallbackEnd &to,
                                     const ChatRequest &request, const AttemptCost &costs,
                                     UtcTime now);

//! Where \p to computes, if that is not where \p from was chosen to; may be empty: nobody knows.
//! None: the same place, the user's own machine, or none was chosen.
[[nodiscard]] std::optional<QString> otherRegion(const FallbackEnd &from, const FallbackEnd &to);

//! Where a target computes, as far as its address or its model's name says so: "eu-west-1", "eu";
//! else empty.
[[nodiscard]] QString regionOf(const Target &target, const ProviderInfo &provider);

} // namespace core
