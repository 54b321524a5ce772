#include "ui/compare/lanecard.h"

#include "ui/compare/lanequestion.h"
#include "ui/conversation/answertexts.h"
#include "ui/conversation/routetexts.h"
#include "ui/transcript/transcriptview.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/figures.h"
#include "ui/widgets/hairline.h"
#include "ui/widgets/links.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/painting.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/plaintext.h"
#include "ui/widgets/statuspill.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QPainter>

namespace ui {

namespace {

constexpr int Inset = 4 * Theme::Step - 1; // beside the frame
const QString Unknown = QStringLiteral("\u2013");

//! The transcript stands on a card here, not on the window.
Theme onCard(Theme theme)
{
    theme.window = theme.card;
    return theme;
}

} // namespace

LaneCard::LaneCard(const ThemeSource &theme, ConversationFeed::Names names, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_names(std::move(names))
    , m_model(new PillButton(theme, ButtonLook::Chip, {}, this))
    , m_state(new StatusPill(theme, Tone::Neutral, {}, this))
    , m_stop(new IconButton(theme, QStringLiteral("stop"), tr("Stop this lane"), this))
    , m_close(new IconButton(theme, QStringLiteral("close"), tr("Close this lane"), this))
    , m_provider(new PlainLabel(theme, TextRole::Muted, {}, this))
    , m_expected(new PlainLabel(theme, TextRole::Small, {}, this))
    , m_view(new TranscriptView(onCard(theme.theme()), this))
    , m_feed(
          new ConversationFeed(*m_view, theme, m_names, ConversationFeed::Actions::CopyOnly, this))
    , m_notice(new NoticeBar(theme, this, NoticeBar::Shape::Stack))
    , m_question(new LaneQuestion(*m_notice, m_names, this))
{
    setMinimumWidth(Narrowest);
    m_model->setObjectName(QStringLiteral("laneModel"));
    m_model->setMenuMark(true);
    m_state->setObjectName(QStringLiteral("laneState"));
    m_stop->setObjectName(QStringLiteral("laneStop"));
    m_close->setObjectName(QStringLiteral("laneClose"));
    m_expected->setObjectName(QStringLiteral("laneExpected"));
    m_expected->setElide(Qt::ElideRight);
    m_expected->hide();
    m_view->setObjectName(QStringLiteral("laneTranscript"));
    m_notice->setObjectName(QStringLiteral("laneNotice"));

    // The turns are as wide as the card, so that their scroll bar stands in its margin.
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(1, 3 * Theme::Step, 1, Theme::Step);
    column->setSpacing(0);
    const auto addInset = [column](int below) {
        auto *inset = new QVBoxLayout;
        inset->setContentsMargins(Inset, 0, Inset, below);
        inset->setSpacing(2 * Theme::Step);
        column->addLayout(inset);
        return inset;
    };
    QVBoxLayout *top = addInset(0);
    top->addLayout(makeHead());
    top->addWidget(new Hairline(theme, Qt::Horizontal, this));
    top->addLayout(makeFigures());
    top->addWidget(m_expected);
    top->addWidget(new Hairline(theme, Qt::Horizontal, this));
    m_view->setMargin(Inset);
    column->addWidget(m_view, 1);
    addInset(2 * Theme::Step)->addWidget(m_notice);

    connect(&theme, &ThemeSource::changed, this,
            [this] { m_view->setTheme(onCard(m_theme.theme())); });
    connect(m_model, &QAbstractButton::clicked, this, &LaneCard::modelRequested);
    connect(m_stop, &QAbstractButton::clicked, this, &LaneCard::stopRequested);
    connect(m_close, &QAbstractButton::clicked, this, &LaneCard::closeRequested);
    connect(m_feed, &ConversationFeed::otherModelRequested, this, &LaneCard::modelRequested);
    connect(m_question, &LaneQuestion::modelRequested, this, &LaneCard::modelRequested);
    connect(m_feed, &ConversationFeed::linkRequested, this,
            [this](const QString &text, const QString &url) { openLink(this, url, text); });
}

QLayout *LaneCard::makeHead()
{
    auto *head = new QHBoxLayout;
    head->setSpacing(2 * Theme::Step);
    head->addStrut(m_stop->sizeHint().height()); // the lanes stay aligned, with buttons or without
    head->addWidget(m_model);
    head->addStretch(1);
    head->addWidget(m_state);
    head->addWidget(m_stop);
    head->addWidget(m_close);
    auto *second = new QHBoxLayout;
    m_provider->setElide(Qt::ElideRight);
    second->addWidget(m_provider, 1);
    for (const QString &badge : {tr("cheapest"), tr("first token"), tr("fastest")}) {
        auto *pill = new StatusPill(m_theme, Tone::Accent, badge, this);
        pill->setObjectName(QStringLiteral("laneBadge"));
        second->addStrut(pill->sizeHint().height()); // the lanes stay aligned
        pill->hide();
        m_badges.append(pill);
        second->addWidget(pill);
    }
    auto *column = new QVBoxLayout;
    column->setSpacing(Theme::Step);
    column->addLayout(head);
    column->addLayout(second);
    return column;
}

QLayout *LaneCard::makeFigures()
{
    m_grid = new QGridLayout;
    m_grid->setVerticalSpacing(0);
    int place = 0;
    for (const QString &name : {tr("First token"), tr("Speed"), tr("Tokens out"), tr("Cost")}) {
        const Figure figure{new PlainLabel(m_theme, TextRole::Small, name, this),
                            new PlainLabel(m_theme, TextRole::Strong, Unknown, this)};
        figure.name->setElide(Qt::ElideRight); // large letters in a narrow lane
        figure.value->setAccessibleName(name);
        m_grid->addWidget(figure.name, 0, place);
        m_grid->addWidget(figure.value, 1, place);
        m_grid->setColumnStretch(place++, 1);
        m_figures.append(figure);
    }
    PlainLabel *cost = m_figures.last().value;
    cost->setElide(Qt::ElideRight);
    cost->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred); // its room asks no text
    m_grid->setColumnStretch(place - 1, 2);                            // it may be a range
    return m_grid;
}

void LaneCard::setExpected(const QString &text)
{
    m_expected->setText(text);
    m_expected->setVisible(!text.isEmpty());
}

void LaneCard::setAnnouncements(Announcements which)
{
    m_view->setAnnouncements(which);
}

QWidget *LaneCard::modelButton() const
{
    return m_model;
}

void LaneCard::show(core::Comparison *comparison, int lane)
{
    m_comparison = comparison;
    m_lane = lane;
    core::Conversation *conversation = comparison ? comparison->lanes().value(lane) : nullptr;
    if (m_conversation != conversation)
        m_feed->setConversation(conversation);
    m_conversation = conversation;
    m_question->show(comparison, lane);
    refresh();
}

bool LaneCard::showMessage(std::int64_t messageId)
{
    const bool isOnPath = m_view->indexOf(QString::number(messageId)) >= 0;
    if (!isOnPath && m_comparison && m_comparison->heldTurn(m_lane))
        return m_conversation && m_conversation->message(messageId);
    return m_feed->showMessage(messageId);
}

void LaneCard::refresh()
{
    if (!m_comparison || m_lane >= m_comparison->lanes().size())
        return;
    const core::Conversation &lane = *m_comparison->lanes().at(m_lane);
    const core::Target &target = lane.record().target;
    m_model->setText(target.model.isEmpty() ? tr("Choose a model") : nextTurnText(lane, m_names));
    m_model->setDot(target.model.isEmpty() ? QColor()
                                           : m_theme.theme().providerColor(target.provider));
    tellApart(m_model->text());
    m_provider->setText(target.model.isEmpty() ? QString() : m_names.provider(target.provider));
    // A focus that goes with the button must not land on the one beside it, which closes the lane.
    if (!lane.isRunning() && window()->focusWidget() == m_stop)
        m_model->setFocus(Qt::OtherFocusReason);
    m_stop->setVisible(lane.isRunning());
    m_close->setVisible(m_comparison->lanes().size() > 2);
    refreshState(m_comparison->lastAnswer(m_lane));
    refreshBadges();
    m_question->show(m_comparison, m_lane);

    const core::AnswerFigures figures = m_comparison->figures(m_lane);
    m_figures.at(0).value->setText(figures.firstToken ? durationText(*figures.firstToken)
                                                      : Unknown);
    m_figures.at(1).value->setText(
        figures.tokensPerSecond ? boundedText(speedText(*figures.tokensPerSecond), figures.bound)
                                : Unknown);
    m_figures.at(2).value->setText(
        figures.outputTokens ? boundedText(countText(*figures.outputTokens), figures.bound)
                             : Unknown);
    refreshCost(figures);
}

//! Whoever hears the lanes instead of seeing them.
void LaneCard::tellApart(const QString &model)
{
    const QString place = QString::number(m_lane + 1);
    const QString name = tr("Lane %1, %2").arg(place, model);
    if (accessibleName() == name) // each change is said
        return;
    setAccessibleName(name);
    m_stop->setAccessibleName(tr("Stop lane %1, %2").arg(place, model));
    m_close->setAccessibleName(tr("Close lane %1, %2").arg(place, model));
    m_view->setAccessibleName(tr("Messages of lane %1, %2").arg(place, model));
}

void LaneCard::refreshCost(const core::AnswerFigures &figures)
{
    // The heading says what the amount is: beside it a narrow lane has no room for the word.
    const MoneyMark mark = figures.local && !figures.simulated ? MoneyMark::Local : MoneyMark::None;
    const Figure &cost = m_figures.at(3);
    cost.name->setText(figures.simulated ? tr("Simulated") : tr("Cost"));
    cost.value->setAccessibleName(figures.simulated ? tr("Simulated cost") : tr("Cost"));
    m_cost = figures.costKnown ? answerCost(figures, mark) : Unknown;
    // Of a running answer no end is known.
    const bool isRange = figures.costKnown && mark == MoneyMark::None && figures.cost.complete &&
                         figures.cost.low != figures.cost.high &&
                         !m_comparison->lanes().at(m_lane)->isRunning();
    m_costAtMost = isRange
                       ? QStringLiteral("\u2264 ") + moneyText(figures.cost.high, Decimals::Figures)
                       : QString();
    fitCost();
}

//! Of a range that has no room, the end that matters more stands whole.
void LaneCard::fitCost()
{
    layout()->activate(); // the room that there is now
    PlainLabel *value = m_figures.last().value;
    const bool fits = value->fontMetrics().horizontalAdvance(m_cost) <=
                      m_grid->cellRect(1, m_grid->columnCount() - 1).width();
    const bool isCut = !fits && !m_costAtMost.isEmpty();
    value->setElide(isCut ? Qt::ElideNone : Qt::ElideRight); // which has a tooltip of its own
    value->setText(isCut ? m_costAtMost : m_cost);
    setToolTipPlain(value, isCut ? m_cost : QString());
}

void LaneCard::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fitCost();
}

