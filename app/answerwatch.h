#pragma once

#include "app/engine.h"
#include "core/client/modeldirectory.h"
#include "ui/shell/sidebarmodel.h"

#include <QObject>
#include <QSet>

#include <functional>

namespace app {

class Notifier;

//! Tells the desktop when an answer ends or fails while nobody looks: one notification a chat, one
//! a comparison's round. Says who answered and what went wrong, never a word of the answer. Main
//! thread.
class AnswerWatch final : public QObject
{
    Q_OBJECT
public:
    //! \p isUnseen: whether the window is in the background just now.
    AnswerWatch(Engine &engine, const core::ModelDirectory &models, Notifier &notifier,
                std::function<bool()> isUnseen, QObject *parent = nullptr);

    void seen(const ui::SidebarKey &key); //!< The reader looks at it: what was told goes.

Q_SIGNALS:
    void openRequested(const ui::SidebarKey &key); //!< A notification was clicked.

private:
    void conversationChanged(std::int64_t id);
    void tell(const core::Conversation &conversation);
    [[nodiscard]] QString sentenceOf(const core::Conversation &conversation) const;
    [[nodiscard]] bool roundGoesOn(std::int64_t comparisonId) const;

    Engine &m_engine;
    const core::ModelDirectory &m_models;
    Notifier &m_notifier;
    std::function<bool()> m_isUnseen;
    QSet<std::int64_t> m_running; //!< Conversations.
};

} // namespace app
