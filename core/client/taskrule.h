#pragma once

#include "core/chat/chatrequest.h"
#include "core/chat/taskchoice.h"

#include <QStringView>

namespace core {

//! The rule by which a route by task tells simple turns from demanding ones. It reads the request
//! and nothing else: no service is asked, and the same request always gives the same answer.
//!
//! A turn is demanding if any of these holds: the whole prompt is LongPromptTokens or more; files
//! are attached to it; tools or a schema go with it; reasoning of medium effort or more is set; or
//! its text has code, mathematics, or asks for reasoning. Only the last of the user's messages is
//! read for that; lines quoted from somebody else (">"), are not. In doubt it is simple.

//! Of the whole prompt, earlier turns included, as estimated.
inline constexpr std::int64_t LongPromptTokens = 4'000;

struct Task
{
    QList<TaskReason> reasons; //!< In the order of TaskReason; empty: simple.
    std::int64_t tokens = 0;   //!< Of the whole prompt, estimated without a tokenizer.
    bool operator==(const Task &) const = default;
};

[[nodiscard]] Task taskOf(const ChatRequest &request);

//! A code block, or two lines or more that can hardly be prose.
[[nodiscard]] bool hasCode(QStringView text);
//! Formulas in TeX or plain, or words that only mathematics uses.
[[nodiscard]] bool hasMaths(QStringView text);
//! Words that ask for steps, reasons, a comparison or a plan. English, German, French, Spanish,
//! Italian, Portuguese, Dutch, Polish, Russian, Chinese, Japanese.
[[nodiscard]] bool asksForReasoning(QStringView text);

} // namespace core
