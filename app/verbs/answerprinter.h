#pragma once

#include "app/replyjson.h"

#include <QObject>

namespace app {

//! What each target said in the end, in the order in which they were first asked.
[[nodiscard]] QList<core::AttemptRecord>
lastOfEachTarget(const QList<core::AttemptRecord> &attempts);

//! Prints the answer of `ask` as it comes: plain text and a line of figures on standard error, or
//! one JSON object a line. Stops the reply when nobody reads it any more.
class AnswerPrinter final : public QObject
{
public:
    //! \p reply must outlive it, and have said nothing yet.
    AnswerPrinter(core::ChatReply &reply, bool json);

    [[nodiscard]] bool textShown() const { return !m_lines.text().isEmpty(); }
    void finish(); //!< The reply has finished: prints how.

private:
    void show(const core::StreamEvents &events);
    void flush();
    //! All attempts together: a failed one may have cost something too.
    [[nodiscard]] core::CostBreakdown wholeCost() const;
    //! Whose end is told: a target may have been chosen behind it and never asked.
    [[nodiscard]] core::Target whom() const;
    [[nodiscard]] FinishedLine finishedLine() const;
    [[nodiscard]] QString summary() const;

    core::ChatReply &m_reply;
    bool m_json;
    int m_started = 0; //!< Number of the attempt that was last announced.
    EventLines m_lines;
};

} // namespace app
