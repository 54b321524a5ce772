#include "core/client/chatclient.h"

#include "core/client/chatcall.h"

namespace core {

ChatClient::ChatClient(const Parts &parts, ClientOptions options, QObject *parent)
    : QObject(parent)
    , m_parts(parts)
    , m_options(std::move(options))
{
}

ChatReply *ChatClient::send(const ChatRequest &request, const Route &route,
                            const RequestContext &context, QObject *owner, Urgency urgency)
{
    auto *call = new ChatCall(m_parts, m_options, request, route, context, urgency, owner);
    connect(this, &ChatClient::slept, call, &ChatCall::noteSleep);
    return call;
}

void ChatClient::noteSleep()
{
    m_parts.transport.noteSleep();
    Q_EMIT slept();
}

} // namespace core
