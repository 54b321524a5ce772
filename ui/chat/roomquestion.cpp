#include "ui/chat/roomquestion.h"

#include "core/base/whenready.h"
#include "core/client/tokenestimate.h"
#include "ui/conversation/roomcheck.h"
#include "ui/conversation/roomtexts.h"
#include "ui/transcript/composer.h"
#include "ui/widgets/figures.h"

#include <algorithm>
#include <utility>

namespace ui {

namespace {

//! Parts are measured by their share of characters: some of them have more tokens than others.
constexpr double PartOfRoom = 0.8;

std::int64_t guessOf(const core::ChatRequest &request)
{
    const core::TokenEstimate estimate = core::estimateInput(request);
    return (estimate.low() + estimate.high()) / 2;
}

} // namespace

RoomQuestion::RoomQuestion(Composer &composer, ConversationFeed::Names names, QObject *parent)
    : QObject(parent)
    , m_composer(composer)
    , m_names(std::move(names))
{
}

void RoomQuestion::setContextLimit(ContextLimit limit)
{
    m_limit = std::move(limit);
}

void RoomQuestion::setForecastSource(SendForecast::Answer answer)
{
    m_forecast = std::move(answer);
}

std::optional<std::int64_t> RoomQuestion::limitOf(const core::Target &target) const
{
    return m_limit ? m_limit(target) : std::nullopt;
}

bool RoomQuestion::passes(core::Conversation &conversation, const core::TurnSequence::Turn &turn,
                          const QList<core::Forecast> &forecasts, std::int64_t editedId)
{
    const core::ChatRequest request =
        conversation.requestFor(turn.text, turn.attachments, editedId);
    const auto limit = limitOf(conversation.targetFor(request));
    const auto lack = forecasts.size() == 1
                          ? core::lackOf(forecasts.first(), limit, request.options.maxOutputTokens)
                          : std::nullopt;
    if (!lack)
        return true;
    ask(conversation, turn, *lack, editedId);
    return false;
}

void RoomQuestion::askAfterRefusal(core::Conversation &conversation,
                                   const core::TurnSequence::Turn &turn)
{
    const core::ChatRequest request = conversation.requestFor(turn.text, turn.attachments);
    const core::Target target = conversation.targetFor(request);
    const auto limit = limitOf(target);
    ask(conversation, turn, core::needAfterRefusal(request, limit), 0);
    if (m_offers.isEmpty() || limit)
        return;
    m_sentence = tooLongText(m_names.model(target));
    show();
}

core::ChatRequest RoomQuestion::whole() const
{
    return m_conversation->requestFor(m_turn.text, m_turn.attachments, m_edited);
}

void RoomQuestion::ask(core::Conversation &conversation, const core::TurnSequence::Turn &turn,
                       const core::ContextNeed &need, std::int64_t editedId)
{
    drop();
    m_conversation = &conversation;
    m_turn = turn;
    m_edited = editedId;
    m_need = need;
    const core::ChatRequest request = whole();
    m_sentence = lackText(need, m_names.model(conversation.targetFor(request)));
    m_omission = core::oldestToLeaveOut(conversation, request, need, editedId);
    if (m_omission)
        m_offers.append({Way::LeaveOut, leaveOutText(m_omission->messages)});
    else if (!m_edited) // parts would be further turns, and no versions
        planSplitting(need.room(conversation.record().options.maxOutputTokens));
    offerWaysOn();
    if (!m_edited) // a summary would be of what came later, too
        askPrice();
}

void RoomQuestion::offerWaysOn()
{
    m_offers.append({Way::OtherModel, tr("Other model")});
    if (m_need.answer > 0) // some services only end the answer there
        m_offers.append({Way::Anyway, tr("Send it anyway")});
    show();
}

void RoomQuestion::askAgain(core::Conversation &conversation, std::int64_t answerId,
                            core::Conversation::Again how)
{
    using Again = core::Conversation::Again;
    drop();
    const core::Target target =
        conversation.targetFor(conversation.requestAgain(answerId, Again::Whole));
    whenLackKnown(this, {conversation.requestAgain(answerId, how), target}, limitOf(target),
                  m_forecast,
                  [this, number = m_asked, of = QPointer(&conversation), answerId,
                   how](const std::optional<core::ContextNeed> &lack) {
                      if (number != m_asked || !of)
                          return;
                      if (lack)
                          askBefore(*of, {answerId, how}, *lack);
                      else
                          Q_EMIT againRequested(answerId, how);
                  });
}

//! Neither a summary nor parts: they would be further turns.
void RoomQuestion::askBefore(core::Conversation &conversation, const Repetition &again,
                             const core::ContextNeed &need)
{
    drop();
    m_conversation = &conversation;
    m_again = again;
    m_need = need;
    const core::ChatRequest request = conversation.requestAgain(again.answerId, again.how);
    m_sentence = lackText(need, m_names.model(conversation.targetFor(request)));
    m_omission = core::oldestToLeaveOutAgain(conversation, request, need, again.answerId);
    if (m_omission)
        m_offers.append({Way::LeaveOut, leaveOutText(m_omission->messages)});
    offerWaysOn();
}

void RoomQuestion::go()
{
    if (const auto again = std::exchange(m_again, std::nullopt))
        Q_EMIT againRequested(again->answerId, again->how);
    else
        Q_EMIT sendRequested();
}

void RoomQuestion::planSplitting(std::int64_t room)
{
    core::ChatRequest alone;
    alone.options = m_conversation->record().options;
    alone.messages = {{core::Role::User, {core::TextPart{m_turn.text}}}};
    const core::ChatRequest request = whole();
    const double share = static_cast<double>(std::max<std::int64_t>(1, guessOf(alone))) /
                         static_cast<double>(std::max<std::int64_t>(1, guessOf(request)));
    const double tokens = static_cast<double>(m_need.prompt) * share;
    if (tokens < 1 || room < 1 || m_turn.text.isEmpty())
        return;
    const auto characters = static_cast<qsizetype>(static_cast<double>(m_turn.text.size()) *
                                                   static_cast<double>(room) / tokens * PartOfRoom);
    const QStringList texts = core::splitText(m_turn.text, std::max<qsizetype>(1'000, characters));
    if (texts.size() < 2)
        return;
    for (qsizetype i = 0; i < texts.size(); ++i) {
        core::TurnSequence::Turn piece;
        piece.text = tr("Part %1 of %2 of a long text. Answer this part by itself.\n\n%3")
                         .arg(QString::number(i + 1), QString::number(texts.size()), texts.at(i));
        piece.startsContext = true;
        if (i == 0)
            piece.attachments = m_turn.attachments;
        m_pieces.append(piece);
    }
}

//! What a summary or all parts would cost; they are offered once it is known.
void RoomQuestion::askPrice()
{
    if (!m_forecast || (!m_omission && m_pieces.isEmpty()))
        return;
    QList<core::ForecastQuestion> questions;
    if (m_omission) {
        const core::ChatRequest request = m_conversation->requestFor(tr(SummaryPrompt));
        questions.append({request, m_conversation->targetFor(request)});
    } else {
        for (const core::TurnSequence::Turn &piece : std::as_const(m_pieces)) {
            core::ChatRequest request;
            request.options = m_conversation->record().options;
            request.messages = {{core::Role::User, {core::TextPart{piece.text}}}};
            questions.append({request, m_conversation->targetFor(request)});
        }
    }
    core::whenReady(this, m_forecast(questions),
                    [this, number = m_asked](const QList<core::Forecast> &forecasts) {
                        if (number != m_asked || m_offers.isEmpty() || forecasts.isEmpty())
                            return;
                        offerPaid(forecasts);
                    });
}

void RoomQuestion::offerPaid(const QList<core::Forecast> &forecasts)
{
    core::Cost cost;
    bool isSimulated = true, isLocal = true, fits = true;
    for (const core::Forecast &forecast : forecasts) {
        cost = cost.plus(forecast.cost);
        isSimulated = isSimulated && forecast.simulated;
        isLocal = isLocal && forecast.local;
        fits = fits && forecast.inputTokens + m_need.answer <= m_need.window;
    }
    if (!fits)
        return; // a summary of what does not fit either
    const QString price = costText(cost, Decimals::Figures,
                                   isLocal       ? MoneyMark::Local
                                   : isSimulated ? MoneyMark::Simulated
                                                 : MoneyMark::None);
    // Another model stands behind it, and sending it as it is.
    const qsizetype before = m_offers.size() - (m_need.answer > 0 ? 2 : 1);
    if (m_omission)
        m_offers.insert(before, {Way::Summarise, tr("Summarise the chat (%1)").arg(price)});
    else
        m_offers.insert(before, {Way::Split, tr("Send it in %n part(s) (%1)", nullptr,
                                                static_cast<int>(m_pieces.size()))
                                                 .arg(price)});
    show();
}

void RoomQuestion::show()
{
    QStringList names;
    for (const Offer &offer : std::as_const(m_offers))
        names.append(offer.name);
    m_composer.showNotice(Tone::Warning, m_sentence, names);
}

bool RoomQuestion::answer(int action)
{
    const QList<Offer> offered = std::exchange(m_offers, {});
    if (action < 0 || action >= offered.size() || !m_conversation)
        return false;
    m_composer.hideNotice();
    switch (offered.at(action).way) {
    case Way::LeaveOut:
        m_conversation->setContextStart(m_omission->startAt);
        go();
        break;
    case Way::Summarise: {
        core::TurnSequence::Turn summary;
        summary.text = tr(SummaryPrompt);
        summary.isContextFromThen = true;
        Q_EMIT sequenceRequested({summary, m_turn});
        break;
    }
    case Way::Split:
        Q_EMIT sequenceRequested(m_pieces);
        break;
    case Way::OtherModel:
        Q_EMIT modelRequested();
        break;
    case Way::Anyway:
        go();
        break;
    }
    return true;
}

void RoomQuestion::drop()
{
    ++m_asked;
    m_offers.clear();
    m_pieces.clear();
    m_omission.reset();
    m_again.reset();
}

} // namespace ui
