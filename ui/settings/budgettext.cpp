#include "ui/settings/budgettext.h"

#include "ui/widgets/figures.h"
#include "ui/widgets/plaintext.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace ui {

namespace {

QString translated(const char *text)
{
    return QCoreApplication::translate("ui::BudgetsPage", text);
}

QString nameIn(const QList<std::pair<QString, QString>> &names, const QString &id,
               const QString &unknown)
{
    for (const auto &[known, name] : names) {
        if (known == id)
            return name;
    }
    return unknown;
}

QString periodText(core::LimitPeriod period)
{
    switch (period) {
    case core::LimitPeriod::Day:
        return translated("each day");
    case core::LimitPeriod::Month:
        return translated("each month");
    case core::LimitPeriod::Session:
        return translated("each session");
    case core::LimitPeriod::Message:
        break;
    }
    return translated("each message");
}

} // namespace

BudgetNames budgetNames(const QList<core::ProviderInfo> &providers,
                        const QList<core::Workspace> &workspaces)
{
    BudgetNames names;
    for (const core::ProviderInfo &row : providers) {
        if (row.accountOf.isEmpty() && !row.simulated)
            names.providers.append({row.id, row.name});
    }
    for (const core::Workspace &each : workspaces)
        names.workspaces.append({QString::number(each.id), shownName(each.name)});
    return names;
}

QString budgetScopeText(const core::Budget &budget, const BudgetNames &names)
{
    switch (budget.scope) {
    case core::BudgetScope::All:
        break;
    case core::BudgetScope::Provider:
        return nameIn(names.providers, budget.scopeKey, budget.scopeKey);
    case core::BudgetScope::Workspace:
        return nameIn(names.workspaces, budget.scopeKey, translated("A deleted workspace"));
    }
    return translated("Everything");
}

QString budgetTitle(const core::Budget &budget, const BudgetNames &names)
{
    return translated("%1, %2").arg(budgetScopeText(budget, names), periodText(budget.period));
}

QString amountText(core::LimitUnit unit, std::int64_t amount)
{
    switch (unit) {
    case core::LimitUnit::Money:
        return moneyText(core::PicoUsd(amount), Decimals::Sidebar);
    case core::LimitUnit::Tokens:
        return translated("%1 tokens").arg(countText(amount));
    case core::LimitUnit::Requests:
        break;
    }
    return amount == 1 ? translated("1 request") : translated("%1 requests").arg(countText(amount));
}

QString spentText(const core::BudgetStanding &standing)
{
    const core::LimitUnit unit = standing.budget.unit;
    const QString certain = amountText(unit, standing.certain());
    if (unit != core::LimitUnit::Money)
        return translated("%1 used").arg(certain);
    if (standing.unsure == 0)
        return translated("%1 spent").arg(certain);
    return (standing.priced ? translated("%1 spent, up to %2 more")
                            : translated("%1 spent, up to %2 more with unknown prices"))
        .arg(certain, amountText(unit, standing.unsure));
}

QString standingText(const core::BudgetStanding &standing)
{
    const core::LimitUnit unit = standing.budget.unit;
    const QString left = amountText(unit, standing.available());
    const QString limit = amountText(unit, standing.budget.limit);
    const QString spent = spentText(standing);
    if (standing.reserved == 0)
        return translated("%1 · %2 left of %3").arg(spent, left, limit);
    return translated("%1 · %2 set aside · %3 left of %4")
        .arg(spent, amountText(unit, standing.reserved), left, limit);
}

BudgetShares sharesOf(const core::BudgetStanding &standing)
{
    return {standing.certain(), standing.unsure, standing.reserved, standing.budget.limit};
}

QString noticeText(const core::BudgetStanding &standing, int percent, const BudgetNames &names)
{
    constexpr int All = 100;
    const QString title = budgetTitle(standing.budget, names);
    const QString limit = amountText(standing.budget.unit, standing.budget.limit);
    if (percent >= All)
        return translated("The budget \u201c%1\u201d is used up: %2, of %3.")
            .arg(title, spentText(standing), limit);
    return translated("Over %1 % of the budget \u201c%2\u201d is used: %3, of %4.")
        .arg(percent)
        .arg(title, spentText(standing), limit);
}

std::optional<std::int64_t> amountFrom(core::LimitUnit unit, const QString &text)
{
    QString number = text.trimmed();
    if (unit == core::LimitUnit::Money) {
        if (number.startsWith(QLatin1Char('$')))
            number = number.mid(1).trimmed();
        const auto amount = core::PicoUsd::fromDecimal(number);
        return amount && amount->count() >= 0 ? std::optional(amount->count()) : std::nullopt;
    }
    std::int64_t factor = 1;
    if (number.endsWith(QLatin1Char('k'), Qt::CaseInsensitive))
        factor = 1'000;
    else if (number.endsWith(QLatin1Char('M')))
        factor = 1'000'000;
    if (factor > 1)
        number.chop(1);
    // Between thousands only: "1,5k" may be meant as one and a half.
    static const QRegularExpression whole(
        QStringLiteral("\\A\\s*(?:\\d{1,13}|\\d{1,3}(?:[, \\x{202f}]\\d{3}){1,4})\\s*\\z"));
    if (!whole.match(number).hasMatch())
        return std::nullopt;
    number.removeIf([](QChar c) { return !c.isDigit(); });
    constexpr std::int64_t Highest = 1'000'000'000'000;
    const std::int64_t count = number.toLongLong();
    if (count < 1 || count > Highest)
        return std::nullopt;
    return count * factor;
}

QString amountField(core::LimitUnit unit, std::int64_t amount)
{
    return unit == core::LimitUnit::Money ? core::PicoUsd(amount).toDecimal()
                                          : QString::number(amount);
}

} // namespace ui
