#include "ui/settings/outagedrillpage.h"

#include "core/base/errortext.h"
#include "core/practice/practiceprovider.h"
#include "ui/settings/drilltable.h"
#include "ui/settings/formrows.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/card.h"
#include "ui/widgets/choicebox.h"
#include "ui/widgets/plainlabel.h"

#include <QFormLayout>
#include <QHBoxLayout>
#include <QSpinBox>

#include <algorithm>
#include <array>

namespace ui {

namespace {

using core::PracticeFault;

// The one fails, the other is whole: a fault is of a model, whichever protocol it speaks.
const QString FirstModel = QStringLiteral("practice-steady");
const QString SecondModel = QStringLiteral("practice-fast");

struct FaultChoice
{
    PracticeFault fault;
    const char *text;
};

constexpr std::array Faults{
    FaultChoice{PracticeFault::Overloaded,
                QT_TRANSLATE_NOOP("ui::OutageDrillPage", "Is overloaded")},
    FaultChoice{PracticeFault::RateLimited,
                QT_TRANSLATE_NOOP("ui::OutageDrillPage", "Limits how fast you may ask")},
    FaultChoice{PracticeFault::QuotaExhausted,
                QT_TRANSLATE_NOOP("ui::OutageDrillPage", "Says that the quota is used up")},
    FaultChoice{PracticeFault::ServerError,
                QT_TRANSLATE_NOOP("ui::OutageDrillPage", "Has a fault of its own")},
    FaultChoice{PracticeFault::WrongKey,
                QT_TRANSLATE_NOOP("ui::OutageDrillPage", "Refuses the key")},
    FaultChoice{PracticeFault::StallBeforeHead,
                QT_TRANSLATE_NOOP("ui::OutageDrillPage", "Takes the request and never answers")},
    FaultChoice{PracticeFault::StallInStream,
                QT_TRANSLATE_NOOP("ui::OutageDrillPage", "Falls silent within the answer")},
    FaultChoice{PracticeFault::CloseInStream,
                QT_TRANSLATE_NOOP("ui::OutageDrillPage", "Ends the answer too early")},
    FaultChoice{PracticeFault::ResetInStream,
                QT_TRANSLATE_NOOP("ui::OutageDrillPage", "Loses the connection within the answer")},
    FaultChoice{PracticeFault::ErrorInStream,
                QT_TRANSLATE_NOOP("ui::OutageDrillPage", "Reports an error within the answer")},
};

bool isInStream(PracticeFault fault)
{
    return fault == PracticeFault::StallInStream || fault == PracticeFault::CloseInStream ||
           fault == PracticeFault::ResetInStream || fault == PracticeFault::ErrorInStream;
}

core::Target practiceTarget(const QString &provider, const QString &model)
{
    core::Target target;
    target.provider = provider;
    target.model = model;
    target.simulated = true;
    return target;
}

//! A label that wraps, in a role.
PlainLabel *wrapping(const ThemeSource &theme, TextRole role, const QString &text, QWidget *parent)
{
    auto *label = new PlainLabel(theme, role, text, parent);
    label->setWordWrap(true);
    return label;
}

} // namespace

OutageDrillPage::OutageDrillPage(const ThemeSource &theme, const OutageDrill::Parts &parts,
                                 const core::AccountSetup &accounts,
                                 const core::ModelDirectory &models, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_accounts(accounts)
    , m_models(models)
    , m_drill(parts)
    , m_fault(new ChoiceBox(theme, this))
    , m_times(new ChoiceBox(theme, this))
    , m_afterTokens(new QSpinBox(this))
    , m_retryAfter(new QSpinBox(this))
    , m_first(new ChoiceBox(theme, this))
    , m_second(new ChoiceBox(theme, this))
    , m_run(new PillButton(theme, ButtonLook::Primary, tr("Run the drill"), this))
    , m_stop(new PillButton(theme, ButtonLook::Outline, tr("Stop"), this))
    , m_progress(new PlainLabel(theme, TextRole::Muted, {}, this))
    , m_report(new Card(theme, this))
    , m_verdict(wrapping(theme, TextRole::Strong, {}, m_report))
    , m_attempts(new DrillTable(theme, m_report))
    , m_seen(wrapping(theme, TextRole::Body, {}, m_report))
    , m_ledger(wrapping(theme, TextRole::Body, {}, m_report))
{
    setObjectName(QStringLiteral("outageDrillPage"));
    fillFaults();
    fillProtocols();
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(3 * Theme::Step);
    column->addWidget(new PlainLabel(theme, TextRole::Heading, tr("Outage drill"), this));
    column->addWidget(wrapping(
        theme, TextRole::Small,
        tr("Lets the practice provider fail as real services do, asks it as a chat would, and "
           "shows how the route copes. Nothing leaves this machine and the cost is simulated. "
           "Silence is given up after %1 seconds here; in chats your own limits hold.")
            .arg(OutageDrill::LongestSilence.count()),
        this));
    buildForm(column);
    buildReport(column);
    column->addStretch(1);
    connect(m_fault, &QComboBox::currentIndexChanged, this, &OutageDrillPage::showFault);
    connect(m_run, &QAbstractButton::clicked, this, &OutageDrillPage::run);
    connect(m_stop, &QAbstractButton::clicked, &m_drill, &OutageDrill::stop);
    connect(&m_drill, &OutageDrill::changed, this, &OutageDrillPage::refresh);
    showFault();
    refresh();
}

void OutageDrillPage::fillFaults()
{
    m_fault->setObjectName(QStringLiteral("drillFault"));
    for (const FaultChoice &choice : Faults)
        m_fault->addItem(tr(choice.text), static_cast<int>(choice.fault));
    m_times->setObjectName(QStringLiteral("drillTimes"));
    m_times->addItem(tr("Once"), 1);
    m_times->addItem(tr("Twice"), 2);
    m_times->addItem(tr("Every time"), 0);
    m_times->setCurrentIndex(2);
    m_afterTokens->setObjectName(QStringLiteral("drillAfterTokens"));
    m_afterTokens->setRange(0, 30); // the answer has a few more
    m_afterTokens->setValue(core::PracticeFaultPlan{}.afterTokens);
    m_retryAfter->setObjectName(QStringLiteral("drillRetryAfter"));
    m_retryAfter->setRange(0, 120);
    m_retryAfter->setSpecialValueText(tr("not told"));
    m_retryAfter->setValue(static_cast<int>(core::PracticeFaultPlan{}.retryAfter.count()));
}

void OutageDrillPage::fillProtocols()
{
    m_first->setObjectName(QStringLiteral("drillFirst"));
    m_second->setObjectName(QStringLiteral("drillSecond"));
    const QList<core::ProviderInfo> real = m_accounts.providers();
    for (const core::ProviderInfo &row : core::PracticeProvider::rows()) {
        // A protocol is called after the service that is known for it.
        const auto known = std::find_if(real.begin(), real.end(), [&](const auto &provider) {
            return !provider.simulated && provider.protocol == row.protocol;
        });
        const QString name = known == real.end() ? row.name : known->name;
        m_protocols.insert(row.id, name);
        m_first->addItem(tr("Practice Steady, as %1").arg(name), row.id);
        m_second->addItem(tr("Practice Fast, as %1").arg(name), row.id);
    }
    m_second->addItem(tr("Nobody"), QString());
    m_second->setCurrentIndex(2); // another protocol than the first one's
}

void OutageDrillPage::buildForm(QVBoxLayout *column)
{
    constexpr int LabelSpace = 4 * Theme::Step;
    m_form = new QFormLayout;
    m_form->setHorizontalSpacing(LabelSpace);
    m_form->setVerticalSpacing(3 * Theme::Step);
    m_form->setLabelAlignment(Qt::AlignLeading | Qt::AlignVCenter);
    m_form->setFieldGrowthPolicy(QFormLayout::FieldsStayAtSizeHint);
    m_form->setRowWrapPolicy(QFormLayout::WrapLongRows);
    int widest = 0;
    for (const ChoiceBox *box : {m_first, m_fault, m_times, m_second})
        widest = std::max(widest, box->sizeHint().width());
    for (ChoiceBox *box : {m_first, m_fault, m_times, m_second})
        box->setMinimumWidth(widest);
    const auto add = [this](const QString &text, QWidget *field) {
        auto *label = new PlainLabel(m_theme, TextRole::Muted, text, this);
        label->setMinimumSize(LabelColumn - LabelSpace, field->sizeHint().height());
        label->setBuddy(field);
        field->setAccessibleName(text);
        m_form->addRow(label, field);
    };
    add(tr("Asked first"), m_first);
    add(tr("How it fails"), m_fault);
    add(tr("How often"), m_times);
    add(tr("After so many tokens"), m_afterTokens);
    add(tr("Seconds to wait, as it says"), m_retryAfter);
    add(tr("Asked next"), m_second);
    column->addLayout(m_form);

    m_run->setObjectName(QStringLiteral("runDrill"));
    m_stop->setObjectName(QStringLiteral("stopDrill"));
    m_progress->setObjectName(QStringLiteral("drillProgress"));
    m_progress->setElide(Qt::ElideRight);
    auto *actions = new QHBoxLayout;
    actions->setSpacing(2 * Theme::Step);
    actions->addWidget(m_run);
    actions->addWidget(m_stop);
    actions->addWidget(m_progress, 1);
    column->addLayout(actions);
}

void OutageDrillPage::buildReport(QVBoxLayout *column)
{
    m_report->setObjectName(QStringLiteral("drillReport"));
    m_verdict->setObjectName(QStringLiteral("drillVerdict"));
    m_seen->setObjectName(QStringLiteral("drillSeen"));
    m_ledger->setObjectName(QStringLiteral("drillLedger"));
    for (PlainLabel *label : {m_verdict, m_seen, m_ledger})
        label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto *sheet = new QVBoxLayout(m_report);
    sheet->setContentsMargins(4 * Theme::Step, 4 * Theme::Step, 4 * Theme::Step, 4 * Theme::Step);
    sheet->setSpacing(2 * Theme::Step);
    const auto head = [this](const QString &text) {
        return new PlainLabel(m_theme, TextRole::Section, text, m_report);
    };
    sheet->addWidget(m_verdict);
    sheet->addWidget(m_attempts);
    sheet->addWidget(head(tr("What a chat would have shown")));
    sheet->addWidget(m_seen);
    sheet->addWidget(head(tr("What the ledger says")));
    sheet->addWidget(m_ledger);
    column->addWidget(m_report);
}

void OutageDrillPage::showFault()
{
    const auto fault = static_cast<PracticeFault>(m_fault->currentData().toInt());
    const auto show = [this](QWidget *field, bool shown) {
        field->setVisible(shown);
        m_form->labelForField(field)->setVisible(shown);
    };
    show(m_afterTokens, isInStream(fault));
    show(m_retryAfter, fault == PracticeFault::RateLimited);
}

DrillPlan OutageDrillPage::plan() const
{
    DrillPlan plan;
    plan.fault.fault = static_cast<PracticeFault>(m_fault->currentData().toInt());
    if (const int times = m_times->currentData().toInt(); times > 0)
        plan.fault.times = times;
    plan.fault.afterTokens = m_afterTokens->value();
    plan.fault.retryAfter = std::chrono::seconds(m_retryAfter->value());
    plan.first = practiceTarget(m_first->currentData().toString(), FirstModel);
    if (const QString second = m_second->currentData().toString(); !second.isEmpty())
        plan.second = practiceTarget(second, SecondModel);
    return plan;
}

DrillNames OutageDrillPage::names() const
{
    DrillNames names;
    names.model = [this](const core::Target &target) { return m_models.nameOf(target); };
    names.service = [this](const core::Target &target) {
        return m_models.providerNameOf(target.provider);
    };
    names.whole = [this](const core::Target &target) {
        return m_models.nameOf(target) + QStringLiteral(" · ") + m_protocols.value(target.provider);
    };
    return names;
}

void OutageDrillPage::run()
{
    if (const auto started = m_drill.run(plan()); !started)
        m_progress->setText(core::userText(started.error()));
}

void OutageDrillPage::refresh()
{
    const DrillReport &report = m_drill.report();
    const bool runs = m_drill.isRunning();
    m_run->setEnabled(!runs);
    m_stop->setVisible(runs);
    m_progress->setText(runs ? drillProgress(m_drill.state(), report) : QString());
    const DrillNames names = this->names();
    QList<DrillRow> rows;
    for (const core::AttemptRecord &attempt : report.attempts)
        rows.append(drillRow(attempt, names));
    m_attempts->setRows(rows);
    m_report->setVisible(!runs && (!rows.isEmpty() || report.error));
    if (runs)
        return;
    m_verdict->setText(drillVerdict(report, names));
    m_seen->setText(drillSeen(report, names).join(u'\n'));
    m_ledger->setText(drillLedger(report));
}

} // namespace ui
