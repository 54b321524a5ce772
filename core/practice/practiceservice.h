#pragma once

#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/base/secretstring.h"
#include "core/practice/loopbackserver.h"
#include "core/practice/practicecontrols.h"
#include "core/practice/practicewire.h"

namespace core {

//! The practice provider's requests and answers: both protocols on one loopback server.
//!
//! GET /v1/models, POST /v1/chat/completions, POST /v1/messages, POST /v1/messages/count_tokens. A
//! request is taken for Anthropic's by its path or its anthropic-version header. Without the token
//! (Authorization: Bearer or x-api-key) everything is a 401. Lives in one thread.
class PracticeService final : public QObject
{
    Q_OBJECT
public:
    PracticeService(PracticeControls &controls, Clock &clock, Random &random, SecretString token);

    [[nodiscard]] bool listen() { return m_server.listen(); }
    [[nodiscard]] QUrl url() const { return m_server.url(); }

private:
    void answer(const LoopbackRequest &request, LoopbackResponse &response);
    void answerChat(const LoopbackRequest &request, LoopbackResponse &response,
                    const PracticeWire &wire);
    void countTokens(const LoopbackRequest &request, LoopbackResponse &response);
    void refuse(LoopbackResponse &response, const PracticeWire &wire, PracticeRefusal refusal,
                const QString &message, HttpHeaders extra = {});
    //! True if \p plan is a fault that ends the request before its stream.
    [[nodiscard]] bool failedAtOnce(const PracticeFaultPlan &plan, LoopbackResponse &response,
                                    const PracticeWire &wire);
    [[nodiscard]] PracticeReply compose(const PracticeRequest &request, const PracticeModel &model);
    [[nodiscard]] bool isAuthorised(const HttpHeaders &headers) const;
    [[nodiscard]] QString newId();

    PracticeControls &m_controls;
    Clock &m_clock;
    Random &m_random;
    SecretString m_token;
    std::unique_ptr<PracticeWire> m_openAi = practiceOpenAiWire();
    std::unique_ptr<PracticeWire> m_anthropic = practiceAnthropicWire();
    LoopbackServer m_server; //!< Last: its end calls no one any more.
};

} // namespace core
