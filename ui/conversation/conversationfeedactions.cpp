// What a reader may do with a message, and doing it.
#include "ui/conversation/answertexts.h"
#include "ui/conversation/conversationfeed.h"

#include <QClipboard>
#include <QGuiApplication>

#include <algorithm>

namespace ui {

namespace {

using namespace std::chrono_literals;

constexpr QLatin1StringView BranchAction{"branch"};
constexpr QLatin1StringView OnwardAction{"onward"};
constexpr QLatin1StringView InsteadAction{"instead"};
constexpr QLatin1StringView LongerAction{"longer"};
constexpr QLatin1StringView NowAction{"now"};
constexpr QLatin1StringView StopAction{"stop"};
constexpr std::chrono::milliseconds LongerBy = 1min; //!< What one press of it adds.

//! Nothing of the answer is under way.
bool waitsToGo(const core::ChatReply &reply)
{
    return reply.state() == core::ReplyState::WaitingToRetry ||
           reply.state() == core::ReplyState::WaitingForTurn ||
           reply.state() == core::ReplyState::WaitingForNetwork;
}

MessageAction longerAction()
{
    return {LongerAction, ConversationFeed::tr("Wait longer")};
}

MessageAction sendNowAction()
{
    return {NowAction, ConversationFeed::tr("Send now")};
}

MessageAction cancelAction()
{
    return {StopAction, ConversationFeed::tr("Cancel")};
}

QList<MessageAction> networkActions(const core::Decision &question)
{
    QList<MessageAction> actions{sendNowAction(), cancelAction()}; // the system may be wrong
    if (question.reasons.contains(core::Decision::Reason::Offline))
        actions.prepend({QStringLiteral("yes"), ConversationFeed::tr("Send when online")});
    return actions;
}

QList<MessageAction> questionActions(const core::Decision &question)
{
    if (core::isAboutNetwork(question))
        return networkActions(question);
    QList<MessageAction> actions{{QStringLiteral("yes"), ConversationFeed::tr("Ask it")},
                                 {QStringLiteral("no"), ConversationFeed::tr("No")}};
    // To ask at once is not the only way on where only time is missing.
    if (question.reasons.contains(core::Decision::Reason::StillLimited))
        actions.insert(1, longerAction());
    return actions;
}

} // namespace

QList<MessageAction> ConversationFeed::waitActions(core::ReplyState state) const
{
    const MessageAction instead{InsteadAction, tr("Other model")};
    if (state == core::ReplyState::WaitingForNetwork)
        return {sendNowAction(), instead, cancelAction()};
    return {{NowAction, tr("Now")}, longerAction(), instead, cancelAction()};
}

void ConversationFeed::askInstead(std::int64_t answerId, const core::Route &route)
{
    if (!m_conversation || !m_conversation->message(answerId))
        return;
    m_conversation->setRoute(route);
    const core::ChatReply *reply = m_conversation->reply();
    if (!reply)
        return; // it has ended meanwhile: Retry stands there
    if (m_conversation->runningMessage() != answerId || !waitsToGo(*reply)) {
        // It has been sent and may cost: nobody but the reader ends it.
        Q_EMIT refused(tr("The wait was over before you chose. The model you chose is asked with "
                          "your next message."));
        return;
    }
    if (route.targets.size() == 1 && route.targets.constFirst() == reply->target())
        return; // the very one that is waited for
    m_conversation->stop();
    Q_EMIT againRequested(answerId, m_conversation->canContinue(answerId)
                                        ? core::Conversation::Again::Rest
                                        : core::Conversation::Again::Whole);
}

QList<MessageAction> ConversationFeed::actionsOf(const core::MessageRecord &message) const
{
    QList<MessageAction> actions;
    const bool running = m_conversation->runningMessage() == message.id;
    if (running && m_conversation->reply() && waitsToGo(*m_conversation->reply()))
        return waitActions(m_conversation->reply()->state());
    if (running && m_conversation->reply() && m_conversation->reply()->decision())
        return questionActions(*m_conversation->reply()->decision());
    if (running)
        return actions;
    if (!message.parts.isEmpty())
        actions.append({QStringLiteral("copy"), tr("Copy")});
    if (!cardOf(message) && m_conversation->canContinue(message.id))
        actions.append({QStringLiteral("continue"), tr("Continue")});
    if (m_actions == Actions::CopyOnly)
        return actions;
    if (message.role == core::Role::User) {
        actions.append({QStringLiteral("edit"), tr("Edit")});
        return actions;
    }
    actions.append({QStringLiteral("retry"), tr("Retry")});
    const core::ConversationRecord &chat = m_conversation->record();
    if (message.id != chat.activeLeaf) {
        actions.append({BranchAction, tr("Branch")});
        return actions;
    }
    if (m_conversation->wentOn(message.id))
        actions.append({OnwardAction, tr("Show what followed")});
    // The next turn starts at the route's first target, unless the reader says otherwise.
    const bool fellBack = !m_conversation->figures(message.id).failedBefore.isEmpty() &&
                          message.state == core::MessageState::Complete;
    const core::Target &first = message.chosen ? message.chosen->target : chat.target;
    if (fellBack && message.target != (chat.stays ? chat.target : first))
        actions.append(
            {QStringLiteral("stay"), tr("Stay on %1").arg(m_names.model(message.target))});
    else if (const auto &route = m_conversation->route(); chat.stays && route)
        actions.append(
            {QStringLiteral("unstay"), tr("Back to %1")
                                           .arg(route->kind == core::RouteKind::ByTask
                                                    ? route->name
                                                    : m_names.model(route->targets.first()))});
    return actions;
}

void ConversationFeed::followChoice()
{
    if (!m_shown.isEmpty() && !m_conversation->isRunning())
        refresh(m_shown.constLast());
}

void ConversationFeed::act(const QString &messageId, const QString &action)
{
    const core::MessageRecord *message =
        m_conversation ? m_conversation->message(messageId.toLongLong()) : nullptr;
    if (!message)
        return;
    if (action == QStringLiteral("copy")) {
        QGuiApplication::clipboard()->setText(core::textOf(message->parts));
    } else if (action == QStringLiteral("edit")) {
        Q_EMIT editRequested(message->id, core::textOf(message->parts));
    } else if (action == QStringLiteral("retry")) {
        Q_EMIT againRequested(message->id, core::Conversation::Again::Whole);
    } else if (action == BranchAction) {
        branchFrom(message->id);
    } else if (action == OnwardAction) {
        m_conversation->selectVersion(message->id);
    } else if (action == QStringLiteral("continue")) {
        Q_EMIT againRequested(message->id, core::Conversation::Again::Rest);
    } else if (action == QStringLiteral("keep")) {
        m_conversation->keep(message->id);
    } else if (action == QStringLiteral("model")) {
        Q_EMIT otherModelRequested();
    } else if (action == InsteadAction) {
        Q_EMIT insteadRequested(message->id);
    } else if (action == FitAction) {
        Q_EMIT fitRequested(message->id);
    } else if (action == QStringLiteral("keys")) {
        Q_EMIT keySettingsRequested(message->target.provider);
    } else if (action == RemindAction) {
        remind(*message);
    } else if (action == AttemptsAction) {
        Q_EMIT detailsRequested(messageId);
    } else if (action == NowAction && m_conversation->reply()) {
        m_conversation->reply()->retryNow();
    } else if (action == LongerAction) {
        waitLonger(message->id);
    } else if (action == QStringLiteral("yes") || action == QStringLiteral("no")) {
        decide(action == QStringLiteral("yes") ? core::Choice::Yes : core::Choice::No);
    } else if (action == QStringLiteral("stay")) {
        m_conversation->stayOn(message->target);
    } else if (action == QStringLiteral("unstay")) {
        m_conversation->stopStaying();
    } else if (action == StopAction) {
        m_conversation->stop();
    }
}

//! Goes back to it; what followed stands under it from then on, and beside what is asked next.
void ConversationFeed::branchFrom(std::int64_t answerId)
{
    if (m_conversation->isRunning()) {
        Q_EMIT refused(tr("An answer is still running. Stop it or wait for its end."));
        return;
    }
    const QList<core::MessageRecord> path = m_conversation->path();
    const auto next = std::find_if(path.begin(), path.end(), [answerId](const auto &message) {
        return message.parentId == answerId;
    });
    if (next == path.end())
        return;
    m_conversation->stepBack(next->id);
    Q_EMIT branched();
}

void ConversationFeed::decide(core::Choice choice)
{
    core::ChatReply *reply = m_conversation->reply();
    if (reply && reply->decision())
        reply->decide(reply->decision()->id, choice);
}

//! A wait that was asked about goes on to its end; the others last a little longer.
void ConversationFeed::waitLonger(std::int64_t messageId)
{
    core::ChatReply *reply = m_conversation->reply();
    if (!reply || m_conversation->runningMessage() != messageId)
        return; // the wait was over before the press
    const auto asked = reply->decision() ? reply->decision()->wait : std::nullopt;
    reply->extendWait(LongerBy + asked.value_or(0ms));
    refresh(messageId);
}

std::optional<core::UtcTime>
ConversationFeed::possibleAgainOf(const core::MessageRecord &message) const
{
    if (!message.error || !message.error->retryAfter)
        return std::nullopt;
    const auto at = possibleAgain(message, m_conversation->figures(message.id).duration);
    return at && *at > std::chrono::system_clock::now() ? at : std::nullopt;
}

void ConversationFeed::remind(const core::MessageRecord &message)
{
    const std::int64_t id = message.id;
    if (const auto at = possibleAgainOf(message)) {
        m_reminded.insert(id);
        Q_EMIT reminderRequested(id, *at);
    }
    refresh(id); // also where that time has come meanwhile
}

} // namespace ui
