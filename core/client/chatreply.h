#pragma once

#include "core/base/result.h"
#include "core/chat/chatrequest.h"
#include "core/chat/messagerecord.h"
#include "core/chat/streamevent.h"
#include "core/client/decision.h"
#include "core/ledger/attemptrecord.h"
#include "core/resilience/deadlines.h"

#include <QObject>

#include <chrono>

namespace core {

//! Where a request stands: what the footer shows.
enum class ReplyState {
    Queued,
    AwaitingDecision, //!< Of the user: ChatReply::decision().
    WaitingForTurn,   //!< At the rate gate, before anything is sent.
    WaitingToRetry,
    WaitingForNetwork, //!< The user wants it sent once there is one.
    Connecting,
    WaitingForFirstToken,
    Streaming,
    Finished
};

//! Whether nothing is under way: for a turn, a retry, a network or the user's word.
[[nodiscard]] constexpr bool isWait(ReplyState state)
{
    return state == ReplyState::AwaitingDecision || state == ReplyState::WaitingForTurn ||
           state == ReplyState::WaitingToRetry || state == ReplyState::WaitingForNetwork;
}

//! One attempt as it begins.
struct AttemptInfo
{
    int number = 1;
    AttemptCause cause = AttemptCause::First;
    Target target; //!< Its base URL is that which is asked, also where it is the provider's own.
    UtcTime startedAt{};
};

//! Which of its retries a target gets next, from 1, and how many it gets at most.
struct RetryNumber
{
    int number = 1;
    int most = 1;
};

//! How a request ended well.
struct ChatOutcome
{
    FinishReason finishReason = FinishReason::Other;
    QString finishReasonRaw;
    Target target;      //!< Who answered.
    QString model;      //!< As the response says; may be empty.
    Usage usage;        //!< Of the attempt that answered.
    CostBreakdown cost; //!< Of the attempt that answered.
};

//! One running chat call: what the caller holds, watches and may cancel.
//!
//! Waiting (for a turn, to retry, for a network, for a decision) is a state that is shown; what is
//! waited for stands in waitLeft() and decision().
//!
//! Signals: any number of eventsReceived, attemptStarted, attemptEnded, retryScheduled,
//! decisionNeeded, warned, silenceChanged and stateChanged, then exactly one finished. None before
//! the event loop runs again after ChatClient::send(), so connecting right after it is safe;
//! cancel() is the one call that emits finished() before it returns. Deleting the reply cancels it
//! and emits nothing (the ledger is closed all the same). Same thread as its client.
class ChatReply : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    virtual void cancel() = 0; //!< Ends as Cancelled, unless all had come; text() stays.
    //! While waiting for a turn, to retry or for a network, also while asked about that: go now.
    //! Else nothing.
    virtual void retryNow() = 0;
    //! Waits may last this much longer in all than the options say; one to retry then does.
    virtual void extendWait(std::chrono::milliseconds by) = 0;
    //! Answers a Decision by its id; nothing if that is not what is asked just now.
    virtual void decide(int decision, core::Choice choice) = 0;

    [[nodiscard]] virtual ReplyState state() const = 0;
    [[nodiscard]] virtual Silence silence() const = 0; //!< Of the running attempt.
    //! Since it last had something to read; 0 if none runs.
    [[nodiscard]] virtual std::chrono::milliseconds silentFor() const = 0;
    //! What is still waited in WaitingForTurn and WaitingToRetry; none: nobody can tell.
    [[nodiscard]] virtual std::optional<std::chrono::milliseconds> waitLeft() const = 0;
    [[nodiscard]] virtual RetryNumber retry() const = 0; //!< In WaitingToRetry: of the one to come.
    //! While AwaitingDecision.
    [[nodiscard]] virtual const std::optional<Decision> &decision() const = 0;
    [[nodiscard]] virtual bool isFinished() const = 0;
    //! Valid from finished() on.
    [[nodiscard]] virtual const Result<ChatOutcome> &result() const = 0;
    //! Received so far, also after a failure.
    [[nodiscard]] virtual const QList<ContentPart> &parts() const = 0;
    [[nodiscard]] virtual QString text() const = 0; //!< The text of parts().
    //! Ended ones, oldest first.
    [[nodiscard]] virtual const QList<AttemptRecord> &attempts() const = 0;
    //! The attempt that runs, as it now stands: outcome Open, times.end is now, nothing priced.
    //! None between attempts and after the last.
    [[nodiscard]] virtual std::optional<AttemptRecord> runningAttempt() const = 0;
    //! Whom the running (last) attempt asks.
    [[nodiscard]] virtual const Target &target() const = 0;
    //! As last reported by the running attempt.
    [[nodiscard]] virtual const Usage &usage() const = 0;
    [[nodiscard]] virtual Cost costSoFar() const = 0; //!< All ended attempts.
    [[nodiscard]] virtual std::int64_t requestId() const = 0;
    //! Whether the journal knows of the request; false after an end before anything was written.
    [[nodiscard]] virtual bool isRecorded() const = 0;
    //! Whether the disk has taken it too; false while it may still be refused.
    [[nodiscard]] virtual bool isDurable() const = 0;
    [[nodiscard]] virtual MessageRecord answer() const = 0; //!< The answer as it now stands.
    //! From send() to the first visible piece, waits included.
    [[nodiscard]] virtual std::optional<std::chrono::milliseconds> firstToken() const = 0;
    //! From send() to now, or to the end.
    [[nodiscard]] virtual std::chrono::milliseconds elapsed() const = 0;

Q_SIGNALS:
    //! Those of one network read. Never empty.
    void eventsReceived(const core::StreamEvents &events);
    void stateChanged(core::ReplyState state);
    void silenceChanged(core::Silence silence); //!< For a notice; nothing has failed.
    void attemptStarted(const core::AttemptInfo &info);
    void attemptEnded(const core::AttemptRecord &record);
    void retryScheduled(int attempt, std::chrono::milliseconds delay, const core::Error &cause);
    void decisionNeeded(const core::Decision &decision);
    void warned(const QString &sentence); //!< Nothing has failed, but the user should know.
    void finished();
};

} // namespace core
