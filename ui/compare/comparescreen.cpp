#include "ui/compare/comparescreen.h"

#include "core/base/errortext.h"
#include "ui/compare/lanequestion.h"
#include "ui/compare/laneroom.h"
#include "ui/conversation/answertexts.h"
#include "ui/conversation/budgetquestion.h"
#include "ui/conversation/exactcount.h"
#include "ui/conversation/promptcheck.h"
#include "ui/transcript/composer.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/figures.h"
#include "ui/widgets/hairline.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/statuspill.h"

#include <QHBoxLayout>
#include <QScrollArea>

#include <algorithm>

namespace ui {

namespace {

//! What stands in the composer: not what lanes hold and nobody was asked yet.
QString draftOf(const core::Comparison &comparison)
{
    const QString &draft = comparison.record().draft;
    for (int lane = 0; lane < comparison.lanes().size(); ++lane) {
        if (const auto held = comparison.heldTurn(lane); held && held->text == draft)
            return {};
    }
    return draft;
}

} // namespace

CompareScreen::CompareScreen(const ThemeSource &theme, ConversationFeed::Names names,
                             QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_names(std::move(names))
    , m_title(new PlainLabel(theme, TextRole::Heading, tr("Compare"), this))
    , m_count(new StatusPill(theme, Tone::Neutral, {}, this))
    , m_add(new PillButton(theme, ButtonLook::Chip, tr("Add lane"), this))
    , m_round(new PlainLabel(theme, TextRole::Strong, {}, this))
    , m_scroll(new QScrollArea(this))
    , m_composer(new Composer(theme, this))
    , m_check(new PromptCheck(*m_composer, this))
    , m_budget(new BudgetQuestion(*m_composer, this))
    , m_forecast(new SendForecast([this] { return nextQuestions(); }, this))
    , m_exact(new ExactCount(this))
    , m_room(new LaneRoom(this))
{
    constexpr int ComposerWidth = 740;
    setObjectName(QStringLiteral("compareScreen"));
    m_add->setObjectName(QStringLiteral("addLane"));
    m_add->setIconName(QStringLiteral("plus"));
    m_round->setObjectName(QStringLiteral("roundCost"));
    m_composer->setObjectName(QStringLiteral("compareComposer"));
    m_composer->setModelShown(false);
    m_composer->setOptionsShown(false);
    m_composer->setPlaceholder(tr("Ask all lanes."));
    m_composer->setButtonTexts(tr("Send"), tr("Stop all"));
    m_composer->setMaximumWidth(ComposerWidth);

    auto *lanes = new QWidget(m_scroll);
    m_row = new QHBoxLayout(lanes);
    m_row->setContentsMargins(5 * Theme::Step, 4 * Theme::Step, 5 * Theme::Step, Theme::Step);
    m_row->setSpacing(3 * Theme::Step);
    m_scroll->setWidget(lanes);
    m_scroll->setAccessibleName(tr("Lanes"));
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);

    auto *composerRow = new QHBoxLayout;
    composerRow->setContentsMargins(4 * Theme::Step, 2 * Theme::Step, 4 * Theme::Step,
                                    3 * Theme::Step);
    composerRow->addStretch(1);
    composerRow->addWidget(m_composer, 1000);
    composerRow->addStretch(1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeHeader());
    column->addWidget(new Hairline(theme, Qt::Horizontal, this));
    column->addWidget(m_scroll, 1);
    column->addLayout(composerRow);

    m_refreshTimer.setSingleShot(true);
    m_refreshTimer.setInterval(RefreshMs);
    connect(&m_refreshTimer, &QTimer::timeout, this, &CompareScreen::refresh);
    connect(m_add, &QAbstractButton::clicked, this, [this] { Q_EMIT modelRequested(-1); });
    connect(m_composer, &Composer::sendRequested, this, &CompareScreen::send);
    connect(m_composer, &Composer::noticeActionChosen, this, [this](int action) {
        if (!m_check->answer(action))
            m_budget->answer(action);
    });
    connect(m_budget, &BudgetQuestion::budgetRequested, this, [this](std::int64_t id) {
        askAboutBudget(); // it is asked still, and goes on from here
        Q_EMIT budgetRequested(id);
    });
    connect(m_budget, &BudgetQuestion::chosen, this, &CompareScreen::sendRefused);
    connect(m_forecast, &SendForecast::changed, this, &CompareScreen::refreshHint);
    connectCount();
    connect(m_room, &LaneRoom::refused, this, &CompareScreen::say);
    connect(m_composer, &Composer::stopRequested, this, &CompareScreen::stopAll);
    connect(m_composer, &Composer::draftChanged, this, [this](const QString &draft) {
        if (m_comparison)
            m_comparison->setDraft(draft);
        m_exact->drop();
        m_forecast->refreshSoon();
    });
}

QWidget *CompareScreen::makeHeader()
{
    auto *header = new QWidget(this);
    header->setFixedHeight(13 * Theme::Step);
    auto *row = new QHBoxLayout(header);
    row->setContentsMargins(5 * Theme::Step, 0, 5 * Theme::Step, 0);
    row->setSpacing(2 * Theme::Step);
    row->addWidget(m_title);
    row->addWidget(m_count);
    row->addWidget(m_add);
    row->addStretch(1);
    row->addWidget(m_round);
    return header;
}

void CompareScreen::show(core::Comparison *comparison)
{
    if (m_comparison)
        m_comparison->disconnect(this);
    m_comparison = comparison;
    setEnabled(comparison != nullptr);
    m_lacksModel = false;
    rebuildLanes();
    m_budget->drop();
    m_exact->drop();
    m_composer->hideNotice();
    m_composer->setText(comparison ? draftOf(*comparison) : QString());
    if (!comparison)
        return;
    connect(comparison, &core::Comparison::lanesChanged, this, &CompareScreen::takeLanes);
    connect(comparison, &core::Comparison::laneChanged, this, &CompareScreen::refreshSoon);
    connect(comparison, &core::Comparison::runningChanged, this, &CompareScreen::refreshRound);
    connect(comparison, &core::Comparison::recordChanged, this, &CompareScreen::refreshRound);
    connect(comparison, &core::Comparison::turnRefused, this, &CompareScreen::takeBack);
    if (hasRefused()) // before, or while another comparison was looked at
        takeBack();
}

int CompareScreen::placeOf(const LaneCard *card) const
{
    return static_cast<int>(m_lanes.indexOf(card));
}

LaneCard *CompareScreen::makeLane()
{
    auto *card = new LaneCard(m_theme, m_names, m_scroll->widget());
    card->setAnnouncements(m_announcements);
    connect(card, &LaneCard::modelRequested, this,
            [this, card] { Q_EMIT modelRequested(placeOf(card)); });
    connect(card, &LaneCard::stopRequested, this,
            [this, card] { m_comparison->stop(placeOf(card)); });
    connect(card, &LaneCard::closeRequested, this, [this, card] { closeLane(placeOf(card)); });
    const ConversationFeed &feed = card->feed();
    connect(&feed, &ConversationFeed::refused, this, &CompareScreen::say);
    connect(&feed, &ConversationFeed::warned, this, &CompareScreen::say);
    connect(&feed, &ConversationFeed::keySettingsRequested, this,
            &CompareScreen::keySettingsRequested);
    connect(&feed, &ConversationFeed::insteadRequested, this, [this, card](std::int64_t answerId) {
        Q_EMIT insteadRequested(placeOf(card), answerId);
    });
    connect(&feed, &ConversationFeed::fitRequested, this,
            [this, card] { m_room->makeFit(*m_comparison, placeOf(card)); });
    connect(&feed, &ConversationFeed::reminderRequested, this,
            [this, card](std::int64_t answerId, core::UtcTime at) {
                if (card->conversation())
                    Q_EMIT reminderRequested(card->conversation()->id(), answerId, at);
            });
    connect(&feed, &ConversationFeed::againRequested, this,
            [this, card](std::int64_t answerId, core::Conversation::Again how) {
                m_room->askAgain(*m_comparison, placeOf(card), answerId, how);
            });
    const LaneQuestion &question = card->question();
    connect(&question, &LaneQuestion::askRequested, this, [this, card] { askLane(placeOf(card)); });
    const auto sendHeld = [this, card](std::optional<core::ContextStart> startAt) {
        if (const auto sent = m_comparison->sendHeld(placeOf(card), startAt); !sent)
            say(core::userText(sent.error()));
    };
    connect(&question, &LaneQuestion::askAnywayRequested, this, [sendHeld] { sendHeld({}); });
    connect(&question, &LaneQuestion::omissionChosen, this,
            [sendHeld](const core::Omission &omission) { sendHeld(omission.startAt); });
    connect(&question, &LaneQuestion::leaveOutRequested, this,
            [this, card] { leaveOut(placeOf(card)); });
    return card;
}

//! A lane keeps its card wherever it stands, and so its reader the place and the focus.
void CompareScreen::rebuildLanes()
{
    const QList<core::Conversation *> lanes =
        m_comparison ? m_comparison->lanes() : QList<core::Conversation *>();
    QList<LaneCard *> before = std::exchange(m_lanes, {});
    for (const core::Conversation *lane : lanes) {
        const auto known =
            std::find_if(before.cbegin(), before.cend(),
                         [lane](const LaneCard *card) { return card->conversation() == lane; });
        if (known == before.cend()) {
            m_lanes.append(makeLane());
        } else {
            m_lanes.append(*known);
            before.erase(known);
        }
    }
    for (LaneCard *card : std::as_const(before)) {
        card->setObjectName(QString());
        card->show(nullptr, 0);
        card->hide();
        m_row->removeWidget(card);
        card->deleteLater();
    }
    for (int i = 0; i < m_lanes.size(); ++i) {
        LaneCard *card = m_lanes.at(i);
        card->setObjectName(QStringLiteral("lane%1").arg(i));
        if (m_row->indexOf(card) != i)
            m_row->insertWidget(i, card, 1);
        card->show(m_comparison, i);
    }
    refreshRound();
}

//! Lanes were added or taken out; a new one comes into sight.
void CompareScreen::takeLanes()
{
    const QList<LaneCard *> before = m_lanes;
    rebuildLanes();
    for (LaneCard *card : std::as_const(m_lanes)) {
        if (!before.contains(card))
            bringIntoSight(card);
    }
}

void CompareScreen::bringIntoSight(LaneCard *card)
{
    QTimer::singleShot(0, card, [this, card] { // it may have no place yet
        m_scroll->ensureWidgetVisible(card, m_row->contentsMargins().right(), 0);
    });
}

void CompareScreen::showMessage(std::int64_t messageId)
{
    for (LaneCard *card : std::as_const(m_lanes)) {
        if (card->showMessage(messageId))
            return bringIntoSight(card);
    }
}

void CompareScreen::closeLane(int lane)
{
    const core::Conversation *conversation = m_comparison->lanes().at(lane);
    const std::int64_t id = conversation->id();
    const QString model = m_names.model(conversation->record().target);
    const bool wasRefused = m_comparison->refusedTurn(lane).has_value();
    m_composer->setFocus(Qt::OtherFocusReason); // not to the next lane's button of the same kind
    m_comparison->removeLane(lane);
    if (wasRefused)
        askAboutBudget();
    Q_EMIT laneClosed(id, model);
}

void CompareScreen::refreshSoon(int lane)
{
    m_stale.insert(lane);
    if (!m_refreshTimer.isActive())
        m_refreshTimer.start();
}

void CompareScreen::refresh()
{
    for (const int lane : std::exchange(m_stale, {})) {
        if (lane >= 0 && lane < m_lanes.size())
            m_lanes.at(lane)->refresh();
    }
    refreshRound();
}

void CompareScreen::refreshRound()
{
    if (!m_comparison)
        return;
    const int running = m_comparison->runningLanes();
    const int lanes = static_cast<int>(m_comparison->lanes().size());
    m_title->setText(m_comparison->record().title.isEmpty() ? tr("Compare")
                                                            : m_comparison->record().title);
    m_count->setStatus(Tone::Neutral, tr("%1 lanes").arg(lanes));
    m_add->setVisible(lanes < core::Comparison::MostLanes);
    m_composer->setRunning(running > 0);
    m_forecast->refreshSoon();
    refreshHint();

    if (m_lacksModel && hasAllModels()) {
        m_lacksModel = false;
        m_composer->hideNotice();
    }
    showRoundCost(running > 0);
    // Badges appear when all have ended, and go when one runs again.
    for (LaneCard *card : std::as_const(m_lanes))
        running > 0 ? card->refreshBadges() : card->refresh();
}

bool CompareScreen::hasAllModels() const
{
    const QList<core::Conversation *> &lanes = m_comparison->lanes();
    return std::none_of(lanes.cbegin(), lanes.cend(), [](const core::Conversation *lane) {
        return lane->record().target.model.isEmpty();
    });
}

void CompareScreen::showRoundCost(bool isRunning)
{
    const core::AnswerFigures round = m_comparison->round();
    const MoneyMark mark = round.simulated ? MoneyMark::Simulated : MoneyMark::None;
    // Whatever it has come to, it goes on: no less than that, and its end is not known.
    const core::Cost soFar{round.cost.low, round.cost.low, false};
    m_round->setVisible(round.attempts > 0 && !(isRunning && soFar.low == core::PicoUsd()));
    m_round->setText(
        tr("This round %1")
            .arg(isRunning ? costText(soFar, Decimals::Figures, mark) : answerCost(round, mark)));
}

void CompareScreen::setContextLimit(
    std::function<std::optional<std::int64_t>(const core::Target &)> limit)
{
    m_room->setContextLimit(std::move(limit));
}

void CompareScreen::setAnnouncements(Announcements which)
{
    m_announcements = which;
    for (LaneCard *card : std::as_const(m_lanes))
        card->setAnnouncements(which);
}

void CompareScreen::setSendKey(SendKey key)
{
    m_composer->setSendKey(key);
}

void CompareScreen::setForecastSource(SendForecast::Answer answer)
{
    m_room->setForecastSource(answer);
    m_forecast->setSource(std::move(answer));
}

void CompareScreen::send(const QString &text)
{
    if (!m_comparison || !m_check->passes(outgoing(text)))
        return;
    m_budget->drop();
    m_lacksModel = false;
    const auto held = m_room->lacking(*m_comparison, text, m_forecast->forecasts());
    if (const auto sent = m_comparison->send(text, held); !sent) {
        m_lacksModel = !hasAllModels();
        return say(core::userText(sent.error()));
    }
    m_composer->hideNotice();
    m_composer->setText({});
    m_exact->drop();
}

void CompareScreen::dropDraft()
{
    m_composer->setText({});
    m_comparison->setDraft({});
    m_exact->drop();
}

//! What nobody was asked is written, not sent: it goes back to where it was typed.
void CompareScreen::leaveOut(int lane)
{
    const auto held = m_comparison->heldTurn(lane);
    m_comparison->leaveOut(lane);
    if (!held) // a budget refused it: that is no question any more
        return askAboutBudget();
    const bool isDraft = m_comparison->record().draft == held->text;
    if (isDraft && m_composer->text().isEmpty())
        m_composer->setText(draftOf(*m_comparison));
}

void CompareScreen::say(const QString &sentence)
{
    m_composer->showNotice(Tone::Warning, sentence);
}

void CompareScreen::setBlockedPatterns(const QStringList &patterns)
{
    m_check->setBlocked(patterns);
}

bool CompareScreen::stopAll()
{
    if (!m_comparison || !m_comparison->isRunning())
        return false;
    m_comparison->stopAll();
    return true;
}

QWidget *CompareScreen::modelAnchor(int lane) const
{
    return lane >= 0 && lane < m_lanes.size() ? m_lanes.at(lane)->modelButton() : m_add;
}

void CompareScreen::askInstead(int lane, std::int64_t answerId, const core::Route &route)
{
    if (lane >= 0 && lane < m_lanes.size())
        m_lanes.at(lane)->feed().askInstead(answerId, route);
}

void CompareScreen::focusComposer()
{
    m_composer->setFocus(Qt::OtherFocusReason);
}

void CompareScreen::sendToAll()
{
    m_composer->sendByKey();
}

} // namespace ui
