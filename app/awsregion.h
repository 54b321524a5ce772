#pragma once

#include "core/base/result.h"

#include <QUrl>

namespace app {

class Engine;

//! Where a verb asks \p provider when no address was given: the region of AWS_REGION or
//! AWS_DEFAULT_REGION, else that of the stored account, else that of the AWS profile in use; empty:
//! the provider's own address, or it has no regions. Waits for the files. Errors: InputRejected, a
//! region that is none.
[[nodiscard]] core::Result<QUrl> regionalAddress(const QString &provider, Engine &engine);

} // namespace app
