#pragma once

#include "core/client/answerparts.h"
#include "core/client/attempt.h"
#include "core/client/attemptcost.h"
#include "core/client/chatreply.h"
#include "core/client/clientparts.h"
#include "core/client/drainage.h"
#include "core/client/overlapfilter.h"
#include "core/client/routewalk.h"

#include <QPointer>

#include <functional>
#include <memory>

namespace core {

//! The engine of one request: an explicit state machine over attempts. All transitions go through
//! enter().
//! What it decides by stands elsewhere: RouteWalk (whom to ask), fallbackTerms() (when to ask the
//! user), TrafficControl (when it is one's turn), decideRetry() (what a failure means).
//! Its steps stand in a file each; the private part below is in the order of these files.
class ChatCall final : public ChatReply
{
    Q_OBJECT
public:
    ChatCall(const ClientParts &parts, const ClientOptions &options, const ChatRequest &request,
             const Route &route, const RequestContext &context, Urgency urgency, Drainage &drainage,
             QObject *owner);
    ~ChatCall() override;

    void cancel() override;
    void retryNow() override;
    void extendWait(std::chrono::milliseconds by) override;
    void decide(int decision, Choice choice) override;
    void noteSleep(); //!< As ChatClient's.

    [[nodiscard]] ReplyState state() const override { return m_shown; }
    [[nodiscard]] Silence silence() const override
    {
        return m_attempt ? m_attempt->silence() : Silence::None;
    }
    [[nodiscard]] std::chrono::milliseconds silentFor() const override
    {
        return m_attempt ? m_attempt->silentFor() : std::chrono::milliseconds(0);
    }
    [[nodiscard]] std::optional<std::chrono::milliseconds> waitLeft() const override;
    [[nodiscard]] RetryNumber retry() const override;
    [[nodiscard]] const std::optional<Decision> &decision() const override { return m_question; }
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
    [[nodiscard]] bool isRecorded() const override { return m_requestOpened; }
    [[nodiscard]] bool isDurable() const override { return m_isDurable; }
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
        Asking,      //!< The user decides whether it may be that one.
        AskingCache, //!< Whether exactly this was answered before.
        Gating,      //!< Waiting for its turn at the rate gate.
        Opening,     //!< The journal makes the attempt durable. Nothing is sent before it has.
        FetchingKey, //!< The key store is asked for this one attempt.
        Exchanging,  //!< The attempt runs.
        Judging,     //!< It failed: retry, fall back or end.
        Waiting,     //!< Before a retry.
        Offline,     //!< Waiting for a network: the user wants it sent once there is one.
        Finished
    };
    void enter(State state);
    //! These two emit. False: a slot moved or deleted this call, so leave at once.
    [[nodiscard]] bool show(ReplyState state);
    [[nodiscard]] bool announceEnd();
    [[nodiscard]] bool isContinuation() const { return !m_context.answer.pieces.isEmpty(); }
    [[nodiscard]] AttemptCause firstCause() const;
    [[nodiscard]] QString pricedModel(const Target &target) const;
    template <typename T, typename Next>
    void await(const QFuture<Result<T>> &future, ErrorKind ifLost, Next next);

    // chatcallrouting.cpp
    void chooseTarget();
    void findMaxOutput();
    [[nodiscard]] QString providerName(const Target &target) const;
    [[nodiscard]] QString nameBeside(const Target &target, const Target &other) const;
    void warnOfTraffic(const RouteWalk::Step &step);
    [[nodiscard]] Decision termsOf(const Target &target) const;

    // chatcallcache.cpp
    [[nodiscard]] bool mayUseCache() const;
    void askCache();
    void openCached(const CachedAnswer &answer);
    void giveAgain(AttemptRecord record, const CachedAnswer &answer);
    void keepAnswer();

    // chatcallwaits.cpp
    void askUser(Decision question);
    void joinGate();
    void waitForTurn();
    void endTurn();
    [[nodiscard]] bool leavesWhatFails();
    void giveUpTurn();
    void failUnsent(const Error &error);
    [[nodiscard]] bool passesOn();
    void keepRequest();
    void waitForRetry();
    void endWait();
    void countWait();
    [[nodiscard]] std::chrono::milliseconds timeToWait() const;
    [[nodiscard]] std::chrono::milliseconds waitAllowance() const;
    [[nodiscard]] std::chrono::milliseconds sinceWaitBegan() const;

    // chatcalloffline.cpp
    [[nodiscard]] bool mayReach(const Target &target) const;
    void holdOffline();
    void askOffline();
    void waitForNetwork();
    void followNetwork();
    void leaveOffline();
    [[nodiscard]] bool asksAboutNetwork() const;

    // chatcallsending.cpp
    void openAttempt();
    [[nodiscard]] AttemptOpening nextOpening();
    void countInput();
    [[nodiscard]] PricedCall pricedCall(const AttemptOpening &opening) const;
    //! Fills \p opening with what is set aside; the cap on the message may leave no room.
    [[nodiscard]] std::optional<Error> setAside(AttemptOpening &opening);
    //! Makes \p opening durable, and with the first one the request. Stopped or deleted before it
    //! is: \p then is not called.
    void openInJournal(const AttemptOpening &opening,
                       const std::function<void(const Result<OpenedAttempt> &)> &then);
    void refuseOpening(Error error, const AttemptOpening &opening);
    void fetchKey();
    //! The target goes on with the answer's beginning itself; others are told to.
    [[nodiscard]] bool prefills() const;
    //! The request as its target takes it: a continuation with the answer's beginning or told of
    //! it. What it repeats of that is held back from then on.
    [[nodiscard]] ChatRequest requestToSend();
    void sendAttempt(const Credential &credential);

