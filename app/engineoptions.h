#pragma once

#include "app/commandline.h"
#include "app/profile.h"
#include "app/targetspec.h"
#include "core/base/clock.h"
#include "core/net/reachability.h"
#include "core/store/store.h"

namespace app {

//! How one process uses a profile.
struct EngineOptions
{
    Profile profile;
    QStringList overrides; //!< --set KEY=VALUE
    bool demo = false;     //!< Practice provider only; the keychain is never opened.
    core::SessionKind session = core::SessionKind::Window;
    //! Origins of the --target options: the user's word that the environment's key may go there.
    QHash<QString, QStringList> confirmedOrigins; //!< By provider id.
    QList<TargetSpec> named;                      //!< The --target options.
    //! Tells whether there is a network, and outlives the engine. Without it all is sent at once,
    //! as the verbs do: nobody is there to say when.
    const core::Reachability *reachability = nullptr;
    core::Clock *clock = nullptr; //!< Time, which outlives the engine; none: the system's.
};

[[nodiscard]] EngineOptions engineOptions(const CommandLine &line, const Profile &profile,
                                          core::SessionKind session);

} // namespace app
