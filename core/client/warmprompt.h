#pragma once

#include "core/client/clientparts.h"
#include "core/pricing/costcalculator.h"
#include "core/providers/providerregistry.h"

#include <functional>

namespace core {

//! A prompt that a service keeps, so that the next turn of its chat pays less for it there.
struct WarmPrompt
{
    Target target;                     //!< Who keeps it.
    std::int64_t tokens = 0;           //!< As the service counted them, read or written.
    std::chrono::milliseconds left{0}; //!< Until it may be forgotten.
    bool operator==(const WarmPrompt &) const = default;
};

//! A warm prompt that the next turn leaves behind.
struct CacheLoss
{
    WarmPrompt prompt;
    std::optional<PicoUsd> more; //!< To pay at the other target for these tokens; none: unknown.
    bool operator==(const CacheLoss &) const = default;
};

//! lossOf() where \p next is asked, with the books that whoever makes it has.
using TellCacheLoss =
    std::function<std::optional<CacheLoss>(const WarmPrompt &prompt, const Target &next)>;

//! What is lost where \p to is asked next instead of who keeps \p prompt: the same tokens as plain
//! input there against reading them again here. None: nothing, since \p to is the same, or since it
//! costs no more there. Pure but for the books, which must not change meanwhile.
[[nodiscard]] std::optional<CacheLoss> lossOf(const WarmPrompt &prompt, const Target &to,
                                              const ProviderRegistry &providers,
                                              const ModelBook &models, const CostCalculator &costs,
                                              UtcTime at);

} // namespace core
