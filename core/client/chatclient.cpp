#include "core/client/chatclient.h"

#include "core/client/chatcall.h"

namespace core {

ChatClient::ChatClient(const Parts &parts, ClientOptions options, QObject *parent)
    : QObject(parent)
    , m_parts(parts)
    , m_options(std::move(options))
    , m_drainage(new Drainage(m_parts, this))
{
    connect(m_drainage, &Drainage::drained, this, &ChatClient::drained);
}

ChatReply *ChatClient::send(const ChatRequest &request, const Route &route,
                            const RequestContext &context, QObject *owner, Urgency urgency)
{
    Q_EMIT sending(route);
    auto *call =
        new ChatCall(m_parts, m_options, request, route, context, urgency, *m_drainage, owner);
    connect(this, &ChatClient::slept, call, &ChatCall::noteSleep);
    if (context.answer.pieces.isEmpty()) { // else what is sent is longer than the request
        connect(call, &ChatReply::attemptEnded, this,
                [this, request](const AttemptRecord &attempt) {
                    if (attempt.outcome == AttemptOutcome::Completed &&
                        attempt.savedBy != SavedBy::ResponseCache)
                        Q_EMIT answered(request, attempt);
                });
    }
    // A reply may finish, or be deleted before it does.
    const ChatReply *reply = call;
    connect(reply, &ChatReply::finished, this, [this, reply] { forget(reply); });
    connect(reply, &QObject::destroyed, this, [this, reply] { forget(reply); });
    m_running.insert(reply);
    if (m_running.size() == 1)
        Q_EMIT busyChanged(true);
    return call;
}

void ChatClient::forget(const ChatReply *reply)
{
    if (m_running.remove(reply) && m_running.isEmpty())
        Q_EMIT busyChanged(false);
}

void ChatClient::noteSleep()
{
    m_parts.transport.noteSleep();
    Q_EMIT slept();
}

} // namespace core
