#pragma once

#include "core/ledger/statestore.h"

#include <QList>
#include <QString>

namespace core {

//! How many tokens a model without a published tokenizer counted of prompts, per token of our near
//! count of the same prompts: what this user's own requests have shown. What is derived of it is an
//! estimate; it never lowers what a budget sets aside.
//!
//! Keeps the last MostRatios of a provider's model, in its StateStore: kind "calibration", the
//! models of a provider in one state, the one that answered last at the end. What is on disk is
//! foreign; ratios out of range are not read. Main thread.
class TokenCalibration
{
public:
    static constexpr qsizetype FewestRatios = 5; //!< Before that nothing is said.
    static constexpr qsizetype MostRatios = 50;
    static constexpr qsizetype MostModels = 32;     //!< Of a provider.
    static constexpr std::int64_t LeastTokens = 32; //!< In shorter ones the template rules.
    //! No tokenizer is further from another; beyond it something else was counted.
    static constexpr double LeastRatio = 0.2, MostRatio = 8;

    //! Factors of a near count. The bounds are all of what was seen, not the usual part of it.
    struct Spread
    {
        double low = 1, likely = 1, high = 1; //!< likely: the median.
        bool operator==(const Spread &) const = default;
    };

    explicit TokenCalibration(StateStore &states)
        : m_states(states)
    {
    }

    //! \p estimate: our near count of a prompt; \p actual: all input that the service reported.
    void note(const QString &provider, const QString &model, std::int64_t estimate,
              std::int64_t actual);
    [[nodiscard]] std::optional<Spread> spread(const QString &provider, const QString &model) const;

private:
    struct Model
    {
        QString name;
        QList<double> ratios; //!< Oldest first.
    };
    [[nodiscard]] static QList<Model> modelsIn(const std::optional<SavedState> &saved);
    //! \p models with one more ratio of \p model, as they are saved.
    [[nodiscard]] static QJsonObject noted(QList<Model> models, const QString &model, double ratio);

    StateStore &m_states;
};

} // namespace core
