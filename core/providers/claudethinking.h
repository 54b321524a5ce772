#pragma once

#include "core/providers/provideradapter.h"

#include <QJsonObject>

#include <optional>

namespace core {

//! How a Claude model is told to reason, in members of the Messages API's body.
struct ClaudeThinking
{
    QJsonObject thinking; //!< Empty: not sent.
    QString effort;       //!< Of output_config; empty: not sent.

    //! The tokens that may be thought, as a part of the answer's; 0: none are named.
    [[nodiscard]] int budget() const;
};

//! \p effort as the endpoint's model takes it. Those before 4.6 are given a budget of tokens, a
//! part of the answer's, and refuse efforts; those from 4.6 on the other way round (AWS's page on
//! adaptive thinking, read 2026-11-30). \p limit: the most tokens of the whole answer, which a
//! budget stays below; none: as the model's own. What could not be said is told in \p warnings.
[[nodiscard]] ClaudeThinking claudeThinking(const Endpoint &endpoint, const QString &effort,
                                            std::optional<int> limit, QStringList &warnings);

//! \p options without the sampling that a model refuses while it thinks as \p how says: any
//! temperature but 1, and a top_p below 0.95. What is left out is told in \p warnings.
[[nodiscard]] ChatOptions samplingBeside(const ClaudeThinking &how, ChatOptions options,
                                         const Endpoint &endpoint, QStringList &warnings);

} // namespace core
