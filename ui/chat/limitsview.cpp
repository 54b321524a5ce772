#include "ui/chat/limitsview.h"

#include "core/client/decision.h"
#include "ui/widgets/figures.h"
#include "ui/widgets/plainlabel.h"

#include <QProgressBar>
#include <QStyle>
#include <QVBoxLayout>

#include <algorithm>

namespace ui {

namespace {

using namespace std::chrono_literals;

constexpr int Whole = 1000;
constexpr int Scarce = 200; //!< Of a thousand.

QString figure(std::int64_t count)
{
    constexpr std::int64_t Plain = 10'000;
    return count < Plain ? countText(count) : shortCountText(count);
}

QString leftText(const core::RateLimit &limit)
{
    if (!limit.remaining)
        return {};
    const QString left = figure(std::max<std::int64_t>(0, *limit.remaining));
    return limit.limit ? LimitsView::tr("%1 of %2").arg(left, figure(*limit.limit)) : left;
}

std::chrono::seconds shown(std::chrono::milliseconds reset)
{
    return std::chrono::ceil<std::chrono::seconds>(reset);
}

} // namespace

QString resetText(const core::LimitFacts &facts)
{
    const auto &requests = facts.requests.reset;
    const auto &tokens = facts.tokens.reset;
    if (requests && tokens && shown(*requests) != shown(*tokens))
        return LimitsView::tr("Requests reset in %1, tokens in %2")
            .arg(core::waitText(*requests), core::waitText(*tokens));
    if (requests || tokens)
        return LimitsView::tr("Resets in %1").arg(core::waitText(requests ? *requests : *tokens));
    return facts.age >= 1s ? LimitsView::tr("As told %1 ago").arg(core::waitText(facts.age))
                           : QString();
}

LimitsView::LimitsView(const ThemeSource &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_requests(makeRow(tr("Requests left")))
    , m_tokens(makeRow(tr("Tokens left")))
    , m_reset(new PlainLabel(theme, TextRole::Small, {}, this))
{
    m_requests.value->setObjectName(QStringLiteral("requestsLeft"));
    m_tokens.value->setObjectName(QStringLiteral("tokensLeft"));
    m_reset->setObjectName(QStringLiteral("limitsReset"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(2 * Theme::Step, 0, 2 * Theme::Step, 4 * Theme::Step);
    column->setSpacing(Theme::Step);
    column->addWidget(new PlainLabel(theme, TextRole::Section, tr("PROVIDER LIMITS"), this));
    column->addWidget(m_requests.box);
    column->addWidget(m_tokens.box);
    column->addWidget(m_reset);
    m_tick.setInterval(1s);
    connect(&m_tick, &QTimer::timeout, this, &LimitsView::refresh);
    hide();
}

LimitsView::Row LimitsView::makeRow(const QString &name)
{
    const Row row{new QWidget(this), new PlainLabel(m_theme, TextRole::Strong, {}, this),
                  new QProgressBar(this)};
    auto *column = new QVBoxLayout(row.box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::Step);
    auto *figures = new QHBoxLayout;
    figures->addWidget(new PlainLabel(m_theme, TextRole::Small, name, row.box), 1);
    figures->addWidget(row.value);
    column->addLayout(figures);
    column->addWidget(row.bar);
    row.value->setAccessibleName(name);
    row.bar->setTextVisible(false);
    row.bar->setRange(0, Whole);
    row.bar->setAccessibleName(name);
    return row;
}

void LimitsView::setSource(Source source)
{
    m_source = std::move(source);
    refresh();
}

void LimitsView::refresh()
{
    const auto facts = m_source ? m_source() : std::nullopt;
    const bool isTold = facts && (facts->requests.remaining || facts->tokens.remaining);
    setVisible(isTold);
    if (!isTold)
        return m_tick.stop();
    fill(m_requests, facts->requests);
    fill(m_tokens, facts->tokens);
    const QString reset = resetText(*facts);
    m_reset->setText(reset);
    m_reset->setVisible(!reset.isEmpty());
    if (isVisible() && !m_tick.isActive())
        m_tick.start();
    else if (!isVisible())
        m_tick.stop(); // whoever shows the panel again refreshes it
}

void LimitsView::fill(const Row &row, const core::RateLimit &limit)
{
    const QString left = leftText(limit);
    row.box->setVisible(!left.isEmpty());
    row.value->setText(left);
    const bool isShare = limit.limit && limit.remaining && *limit.limit > 0;
    row.bar->setVisible(isShare);
    if (!isShare)
        return;
    const double share = static_cast<double>(*limit.remaining) / static_cast<double>(*limit.limit);
    const int permille = static_cast<int>(std::clamp(share, 0.0, 1.0) * Whole);
    row.bar->setValue(permille);
    const QString tone = permille < Scarce ? QStringLiteral("warning") : QStringLiteral("good");
    if (row.bar->property("tone").toString() == tone)
        return;
    row.bar->setProperty("tone", tone); // for the style sheet, which looks only when it polishes
    row.bar->style()->unpolish(row.bar);
    row.bar->style()->polish(row.bar);
}

} // namespace ui
