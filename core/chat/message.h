#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

#include <variant>

namespace core {

enum class Role { System, User, Assistant, Tool };

struct TextPart
{
    QString text;
    bool operator==(const TextPart &) const = default;
};

//! What a model thought aloud. Goes back only to the service that made it, unchanged.
struct ReasoningPart
{
    QString text;
    QByteArray signature; //!< Opaque proof of origin (Anthropic); must come back byte for byte.
    QByteArray redacted;  //!< Opaque encrypted reasoning; then text is empty.
    QString provider;     //!< Provider id that made it.
    bool operator==(const ReasoningPart &) const = default;
};

//! An image or document that the user attached.
struct AttachmentPart
{
    QString name;     //!< A label only, never a path.
    QString mimeType; //!< As told by the content, not by the name.
    QByteArray data;
    bool operator==(const AttachmentPart &) const = default;
};

struct ToolCallPart
{
    QString id;
    QString name;
    QByteArray arguments; //!< JSON object as sent; incomplete if the answer is.
    bool operator==(const ToolCallPart &) const = default;
};

struct ToolResultPart
{
    QString callId;
    QString content;
    bool isError = false;
    bool operator==(const ToolResultPart &) const = default;
};

using ContentPart =
    std::variant<TextPart, ReasoningPart, AttachmentPart, ToolCallPart, ToolResultPart>;

//! One turn as a provider sees it.
struct Message
{
    Role role = Role::User;
    QList<ContentPart> parts;
    bool operator==(const Message &) const = default;
};

//! The text parts of \p parts, joined in order.
[[nodiscard]] QString textOf(const QList<ContentPart> &parts);
//! The reasoning text of \p parts, joined in order.
[[nodiscard]] QString reasoningOf(const QList<ContentPart> &parts);

} // namespace core
