#pragma once

#include "core/base/result.h"
#include "core/chat/target.h"
#include "core/providers/providerregistry.h"

namespace app {

//! One --target: PROVIDER/MODEL[@BASE_URL]. The provider ends at the first '/', the base URL starts
//! at the last "@http", so that model ids may hold '/', ':' and '@'.
struct TargetSpec
{
    QString provider;
    QString model;
    QString baseUrl; //!< As typed; empty: the provider's own.
};

[[nodiscard]] core::Result<TargetSpec> parseTargetSpec(const QString &text);

//! "PROVIDER/MODEL": how settings, the picker and the verbs name a target.
[[nodiscard]] QString specOf(const core::Target &target);

//! The target that \p spec names. Errors (InputRejected) list the known providers or say what is
//! wrong with the base URL.
[[nodiscard]] core::Result<core::Target> resolveTarget(const TargetSpec &spec,
                                                       const core::ProviderRegistry &providers);

} // namespace app
