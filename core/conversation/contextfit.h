#pragma once

#include "core/chat/chatrequest.h"

#include <QStringList>

#include <cstdint>
#include <optional>

namespace core {

//! A prompt beside what a model takes at most, in tokens. Pure; any thread.
struct ContextNeed
{
    std::int64_t prompt = 0; //!< As counted or estimated.
    std::int64_t window = 0; //!< Prompt and answer together.
    //! What the person's own limit lets an answer have, where only both together are too long.
    std::int64_t answer = 0;

    //! Tokens for the prompt, so that an answer of \p maxOutput has room; unset: some room.
    [[nodiscard]] std::int64_t room(std::optional<int> maxOutput) const;
    bool operator==(const ContextNeed &) const = default;
};

//! How many of the oldest messages of \p request must stay out so that the rest takes at most
//! \p room of the \p prompt tokens that it takes whole. Whole turns go: what is left begins with a
//! question, and the last one always stays. None: the last turn alone is too long.
[[nodiscard]] std::optional<qsizetype> messagesToDrop(const ChatRequest &request,
                                                      std::int64_t prompt, std::int64_t room);

//! \p text in as few parts of at most \p characters as it takes, cut where it hurts least: between
//! paragraphs, lines, sentences, words, and never inside a character. Nothing is lost: joined they
//! are \p text. At least one character a part.
[[nodiscard]] QStringList splitText(const QString &text, qsizetype characters);

} // namespace core
