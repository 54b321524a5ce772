#pragma once

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/chat/chatrequest.h"
#include "core/chat/streamevent.h"
#include "core/chat/target.h"
#include "core/chat/taskchoice.h"

#include <cstdint>
#include <optional>

namespace core {

//! How far a message has come. Only Complete is a whole answer.
enum class MessageState { Complete, Streaming, Incomplete, Failed, Cancelled };

//! What one request wrote of an answer that was cut short and then continued by another request.
struct AnswerPiece
{
    std::int64_t requestId = 0; //!< In the ledger.
    Target target;              //!< Who wrote it.
    qsizetype end = 0;          //!< Of the answer's text, in UTF-16 units, where it was cut.
    bool operator==(const AnswerPiece &) const = default;
};

//! One node of a conversation's tree, as stored and shown.
struct MessageRecord
{
    std::int64_t id = 0;
    std::int64_t conversationId = 0;
    std::int64_t parentId = 0; //!< 0: the first of its conversation.
    Role role = Role::User;
    QList<ContentPart> parts;
    MessageState state = MessageState::Complete;
    UtcTime createdAt{};
    std::int64_t requestId = 0; //!< Answers: the request in the ledger that made it; else 0.
    Target target;              //!< Answers: who answered (or tried last).
    std::optional<FinishReason> finishReason;
    std::optional<Error> error; //!< Failed, Incomplete: why.
    bool kept = false;          //!< Incomplete: the reader took it as it is; no card asks any more.
    //! Answers that were continued: their earlier pieces, oldest first. The rest is requestId's.
    QList<AnswerPiece> pieces;
    std::optional<TaskChoice> chosen; //!< Answers: of a route by task. Of the first piece.
    bool operator==(const MessageRecord &) const = default;
};

} // namespace core
