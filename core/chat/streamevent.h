#pragma once

#include "core/chat/usage.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <variant>

namespace core {

//! Why an answer ended, in every provider's terms at once. Unknown words are Other.
enum class FinishReason { Stop, Length, ToolCalls, ContentFilter, Refusal, Other };

[[nodiscard]] QString finishReasonName(FinishReason reason); //!< "stop", "tool_calls", ...
[[nodiscard]] std::optional<FinishReason> finishReasonOf(const QString &name);

//! The service has begun. At most one an attempt.
struct ReplyStarted
{
    QString model;        //!< As the response says; may be empty.
    QString requestId;    //!< From the response's headers, else its body.
    QStringList warnings; //!< Settings that this service lacks and that were left out.
    bool operator==(const ReplyStarted &) const = default;
};

struct TextDelta
{
    QString text; //!< Never empty; whole code points.
    bool operator==(const TextDelta &) const = default;
};

//! A piece of visible reasoning, or the opaque data that closes a block of it.
struct ReasoningDelta
{
    QString text;
    QByteArray signature;
    QByteArray redacted;
    bool operator==(const ReasoningDelta &) const = default;
};

//! A piece of a tool call. The first one of an index has id and name; arguments are concatenated.
struct ToolCallDelta
{
    int index = 0;
    QString id;
    QString name;
    QByteArray arguments;
    bool operator==(const ToolCallDelta &) const = default;
};

//! Counts so far: each report replaces the one before.
struct UsageReport
{
    Usage usage;
    bool operator==(const UsageReport &) const = default;
};

//! The protocol's terminal event was seen: the answer is whole. Exactly one, last, and only on
//! success.
struct Finish
{
    FinishReason reason = FinishReason::Other;
    QString raw; //!< The provider's own word; empty where it has none.
    bool operator==(const Finish &) const = default;
};

using StreamEvent =
    std::variant<ReplyStarted, TextDelta, ReasoningDelta, ToolCallDelta, UsageReport, Finish>;
using StreamEvents = QList<StreamEvent>;

} // namespace core
