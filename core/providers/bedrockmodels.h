#pragma once

#include "core/providers/provideradapter.h"

namespace core {

// Bedrock's lists of models: the inference profiles, page by page, then the foundation models that
// they stand before. A control plane has them, on a host beside the one that answers.

//! The root of the lists for what answers at \p baseUrl: the control plane of the same region of
//! AWS. Any other host has to answer everything itself: a key goes no further than its user meant.
[[nodiscard]] QUrl bedrockControlUrl(const QUrl &baseUrl);
//! Where the page at \p cursor is; empty: the first one.
[[nodiscard]] QUrl bedrockListUrl(const Endpoint &endpoint, const QString &cursor);
//! One page as it came, of either list. Error: ProtocolError, if it is neither.
[[nodiscard]] Result<ModelPage> bedrockModels(const QByteArray &body);
//! \p models of both lists; profiles learn from the models behind them what these take and make.
[[nodiscard]] QList<ModelInfo> joinedBedrockModels(QList<ModelInfo> models);
//! The foundation model that a profile's id or ARN names ("us.anthropic.claude-…"), as calls that
//! take no profile want it.
[[nodiscard]] QString foundationModelOf(const QString &model);

} // namespace core
