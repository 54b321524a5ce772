#pragma once

#include "core/chat/providerinfo.h"
#include "core/ledger/budget.h"
#include "core/ledger/workspacerepository.h"
#include "ui/widgets/budgetbar.h"

#include <QHash>
#include <QString>

namespace ui {

//! Names for what budgets are about.
struct BudgetNames
{
    QList<std::pair<QString, QString>> providers;  //!< Id as accounts have it, name.
    QList<std::pair<QString, QString>> workspaces; //!< Id, name.
};

//! Of the services that have accounts of their own, and of \p workspaces.
[[nodiscard]] BudgetNames budgetNames(const QList<core::ProviderInfo> &providers,
                                      const QList<core::Workspace> &workspaces = {});

//! Whose requests \p budget counts: "Everything"; "OpenAI"; "Work".
[[nodiscard]] QString budgetScopeText(const core::Budget &budget, const BudgetNames &names);

//! "Everything, each month"; "OpenAI, each day".
[[nodiscard]] QString budgetTitle(const core::Budget &budget, const BudgetNames &names);
//! "$18.40", "12,000 tokens", "1 request".
[[nodiscard]] QString amountText(core::LimitUnit unit, std::int64_t amount);
//! "$18.40 spent"; "$0.008 spent, up to $0.450 more with unknown prices"; "12,000 tokens used".
[[nodiscard]] QString spentText(const core::BudgetStanding &standing);
//! "$18.40 spent · $0.42 set aside · $31.18 left of $50.00".
[[nodiscard]] QString standingText(const core::BudgetStanding &standing);

[[nodiscard]] BudgetShares sharesOf(const core::BudgetStanding &standing);

//! "Over 80 % of the budget “Everything, each month” is used: $40.12 spent, of $50.00."
[[nodiscard]] QString noticeText(const core::BudgetStanding &standing, int percent,
                                 const BudgetNames &names);

//! What a person wrote as a limit: dollars with at most 12 decimals ("50", "$0.50"), or a whole
//! number above 0 with thousands separated or not, "k" and "M" understood. Nothing: it is neither.
[[nodiscard]] std::optional<std::int64_t> amountFrom(core::LimitUnit unit, const QString &text);
//! The inverse, as a field shows it.
[[nodiscard]] QString amountField(core::LimitUnit unit, std::int64_t amount);

} // namespace ui
