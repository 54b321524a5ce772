#pragma once

#include "app/commandline.h"
#include "core/chat/chatrequest.h"

#include <chrono>
#include <optional>

namespace app {

// What `ask` is told on its command line and on standard input, before anything is opened. Errors
// are InputRejected; their detail is the sentence for the user.

[[nodiscard]] core::Result<QString> promptFrom(const CommandLine &line);
[[nodiscard]] core::Result<core::ChatOptions> optionsFrom(const CommandLine &line);
//! For the whole request; none: as the settings say.
[[nodiscard]] core::Result<std::optional<std::chrono::milliseconds>>
timeoutFrom(const CommandLine &line);
[[nodiscard]] core::Result<QList<core::AttachmentPart>> attachmentsFrom(const CommandLine &line);

} // namespace app
