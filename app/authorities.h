#pragma once

#include "app/targetspec.h"

#include <QHash>

namespace core {
class AccountNotes;
class AccountSetup;
class Settings;
} // namespace core

namespace app {

//! The certificate authority that earlier versions had for every service, \p file, becomes that of
//! each https account in use: one that was set up, or whose key the environment holds. One with an
//! authority of its own keeps that. The setting is empty then; where no account is in use it waits.
void adoptOldAuthority(const QString &file, core::Settings &settings,
                       const core::AccountSetup &accounts, core::AccountNotes &notes);

//! The authority of one run, by the origins of the endpoints that its --target options name.
[[nodiscard]] QHash<QString, QString> authoritiesOfRun(const QString &file,
                                                       const QList<TargetSpec> &named,
                                                       const core::ProviderRegistry &providers);

} // namespace app
