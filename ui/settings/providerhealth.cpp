#include "ui/settings/providerhealth.h"

#include "core/base/errortext.h"
#include "core/client/modellists.h"
#include "core/settings/settings.h"
#include "ui/settings/durations.h"
#include "ui/settings/formrows.h"
#include "ui/settings/healthtexts.h"
#include "ui/widgets/figures.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/statuspill.h"

#include <QCheckBox>

namespace ui {

namespace {

//! Empty: nothing was asked in that time.
QString spanText(const QString &name, const core::HealthSpan &span)
{
    const int all = span.answered + span.failed;
    if (all == 0)
        return {};
    QString text = ProviderHealth::tr("%1: %2 of %3 attempts answered")
                       .arg(name, countText(span.answered), countText(all));
    const auto median = span.firstToken.percentile(0.5);
    const auto slow = span.firstToken.percentile(0.95);
    if (median && slow)
        text += ProviderHealth::tr(", first token %1 (p95 %2)")
                    .arg(durationText(*median), durationText(*slow));
    return text;
}

} // namespace

ProviderHealth::ProviderHealth(const ThemeSource &theme, core::Health &health,
                               const core::ModelLists &lists, core::Settings &settings,
                               const core::Clock &clock, QWidget *parent)
    : QWidget(parent)
    , m_health(health)
    , m_lists(lists)
    , m_settings(settings)
    , m_clock(clock)
    , m_verdict(new StatusPill(theme, Tone::Neutral, {}, this))
    , m_quarter(new PlainLabel(theme, TextRole::Body, {}, this))
    , m_evidence(new PlainLabel(theme, TextRole::Small, {}, this))
    , m_active(new QCheckBox(tr("Check every 5 minutes while this page is open"), this))
{
    build();
    connect(&health, &core::Health::changed, this, &ProviderHealth::refresh);
    connect(&lists, &core::ModelLists::changed, this, [this](const QString &provider) {
        if (provider == m_provider)
            refresh();
    });
    connect(m_active, &QAbstractButton::clicked, this, [this](bool checked) {
        const auto set = m_settings.setValue(core::settings::ActiveCheck, checked);
        if (!set)
            Q_EMIT failed(core::userText(set.error()));
        refresh();
    });
}

void ProviderHealth::build()
{
    m_verdict->setObjectName(QStringLiteral("healthVerdict"));
    m_quarter->setObjectName(QStringLiteral("healthNow"));
    m_quarter->setWordWrap(true);
    m_evidence->setObjectName(QStringLiteral("healthEvidence"));
    m_evidence->setWordWrap(true);
    m_active->setObjectName(QStringLiteral("activeCheck"));
    m_active->setAccessibleDescription(
        tr("Asks each provider that is ready for its list of models. Costs nothing."));
    QVBoxLayout *column = fieldColumn(this);
    QHBoxLayout *row = rowOf({m_verdict, m_quarter});
    row->setStretch(1, 1);
    column->addLayout(row);
    column->addWidget(m_evidence);
    column->addWidget(m_active);
}

void ProviderHealth::show(const QString &provider, const QString &name)
{
    m_provider = provider;
    m_name = name;
    refresh();
}

void ProviderHealth::refresh()
{
    if (m_provider.isEmpty())
        return;
    const core::HealthReport report = m_health.provider(m_provider);
    const HealthWord word = healthWord(report.verdict());
    m_verdict->setStatus(word.tone, word.text);
    m_quarter->setText(spanText(tr("Last 15 minutes"), report.quarter));
    QStringList lines;
    if (const QString day = spanText(tr("Last 24 hours"), report.day); !day.isEmpty())
        lines.append(day);
    const core::UtcTime now = m_clock.utcNow();
    if (report.lastFailure)
        lines.append(tr("Last failure %1: %2")
                         .arg(agoText(report.lastFailure->at, now),
                              textOnPage(report.lastFailure->error, m_name)));
    if (const auto check = m_lists.lastCheck(m_provider)) {
        const QString when = agoText(check->at, now);
        lines.append(check->error
                         ? tr("Checked %1: %2").arg(when, textOnPage(*check->error, m_name))
                         : tr("Checked %1: it answers").arg(when));
    }
    m_evidence->setText(lines.join(QLatin1Char('\n')));
    m_evidence->setVisible(!lines.isEmpty());
    m_active->setChecked(m_settings.value(core::settings::ActiveCheck));
}

} // namespace ui
