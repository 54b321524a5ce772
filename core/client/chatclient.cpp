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
                            const RequestContext &context, QObject *owner)
{
    return new ChatCall(m_parts, m_options, request, route, context, owner);
}

} // namespace core
