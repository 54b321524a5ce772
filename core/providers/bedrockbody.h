#pragma once

#include "core/providers/provideradapter.h"

#include <QJsonObject>

namespace core {

//! \p request as the body of ConverseStream; CountTokens wraps the same. What the model at
//! \p endpoint does not take is told in \p warnings. Error: InputRejected, if nothing is left to
//! send.
[[nodiscard]] Result<QJsonObject> bedrockBody(const ChatRequest &request, const Endpoint &endpoint,
                                              QStringList &warnings);

} // namespace core
