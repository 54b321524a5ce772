#pragma once

#include "app/engine.h"
#include "ui/shell/mainwindow.h"

#include <QHash>
#include <QObject>

#include <functional>
#include <memory>

namespace app {

//! What is done with chats and comparisons as wholes: rename, pin, archive, move, delete, with Undo
//! where something may go out of sight. Opens what is not open. Main thread.
class ChatActions final : public QObject
{
    Q_OBJECT
public:
    ChatActions(Engine &engine, ui::MainWindow &window);

    //! Opens and hands over; what cannot be opened is told in the window's banner.
    void withConversation(std::int64_t id, std::function<void(core::Conversation &)> act);
    void withComparison(std::int64_t id, std::function<void(core::Comparison &)> act);

    void rename(const ui::SidebarKey &key, const QString &title);
    void pin(const ui::SidebarKey &key, bool pinned);
    void archive(const QList<ui::SidebarKey> &keys);
    void move(const QList<ui::SidebarKey> &keys, std::int64_t workspaceId);
    void remove(const QList<ui::SidebarKey> &keys); //!< Stops what runs in them.
    void eraseDeleted();                            //!< For good: when no Undo is offered any more.

Q_SIGNALS:
    void gone(const ui::SidebarKey &key);     //!< It was deleted: do not show it any longer.
    void restored(const ui::SidebarKey &key); //!< Its deletion was undone.
    //! Nobody waits for it any more: it may be closed, unless it is shown.
    void done(const ui::SidebarKey &key);

private:
    template <typename Opened>
    void with(const ui::SidebarKey &key, const QFuture<core::Result<Opened *>> &opening,
              std::function<void(Opened &)> act);
    void setArchived(const ui::SidebarKey &key, bool archived);
    using Places = std::shared_ptr<QHash<ui::SidebarKey, std::int64_t>>;
    //! \p former, if any, learns where it was.
    void setWorkspace(const ui::SidebarKey &key, std::int64_t workspaceId, const Places &former);
    void setDeleted(const ui::SidebarKey &key, bool deleted);
    [[nodiscard]] QString whatWas(const QList<ui::SidebarKey> &keys, const QString &one,
                                  const QString &several) const;

    Engine &m_engine;
    ui::MainWindow &m_window;
    QHash<ui::SidebarKey, int> m_waiting; //!< How many wait for each.
};

} // namespace app
