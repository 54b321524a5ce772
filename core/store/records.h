#pragma once

#include "core/base/picousd.h"
#include "core/chat/chatrequest.h"
#include "core/chat/contextstart.h"
#include "core/chat/messagerecord.h"
#include "core/chat/target.h"
#include "core/ledger/attemptrecord.h"

#include <QHash>
#include <QString>

#include <cstdint>
#include <optional>

namespace core {

enum class ConversationKind { Chat, Lane, Ask };

//! One conversation's own row: everything but its messages.
struct ConversationRecord
{
    std::int64_t id = 0;
    std::int64_t workspaceId = 0;
    ConversationKind kind = ConversationKind::Chat;
    QString title;           //!< Empty until the first words made one.
    bool titleIsOwn = false; //!< The user named it: never made anew.
    bool pinned = false;
    bool archived = false;
    bool deleted = false; //!< Hidden while Undo is offered; then erased.
    QString draft;
    QString scrollAnchor;        //!< The reading position, the transcript's own words.
    std::int64_t activeLeaf = 0; //!< Last message of the path shown; 0: none yet.
    ContextStart contextStart;
    std::int64_t comparisonId = 0; //!< Lanes: their comparison.
    int lane = 0;                  //!< Lanes: position from 0.
    Target target;                 //!< The model chosen for the next turn.
    std::int64_t routeId = 0;      //!< The named route it uses, which may be gone; 0: none.
    bool stays = false;            //!< The next turn starts at target, not at the route's first.
    ChatOptions options;
    UtcTime createdAt{};
    UtcTime updatedAt{};
    bool operator==(const ConversationRecord &) const = default;
};

//! A file that waits in a draft to be sent.
struct DraftFile
{
    std::int64_t id = 0;
    AttachmentPart part;
    bool operator==(const DraftFile &) const = default;
};

//! A comparison's own row: each of its lanes is a conversation.
struct ComparisonRecord
{
    std::int64_t id = 0;
    QString title;
    bool pinned = false;
    bool archived = false;
    bool deleted = false;
    QString draft;
    UtcTime createdAt{};
    UtcTime updatedAt{}; //!< When its last round began.
    bool operator==(const ComparisonRecord &) const = default;
};

//! A row of the sidebar: a chat, or a comparison with all its lanes.
struct SidebarEntry
{
    std::int64_t id = 0;
    bool comparison = false;
    QString title;
    bool pinned = false;
    bool archived = false;
    UtcTime updatedAt{};
    QString provider, model;      //!< Of the last answer, else as chosen; empty for comparisons.
    std::int64_t routeId = 0;     //!< The named route it uses, which may be gone; 0: none.
    std::int64_t workspaceId = 0; //!< Comparisons: that of their lanes.
    Cost cost;
    bool simulated = false; //!< All of it came from the practice provider.
    bool local = false;     //!< Models of this machine answered, and nobody else.
    MessageState lastState = MessageState::Complete;
    bool operator==(const SidebarEntry &) const = default;
};

//! The figures under an answer; from the ledger for stored ones, from the reply for running ones.
struct AnswerFigures
{
    //! Of the token counts and the cost. Told: as the service reported, at the end. While an
    //! answer runs they are what has come: no less will be billed, or near that. So they stay where
    //! it was cut short and nobody told the rest.
    enum class Bound { Told, AtLeast, About };
    Bound bound = Bound::Told;
    std::int64_t requestId = 0;
    std::optional<std::int64_t> inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens,
        reasoningTokens;
    Cost cost;                  //!< All attempts together.
    PicoUsd most;               //!< The same, as budgets count it.
    std::optional<PicoUsd> cap; //!< What it may cost at most, if that was said in this session.
    bool costKnown = false;     //!< False: nothing at all is known (no price, no usage).
    bool simulated = false;
    bool local = false;           //!< All of it ran on the user's machine: the cost is "local".
    bool cached = false;          //!< Given again from the cache: nothing was sent.
    std::optional<PicoUsd> saved; //!< Then: what it had cost, if that is known.
    int attempts = 0;
    std::optional<std::chrono::milliseconds> firstToken; //!< From Send, waits included.
    std::optional<std::chrono::milliseconds> duration;   //!< From Send to the end.
    std::optional<double> tokensPerSecond;               //!< Of the attempt that answered.
    //! Of that attempt too, until it wrote or ended. An answer with reasoning thought so long.
    std::optional<std::chrono::milliseconds> thinking;
    //! Targets that failed first, with status or error code ("503").
    QList<std::pair<Target, QString>> failedBefore;
    bool operator==(const AnswerFigures &) const = default;
};

//! A conversation with everything needed to show it.
struct LoadedConversation
{
    ConversationRecord record;
    QList<MessageRecord> messages;              //!< The whole tree, parents before children.
    QHash<std::int64_t, AnswerFigures> figures; //!< By message id.
    QList<DraftFile> draftFiles;                //!< In order.
};

//! A hit of the full-text search, newest first.
struct SearchHit
{
    std::int64_t conversationId = 0;
    std::int64_t comparisonId = 0; //!< Not 0: the hit stands in a lane of this comparison.
    std::int64_t messageId = 0;    //!< 0: the title matched.
    QString title;
    QString snippet; //!< Plain text around the hit.
    UtcTime at{};
};

} // namespace core
