#include "core/chat/message.h"

namespace core {

QString textOf(const QList<ContentPart> &parts)
{
    QString text;
    for (const ContentPart &part : parts) {
        if (const auto *piece = std::get_if<TextPart>(&part))
            text += piece->text;
    }
    return text;
}

QString reasoningOf(const QList<ContentPart> &parts)
{
    QString text;
    for (const ContentPart &part : parts) {
        if (const auto *piece = std::get_if<ReasoningPart>(&part))
            text += piece->text;
    }
    return text;
}

} // namespace core
