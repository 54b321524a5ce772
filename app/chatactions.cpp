#include "app/chatactions.h"

#include "core/base/errortext.h"
#include "core/base/whenready.h"
#include "ui/widgets/plaintext.h"

namespace app {

namespace {

//! A chat and a comparison are told the same in the same words.
template <typename Act>
void actOn(ChatActions &actions, const ui::SidebarKey &key, Act act)
{
    if (key.comparison)
        actions.withComparison(key.id, act);
    else
        actions.withConversation(key.id, act);
}

void stopIn(core::Conversation &conversation)
{
    conversation.stop();
}

void stopIn(core::Comparison &comparison)
{
    comparison.stopAll();
}

std::int64_t workspaceOf(const core::Conversation &conversation)
{
    return conversation.record().workspaceId;
}

std::int64_t workspaceOf(const core::Comparison &comparison)
{
    return comparison.workspaceId();
}

} // namespace

ChatActions::ChatActions(Engine &engine, ui::MainWindow &window)
    : QObject(&window)
    , m_engine(engine)
    , m_window(window)
{
    connect(&window, &ui::MainWindow::undoExpired, this, &ChatActions::eraseDeleted);
}

template <typename Opened>
void ChatActions::with(const ui::SidebarKey &key, const QFuture<core::Result<Opened *>> &opening,
                       std::function<void(Opened &)> act)
{
    ++m_waiting[key];
    core::whenReady(this, opening,
                    [this, key, act = std::move(act)](const core::Result<Opened *> &opened) {
                        if (--m_waiting[key] == 0)
                            m_waiting.remove(key);
                        if (opened)
                            act(**opened);
                        else
                            m_window.showBanner(ui::Tone::Error, core::userText(opened.error()));
                        if (opened && !m_waiting.contains(key)) // else the next one has it first
                            Q_EMIT done(key);
                    });
}

void ChatActions::withConversation(std::int64_t id, std::function<void(core::Conversation &)> act)
{
    with({id, false}, m_engine.conversations().open(id), std::move(act));
}

void ChatActions::withComparison(std::int64_t id, std::function<void(core::Comparison &)> act)
{
    with({id, true}, m_engine.comparisons().open(id), std::move(act));
}

void ChatActions::rename(const ui::SidebarKey &key, const QString &title)
{
    actOn(*this, key, [title](auto &chat) { chat.setTitle(title); });
}

void ChatActions::pin(const ui::SidebarKey &key, bool pinned)
{
    actOn(*this, key, [pinned](auto &chat) { chat.setPinned(pinned); });
}

QString ChatActions::whatWas(const QList<ui::SidebarKey> &keys, const QString &one,
                             const QString &several) const
{
    if (keys.size() > 1)
        return several.arg(keys.size());
    const ui::SidebarModel &rows = m_window.sidebar().model();
    const core::SidebarEntry *entry = rows.entry(rows.indexOf(keys.first()));
    const QString title = entry ? entry->title : QString();
    return one.arg(title.isEmpty() ? tr("The chat") : QStringLiteral("\"%1\"").arg(title));
}

void ChatActions::archive(const QList<ui::SidebarKey> &keys)
{
    if (keys.isEmpty())
        return;
    const QString told = whatWas(keys, tr("%1 was archived. Search finds it."),
                                 tr("%1 chats were archived. Search finds them."));
    for (const ui::SidebarKey &key : keys)
        setArchived(key, true);
    m_window.offerUndo(told, [this, keys] {
        for (const ui::SidebarKey &key : keys)
            setArchived(key, false);
    });
}

void ChatActions::move(const QList<ui::SidebarKey> &keys, std::int64_t workspaceId)
{
    const auto workspace = m_engine.workspaces().find(workspaceId);
    if (keys.isEmpty() || !workspace)
        return;
    const QString name = ui::isolatedName(workspace->name);
    const QString told =
        keys.size() > 1
            ? tr("%1 chats were moved to %2.").arg(QString::number(keys.size()), name)
            : tr("%1 was moved to %2.").arg(whatWas(keys, QStringLiteral("%1"), {}), name);
    const auto former = std::make_shared<QHash<ui::SidebarKey, std::int64_t>>();
    for (const ui::SidebarKey &key : keys)
        setWorkspace(key, workspaceId, former);
    m_window.offerUndo(told, [this, former] {
        for (auto place = former->cbegin(); place != former->cend(); ++place)
            setWorkspace(place.key(), place.value(), {});
    });
}

void ChatActions::setWorkspace(const ui::SidebarKey &key, std::int64_t workspaceId,
                               const Places &former)
{
    actOn(*this, key, [key, workspaceId, former](auto &chat) {
        if (former)
            former->insert(key, workspaceOf(chat));
        chat.setWorkspace(workspaceId);
    });
}

void ChatActions::remove(const QList<ui::SidebarKey> &keys)
{
    if (keys.isEmpty())
        return;
    const QString told = whatWas(keys, tr("%1 was deleted."), tr("%1 chats were deleted."));
    for (const ui::SidebarKey &key : keys)
        setDeleted(key, true);
    m_engine.answerCache().clear(); // its answers are tied to no chat
    m_window.offerUndo(told, [this, keys] {
        for (const ui::SidebarKey &key : keys)
            setDeleted(key, false);
    });
}

void ChatActions::setArchived(const ui::SidebarKey &key, bool archived)
{
    actOn(*this, key, [archived](auto &chat) { chat.setArchived(archived); });
}

void ChatActions::setDeleted(const ui::SidebarKey &key, bool deleted)
{
    actOn(*this, key, [this, key, deleted](auto &chat) {
        if (deleted)
            stopIn(chat);
        chat.setDeleted(deleted);
        if (deleted)
            Q_EMIT gone(key);
        else
            Q_EMIT restored(key);
    });
}

void ChatActions::eraseDeleted()
{
    m_engine.comparisons().forgetRemoved();
    core::whenReady(this, m_engine.store().conversations().eraseDeleted(),
                    [this](const core::Result<core::Done> &erased) {
                        if (!erased)
                            m_window.showBanner(ui::Tone::Error, core::userText(erased.error()));
                    });
}

} // namespace app
