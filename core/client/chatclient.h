#pragma once

#include "core/client/chatreply.h"
#include "core/client/clientparts.h"

#include <QObject>
#include <QSet>

namespace core {

class Drainage;

//! Where one request runs through the layers: route, key, open, attempt, retry, fallback, close.
//! Each send() is independent; any number run at once. Main thread.
class ChatClient : public QObject
{
    Q_OBJECT
public:
    using Parts = ClientParts;

    ChatClient(const Parts &parts, ClientOptions options, QObject *parent = nullptr);

    //! Sends \p request to the first target of \p route that answers. The reply belongs to \p
    //! owner. \p urgency: who goes first where requests wait for their turn.
    [[nodiscard]] ChatReply *send(const ChatRequest &request, const Route &route,
                                  const RequestContext &context, QObject *owner,
                                  Urgency urgency = Urgency::Chat);

    //! The machine woke from sleep: running attempts get a short time to show that they live; what
    //! does not ends as Phase::Sleep and is tried again if nothing was shown.
    void noteSleep();

    void setOptions(const ClientOptions &options) { m_options = options; } //!< For later sends.
    [[nodiscard]] const ClientOptions &options() const { return m_options; }

Q_SIGNALS:
    //! send() begins, and nothing was read of \p route's targets yet.
    void sending(const core::Route &route);
    void busyChanged(bool isBusy); //!< Whether any reply of send() has not finished.
    void slept();                  //!< For the calls that run.
    //! \p attempt gave the whole answer to \p request, as it was sent: it goes on from no earlier
    //! piece and comes from no cache.
    void answered(const core::ChatRequest &request, const core::AttemptRecord &attempt);
    //! What an attempt cost that was stopped and ran on unseen: its record in the ledger.
    void drained(const core::AttemptRecord &attempt);

private:
    void forget(const ChatReply *reply);

    Parts m_parts;
    ClientOptions m_options;
    Drainage *m_drainage; //!< A child.
    QSet<const ChatReply *> m_running;
};

} // namespace core
