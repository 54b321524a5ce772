#pragma once

#include "core/client/answerparts.h"
#include "core/client/attempt.h"
#include "core/client/attemptcost.h"
#include "core/client/chatreply.h"
#include "core/client/clientparts.h"

#include <QFutureWatcher>
#include <QSet>

#include <utility>

namespace core {

//! The engine of one request: an explicit state machine over attempts (architecture.md §2). All
//! transitions go through enter(). Further steps (cache, rate gate, breaker, budget) are further
//! states between these.
class ChatCall final : public ChatReply
{
    Q_OBJECT
public:
    ChatCall(const ClientParts &parts, const ClientOptions &options, const ChatRequest &request,
             const Route &route, const RequestContext &context, QObject *owner);
    ~ChatCall() override;

    void cancel() override;
    void retryNow() override;

    [[nodiscard]] ReplyState state() const override { return m_shown; }
    [[nodiscard]] bool isFinished() const override { return m_state == State::Finished; }
    [[nodiscard]] const Result<ChatOutcome> &result() const override { return m_result; }
    [[nodiscard]] const QList<ContentPart> &parts() const override { return m_answer.parts(); }
    [[nodiscard]] QString text() const override { return textOf(m_answer.parts()); }
    [[nodiscard]] const QList<AttemptRecord> &attempts() const override { return m_attempts; }
    [[nodiscard]] std::optional<AttemptRecord> runningAttempt() const override;
    [[nodiscard]] const Target &target() const override { return m_target; }
    [[nodiscard]] const Usage &usage() const override;
    [[nodiscard]] Cost costSoFar() const override;
    [[nodiscard]] std::int64_t requestId() const override { return m_requestId; }
    [[nodiscard]] MessageRecord answer() const override;
    [[nodiscard]] std::optional<std::chrono::milliseconds> firstToken() const override
    {
        return m_firstToken;
    }
    [[nodiscard]] std::chrono::milliseconds elapsed() const override;

private:
    enum class State {
        Queued,      //!< send() has returned; nothing has happened.
        Routing,     //!< Choosing the next target.
        Opening,     //!< The journal makes the attempt durable. Nothing is sent before it has.
        FetchingKey, //!< The key store is asked for this one attempt.
        Exchanging,  //!< The attempt runs.
        Deciding,    //!< It failed: retry, fall back or end.
        Waiting,     //!< Before a retry.
        Finished
    };
    void enter(State state);
    void chooseTarget();
    void openAttempt();
    void fetchKey();
    void sendAttempt(const Credential &credential);
    void decide();
    [[nodiscard]] bool takesFreshCredential(const AttemptRecord &last);
    void waitForRetry();

    void endWait();
    //! Fills \p opening with what is set aside; the cap on the message may leave no room.
    void countInput();
    [[nodiscard]] std::optional<Error> setAside(AttemptOpening &opening);
    void refuseOpening(Error error, const AttemptOpening &opening);
    void refuseAttempt(Error error);
    void takeEvents(const StreamEvents &events);
    void takeEnd();
    void settleAttempt();
    [[nodiscard]] QString pricedModel(const Target &target) const;
    void finishWith(const Result<ChatOutcome> &result, RequestState state);
    void closeRequest(RequestState state);
    [[nodiscard]] std::pair<QString, std::int64_t> accountOf(const Target &target) const;
    [[nodiscard]] qsizetype
    usableTarget() const; //!< From m_nextTarget on; the route's size if none.
    [[nodiscard]] Error finalError(const Error &last) const;
    [[nodiscard]] ChatOutcome outcome() const;
    void savePartialSoon();
    //! These two emit. False: a slot moved or deleted this call, so leave at once.
    [[nodiscard]] bool show(ReplyState state);
    [[nodiscard]] bool announceEnd();
    template <typename T, typename Next>
    void await(const QFuture<Result<T>> &future, ErrorKind ifLost, Next next);

    ClientParts m_parts;
    ClientOptions m_options;
    ChatRequest m_request;
    Route m_route;
    RequestContext m_context;
    std::int64_t m_requestId;
    SteadyTime m_startedAt;
    AttemptCost m_cost;
    std::optional<EncodingId> m_countedBy; //!< What m_cost's input was counted by; none: guessed.
    std::int64_t m_maxOutput;              //!< As far as the request and its terms say.
    bool m_limitsOutput = false;           //!< The attempt's request carries its maximum of output.

    State m_state = State::Queued;
    ReplyState m_shown = ReplyState::Queued;
    int m_step = 0; //!< Counts transitions: what belongs to an earlier one is ignored.

    qsizetype m_nextTarget = 0; //!< Place in the route.
    int m_targets = 0;          //!< Asked so far.
    int m_retriesOnTarget = 0;
    AttemptCause m_cause = AttemptCause::First;
    QSet<std::pair<QString, std::int64_t>> m_deadAccounts; //!< Provider, account: refused here.
    QSet<std::pair<QString, std::int64_t>> m_renewed;      //!< Those whose token was renewed once.
    RetryDecision m_decision;
    SteadyTime m_waitBegan;
    std::chrono::milliseconds m_waited{0};   //!< In all.
    std::chrono::milliseconds m_lastWait{0}; //!< Before the next attempt.
    Target m_target;
    ProviderInfo m_provider;
    const ProviderAdapter *m_adapter = nullptr;
    SecretString m_key; //!< Last used: while it lives, what a server echoes of it is redacted.
    Attempt *m_attempt = nullptr; //!< None between attempts. A child.
    Finish m_finish;
    bool m_isEndAnnounced = true; //!< Of the last of m_attempts.
    bool m_requestOpened = false;
    QList<AttemptRecord> m_attempts;
    AnswerParts m_answer;
    std::optional<std::chrono::milliseconds> m_firstToken;
    std::chrono::milliseconds m_elapsed{0}; //!< Once finished.
    Result<ChatOutcome> m_result;
    Alarm m_retryAlarm;
    Alarm m_saveAlarm;
};

} // namespace core
