#pragma once

#include "core/base/result.h"
#include "core/client/clientparts.h"
#include "core/ledger/budget.h"
#include "core/ledger/workspacerepository.h"
#include "core/net/networkoptions.h"
#include "core/secrets/awsprofilekeystore.h"
#include "core/settings/settings.h"

namespace app {

//! What the settings say, in the terms of those in core who do it. Pure.
[[nodiscard]] core::NetworkOptions networkOptions(const core::Settings &settings);
[[nodiscard]] core::AwsProfileKeyStore::Processes processes(const core::Settings &settings);
//! What stands in the file is the user's, or anybody's: a time or number below zero is none.
[[nodiscard]] core::ClientOptions clientOptions(const core::Settings &settings);
//! Errors: InputRejected, where a limit is no amount: a typing error must not lift it.
[[nodiscard]] core::Result<QList<core::Budget>> furtherBudgets(const core::Settings &settings);
//! What never leaves \p workspace without a question: what counts everywhere, then its own.
[[nodiscard]] QStringList blockedPatterns(const core::Settings &settings,
                                          const core::Workspace &workspace);

} // namespace app
