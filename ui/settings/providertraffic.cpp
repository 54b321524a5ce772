#include "ui/settings/providertraffic.h"

#include "core/client/decision.h"
#include "ui/settings/formrows.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/segmentedcontrol.h"

#include <algorithm>
#include <array>

namespace ui {

namespace {

using Forced = core::CircuitBreaker::Forced;

constexpr auto Tick = std::chrono::seconds(1);
//! As the choice shows them.
constexpr std::array Choices{Forced::No, Forced::Closed, Forced::Open};

//! Empty: nothing has to be said.
QString stateText(const core::EndpointFacts &facts)
{
    switch (facts.forced) {
    case Forced::Closed:
        return ProviderTraffic::tr("Always let through until you quit, however often it fails.");
    case Forced::Open:
        return ProviderTraffic::tr("Left alone until you quit: routes go around it. A chat that "
                                   "has nothing else still asks it.");
    case Forced::No:
        break;
    }
    switch (facts.state) {
    case core::EndpointState::Open:
        return {};
    case core::EndpointState::LeftAlone:
        return facts.left ? ProviderTraffic::tr("It kept failing. Left alone for %1.")
                                .arg(core::waitText(*facts.left))
                          : QString();
    case core::EndpointState::BeingTried:
        return ProviderTraffic::tr("It kept failing. Being tried again with the next message.");
    }
    Q_UNREACHABLE();
}

} // namespace

ProviderTraffic::ProviderTraffic(const ThemeSource &theme, const ProviderTrafficParts &parts,
                                 QWidget *parent)
    : QWidget(parent)
    , m_parts(parts)
    , m_state(new PlainLabel(theme, TextRole::Body, {}, this))
    , m_held(new PlainLabel(theme, TextRole::Small, {}, this))
    , m_choice(new SegmentedControl(
          theme, {tr("Automatic"), tr("Always let through"), tr("Leave alone")}, this))
    , m_reset(new PillButton(theme, ButtonLook::Link, tr("Reset"), this))
{
    build();
    m_tick.setInterval(Tick);
    connect(&m_tick, &QTimer::timeout, this, &ProviderTraffic::refresh);
    connect(&parts.endpoints, &core::EndpointControl::changed, this, &ProviderTraffic::refresh);
    connect(&parts.accounts, &core::AccountSetup::changed, this, &ProviderTraffic::refresh);
    connect(m_choice, &SegmentedControl::chosen, this, &ProviderTraffic::force);
    connect(m_reset, &QAbstractButton::clicked, this, &ProviderTraffic::reset);
}

void ProviderTraffic::build()
{
    m_state->setObjectName(QStringLiteral("trafficState"));
    m_state->setWordWrap(true);
    m_held->setObjectName(QStringLiteral("trafficHeld"));
    m_held->setWordWrap(true);
    m_choice->setObjectName(QStringLiteral("trafficChoice"));
    m_choice->setAccessibleName(tr("Whether requests are let through"));
    m_choice->setAccessibleDescription(
        tr("Automatic: after several failures it is left alone for a while, then tried again."));
    m_reset->setObjectName(QStringLiteral("trafficReset"));
    m_reset->setAccessibleDescription(tr("Forgets its failures and the waits that it asked for."));
    QVBoxLayout *column = fieldColumn(this);
    QHBoxLayout *row = rowOf({m_choice, m_reset});
    row->addStretch(1);
    column->addLayout(row);
    column->addWidget(m_state);
    column->addWidget(m_held);
}

void ProviderTraffic::show(const QString &provider)
{
    m_provider = provider;
    refresh();
}

core::Target ProviderTraffic::endpoint() const
{
    return m_parts.accounts.target(m_provider, {});
}

QStringList ProviderTraffic::models() const
{
    QStringList models;
    for (const core::ModelChoice &choice : m_parts.models.choicesOf(m_provider))
        models.append(choice.target.model);
    for (const core::HealthReport &used : m_parts.health.models(m_provider)) {
        if (!models.contains(used.model))
            models.append(used.model);
    }
    return models;
}

void ProviderTraffic::refresh()
{
    if (m_provider.isEmpty() || !isVisible())
        return;
    const core::EndpointFacts facts = m_parts.endpoints.facts(endpoint());
    const QString state = stateText(facts);
    m_choice->setCurrent(
        static_cast<int>(std::ranges::find(Choices, facts.forced) - Choices.begin()));
    QStringList lines;
    for (const core::HeldModel &one : m_parts.endpoints.held(endpoint(), models())) {
        core::Target target = endpoint();
        target.model = one.model;
        const QString name = m_parts.models.nameOf(target);
        lines.append(one.wait ? tr("%1 is at its rate limit: next request in %2")
                                    .arg(name, core::waitText(*one.wait))
                              : tr("%1: next request when one under way has ended").arg(name));
    }
    m_state->setText(state);
    m_state->setVisible(!state.isEmpty());
    m_held->setText(lines.join(QLatin1Char('\n')));
    m_held->setVisible(!lines.isEmpty());
    m_reset->setVisible(!state.isEmpty() || !lines.isEmpty());
}

void ProviderTraffic::force(int choice)
{
    m_parts.endpoints.force(endpoint(), Choices.at(static_cast<std::size_t>(choice)));
    refresh();
}

void ProviderTraffic::reset()
{
    m_parts.endpoints.reset(endpoint(), models());
    refresh();
    if (!m_reset->isVisibleTo(this))
        m_choice->setFocus(); // it went away under the reader's hands
}

void ProviderTraffic::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    refresh();
    m_tick.start();
}

void ProviderTraffic::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_tick.stop();
}

} // namespace ui
