#pragma once

#include "core/base/error.h"

#include <chrono>
#include <optional>

namespace core {

//! By how much the service's clock is ahead of this computer's, where \p error refused a signature
//! for its time; none where it is something else. AWS names both times: "Signature expired:
//! 20261130T100000Z is now earlier than 20261130T110500Z (20261130T111000Z - 5 min.)", or "not yet
//! current … (… + 5 min.)".
[[nodiscard]] std::optional<std::chrono::seconds> clockSkewIn(const Error &error);

} // namespace core
