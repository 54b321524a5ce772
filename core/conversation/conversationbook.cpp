#include "core/conversation/conversationbook.h"

#include "core/base/continued.h"

namespace core {

ConversationBook::ConversationBook(const Conversation::Parts &parts, QObject *parent)
    : QObject(parent)
    , m_parts(parts)
{
}

ConversationBook::~ConversationBook() = default;

Conversation *ConversationBook::adopt(LoadedConversation loaded, Conversation::Stored stored)
{
    auto *conversation = new Conversation(m_parts, std::move(loaded), stored, this);
    const std::int64_t id = conversation->id();
    m_open.insert(id, conversation);
    conversation->setRoutes(m_routes);
    if (conversation->record().kind == ConversationKind::Chat)
        conversation->setFallbacks(m_fallbacks);
    connect(conversation, &Conversation::recordChanged, this, [this, id] { Q_EMIT changed(id); });
    connect(conversation, &Conversation::messageChanged, this, [this, id] { Q_EMIT changed(id); });
    connect(conversation, &Conversation::runningChanged, this, [this, id, conversation] {
        Q_EMIT changed(id);
        Q_EMIT runningChanged();
        closeIfIdle(conversation);
    });
    for (const auto mayGo : {&Conversation::filesRead, &Conversation::saved})
        connect(conversation, mayGo, this, [this, conversation] { closeIfIdle(conversation); });
    return conversation;
}

LoadedConversation ConversationBook::fresh(ConversationKind kind, const Target &target,
                                           std::int64_t workspaceId) const
{
    LoadedConversation fresh;
    fresh.record.id = m_parts.ids.next();
    fresh.record.workspaceId = workspaceId == 0 ? m_parts.workspaceId : workspaceId;
    fresh.record.kind = kind;
    fresh.record.target = target;
    fresh.record.options = m_options.value(fresh.record.workspaceId);
    fresh.record.createdAt = fresh.record.updatedAt = m_parts.clock.utcNow();
    return fresh;
}

Conversation *ConversationBook::create(ConversationKind kind, const Target &target)
{
    return adopt(fresh(kind, target, 0), Conversation::Stored::No);
}

Conversation *ConversationBook::createLane(std::int64_t comparisonId, int lane,
                                           const Target &target, std::int64_t workspaceId)
{
    LoadedConversation made = fresh(ConversationKind::Lane, target, workspaceId);
    made.record.comparisonId = comparisonId;
    made.record.lane = lane;
    return adopt(std::move(made), Conversation::Stored::No);
}

void ConversationBook::setBeginning(std::int64_t workspaceId,
                                    const QHash<std::int64_t, ChatOptions> &options)
{
    m_parts.workspaceId = workspaceId;
    m_options = options;
}

void ConversationBook::moveAll(std::int64_t from, std::int64_t to)
{
    const QList<Conversation *> open = m_open.values(); // whoever is told may open another one
    for (Conversation *conversation : open) {
        if (conversation->record().workspaceId == from)
            conversation->setWorkspace(to);
    }
}

QFuture<Result<Conversation *>> ConversationBook::open(std::int64_t id)
{
    m_closing.remove(id);
    if (Conversation *known = find(id))
        return QtFuture::makeReadyFuture(Result<Conversation *>(known));
    return continued(
        this, m_parts.repository.load(id),
        [this, id](const Result<LoadedConversation> &loaded) -> Result<Conversation *> {
            if (Conversation *known = find(id)) // opened twice at once
                return known;
            if (!loaded)
                return loaded.error();
            return adopt(*loaded, Conversation::Stored::Yes);
        });
}

void ConversationBook::setRoutes(const QList<Route> &routes, const QList<Target> &fallbacks)
{
    m_routes = routes;
    m_fallbacks = fallbacks;
    for (Conversation *conversation : std::as_const(m_open)) {
        conversation->setRoutes(routes);
        if (conversation->record().kind == ConversationKind::Chat)
            conversation->setFallbacks(fallbacks);
    }
}

Conversation *ConversationBook::find(std::int64_t id) const
{
    return m_open.value(id, nullptr);
}

void ConversationBook::close(std::int64_t id)
{
    Conversation *conversation = find(id);
    if (!conversation)
        return;
    m_closing.insert(id);
    closeIfIdle(conversation);
}

void ConversationBook::closeIfIdle(Conversation *conversation)
{
    if (!m_closing.contains(conversation->id()) || conversation->isRunning() ||
        conversation->isReadingFiles())
        return;
    // Who opens it meanwhile would read what the disk had before.
    conversation->saveNow();
    if (conversation->isSaved())
        discard(conversation);
}

void ConversationBook::discard(Conversation *conversation)
{
    m_open.remove(conversation->id());
    m_closing.remove(conversation->id());
    conversation->deleteLater();
}

QList<Conversation *> ConversationBook::running() const
{
    QList<Conversation *> conversations;
    for (Conversation *conversation : m_open) {
        if (conversation->isRunning())
            conversations.append(conversation);
    }
    return conversations;
}

void ConversationBook::stopAll()
{
    const QList<Conversation *> conversations = running();
    for (Conversation *conversation : conversations)
        conversation->stop();
}

} // namespace core
