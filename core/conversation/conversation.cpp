#include "core/conversation/conversation.h"

#include "core/client/continuation.h"
#include "core/client/drainage.h"
#include "core/conversation/messagecap.h"
#include "core/conversation/title.h"
#include "core/conversation/turnroute.h"
#include "core/store/answerfigures.h"

#include <algorithm>
#include <utility>

namespace core {

namespace {

using namespace std::chrono_literals;

constexpr qsizetype LongestText = 2 * 1024 * 1024; // UTF-16 units

SpendTerms withCap(const SpendTerms &terms, const std::optional<PicoUsd> &cap)
{
    SpendTerms capped = terms;
    if (cap)
        capped.cap = cap;
    return capped;
}

} // namespace

Conversation::Conversation(const Parts &parts, LoadedConversation loaded, Stored stored,
                           QObject *parent)
    : QObject(parent)
    , m_parts(parts)
    , m_record(std::move(loaded.record))
    , m_figures(std::move(loaded.figures))
    , m_draftFiles(std::move(loaded.draftFiles))
    , m_touched(stored == Stored::Yes)
    , m_saveAlarm(parts.clock)
{
    for (const MessageRecord &message : std::as_const(loaded.messages))
        m_tree.put(message);
    // A leaf that is not there would show nothing at all: the newest message is near it.
    if (m_record.activeLeaf != 0 && !m_tree.isEmpty() && !m_tree.find(m_record.activeLeaf))
        m_record.activeLeaf = std::max_element(loaded.messages.cbegin(), loaded.messages.cend(),
                                               [](const MessageRecord &a, const MessageRecord &b) {
                                                   return a.id < b.id;
                                               })
                                  ->id;
    connect(&m_parts.client, &ChatClient::drained, this, &Conversation::takeDrained);
}

Conversation::~Conversation()
{
    if (m_saveAlarm.isSet() || m_filesChanged)
        write();
}

const MessageRecord *Conversation::message(std::int64_t id) const
{
    return m_tree.find(id);
}

QList<MessageRecord> Conversation::path() const
{
    QList<MessageRecord> messages;
    for (const MessageRecord *at : m_tree.pathTo(m_record.activeLeaf))
        messages.append(at->id == m_runningMessage && m_reply ? m_reply->answer() : *at);
    return messages;
}

std::optional<MessageRecord> Conversation::leaf() const
{
    const MessageRecord *at = message(m_record.activeLeaf);
    if (!at)
        return std::nullopt;
    return at->id == m_runningMessage && m_reply ? m_reply->answer() : *at;
}

const MessageRecord *Conversation::lastQuestion() const
{
    const MessageRecord *at = message(m_record.activeLeaf);
    while (at && at->role != Role::User)
        at = message(at->parentId);
    return at;
}

QList<std::int64_t> Conversation::versions(std::int64_t messageId) const
{
    return m_tree.versions(messageId);
}

void Conversation::selectVersion(std::int64_t messageId)
{
    if (!message(messageId))
        return;
    m_record.activeLeaf = m_tree.newestLeafBelow(messageId);
    saveSoon();
    Q_EMIT pathChanged();
}

bool Conversation::wentOn(std::int64_t messageId) const
{
    return m_tree.hasChildren(messageId);
}

Result<Done> Conversation::checkInput(const QString &text) const
{
    if (isRunning())
        return rejected(tr("An answer is still running. Stop it or wait for its end."));
    if (m_record.target.model.isEmpty())
        return rejected(tr("No model is chosen. Choose one and send again."));
    if (text.size() > LongestText)
        return rejected(
            tr("The message is longer than 2 million characters. Shorten it and send again."));
    return Done{};
}

Result<Done> Conversation::send(const QString &typed, const QList<AttachmentPart> &attachments,
                                const SpendTerms &terms)
{
    const auto capped = withoutCap(typed);
    if (!capped)
        return capped.error();
    const QString &text = capped->text;
    if (text.trimmed().isEmpty() && attachments.isEmpty())
        return rejected(tr("The message is empty. Write something and send again."));
    if (const auto checked = checkInput(text); !checked)
        return checked.error();
    MessageRecord question;
    question.id = m_parts.ids.next();
    question.conversationId = id();
    question.parentId = m_record.activeLeaf;
    question.createdAt = m_parts.clock.utcNow();
    for (const AttachmentPart &attachment : attachments)
        question.parts.append(attachment);
    question.parts.append(TextPart{text});
    m_turn = {RefusedTurn::Kind::Send, 0, typed, attachments, {}};
    m_titleBefore = m_record.title;
    if (m_record.title.isEmpty())
        m_record.title = titleFrom(text);
    m_record.draft.clear();
    takeDraftFiles(attachments);
    if (m_record.contextStart.isAtNextQuestion())
        m_record.contextStart = ContextStart::at(question.id);
    m_tree.put(question);
    return ask(question.id, question, withCap(terms, capped->cap));
}

Result<Done> Conversation::editAndResend(std::int64_t messageId, const QString &typed,
                                         const SpendTerms &terms)
{
    const auto capped = withoutCap(typed);
    if (!capped)
        return capped.error();
    const QString &text = capped->text;
    const MessageRecord *old = message(messageId);
    if (!old || old->role != Role::User || text.trimmed().isEmpty())
        return rejected(tr("The message is empty. Write something and send again."));
    if (const auto checked = checkInput(text); !checked)
        return checked.error();
    MessageRecord question = *old;
    question.id = m_parts.ids.next();
    question.createdAt = m_parts.clock.utcNow();
    question.parts.removeIf(
        [](const ContentPart &part) { return std::holds_alternative<TextPart>(part); });
    question.parts.append(TextPart{text});
    m_turn = {RefusedTurn::Kind::Edit, messageId, typed, {}, {}};
    m_titleBefore = m_record.title;
    m_tree.put(question);
    return ask(question.id, question, withCap(terms, capped->cap));
}

Result<Done> Conversation::regenerate(std::int64_t messageId, const SpendTerms &terms)
{
    const MessageRecord *old = message(messageId);
    if (!old || old->role != Role::Assistant)
        return rejected(tr("Only an answer can be made again."));
    if (const auto checked = checkInput(QString()); !checked)
        return checked.error();
    m_turn = {RefusedTurn::Kind::Regenerate, messageId, {}, {}, {}};
    m_titleBefore = m_record.title;
    return ask(old->parentId, std::nullopt, terms);
}

bool Conversation::canContinue(std::int64_t messageId) const
{
    const MessageRecord *answer = message(messageId);
    if (!answer || answer->role != Role::Assistant || isRunning() ||
        m_tree.hasChildren(messageId) || textOf(answer->parts).trimmed().isEmpty())
        return false;
    const bool isCut = answer->state == MessageState::Incomplete ||
                       answer->state == MessageState::Cancelled ||
                       answer->finishReason == FinishReason::Length;
    return isCut && std::none_of(answer->parts.begin(), answer->parts.end(), [](const auto &part) {
               return std::holds_alternative<ToolCallPart>(part);
           });
}

Result<Done> Conversation::continueAnswer(std::int64_t messageId, const SpendTerms &terms)
{
    if (const auto checked = checkInput(QString()); !checked)
        return checked.error();
    if (!canContinue(messageId))
        return rejected(tr("Only an answer that was cut short can be continued."));
    m_answerBefore = *message(messageId);
    m_turn = {RefusedTurn::Kind::Continue, messageId, {}, {}, {}};
    m_titleBefore = m_record.title;
    m_leafBefore = m_record.activeLeaf;
    MessageRecord answer = m_answerBefore;
    answer.pieces.append({answer.requestId, answer.target, textOf(answer.parts).size()});
    answer.state = MessageState::Streaming;
    answer.error.reset();
    answer.finishReason.reset();
    answer.kept = false;
    // What the message may cost is what its earlier pieces have left.
    SpendTerms left = terms;
    const auto cap = terms.cap ? terms.cap : m_record.options.messageCap;
    if (cap)
        left.cap = PicoUsd(
            std::max<std::int64_t>(0, cap->count() - m_figures.value(messageId).most.count()));
    start(answer, std::nullopt, left);
    m_cap = cap; // beside the cost of all pieces
    Q_EMIT messageChanged(messageId);
    Q_EMIT recordChanged();
    Q_EMIT runningChanged();
    return Done{};
}

Result<Done> Conversation::askAgain(std::int64_t answerId, Again how, const SpendTerms &terms)
{
    return how == Again::Rest ? continueAnswer(answerId, terms) : regenerate(answerId, terms);
}

void Conversation::keep(std::int64_t messageId)
{
    const MessageRecord *found = message(messageId);
    if (!found || found->state != MessageState::Incomplete || found->kept)
        return;
    MessageRecord kept = *found;
    kept.kept = true;
    m_tree.put(kept);
    m_unstored.append(messageId);
    save();
    Q_EMIT messageChanged(messageId);
}

Result<Done> Conversation::ask(std::int64_t questionId,
                               const std::optional<MessageRecord> &newQuestion,
                               const SpendTerms &terms)
{
    m_leafBefore = m_record.activeLeaf;
    MessageRecord answer;
    answer.id = m_parts.ids.next();
    answer.conversationId = id();
    answer.parentId = questionId;
    answer.role = Role::Assistant;
    answer.state = MessageState::Streaming;
    answer.createdAt = m_parts.clock.utcNow();
    start(answer, newQuestion, terms);
    Q_EMIT pathChanged();
    Q_EMIT recordChanged();
    Q_EMIT runningChanged();
    return Done{};
}

void Conversation::start(MessageRecord answer, const std::optional<MessageRecord> &newQuestion,
                         const SpendTerms &terms)
{
    const ChatRequest request = requestUpTo(answer.parentId);
    const std::optional<TaskChoice> choice = choiceFor(m_record, m_route, request);
    const Route route = routeOfTurn(m_record, m_route, m_fallbacks, choice);
    answer.target = route.targets.constFirst();
    if (answer.pieces.isEmpty())
        answer.chosen = choice;
    m_tree.put(answer);
    m_record.activeLeaf = answer.id;
    m_record.updatedAt = m_parts.clock.utcNow();

    RequestContext context;
    context.conversationId = id();
    context.workspaceId = m_record.workspaceId;
    context.sessionId = m_parts.sessionId;
    context.question = newQuestion;
    if (m_turn.kind == RefusedTurn::Kind::Send)
        context.draft = m_turn.text;
    for (const DraftFile &file : std::as_const(m_sentFiles))
        context.draftFiles.append(file.id);
    context.answer = answer;
    context.isAnew = m_turn.kind == RefusedTurn::Kind::Regenerate;
    context.spend = withCap(terms, terms.cap ? terms.cap : m_record.options.messageCap);
    m_cap = context.spend.cap;
    m_runningMessage = answer.id;
    const Urgency urgency =
        m_record.kind == ConversationKind::Lane ? Urgency::Compare : Urgency::Chat;
    m_reply = m_parts.client.send(request, route, context, this, urgency);
    save(); // the writer keeps order: the row is there before the request that refers to it
    if (m_parts.forecast)
        m_meter = std::make_unique<AnswerMeter>(
            *m_parts.forecast, *m_reply,
            answer.pieces.isEmpty() ? request : withAnswerSoFar(request, answer.parts),
            answer.parts);
    watch(m_reply);
}

void Conversation::watch(ChatReply *reply)
{
    connect(reply, &ChatReply::eventsReceived, this, [this](const StreamEvents &events) {
        Q_EMIT eventsReceived(m_runningMessage, events);
    });
    connect(reply, &ChatReply::attemptStarted, this,
            [this] { Q_EMIT messageChanged(m_runningMessage); });
    connect(reply, &ChatReply::attemptEnded, this,
            [this] { Q_EMIT messageChanged(m_runningMessage); });
    connect(reply, &ChatReply::stateChanged, this,
            [this] { Q_EMIT messageChanged(m_runningMessage); });
    connect(reply, &ChatReply::decisionNeeded, this,
            [this] { Q_EMIT messageChanged(m_runningMessage); }); // another one, in the same state
    connect(reply, &ChatReply::silenceChanged, this,
            [this] { Q_EMIT messageChanged(m_runningMessage); });
    connect(reply, &ChatReply::warned, this,
            [this](const QString &sentence) { Q_EMIT warned(m_runningMessage, sentence); });
    connect(reply, &ChatReply::finished, this, &Conversation::conclude);
}

//! Nothing of this turn is on disk, and nothing was sent.
bool Conversation::wasNeverOpened() const
{
    const Result<ChatOutcome> &result = m_reply->result();
    return !result && !m_reply->isRecorded() &&
           (result.error().kind == ErrorKind::BudgetExceeded ||
            result.error().kind == ErrorKind::StorageFailed);
}

//! It ended before it began: no Journal has written it, or the disk may refuse it yet. Twice is not
//! too often.
void Conversation::storeTurn()
{
    const MessageRecord *answer = m_tree.find(m_runningMessage);
    if (answer &&
        (m_turn.kind == RefusedTurn::Kind::Send || m_turn.kind == RefusedTurn::Kind::Edit))
        m_unstored.append(answer->parentId);
    m_unstored.append(m_runningMessage);
    m_filesChanged = m_filesChanged || !m_sentFiles.isEmpty();
}

void Conversation::takeBack()
{
    const std::int64_t answerId = m_runningMessage;
    const bool continues = m_turn.kind == RefusedTurn::Kind::Continue;
    if (continues) {
        m_tree.put(m_answerBefore);
    } else {
        const std::int64_t questionId = m_tree.remove(answerId);
        if (m_turn.kind != RefusedTurn::Kind::Regenerate)
            m_tree.remove(questionId);
        if (m_record.contextStart.message() == questionId && !message(questionId))
            m_record.contextStart = ContextStart::atNextQuestion();
    }
    m_record.draft = draftWithTurn();
    RefusedTurn turn = std::exchange(m_turn, {});
    turn.error = m_reply->result().error();
    m_record.activeLeaf = m_leafBefore;
    m_record.title = m_titleBefore;
    m_filesChanged = m_filesChanged || !m_sentFiles.isEmpty();
    m_draftFiles = std::exchange(m_sentFiles, {}) + m_draftFiles;
    dropReply();
    m_hasContinued = false;
    save();
    if (continues)
        Q_EMIT messageChanged(answerId);
    else
        Q_EMIT pathChanged();
    Q_EMIT recordChanged();
    Q_EMIT runningChanged();
    Q_EMIT turnRefused(turn);
}

//! Only where the connection broke and no service asked for a pause: each of its calls begins anew,
//! with the waits and limits of any other.
bool Conversation::continuesByItself(std::int64_t messageId) const
{
    const MessageRecord *answer = message(messageId);
    const std::optional<Error> error = answer ? answer->error : std::nullopt;
    return m_parts.client.options().continueBrokenAnswers && !m_hasContinued && error &&
           !error->retryAfter &&
           (error->kind == ErrorKind::Truncated || error->kind == ErrorKind::ConnectionFailed ||
            error->kind == ErrorKind::Timeout) &&
           canContinue(messageId);
}

void Conversation::dropReply()
{
    m_meter.reset();
    m_reply->deleteLater();
    m_reply = nullptr;
    m_runningMessage = 0;
    m_sentFiles.clear();
}

void Conversation::conclude()
{
    if (wasNeverOpened())
        return takeBack();
    const std::int64_t finishedId = m_runningMessage;
    m_figures.insert(finishedId, liveFigures());
    const QList<AttemptRecord> &attempts = m_reply->attempts();
    if (!attempts.isEmpty() && attempts.constLast().costBasis == CostBasis::Draining)
        m_draining = {finishedId, attempts.constLast()};
    m_tree.put(m_reply->answer());
    if (!m_reply->isDurable())
        storeTurn();
    dropReply();
    m_record.updatedAt = m_parts.clock.utcNow();
    save();
    SpendTerms asBefore; // nobody was asked again: what was said of the message still holds
    asBefore.cap = m_cap;
    if (continuesByItself(finishedId) && continueAnswer(finishedId, asBefore)) {
        m_hasContinued = true;
        return;
    }
    m_hasContinued = false;
    Q_EMIT messageChanged(finishedId);
    Q_EMIT recordChanged();
    Q_EMIT runningChanged();
}

void Conversation::stepBack(std::int64_t questionId)
{
    const MessageRecord *question = message(questionId);
    if (!question || question->role != Role::User || isRunning())
        return;
    m_record.activeLeaf = question->parentId;
    saveSoon();
    Q_EMIT pathChanged();
    Q_EMIT recordChanged();
}

//! The answer may have gone on since then: only what that attempt added changes.
void Conversation::takeDrained(const AttemptRecord &attempt)
{
    if (!m_draining || m_draining->second.id != attempt.id)
        return;
    const auto [messageId, before] = *std::exchange(m_draining, std::nullopt);
    const auto found = m_figures.find(messageId);
    if (found == m_figures.end())
        return;
    replaceAttempt(*found, before, attempt);
    Q_EMIT messageChanged(messageId);
    Q_EMIT recordChanged();
}

void Conversation::stop()
{
    if (m_reply)
        m_reply->cancel();
}

} // namespace core