void LaneCard::refreshState(const std::optional<core::MessageRecord> &answer)
{
    const core::Conversation *lane = m_comparison->lanes().at(m_lane);
    if (lane->isRunning()) {
        const bool streams = lane->reply()->state() == core::ReplyState::Streaming;
        return m_state->setStatus(streams ? Tone::Accent : Tone::Warning,
                                  streams ? tr("streaming") : tr("waiting"));
    }
    const std::optional<core::RefusedTurn> refused = m_comparison->refusedTurn(m_lane);
    if (m_comparison->heldTurn(m_lane) ||
        (refused && refused->kind == core::RefusedTurn::Kind::Send))
        return m_state->setStatus(Tone::Warning, tr("not asked"));
    if (!answer)
        return m_state->setStatus(Tone::Neutral, tr("ready"));
    if (!m_comparison->isInRound(m_lane)) // what stands there is of an earlier one
        return m_state->setStatus(Tone::Neutral, tr("left out"));
    switch (answer->state) {
    case core::MessageState::Complete:
        return m_state->setStatus(Tone::Good, tr("done"));
    case core::MessageState::Cancelled:
        return m_state->setStatus(Tone::Neutral, tr("stopped"));
    case core::MessageState::Streaming:
    case core::MessageState::Incomplete:
        return m_state->setStatus(Tone::Error, tr("interrupted"));
    case core::MessageState::Failed:
        return m_state->setStatus(Tone::Error, tr("failed"));
    }
}

void LaneCard::refreshBadges()
{
    if (!m_comparison)
        return;
    const core::RoundWinners winners = m_comparison->winners();
    const std::optional<int> places[] = {winners.cheapest, winners.firstToken, winners.fastest};
    for (qsizetype i = 0; i < m_badges.size(); ++i)
        m_badges.at(i)->setVisible(places[i] == m_lane);
}

void LaneCard::paintEvent(QPaintEvent *)
{
    const Theme &theme = m_theme.theme();
    QPainter painter(this);
    paintBox(painter, rect(), theme, theme.card, theme.hairline, Theme::CardRadius, false);
}

} // namespace ui
