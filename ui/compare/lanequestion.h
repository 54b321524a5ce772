#pragma once

#include "core/conversation/comparison.h"
#include "core/conversation/turnroom.h"
#include "ui/conversation/conversationfeed.h"

#include <QPointer>

namespace ui {

class NoticeBar;

//! Asks, in a lane, what to do about a question that its model has no room for, or that a budget
//! refused: the lane was not asked it, and the others go on. Reads the comparison and changes
//! nothing in it. UI thread; the bar must outlive it.
class LaneQuestion final : public QObject
{
    Q_OBJECT
public:
    LaneQuestion(NoticeBar &bar, ConversationFeed::Names names, QObject *parent = nullptr);

    //! Shows what lane \p lane of \p comparison was not asked; nothing, if there is none.
    void show(const core::Comparison *comparison, int lane);

Q_SIGNALS:
    void omissionChosen(const core::Omission &omission); //!< To be sent without these.
    void askRequested();                                 //!< What it was not asked until now.
    void askAnywayRequested();                           //!< Room or not.
    void modelRequested();
    void leaveOutRequested(); //!< This lane, of this round.

private:
    enum class Way { LeaveOldestOut, Ask, OtherModel, AskAnyway, LeaveLaneOut };
    //! What was asked about: whoever looks again sees the same, with the focus where it was.
    struct Subject
    {
        core::HeldTurn turn;
        core::Target target; //!< Of the lane, by now.
        core::ContextStart contextStart;
        bool operator==(const Subject &) const = default;
    };
    void answer(int action);

    NoticeBar &m_bar;
    ConversationFeed::Names m_names;
    std::optional<Subject> m_subject;
    std::optional<core::Omission> m_omission;
    QList<Way> m_ways; //!< As shown.
};

} // namespace ui
