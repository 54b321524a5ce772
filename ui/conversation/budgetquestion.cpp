#include "ui/conversation/budgetquestion.h"

#include "ui/transcript/composer.h"
#include "ui/widgets/figures.h"

#include <QCoreApplication>

#include <utility>

namespace ui {

namespace {

QString translated(const char *text)
{
    return QCoreApplication::translate("ui::BudgetQuestion", text);
}

QString amount(core::LimitUnit unit, std::int64_t count)
{
    switch (unit) {
    case core::LimitUnit::Money:
        return moneyText(core::PicoUsd(count), Decimals::Sidebar);
    case core::LimitUnit::Tokens:
        return translated("%1 tokens").arg(countText(count));
    case core::LimitUnit::Requests:
        break;
    }
    return translated("%1 requests").arg(countText(count));
}

QString when(core::LimitPeriod period)
{
    switch (period) {
    case core::LimitPeriod::Message:
        return translated("for this message");
    case core::LimitPeriod::Session:
        return translated("this session");
    case core::LimitPeriod::Day:
        return translated("today");
    case core::LimitPeriod::Month:
        return translated("this month");
    }
    Q_UNREACHABLE();
}

//! Two figures are enough, and never more than fits.
int roundedDown(int tokens)
{
    int step = 1;
    while (tokens / step >= 100)
        step *= 10;
    return tokens / step * step;
}

} // namespace

QString shortfallText(const core::Shortfall &shortfall)
{
    const QString left = amount(shortfall.unit, shortfall.left);
    if (shortfall.unit == core::LimitUnit::Requests)
        return translated("The requests allowed %1 are used up.").arg(when(shortfall.period));
    const QString need = amount(shortfall.unit, shortfall.need);
    if (shortfall.unit != core::LimitUnit::Money)
        return translated("May take up to %1; %2 are left %3.")
            .arg(need, left, when(shortfall.period));
    if (shortfall.unsure == 0)
        return translated("May cost up to %1; %2 is left %3.")
            .arg(need, left, when(shortfall.period));
    // As Settings, Limits says it: what is left is no more certain than what was spent.
    return (shortfall.priced ? translated("May cost up to %1; %2 is left %3: %4 spent, up to %5 "
                                          "more.")
                             : translated("May cost up to %1; %2 is left %3: %4 spent, up to %5 "
                                          "more with unknown prices."))
        .arg(need, left, when(shortfall.period), amount(shortfall.unit, shortfall.certain),
             amount(shortfall.unit, shortfall.unsure));
}

BudgetQuestion::BudgetQuestion(Composer &composer, QObject *parent)
    : QObject(parent)
    , m_composer(composer)
{
}

void BudgetQuestion::ask(const core::Shortfall &shortfall, const QStringList &lanes)
{
    m_shortfall = shortfall;
    m_actions.clear();
    QStringList names;
    const auto offer = [&](Action action, const QString &name) {
        m_actions.append(action);
        names.append(name);
    };
    if (shortfall.hard && shortfall.fittingOutput)
        offer(
            Action::Shorter,
            tr("Send, limited to %1 tokens").arg(countText(roundedDown(*shortfall.fittingOutput))));
    if (!shortfall.hard)
        offer(Action::Allow, tr("Send"));
    if (lanes.isEmpty())
        offer(Action::OtherModel, tr("Cheaper model"));
    if (shortfall.hard && shortfall.budgetId != 0)
        offer(Action::Allow, tr("Allow once"));
    if (shortfall.budgetId != 0)
        offer(Action::Change, tr("Change budget"));
    const QString sentence = shortfallText(shortfall);
    m_composer.showNotice(
        Tone::Warning,
        lanes.isEmpty() ? sentence : tr("%1: %2").arg(lanes.join(QStringLiteral(", ")), sentence),
        names);
}

bool BudgetQuestion::answer(int action)
{
    const QList<Action> offered = std::exchange(m_actions, {});
    if (action < 0 || action >= offered.size())
        return false;
    m_composer.hideNotice();
    core::SpendTerms terms;
    switch (offered.at(action)) {
    case Action::Shorter:
        terms.maxOutputTokens = roundedDown(*m_shortfall.fittingOutput);
        Q_EMIT chosen(terms);
        break;
    case Action::Allow:
        terms.consent = m_shortfall.hard ? core::Consent::Once : core::Consent::Soft;
        Q_EMIT chosen(terms);
        break;
    case Action::OtherModel:
        Q_EMIT modelRequested();
        break;
    case Action::Change:
        Q_EMIT budgetRequested(m_shortfall.budgetId);
        break;
    }
    return true;
}

void BudgetQuestion::drop()
{
    m_actions.clear();
}

} // namespace ui
