#pragma once

#include "core/chat/chatrequest.h"
#include "core/providers/provideradapter.h"
#include "core/providers/providerregistry.h"

#include <QJsonObject>

//! The table of requests that adapters are held to. tests/peers/requests says the same to the
//! official SDKs.
namespace test {

//! The request of the table called \p name. \p provider: whose reasoning is in the history.
[[nodiscard]] core::ChatRequest requestOf(const QString &name, const QString &provider);

//! tests/data/requests/NAME.json; empty if there is none.
[[nodiscard]] QJsonObject tableOf(const QString &name);

//! The endpoint that a table names: its model, and its base URL or else the row's.
[[nodiscard]] core::Endpoint endpointOf(const core::ProviderInfo &row, const QJsonObject &table);

//! The key that wireOf() sends.
constexpr auto Key = "key-0123456789abcdef";

//! What \p row's adapter sends to \p model for \p request; a row without a base URL asks an
//! example.
[[nodiscard]] core::Result<core::WireRequest> wireOf(const core::ProviderRegistry &registry,
                                                     const core::ProviderInfo &row,
                                                     const QString &model,
                                                     const core::ChatRequest &request);

} // namespace test
