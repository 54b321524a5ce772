#pragma once

#include "app/commandline.h"
#include "app/profile.h"
#include "core/settings/settings.h"

namespace app {

//! Exit status of the command line. Scripts decide by these numbers: none ever changes its meaning.
enum class ExitCode {
    Success = 0,
    Internal = 1,
    Usage = 2,
    Refused = 3,
    Unavailable = 4,
    Budget = 5,
    Interrupted = 6,
    Cancelled = 130,
};

//! The status that a failed request ends with; \p textShown: some of the answer was printed.
[[nodiscard]] ExitCode exitCodeFor(const core::Error &error, bool textShown);

//! Prints the error's sentence and detail to standard error.
void tell(const core::Error &error);

//! Tells it, and gives the status of a request that never began.
ExitCode fail(const core::Error &error);

//! The same for `ask`; \p json: as the last line of its events, too.
ExitCode failUnsent(const core::Error &error, bool json);

// One function a verb. They print, run the event loop if they need one, and return the status.
[[nodiscard]] ExitCode runAsk(const CommandLine &line, const Profile &profile);
[[nodiscard]] ExitCode runDecode(const CommandLine &line);
[[nodiscard]] ExitCode runTokens(const CommandLine &line);
[[nodiscard]] ExitCode runPrice(const CommandLine &line, const Profile &profile);
[[nodiscard]] ExitCode runCost(const CommandLine &line, const Profile &profile);
[[nodiscard]] ExitCode runRender(const CommandLine &line);
[[nodiscard]] ExitCode runDoctor(const CommandLine &line, const Profile &profile,
                                 const core::Settings &settings);

} // namespace app
