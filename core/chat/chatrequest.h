#pragma once

#include "core/base/picousd.h"
#include "core/chat/message.h"

#include <cstdint>
#include <optional>

namespace core {

//! What the user may set for an answer. Unset means: the provider's default, and the member is not
//! sent.
struct ChatOptions
{
    QString system; //!< System prompt; empty: none.
    std::optional<int> maxOutputTokens;
    std::optional<double> temperature;
    std::optional<double> topP;
    QStringList stop;
    QString reasoningEffort; //!< none, minimal, low, medium, high, xhigh, max; empty: default.
    QByteArray jsonSchema;   //!< Structured output; empty: free text.
    std::optional<PicoUsd> messageCap; //!< The most that a message may cost; never sent.
    bool reuseAnswers = false; //!< What was answered before need not be asked again; never sent.
    bool operator==(const ChatOptions &) const = default;
};

struct ToolDefinition
{
    QString name;
    QString description;
    QByteArray parameters; //!< JSON schema.
    bool operator==(const ToolDefinition &) const = default;
};

//! What is asked, free of any provider: messages oldest first, ending with the user's or a tool's
//! turn.
struct ChatRequest
{
    QList<Message> messages;
    ChatOptions options;
    QList<ToolDefinition> tools;
    //! The service is asked to keep the prompt for the next turn, where it has marks for that.
    bool markForCache = false;
    QString toolChoice; //!< auto, none, required or a tool's name; empty: the provider's default.
    bool operator==(const ChatRequest &) const = default;
};

} // namespace core
