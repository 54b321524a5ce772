#pragma once

#include "core/chat/streamevent.h"
#include "core/providers/eventtemplate.h"

#include <cstddef>
#include <vector>

namespace core {

//! The events of one call of a decoder, in the making. What was said goes into the last event if
//! that is of the same kind; nothing is said by an empty text. Text of repeated events is gathered
//! as bytes and made a string once, since most of them are a word.
class EventsInMaking
{
public:
    void addText(const QString &text);
    void addText(const JsonText &text)
    {
        if (!text.appendTo(m_run))
            addText(text.toString());
    }
    void addReasoning(const QString &text);
    void add(StreamEvent event)
    {
        endRun();
        m_events.append(std::move(event));
    }

    [[nodiscard]] StreamEvents take()
    {
        endRun();
        return std::exchange(m_events, {});
    }
    void clear();
    //! Takes back what take() gave, for its memory.
    void reuse(StreamEvents events);

private:
    void endRun()
    {
        if (!m_run.isEmpty())
            addRun();
    }
    void addRun();
    [[nodiscard]] TextDelta *lastText();

    StreamEvents m_events;
    Utf8Run m_run;   //!< Said behind m_events.
    QString m_spare; //!< Memory for the next text.
};

} // namespace core
