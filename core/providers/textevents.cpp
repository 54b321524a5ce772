#include "core/providers/textevents.h"

namespace core {

void appendText(StreamEvents &events, const QString &text)
{
    if (text.isEmpty())
        return;
    if (auto *last = events.isEmpty() ? nullptr : std::get_if<TextDelta>(&events.last()))
        last->text += text;
    else
        events.append(TextDelta{text});
}

void appendText(StreamEvents &events, const JsonText &text)
{
    if (text.isEmpty())
        return;
    if (auto *last = events.isEmpty() ? nullptr : std::get_if<TextDelta>(&events.last()))
        text.appendTo(last->text);
    else
        events.emplaceBack(TextDelta{text.toString()});
}

void appendReasoning(StreamEvents &events, const QString &text)
{
    if (text.isEmpty())
        return;
    auto *last = events.isEmpty() ? nullptr : std::get_if<ReasoningDelta>(&events.last());
    if (last && last->signature.isEmpty() && last->redacted.isEmpty())
        last->text += text;
    else
        events.append(ReasoningDelta{text, {}, {}});
}

} // namespace core
