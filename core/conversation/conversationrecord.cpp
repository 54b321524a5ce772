// The part of a conversation that is about its record: title, marks, draft, model, options.
#include "core/conversation/conversation.h"
#include "core/conversation/turnroute.h"

namespace core {

namespace {

using namespace std::chrono_literals;

constexpr auto SaveDelay = 500ms;

} // namespace

void Conversation::save()
{
    m_saveAlarm.clear();
    m_touched = true;
    write();
}

QString Conversation::draftWithTurn() const
{
    if (m_turn.kind != RefusedTurn::Kind::Send)
        return m_record.draft;
    return m_record.draft.isEmpty() ? m_turn.text
                                    : m_turn.text + QStringLiteral("\n\n") + m_record.draft;
}

//! Until the turn that is asked is on disk, its words are still the draft there, and the path ends
//! where it did: whatever ends the program then loses nothing. The Journal clears and moves them
//! with the question's own row.
ConversationRecord Conversation::storable() const
{
    ConversationRecord record = m_record;
    if (!m_reply || m_reply->isRecorded())
        return record;
    record.activeLeaf = m_leafBefore;
    record.draft = draftWithTurn();
    return record;
}

void Conversation::saveNow()
{
    if (m_saveAlarm.isSet())
        save();
}

void Conversation::saveSoon()
{
    m_touched = true;
    if (!m_saveAlarm.isSet())
        m_saveAlarm.set(SaveDelay, [this] { save(); });
}

void Conversation::setTitle(const QString &title)
{
    const QString line = title.simplified();
    if (line.isEmpty() || line == m_record.title)
        return;
    m_record.title = line;
    m_record.titleIsOwn = true;
    save();
    Q_EMIT recordChanged();
}

void Conversation::setPinned(bool pinned)
{
    if (std::exchange(m_record.pinned, pinned) == pinned)
        return;
    save();
    Q_EMIT recordChanged();
}

void Conversation::setArchived(bool archived)
{
    if (std::exchange(m_record.archived, archived) == archived)
        return;
    save();
    Q_EMIT recordChanged();
}

void Conversation::setDeleted(bool deleted)
{
    if (std::exchange(m_record.deleted, deleted) == deleted)
        return;
    save();
    Q_EMIT recordChanged();
}

void Conversation::setWorkspace(std::int64_t id)
{
    if (std::exchange(m_record.workspaceId, id) == id)
        return;
    if (m_touched)
        save();
    Q_EMIT recordChanged();
}

void Conversation::setDraft(const QString &draft)
{
    if (m_record.draft == draft)
        return;
    m_record.draft = draft;
    saveSoon();
}

void Conversation::saveDraft(const QString &draft)
{
    if (m_record.draft == draft && !m_saveAlarm.isSet())
        return;
    m_record.draft = draft;
    save();
}

void Conversation::store()
{
    if (!m_touched)
        save();
}

void Conversation::setScrollAnchor(const QString &anchor)
{
    if (m_record.scrollAnchor == anchor)
        return;
    m_record.scrollAnchor = anchor;
    if (m_touched)
        saveSoon();
}

void Conversation::setTarget(const Target &target)
{
    if (m_record.target == target && m_record.routeId == 0)
        return;
    m_record.target = target;
    m_record.routeId = 0;
    m_record.stays = false;
    noteRoute();
}

void Conversation::setRoute(const Route &route)
{
    if (route.targets.isEmpty())
        return;
    if (route.id == 0)
        return setTarget(route.targets.constFirst());
    m_record.routeId = route.id;
    m_record.target = route.targets.constFirst();
    m_record.stays = false;
    noteRoute();
}

void Conversation::stayOn(const Target &target)
{
    if (!m_route)
        return setTarget(target);
    if (!m_route->targets.contains(target))
        return;
    m_record.target = target;
    m_record.stays = m_route->kind == RouteKind::ByTask || target != m_route->targets.constFirst();
    noteRoute();
}

void Conversation::stopStaying()
{
    if (const std::optional<Route> route = m_route)
        setRoute(*route);
}

void Conversation::setRoutes(const QList<Route> &routes)
{
    const std::optional<Route> before = m_route;
    m_routes = routes;
    m_route = routeOf(m_record, m_routes);
    if (followRoute(m_record, m_routes) || before != m_route)
        noteRoute();
}

void Conversation::noteRoute()
{
    m_route = routeOf(m_record, m_routes);
    if (m_touched)
        saveSoon();
    Q_EMIT recordChanged();
}

void Conversation::setOptions(const ChatOptions &options)
{
    if (m_record.options == options)
        return;
    m_record.options = options;
    saveSoon();
    Q_EMIT recordChanged();
}

void Conversation::setContextStart(const ContextStart &start)
{
    if (std::exchange(m_record.contextStart, start) == start)
        return;
    saveSoon();
    Q_EMIT recordChanged();
    Q_EMIT pathChanged(); // where it begins is shown
}

} // namespace core
