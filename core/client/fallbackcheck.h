#pragma once

#include "core/chat/chatrequest.h"
#include "core/chat/providerinfo.h"
#include "core/client/attemptcost.h"
#include "core/client/decision.h"

namespace core {

//! One end of a change of target.
struct FallbackEnd
{
    Target target;
    ProviderInfo provider;
};

//! What speaks against asking \p to instead of \p from by itself: price, region, and what of the
//! request it cannot take; no reasons if nothing does. Every protocol carries system prompts and
//! schemas, so that none of these can be lost. id is left to the caller.
[[nodiscard]] Decision fallbackTerms(const FallbackEnd &from, const FallbackEnd &to,
                                     const ChatRequest &request, const AttemptCost &costs,
                                     UtcTime now);

//! Where a target computes, as far as its address or its model's name says so: "eu-west-1", "eu";
//! else empty.
[[nodiscard]] QString regionOf(const Target &target, const ProviderInfo &provider);

} // namespace core
