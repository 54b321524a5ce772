#include "core/providers/textevents.h"

namespace core {

TextDelta *EventsInMaking::lastText()
{
    return m_events.isEmpty() ? nullptr : std::get_if<TextDelta>(&m_events.last());
}

void EventsInMaking::addText(const QString &text)
{
    endRun();
    if (text.isEmpty())
        return;
    if (TextDelta *last = lastText())
        last->text += text;
    else
        m_events.append(TextDelta{text});
}

void EventsInMaking::addRun()
{
    if (TextDelta *last = lastText()) {
        m_run.moveTo(last->text);
    } else {
        m_run.moveTo(m_spare);
        m_events.emplaceBack(TextDelta{std::exchange(m_spare, QString())});
    }
}

void EventsInMaking::addReasoning(const QString &text)
{
    if (text.isEmpty())
        return;
    endRun();
    auto *last = m_events.isEmpty() ? nullptr : std::get_if<ReasoningDelta>(&m_events.last());
    if (last && last->signature.isEmpty() && last->redacted.isEmpty())
        last->text += text;
    else
        m_events.append(ReasoningDelta{text, {}, {}});
}

void EventsInMaking::clear()
{
    m_run.clear();
    m_events.clear();
}

void EventsInMaking::reuse(StreamEvents events)
{
    constexpr qsizetype MostKept = 64 * 1024; // of characters: more is not needed at once again
    // Whoever kept a copy keeps the memory, too.
    if (!m_events.isEmpty() || events.isEmpty() || !events.isDetached())
        return;
    auto *text = std::get_if<TextDelta>(&events.last());
    if (text && text->text.isDetached() && text->text.capacity() <= MostKept) {
        m_spare = std::move(text->text);
        m_spare.resize(0);
    }
    m_events = std::move(events);
    m_events.clear();
}

} // namespace core
