#pragma once

#include "core/providers/providerregistry.h"
#include "core/secrets/accountkeystore.h"
#include "core/secrets/environmentkeystore.h"
#include "core/secrets/ownorigins.h"
#include "core/store/store.h"

#include <QHash>
#include <QSet>
#include <QStringList>

// Where keys that the profile does not hold may come from and go to, by the rows of the providers.
// \p confirmed: origins by provider that the user named on the command line.

namespace app {

//! Each provider's variable, for its own origin and the confirmed ones.
[[nodiscard]] QHash<QString, core::EnvironmentKeyStore::Entry>
environmentEntries(const core::ProviderRegistry &providers,
                   const QHash<QString, QStringList> &confirmed);

//! Where profiles and sign-ins may go without an account that says so.
[[nodiscard]] QHash<QString, core::OwnOrigins>
ownOrigins(const core::ProviderRegistry &providers, const QHash<QString, QStringList> &confirmed);

//! The providers that take the profiles of AWS.
[[nodiscard]] QSet<QString> awsProviders(const core::ProviderRegistry &providers);

//! Verbs look there first, a window where the user picked it.
[[nodiscard]] core::EnvironmentKeys environmentPolicy(core::SessionKind session);

} // namespace app
