#include "app/budgetwatch.h"

#include "core/store/budgetbook.h"
#include "ui/settings/budgettext.h"

namespace app {

namespace {

const QString TagStart = QStringLiteral("budget:");
constexpr int UsedUp = 100; // percent

} // namespace

BudgetWatch::BudgetWatch(Engine &engine, Notifier &notifier, std::function<bool()> isUnseen,
                         QObject *parent)
    : QObject(parent)
    , m_engine(engine)
    , m_notifier(notifier)
    , m_isUnseen(std::move(isUnseen))
{
    connect(&engine.store().budgets(), &core::BudgetBook::noticed, this, &BudgetWatch::tell);
    connect(&notifier, &Notifier::activated, this, [this](const QString &tag) {
        if (tag.startsWith(TagStart))
            Q_EMIT openRequested(tag.mid(TagStart.size()).toLongLong());
    });
}

void BudgetWatch::tell(const core::BudgetStanding &standing, int percent)
{
    const QString sentence = ui::noticeText(
        standing, percent,
        ui::budgetNames(m_engine.providers().providers(), m_engine.workspaces().workspaces()));
    if (m_isUnseen())
        m_notifier.show(TagStart + QString::number(standing.budget.id), tr("Budget"), sentence);
    Q_EMIT told(percent >= UsedUp ? ui::Tone::Error : ui::Tone::Warning, sentence);
}

} // namespace app
