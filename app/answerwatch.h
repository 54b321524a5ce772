#pragma once

#include "app/engine.h"
#include "core/client/modeldirectory.h"
#include "ui/shell/sidebarmodel.h"

#include <QHash>
#include <QObject>
#include <QSet>

#include <functional>
#include <utility>

namespace app {

class Notifier;

//! Tells the desktop when an answer ends, fails or waits for a word of the reader while nobody
//! looks: one notification a chat, one a comparison's round; and when a service may be asked again,
//! to whom wanted to know. Says who answered and what went wrong, never a word of the answer. Main
//! thread.
class AnswerWatch final : public QObject
{
    Q_OBJECT
public:
    //! \p isUnseen: whether the window is in the background just now.
    AnswerWatch(Engine &engine, const core::ModelDirectory &models, Notifier &notifier,
                std::function<bool()> isUnseen, QObject *parent = nullptr);

    void seen(const ui::SidebarKey &key); //!< The reader looks at it: what was told goes.
    //! Tells at \p at that the service of the failed answer \p answerId may be asked again, unless
    //! the chat, or the lane, has gone on by then. Told once, however often it is asked for;
    //! forgotten when the program ends.
    void remind(std::int64_t conversationId, std::int64_t answerId, core::UtcTime at);

Q_SIGNALS:
    void openRequested(const ui::SidebarKey &key); //!< A notification was clicked.

private:
    void conversationChanged(std::int64_t id);
    void tell(const core::Conversation &conversation);
    void tellQuestion(const core::Conversation &conversation);
    [[nodiscard]] QString sentenceOf(const core::Conversation &conversation) const;
    void lookAtReminders();
    [[nodiscard]] bool roundGoesOn(std::int64_t comparisonId) const;

    Engine &m_engine;
    const core::ModelDirectory &m_models;
    Notifier &m_notifier;
    std::function<bool()> m_isUnseen;
    QSet<std::int64_t> m_running; //!< Conversations.
    //! What each of them was last seen to ask: request and question. One that goes on by itself has
    //! several requests, which count their questions anew.
    QHash<std::int64_t, std::pair<std::int64_t, int>> m_questions;
    struct Reminder
    {
        std::int64_t conversationId = 0, answerId = 0;
        ui::SidebarKey key; //!< What a click opens: the chat, or the lane's comparison.
        core::UtcTime at{};
        QString title, sentence;
    };
    QList<Reminder> m_reminders;
    core::Alarm m_reminderAlarm;
};

} // namespace app