    // chatcallreceiving.cpp
    void refuseAttempt(Error error);
    void takeEvents(const StreamEvents &events);
    void takeShown(const StreamEvents &events);
    [[nodiscard]] StreamEvents withoutOverlap(const StreamEvents &events);
    //! Emits: false as by show().
    [[nodiscard]] bool releaseHeldBack();
    void savePartialSoon();
    void takeEnd();
    void settleAttempt();
    [[nodiscard]] bool mayDrain() const;
    void drainAttempt();
    void noteTraffic(const AttemptRecord &record, const ResponseFacts &facts);

    // chatcalljudging.cpp
    void judge();
    [[nodiscard]] RetryDecision afterFailure() const; //!< Of the last attempt, unless it is mended.
    void goOn(const RetryDecision &decision);
    void goBack(); //!< To whom the last attempt was made: nobody else is to be asked.
    [[nodiscard]] bool takesFreshCredential(const AttemptRecord &last);
    [[nodiscard]] bool takesServiceTime(const AttemptRecord &last);
    [[nodiscard]] bool takesFewerMembers(const AttemptRecord &last);
    void giveUp(const AttemptRecord &record); //!< Its account or its model, if it says so.

    // chatcallending.cpp
    void runOutOfTime();
    void finishWith(const Result<ChatOutcome> &result, RequestState state);
    void closeRequest(RequestState state);
    [[nodiscard]] Error finalError(const Error &last) const;
    [[nodiscard]] ChatOutcome outcome() const;

    ClientParts m_parts;
    ClientOptions m_options;
    ChatRequest m_request;
    RequestContext m_context;
    Urgency m_urgency;
    QPointer<Drainage> m_drainage;
    RouteWalk m_walk;
    std::int64_t m_requestId;
    SteadyTime m_startedAt;
    AttemptCost m_cost;
    bool m_marksForCache = false; //!< The attempt that runs.
    //! The model that m_cost's input was estimated for; none yet.
    std::optional<QString> m_countedFor;
    std::int64_t m_maxOutput;    //!< As far as the request, its terms and its model say.
    bool m_limitsOutput = false; //!< The attempt's request carries its maximum of output.

    State m_state = State::Queued;
    ReplyState m_shown = ReplyState::Queued;
    int m_step = 0; //!< Counts transitions: what belongs to an earlier one is ignored.

    int m_retriesOnTarget = 0;
    AttemptCause m_cause = AttemptCause::First;
    QSet<std::pair<QString, std::int64_t>> m_renewed; //!< Accounts whose token was renewed once.
    //! By how much a service's clock is ahead of ours, once one has refused a signature for it.
    std::optional<std::chrono::seconds> m_clockSkew;
    RetryDecision m_decision;
    std::optional<Decision> m_question; //!< To the user.
    int m_questions = 0;                //!< Asked so far.
    std::unique_ptr<Passage> m_passage; //!< From the gate to the end of the attempt.
    bool m_isHurried = false;           //!< The user does not want to wait for the next turn.
    bool m_sendsWhenOnline = false;     //!< The user's word, for the whole request.
    bool m_goesOffline = false;         //!< And for the next attempt: the system may be wrong.
    SteadyTime m_waitBegan;
    std::chrono::milliseconds m_waited{0};   //!< In all.
    std::chrono::milliseconds m_lastWait{0}; //!< Before the next attempt, all its waits.
    Target m_target;
    ProviderInfo m_provider;
    const ProviderAdapter *m_adapter = nullptr;
    //! Whom the last attempt was made to, and how it stood there when that failed.
    struct Failed
    {
        Target target;
        ProviderInfo provider;
        const ProviderAdapter *adapter = nullptr;
        int retries = 0;
        QByteArray cacheKey;
    };
    Failed m_failed;
    SecretString m_key; //!< Last used: while it lives, what a server echoes of it is redacted.
    Attempt *m_attempt = nullptr; //!< None between attempts. A child.
    Finish m_finish;
    bool m_isEndAnnounced = true; //!< Of the last of m_attempts.
    bool m_requestOpened = false;
    bool m_isDurable = false; //!< The disk has answered that it has it.
    QList<AttemptRecord> m_attempts;
    SteadyTime m_lastEnded; //!< When the last of them did.
    AnswerParts m_answer;
    bool m_isCacheAsked = false;
    std::optional<AttemptRecord> m_cachedOpening; //!< Of an answer given again, while it is opened.
    QByteArray m_cacheKey;                  //!< Of the first target; empty: its answer is not kept.
    std::optional<OverlapFilter> m_overlap; //!< While a continuation begins.
    std::optional<std::chrono::milliseconds> m_firstToken;
    std::chrono::milliseconds m_elapsed{0}; //!< Once finished.
    Result<ChatOutcome> m_result;
    Alarm m_waitAlarm;
    Alarm m_saveAlarm;
    Alarm m_deadlineAlarm;
};

} // namespace core
