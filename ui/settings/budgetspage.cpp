#include "ui/settings/budgetspage.h"

#include "ui/settings/budgetform.h"
#include "ui/widgets/budgetbar.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/card.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/statuspill.h"

#include <QApplication>
#include <QCheckBox>
#include <QHBoxLayout>
#include <QScrollArea>
#include <QTimer>

namespace ui {

namespace {

std::pair<Tone, QString> stateOf(const core::BudgetStanding &standing)
{
    if (standing.available() == 0)
        return {Tone::Error, BudgetsPage::tr("used up")};
    if (standing.percentSpent() >= core::NoticePercents[1])
        return {Tone::Warning, BudgetsPage::tr("%1 % used").arg(standing.percentSpent())};
    return {Tone::Neutral,
            standing.budget.hard ? BudgetsPage::tr("hard") : BudgetsPage::tr("soft")};
}

} // namespace

BudgetsPage::BudgetsPage(const ThemeSource &theme, core::BudgetBook &budgets,
                         core::Settings &settings, const core::Clock &clock, BudgetNames names,
                         QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_budgets(budgets)
    , m_settings(settings)
    , m_clock(clock)
    , m_names(std::move(names))
    , m_empty(new PlainLabel(theme, TextRole::Muted,
                             tr("No budgets yet. Spending is counted, and nothing stops it."),
                             this))
    , m_notice(new NoticeBar(theme, this))
    , m_rowsBox(new QWidget(this))
    , m_formCard(new Card(theme, this))
    , m_form(new BudgetForm(theme, m_names, m_formCard))
    , m_add(new PillButton(theme, ButtonLook::Outline, tr("Add a budget"), this))
{
    setObjectName(QStringLiteral("budgetsPage"));
    m_add->setObjectName(QStringLiteral("addBudget"));
    build();
    m_notice->setObjectName(QStringLiteral("budgetNotice"));
    connect(m_notice, &NoticeBar::actionChosen, this, [this] {
        m_notice->hide();
        m_budgets.save(m_removed);
    });
    connect(m_add, &QAbstractButton::clicked, this, &BudgetsPage::beginNew);
    connect(m_form, &BudgetForm::cancelled, this, &BudgetsPage::endEdit);
    connect(m_form, &BudgetForm::accepted, this, [this](const core::Budget &budget) {
        m_budgets.save(budget);
        m_notice->hide();
        endEdit();
    });
    connect(&budgets, &core::BudgetBook::changed, this, &BudgetsPage::refresh);
    budgets.refresh();
    refresh();
}

void BudgetsPage::build()
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(3 * Theme::Step);
    column->addWidget(new PlainLabel(m_theme, TextRole::Heading, tr("Limits and budgets"), this));
    auto *promise = new PlainLabel(
        m_theme, TextRole::Small,
        tr("Before a message is sent, the most that its answer may cost is set aside; when it has "
           "ended, what it did cost is taken. A price that is unknown counts as a high one, "
           "practice never counts."),
        this);
    promise->setWordWrap(true);
    column->addWidget(promise);
    column->addWidget(m_notice);
    column->addWidget(m_empty);
    m_rows = new QVBoxLayout(m_rowsBox);
    m_rows->setContentsMargins(0, 0, 0, 0);
    m_rows->setSpacing(2 * Theme::Step);
    column->addWidget(m_rowsBox);
    auto *form = new QVBoxLayout(m_formCard);
    form->setContentsMargins(0, 0, 0, 0);
    form->addWidget(m_form);
    m_formCard->hide();
    column->addWidget(m_formCard);
    column->addWidget(m_add, 0, Qt::AlignLeading);
    buildCacheSwitch(column);
    column->addStretch(1);
}

void BudgetsPage::buildCacheSwitch(QVBoxLayout *column)
{
    column->addWidget(new PlainLabel(m_theme, TextRole::Section, tr("Prompt cache"), this));
    auto *box = new QCheckBox(tr("Let services keep long prompts where that is cheaper"), this);
    box->setObjectName(QStringLiteral("promptCache"));
    box->setChecked(m_settings.value(core::settings::PromptCache));
    connect(box, &QCheckBox::toggled, this, [this](bool on) {
        if (const auto kept = m_settings.setValue(core::settings::PromptCache, on); !kept)
            Q_EMIT failed(kept.error().detail);
    });
    column->addWidget(box);
    auto *hint = new PlainLabel(
        m_theme, TextRole::Small,
        tr("Anthropic keeps a marked prompt for five minutes: written once at 1.25 times the "
           "price, "
           "read again at a tenth. Farthing marks it when a chat goes on and the prompt is long. "
           "The others do this by themselves."),
        this);
    hint->setWordWrap(true);
    column->addWidget(hint);
}

QWidget *BudgetsPage::makeRow(const core::BudgetStanding &standing)
{
    auto *card = new Card(m_theme, m_rowsBox);
    card->setObjectName(QStringLiteral("budgetRow"));
    const QString title = budgetTitle(standing.budget, m_names);
    const auto [tone, state] = stateOf(standing);
    auto *pill = new StatusPill(m_theme, tone, state, card);
    auto *change = new PillButton(m_theme, ButtonLook::Link, tr("Change"), card);
    auto *remove = new PillButton(m_theme, ButtonLook::Link, tr("Remove"), card);
    change->setObjectName(QStringLiteral("changeBudget"));
    change->setAccessibleName(tr("Change %1").arg(title));
    remove->setObjectName(QStringLiteral("removeBudget"));
    remove->setAccessibleName(tr("Remove %1").arg(title));
    const std::int64_t id = standing.budget.id;
    connect(change, &QAbstractButton::clicked, this, [this, id] { edit(id); });
    connect(remove, &QAbstractButton::clicked, this,
            [this, budget = standing.budget] { this->remove(budget); });
    auto *head = new QHBoxLayout;
    head->setSpacing(2 * Theme::Step);
    head->addWidget(new PlainLabel(m_theme, TextRole::Strong, title, card));
    head->addWidget(pill);
    head->addStretch(1);
    head->addWidget(change);
    head->addWidget(remove);
    change->setVisible(id != 0); // of the settings: not changed here
    remove->setVisible(id != 0);
    auto *bar = new BudgetBar(m_theme, card);
    const QString text = standingText(standing);
    bar->setShares(sharesOf(standing));
    bar->setAccessibleName(title);
    bar->setAccessibleDescription(text);
    auto *words = new PlainLabel(m_theme, TextRole::Body, text, card);
    words->setObjectName(QStringLiteral("budgetStanding"));
    words->setWordWrap(true);
    auto *column = new QVBoxLayout(card);
    column->setContentsMargins(4 * Theme::Step, 3 * Theme::Step, 3 * Theme::Step, 3 * Theme::Step);
    column->setSpacing(2 * Theme::Step);
    column->addLayout(head);
    column->addWidget(bar);
    column->addWidget(words);
    if (id == 0)
        column->addWidget(new PlainLabel(m_theme, TextRole::Small,
                                         tr("From the settings, not changed here"), card));
    if (standing.budget.period != core::LimitPeriod::Session) {
        const QTimeZone zone = core::zoneOf(standing.budget, m_clock.zone());
        column->addWidget(new PlainLabel(
            m_theme, TextRole::Small,
            tr("Begins anew at midnight in %1").arg(QString::fromLatin1(zone.id())), card));
    }
    return card;
}

void BudgetsPage::refresh()
{
    while (QLayoutItem *item = m_rows->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater(); // a click on it may be what changed it
        delete item;
    }
    const QList<core::BudgetStanding> &standings = m_budgets.standings();
    for (const core::BudgetStanding &standing : standings)
        m_rows->addWidget(makeRow(standing));
    m_empty->setVisible(standings.isEmpty());
    m_rowsBox->setVisible(!standings.isEmpty());
}

void BudgetsPage::beginNew()
{
    core::Budget budget;
    budget.zone = m_clock.zone().id();
    showForm(budget);
}

void BudgetsPage::setNames(const BudgetNames &names)
{
    m_names = names;
    m_form->setNames(names);
    refresh();
}

void BudgetsPage::editOf(core::BudgetScope scope, const QString &key)
{
    for (const core::BudgetStanding &standing : m_budgets.standings()) {
        if (standing.budget.scope == scope && standing.budget.scopeKey == key &&
            standing.budget.id != 0)
            return showForm(standing.budget);
    }
    core::Budget budget;
    budget.zone = m_clock.zone().id();
    budget.scope = scope;
    budget.scopeKey = key;
    showForm(budget);
}

void BudgetsPage::edit(std::int64_t id)
{
    for (const core::BudgetStanding &standing : m_budgets.standings()) {
        if (standing.budget.id == id && id != 0)
            showForm(standing.budget);
    }
}

void BudgetsPage::showForm(const core::Budget &budget)
{
    m_edited = budget.id;
    m_formCard->show();
    m_add->hide();
    m_form->edit(budget);
    // Below the rows, it may be out of sight until it has its place.
    QTimer::singleShot(0, this, [this] {
        for (QWidget *around = parentWidget(); around; around = around->parentWidget()) {
            if (auto *area = qobject_cast<QScrollArea *>(around))
                area->ensureWidgetVisible(m_formCard);
        }
    });
}

void BudgetsPage::remove(const core::Budget &budget)
{
    m_removed = budget;
    m_budgets.remove(budget.id);
    if (m_formCard->isHidden() || m_edited == budget.id)
        endEdit();
    else if (m_rowsBox->isAncestorOf(QApplication::focusWidget()))
        m_form->setFocus(); // its row goes, what is typed for another stays
    m_notice->show(Tone::Neutral,
                   tr("The budget \u201c%1\u201d was removed").arg(budgetTitle(budget, m_names)),
                   {tr("Undo")});
}

void BudgetsPage::endEdit()
{
    // Hiding what has the focus hands it to a neighbour that nobody asked for.
    const bool hadFocus = isAncestorOf(QApplication::focusWidget());
    m_formCard->hide();
    m_add->show();
    if (hadFocus)
        m_add->setFocus();
}

} // namespace ui
