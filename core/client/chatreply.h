#pragma once

#include "core/base/result.h"
#include "core/chat/chatrequest.h"
#include "core/chat/messagerecord.h"
#include "core/chat/streamevent.h"
#include "core/ledger/attemptrecord.h"

#include <QObject>

#include <chrono>

namespace core {

//! Where a request stands: what the footer shows.
enum class ReplyState {
    Queued,
    WaitingToRetry,
    Connecting,
    WaitingForFirstToken,
    Streaming,
    Finished
};

//! One attempt as it begins.
struct AttemptInfo
{
    int number = 1;
    AttemptCause cause = AttemptCause::First;
    Target target;
    UtcTime startedAt{};
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
//! Signals: any number of eventsReceived, attemptStarted, attemptEnded, retryScheduled and
//! stateChanged, then exactly one finished. None before the event loop runs again after
//! ChatClient::send(), so connecting right after it is safe; cancel() is the one call that emits
//! finished() before it returns. Deleting the reply cancels it and emits nothing (the ledger is
//! closed all the same). Same thread as its client.
class ChatReply : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    virtual void cancel() = 0;   //!< Ends with ErrorKind::Cancelled; text() stays.
    virtual void retryNow() = 0; //!< While WaitingToRetry: do not wait any longer. Else nothing.

    [[nodiscard]] virtual ReplyState state() const = 0;
    [[nodiscard]] virtual bool isFinished() const = 0;
    [[nodiscard]] virtual const Result<ChatOutcome> &
    result() const = 0; //!< Valid from finished() on.
    [[nodiscard]] virtual const QList<ContentPart> &
    parts() const = 0;                              //!< Received so far, also after a failure.
    [[nodiscard]] virtual QString text() const = 0; //!< The text of parts().
    [[nodiscard]] virtual const QList<AttemptRecord> &
    attempts() const = 0; //!< Ended ones, oldest first.
    //! The attempt that runs, as it now stands: outcome Open, times.end is now, nothing priced.
    //! None between attempts and after the last.
    [[nodiscard]] virtual std::optional<AttemptRecord> runningAttempt() const = 0;
    [[nodiscard]] virtual const Target &
    target() const = 0; //!< Whom the running (last) attempt asks.
    [[nodiscard]] virtual const Usage &
    usage() const = 0;                                //!< As last reported by the running attempt.
    [[nodiscard]] virtual Cost costSoFar() const = 0; //!< All ended attempts.
    [[nodiscard]] virtual std::int64_t requestId() const = 0;
    [[nodiscard]] virtual MessageRecord answer() const = 0; //!< The answer as it now stands.
    //! From send() to the first visible piece, waits included.
    [[nodiscard]] virtual std::optional<std::chrono::milliseconds> firstToken() const = 0;
    [[nodiscard]] virtual std::chrono::milliseconds
    elapsed() const = 0; //!< From send() to now, or to the end.

Q_SIGNALS:
    void
    eventsReceived(const core::StreamEvents &events); //!< Those of one network read. Never empty.
    void stateChanged(core::ReplyState state);
    void attemptStarted(const core::AttemptInfo &info);
    void attemptEnded(const core::AttemptRecord &record);
    void retryScheduled(int attempt, std::chrono::milliseconds delay, const core::Error &cause);
    void finished();
};

} // namespace core
