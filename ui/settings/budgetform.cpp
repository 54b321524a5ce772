#include "ui/settings/budgetform.h"

#include "ui/widgets/buttons.h"
#include "ui/widgets/choicebox.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/segmentedcontrol.h"

#include <QCompleter>
#include <QGridLayout>
#include <QLineEdit>
#include <QTimeZone>

namespace ui {

namespace {

using core::BudgetScope;
using core::LimitPeriod;
using core::LimitUnit;

constexpr LimitPeriod Periods[] = {LimitPeriod::Month, LimitPeriod::Day, LimitPeriod::Session};
constexpr LimitUnit Units[] = {LimitUnit::Money, LimitUnit::Tokens, LimitUnit::Requests};
constexpr int Soft = 0; // places in the choice of kinds
constexpr int Hard = 1;

template <typename T, std::size_t Size>
int placeOf(const T (&list)[Size], T value)
{
    const auto *found = std::find(std::begin(list), std::end(list), value);
    return found == std::end(list) ? 0 : static_cast<int>(found - std::begin(list));
}

//! "America/New York"
QString zoneText(const QByteArray &id)
{
    return QString::fromLatin1(id).replace(QLatin1Char('_'), QLatin1Char(' '));
}

} // namespace

BudgetForm::BudgetForm(const ThemeSource &theme, BudgetNames names, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_names(std::move(names))
    , m_head(new PlainLabel(theme, TextRole::Strong, {}, this))
    , m_scope(new ChoiceBox(theme, this))
    , m_period(new SegmentedControl(theme, {tr("Month"), tr("Day"), tr("Session")}, this))
    , m_zoneName(new PlainLabel(theme, TextRole::Muted, tr("By the clocks of"), this))
    , m_zone(new ChoiceBox(theme, this))
    , m_unit(new ChoiceBox(theme, this))
    , m_amount(new QLineEdit(this))
    , m_kind(new SegmentedControl(theme, {tr("Soft"), tr("Hard")}, this))
    , m_kindHint(new PlainLabel(theme, TextRole::Small, {}, this))
    , m_fault(new PlainLabel(theme, TextRole::Error, {}, this))
    , m_save(new PillButton(theme, ButtonLook::Primary, tr("Save budget"), this))
    , m_cancel(new PillButton(theme, ButtonLook::Outline, tr("Cancel"), this))
{
    setObjectName(QStringLiteral("budgetForm"));
    fillScopes();
    fillUnits();
    fillZones();
    build();
    connect(m_amount, &QLineEdit::textChanged, this, &BudgetForm::check);
    connect(m_unit, &QComboBox::currentIndexChanged, this, &BudgetForm::check);
    connect(m_kind, &SegmentedControl::chosen, this, &BudgetForm::check);
    connect(m_period, &SegmentedControl::chosen, this, &BudgetForm::check);
    connect(m_zone, &QComboBox::editTextChanged, this, &BudgetForm::check);
    connect(m_cancel, &QAbstractButton::clicked, this, &BudgetForm::cancelled);
    connect(m_amount, &QLineEdit::returnPressed, m_save, &QAbstractButton::click);
    connect(m_save, &QAbstractButton::clicked, this, [this] {
        if (const auto budget = read())
            Q_EMIT accepted(*budget);
    });
}

void BudgetForm::fillScopes()
{
    const auto add = [this](const QString &name, BudgetScope scope, const QString &key) {
        m_scope->addItem(name, QVariant::fromValue(qMakePair(static_cast<int>(scope), key)));
    };
    add(tr("Everything"), BudgetScope::All, {});
    // One workspace is everything.
    for (qsizetype i = 0; m_names.workspaces.size() > 1 && i < m_names.workspaces.size(); ++i)
        add(tr("Workspace %1").arg(m_names.workspaces.at(i).second), BudgetScope::Workspace,
            m_names.workspaces.at(i).first);
    for (const auto &[id, name] : std::as_const(m_names.providers))
        add(name, BudgetScope::Provider, id);
}

void BudgetForm::setNames(const BudgetNames &names)
{
    m_names = names;
    const QVariant chosen = m_scope->currentData();
    const QString name = m_scope->currentText();
    m_scope->clear();
    fillScopes();
    if (m_scope->findData(chosen) < 0) // it is being changed, and was deleted meanwhile
        m_scope->addItem(name, chosen);
    m_scope->setCurrentIndex(m_scope->findData(chosen));
}

void BudgetForm::fillUnits()
{
    m_unit->addItems({tr("US dollars"), tr("tokens"), tr("requests")});
}

//! Searchable: any part of a zone's name finds it.
void BudgetForm::fillZones()
{
    m_zone->setEditable(true);
    m_zone->setInsertPolicy(QComboBox::NoInsert);
    m_zone->completer()->setCompletionMode(QCompleter::PopupCompletion);
    m_zone->completer()->setFilterMode(Qt::MatchContains);
    m_zone->completer()->setCaseSensitivity(Qt::CaseInsensitive);
    const QList<QByteArray> ids = QTimeZone::availableTimeZoneIds();
    for (const QByteArray &id : ids) {
        // Places, whose clocks are set: neither offsets nor the names that only systems use.
        const bool isPlace =
            id.contains('/') && !id.startsWith("Etc/") && !id.startsWith("SystemV/");
        if (isPlace || id == "UTC")
            m_zone->addItem(zoneText(id), id);
    }
}

void BudgetForm::showZone(const QByteArray &zone)
{
    int place = m_zone->findData(zone);
    if (place < 0) { // the machine's own, which may go by another name
        m_zone->addItem(zone.isEmpty() ? tr("this computer") : zoneText(zone), zone);
        place = m_zone->count() - 1;
    }
    m_zone->setCurrentIndex(place);
    m_zone->setEditText(m_zone->itemText(place)); // also where another text was typed before
}

std::optional<QByteArray> BudgetForm::zone() const
{
    const int place = m_zone->findText(m_zone->currentText().trimmed(), Qt::MatchFixedString);
    return place < 0 ? std::nullopt : std::optional(m_zone->itemData(place).toByteArray());
}

void BudgetForm::build()
{
    m_scope->setObjectName(QStringLiteral("budgetScope"));
    m_scope->setAccessibleName(tr("What it counts"));
    m_period->setObjectName(QStringLiteral("budgetPeriod"));
    m_period->setAccessibleName(tr("Period"));
    m_zone->setObjectName(QStringLiteral("budgetZone"));
    m_zone->setAccessibleName(tr("Time zone"));
    m_zone->lineEdit()->setAccessibleName(tr("Time zone")); // what has the focus
    m_unit->setObjectName(QStringLiteral("budgetUnit"));
    m_unit->setAccessibleName(tr("Unit"));
    m_amount->setObjectName(QStringLiteral("budgetAmount"));
    m_amount->setAccessibleName(tr("Limit"));
    setFocusProxy(m_amount);
    m_kind->setObjectName(QStringLiteral("budgetKind"));
    m_kind->setAccessibleName(tr("Hard or soft"));
    m_save->setObjectName(QStringLiteral("saveBudget"));
    m_cancel->setObjectName(QStringLiteral("cancelBudget"));
    m_fault->setObjectName(QStringLiteral("budgetFault"));
    m_kindHint->setWordWrap(true);
    m_fault->setWordWrap(true);

    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(4 * Theme::Step, 4 * Theme::Step, 4 * Theme::Step, 4 * Theme::Step);
    grid->setHorizontalSpacing(3 * Theme::Step);
    grid->setVerticalSpacing(3 * Theme::Step);
    grid->setColumnStretch(1, 1);
    grid->addWidget(m_head, 0, 0, 1, 2);
    const auto add = [this, grid](const QString &name, QLayoutItem *item) {
        const int row = grid->rowCount();
        grid->addWidget(new PlainLabel(m_theme, TextRole::Muted, name, this), row, 0);
        grid->addItem(item, row, 1);
    };
    const auto rowOf = [](std::initializer_list<QWidget *> widgets) {
        auto *row = new QHBoxLayout;
        row->setSpacing(2 * Theme::Step);
        for (QWidget *widget : widgets)
            row->addWidget(widget);
        row->addStretch(1);
        return row;
    };
    add(tr("Counts"), rowOf({m_scope}));
    add(tr("Each"), rowOf({m_period}));
    const int zoneRow = grid->rowCount();
    grid->addWidget(m_zoneName, zoneRow, 0);
    grid->addItem(rowOf({m_zone}), zoneRow, 1);
    add(tr("At most"), rowOf({m_amount, m_unit}));
    add(tr("Kind"), rowOf({m_kind}));
    grid->addWidget(m_kindHint, grid->rowCount(), 1);
    grid->addWidget(m_fault, grid->rowCount(), 1);
    grid->addLayout(rowOf({m_save, m_cancel}), grid->rowCount(), 1);
}

void BudgetForm::edit(const core::Budget &budget)
{
    m_base = budget;
    m_head->setText(budget.id == 0 ? tr("New budget") : tr("Change budget"));
    const auto scope = qMakePair(static_cast<int>(budget.scope), budget.scopeKey);
    int place = m_scope->findData(QVariant::fromValue(scope));
    if (place < 0) { // of a workspace or provider that is gone, or of the one that is everything
        m_scope->addItem(budgetScopeText(budget, m_names), QVariant::fromValue(scope));
        place = m_scope->count() - 1;
    }
    m_scope->setCurrentIndex(place);
    m_period->setCurrent(placeOf(Periods, budget.period));
    showZone(budget.zone);
    m_unit->setCurrentIndex(placeOf(Units, budget.unit));
    m_amount->setText(budget.id != 0 ? amountField(budget.unit, budget.limit) : QString());
    m_kind->setCurrent(budget.hard ? Hard : Soft);
    check();
    m_amount->setFocus(Qt::OtherFocusReason);
    m_amount->selectAll();
}

std::optional<core::Budget> BudgetForm::read() const
{
    core::Budget budget = m_base;
    const auto scope = m_scope->currentData().value<QPair<int, QString>>();
    budget.scope = static_cast<BudgetScope>(scope.first);
    budget.scopeKey = scope.second;
    budget.period = Periods[m_period->current()];
    budget.unit = Units[m_unit->currentIndex()];
    budget.hard = m_kind->current() == Hard;
    const auto amount = amountFrom(budget.unit, m_amount->text());
    const auto zone =
        budget.period == LimitPeriod::Session ? std::optional(m_base.zone) : this->zone();
    if (!amount || !zone)
        return std::nullopt;
    budget.limit = *amount;
    budget.zone = *zone;
    return budget;
}

void BudgetForm::check()
{
    const bool empty = m_amount->text().trimmed().isEmpty();
    const bool good = read().has_value();
    const bool hasDays = Periods[m_period->current()] != LimitPeriod::Session;
    const bool lacksZone = hasDays && !zone();
    m_zoneName->setVisible(hasDays);
    m_zone->setVisible(hasDays);
    m_fault->setText(lacksZone ? tr("The time zone is one of the list, like Europe/Berlin.")
                     : m_unit->currentIndex() == placeOf(Units, LimitUnit::Money)
                         ? tr("The limit is an amount in dollars, like 50 or 0.50.")
                         : tr("The limit is a whole number above 0, like 200000 or 200k."));
    m_fault->setVisible(lacksZone || (!empty && !good));
    m_save->setEnabled(good);
    m_kindHint->setText(
        m_kind->current() == Hard
            ? tr("Blocks a message that might not fit. Answers are asked to stay within what was "
                 "set aside; one that runs is never cut off.")
            : tr("Asks before the first message that might not fit, once in each period."));
}

} // namespace ui
