#pragma once

#include "core/base/result.h"
#include "core/chat/messagerecord.h"
#include "core/ledger/attemptrecord.h"

#include <QFuture>

namespace core {

//! Who asks: what ties a request to its conversation, session and workspace.
struct RequestContext
{
    std::int64_t conversationId = 0;
    std::int64_t workspaceId = 0;
    std::int64_t sessionId = 0;            //!< 0: the one that runs when the request is opened.
    std::optional<MessageRecord> question; //!< The user's turn, if it is not stored yet.
    //! The conversation's draft that the question was, as stored: cleared with the question's row,
    //! unless it has become another one.
    QString draft;
    QList<std::int64_t> draftFiles; //!< Of that draft, those that the question has: erased as well.
    MessageRecord answer;           //!< Its row, state Streaming; id known before it is written.
    SpendTerms spend;               //!< What the user said of its money.
    bool isAnew = false; //!< Another answer is wanted than the one that was given before.
};

//! An attempt that may be sent.
struct OpenedAttempt
{
    //! A hard budget set aside what was asked for: the request must carry that maximum of output.
    bool limitsOutput = false;
    bool operator==(const OpenedAttempt &) const = default;
};

//! What the engine needs remembered, durably and in order. All calls are made from and answered in
//! the main thread; none of them waits. Calls take effect in the order they were made.
class Journal
{
public:
    virtual ~Journal() = default;

    //! First attempt of a request: one transaction writes the request, the question, the answer's
    //! row and the attempt, and sets its money aside in every budget that counts it. Nothing may
    //! be sent before this future holds a value. Errors: StorageFailed, BudgetExceeded (with its
    //! shortfall); then nothing was written.
    [[nodiscard]] virtual QFuture<Result<OpenedAttempt>>
    openRequest(std::int64_t requestId, const RequestContext &context,
                const AttemptOpening &attempt) = 0;
    //! A request that has to wait before its first attempt: the request, the question and the
    //! answer's row. Its attempts come by openAttempt(), which tells if this could not be written.
    virtual void keepRequest(std::int64_t requestId, const RequestContext &context,
                             UtcTime queuedAt) = 0;
    //! A further attempt of an open request.
    [[nodiscard]] virtual QFuture<Result<OpenedAttempt>>
    openAttempt(const AttemptOpening &attempt) = 0;

    //! The answer's parts so far, whole: replaces what was there. Committed at most 500 ms after
    //! the call.
    virtual void savePartial(std::int64_t messageId, const QList<ContentPart> &parts) = 0;

    //! Ends an attempt: record, usage, cost lines and rollup in one transaction.
    virtual void closeAttempt(const AttemptRecord &attempt) = 0;
    //! Ends a request after its last attempt, with the final answer.
    virtual void closeRequest(std::int64_t requestId, RequestState state,
                              const MessageRecord &answer) = 0;

    //! Done once everything journalled before this call is on disk.
    [[nodiscard]] virtual QFuture<Result<Done>> drained() = 0;
};

} // namespace core
