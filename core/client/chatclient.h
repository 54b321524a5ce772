#pragma once

#include "core/client/chatreply.h"
#include "core/client/clientparts.h"

#include <QObject>

namespace core {

//! Where one request runs through the layers: route, key, open, attempt, retry, fallback, close.
//! Each send() is independent; any number run at once. Main thread.
class ChatClient : public QObject
{
    Q_OBJECT
public:
    using Parts = ClientParts;

    ChatClient(const Parts &parts, ClientOptions options, QObject *parent = nullptr);

    //! Sends \p request to the first target of \p route that answers. The reply belongs to \p
    //! owner.
    [[nodiscard]] ChatReply *send(const ChatRequest &request, const Route &route,
                                  const RequestContext &context, QObject *owner);

    void setOptions(const ClientOptions &options) { m_options = options; } //!< For later sends.
    [[nodiscard]] const ClientOptions &options() const { return m_options; }

private:
    Parts m_parts;
    ClientOptions m_options;
};

} // namespace core
