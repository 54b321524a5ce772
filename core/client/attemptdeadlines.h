#pragma once

#include "core/chat/chatrequest.h"
#include "core/chat/providerinfo.h"
#include "core/client/clientparts.h"

namespace core {

//! How long one attempt may take: the options, with more patience for the first byte of what thinks
//! or is loaded first, and a total that follows the longest answer.
[[nodiscard]] HttpDeadlines attemptDeadlines(const ClientOptions &options,
                                             const ChatOptions &request,
                                             const ProviderInfo &provider, const QString &model);

} // namespace core
