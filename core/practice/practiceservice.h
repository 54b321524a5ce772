#pragma once

#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/base/secretstring.h"
#include "core/practice/loopbackserver.h"
#include "core/practice/practicecontrols.h"
#include "core/practice/practicewire.h"

namespace core {

//! The practice provider's requests and answers: every protocol on one loopback server, each below
//! a root of its own in place of a host. Without proof of the token, in the way that the protocol
//! has for it, everything is refused. Lives in one thread.
class PracticeService final : public QObject
{
    Q_OBJECT
public:
    PracticeService(PracticeControls &controls, Clock &clock, Random &random, SecretString token);

    [[nodiscard]] bool listen() { return m_server.listen(); }
    [[nodiscard]] QUrl url() const { return m_server.url(); }

private:
    //! The wire that \p request is for, and what it calls there; none: no path of that wire.
    [[nodiscard]] const PracticeWire &wireFor(const LoopbackRequest &request,
                                              std::optional<PracticeCall> &call) const;
    void answer(const LoopbackRequest &request, LoopbackResponse &response);
    void answerChat(const PracticeCall &call, LoopbackResponse &response, const PracticeWire &wire);
    void sendWhole(LoopbackResponse &response, const PracticeWire &wire, const QByteArray &body);
    void refuse(LoopbackResponse &response, const PracticeWire &wire, PracticeRefusal refusal,
                const QString &message, std::chrono::seconds retryAfter = {});
    //! True if \p plan is a fault that ends the request before its stream.
    [[nodiscard]] bool failedAtOnce(const PracticeFaultPlan &plan, LoopbackResponse &response,
                                    const PracticeWire &wire);
    [[nodiscard]] PracticeReply compose(const PracticeRequest &request, const PracticeModel &model);
    [[nodiscard]] QString newId();

    PracticeControls &m_controls;
    Clock &m_clock;
    Random &m_random;
    SecretString m_token;
    std::vector<std::unique_ptr<PracticeWire>> m_wires = practiceWires();
    LoopbackServer m_server; //!< Last: its end calls no one any more.
};

} // namespace core
