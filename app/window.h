#pragma once

#include "app/commandline.h"
#include "app/engine.h"
#include "app/profile.h"
#include "app/verbs/verbs.h"

namespace app {

//! Opens the window on \p profile and runs until it closes.
[[nodiscard]] ExitCode runWindow(const CommandLine &line, const Profile &profile,
                                 PendingPrices prices);

} // namespace app
