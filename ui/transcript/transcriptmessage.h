#pragma once

#include <QColor>
#include <QList>
#include <QString>

#include <optional>

namespace ui {

enum class MessageRole { User, Assistant };
enum class MessageState { Streaming, Complete, Incomplete, Failed };
enum class FooterTone { Plain, Strong, Good, Warning, Error };

//! When a footer gets narrow its segments go in this order; those that are Kept never go.
enum class DropOrder { TokenRate, FirstToken, Tokens, Kept };

//! One figure under an answer ("356 out", "$0.0114"). Good, Warning and Error stand in a soft pill.
struct FooterSegment
{
    QString text;
    DropOrder drop = DropOrder::Kept;
    FooterTone tone = FooterTone::Plain;
    QString action = {}; //!< Not empty: it can be pressed, see TranscriptView::actionTriggered().
    bool operator==(const FooterSegment &) const = default;
};

//! Something the reader can press. The id comes back in TranscriptView::actionTriggered().
struct MessageAction
{
    QString id;
    QString text;
    bool operator==(const MessageAction &) const = default;
};

//! The line above an answer: who answers. An invalid colour draws no dot.
struct MessageHeader
{
    QString text;
    QColor dot;
    bool operator==(const MessageHeader &) const = default;
};

//! What went wrong, in one sentence; the detail is folded and drawn as it is (redact before).
struct ErrorCard
{
    QString sentence;
    QString detail;
    QList<MessageAction> actions;
    bool operator==(const ErrorCard &) const = default;
};

//! "‹ 2/3 ›": counted from 1. Drawn from two versions on.
struct VersionPosition
{
    int index = 1;
    int count = 1;
    bool operator==(const VersionPosition &) const = default;
};

//! Where another went on: a thin line above the block that holds the first of its text.
struct TextSeam
{
    qsizetype at = 0; //!< In the message's text.
    QString text;     //!< "continued by GPT-5"; copying leaves it out.
    bool operator==(const TextSeam &) const = default;
};

//! One message as the transcript shows it: a value, no link to the chat it came from. All strings
//! are plain text but `text` and `reasoning`, which are Markdown (a user's text is shown as typed,
//! fenced code apart).
struct TranscriptMessage
{
    QString id; //!< Unique within the view. Never shown.
    MessageRole role = MessageRole::Assistant;
    MessageState state = MessageState::Complete;
    QString text;
    QString reasoning;
    QString reasoningLabel; //!< "Reasoned for 4 s, 812 tokens"; empty = "Reasoning".
    QStringList files;      //!< User's: what went along, "chart.png, 214 KB". Drawn above the text.
    MessageHeader header;
    QList<FooterSegment> footer;
    QList<MessageAction> actions; //!< At the right of the footer: Copy, Retry, Branch, Compare.
    std::optional<ErrorCard> error;
    VersionPosition version;
    QList<TextSeam> seams; //!< In the order of the text.
    //! "what stands above is no longer sent": a thin line above the message; copying leaves it out.
    QString seam;
    bool simulated = false; //!< Practice: a mark stands beside the header.
    bool operator==(const TranscriptMessage &) const = default;
};

} // namespace ui
