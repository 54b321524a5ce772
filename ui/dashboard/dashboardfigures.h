#pragma once

#include "core/stats/spendrange.h"

#include <QString>

#include <functional>

namespace ui {

//! Names that a person knows; what is missing shows the id.
struct DashboardNames
{
    std::function<QString(const QString &provider, const QString &model)> model;
    std::function<QString(const QString &provider)> provider;
    std::function<bool(const QString &provider)> isLocal; //!< Costs nothing: "local", no amount.

    [[nodiscard]] QString modelName(const QString &providerId, const QString &modelId) const;
    [[nodiscard]] QString providerName(const QString &providerId) const;
    [[nodiscard]] bool isLocalProvider(const QString &providerId) const;
};

//! Everything that one picture of the dashboard shows, from one reading of the rollup: cards,
//! charts and table always agree.
struct DashboardFigures
{
    core::SpendSpan span;
    core::SpendSums total;
    QList<core::SpendStep> steps;
    QList<core::SpendRow> models; //!< One a provider and model, the dearest first.
    //! For each step, what it comes to at the month's pace if it is still to come. Empty where no
    //! forecast is made.
    QList<std::optional<core::Cost>> ahead;
    [[nodiscard]] bool isEmpty() const { return models.isEmpty(); }
};

//! \p quarters as of SpendQueries::quarters(\p span.filter).
[[nodiscard]] DashboardFigures figuresOf(const core::SpendSpan &span,
                                         const QList<core::SpendRow> &quarters);

//! Fills \p figures.ahead as of \p now, where they are a whole month's of real money and that has
//! lasted long enough (core::monthForecast).
void addForecast(DashboardFigures &figures, core::UtcTime now, const QTimeZone &zone);

//! "99.6%" of \p whole; a part is never rounded to none or all: "<0.1%", ">99.9%". No value if
//! \p whole is 0.
[[nodiscard]] std::optional<QString> percentText(std::int64_t part, std::int64_t whole);

//! What the caches saved in \p sums, both together, and a line about it: "27% of the full price".
struct SavedTexts
{
    QString figure, note;
};
[[nodiscard]] SavedTexts savedTexts(const core::SpendSums &sums);

//! \p sums' cost for each ended request; none without one.
[[nodiscard]] std::optional<core::Cost> costPerRequest(const core::SpendSums &sums);

//! "12.4k"; "≥ 12.4k" where some attempt may have used more than it told, never rounded up then.
//! None where none of \p kind was told.
[[nodiscard]] std::optional<QString> tokensText(const core::SpendSums &sums, core::UsageKind kind);

//! Output tokens for each second of streaming; none where no streaming time is known.
[[nodiscard]] std::optional<double> tokensPerSecond(const core::SpendSums &sums);

//! Start of a step as a person in \p zone reads it: "5 Nov" or "14:15".
[[nodiscard]] QString stepText(core::UtcTime start, core::StepLength length, const QTimeZone &zone);

} // namespace ui
