// The part of the window's controller that is about which model a chat asks, the practice ones too.
#include "app/chosenroutes.h"
#include "app/firstrun.h"
#include "app/modelchooser.h"
#include "app/targetspec.h"
#include "app/windowcontroller.h"
#include "app/windowworkspaces.h"
#include "core/base/errortext.h"
#include "core/practice/practiceprovider.h"
#include "ui/chat/chatscreen.h"
#include "ui/compare/comparescreen.h"

#include <algorithm>

namespace app {

namespace keys = core::settings;

core::Route WindowController::routeOf(const core::Conversation *conversation)
{
    if (!conversation)
        return {};
    return conversation->route().value_or(core::Route{0, {}, {conversation->record().target}});
}

core::Conversation *WindowController::freshChat()
{
    core::Conversation *fresh =
        m_engine.conversations().create(core::ConversationKind::Chat, m_engine.defaultTarget());
    if (const auto route = defaultRoute(m_engine))
        fresh->setRoute(*route);
    m_begun = fresh->record();
    m_begunIn = m_engine.workspaces().inForce(m_begun.workspaceId);
    return fresh;
}

bool WindowController::isUntouched(const core::Conversation &chat) const
{
    const core::ConversationRecord &now = chat.record();
    return now.id == m_begun.id && chat.isEmpty() && now.target == m_begun.target &&
           now.routeId == m_begun.routeId && now.options == m_begun.options &&
           now.draft.isEmpty() && !m_chat->nextRequest();
}

void WindowController::newChat()
{
    ++m_asked;
    m_firstRun->setWanted(false);
    // An empty chat that is open already is the new one.
    const core::Conversation *shown = m_chat->conversation();
    if (!shown || !shown->isEmpty() || shown->record().kind != core::ConversationKind::Chat ||
        shown->record().workspaceId != m_engine.workspaces().current())
        showConversation(freshChat());
    m_window->setPlace(ui::Place::Chats);
    m_chat->focusComposer();
}

// What was written or chosen already goes along; else all is as the other workspace says.
void WindowController::renewEmpty()
{
    const std::int64_t current = m_engine.workspaces().current();
    core::Conversation *chat = m_chat->conversation();
    if (chat && chat->isEmpty() && chat->record().kind == core::ConversationKind::Chat) {
        if (isUntouched(*chat))
            showConversation(freshChat());
        else
            chat->setWorkspace(current);
    }
    core::Comparison *comparison = m_compare ? m_compare->comparison() : nullptr;
    if (!comparison || !std::all_of(comparison->lanes().begin(), comparison->lanes().end(),
                                    [](const auto *lane) { return lane->isEmpty(); }))
        return;
    if (comparison->record().draft.isEmpty())
        return putComparison(freshComparison());
    comparison->setWorkspace(current);
    m_workspaces->refreshGuard();
}

void WindowController::renewBegun()
{
    const core::Conversation *chat = m_chat->conversation();
    const core::Workspace now = m_engine.workspaces().inForce(m_begun.workspaceId);
    if (now.model == m_begunIn.model && now.options == m_begunIn.options)
        return;
    if (chat && chat->record().workspaceId == m_engine.workspaces().current() && isUntouched(*chat))
        showConversation(freshChat());
}

void WindowController::chooseChatModel()
{
    const auto choose = [this](const core::Route &route) {
        m_chat->setNotice({});
        m_firstRun->setWanted(false);
        if (core::Conversation *conversation = m_chat->conversation())
            conversation->setRoute(route);
        m_chooser->remember(route);
        m_chat->focusComposer();
    };
    m_chooser->open(m_chat->modelChip(), choose, ModelChooser::Offer::RoutesToo,
                    routeOf(m_chat->conversation()), m_chat->nextRequest());
}

// Put away without a choice, the wait goes on.
void WindowController::chooseInstead(std::int64_t answerId)
{
    m_chooser->open(m_chat->modelChip(), [this, answerId](const core::Route &route) {
        m_chat->setNotice({});
        m_chat->askInstead(answerId, route);
        m_chooser->remember(route);
        m_chat->focusComposer();
    });
}

void WindowController::showStart()
{
    newChat();
    m_firstRun->setWanted(true);
}

bool WindowController::startWith(const QString &provider)
{
    for (const core::ModelChoice &model : m_models.choicesOf(provider)) {
        if (!model.wanted)
            continue;
        useForNewChats(model.target);
        return true;
    }
    return false;
}

bool WindowController::hasRealChoice()
{
    if (const auto route = defaultRoute(m_engine))
        return !route->targets.constFirst().simulated;
    const QString last = m_engine.settings().value(keys::LastTarget);
    const auto spec = parseTargetSpec(last);
    const core::ProviderInfo *provider =
        spec ? m_engine.providers().provider(spec->provider) : nullptr;
    return !last.isEmpty() && !(provider && provider->simulated);
}

void WindowController::takeFirstKey(const QString &provider)
{
    if (hasRealChoice() || !startWith(provider))
        return;
    m_window->showBanner(ui::Tone::Neutral,
                         tr("New chats use %1").arg(m_models.nameOf(m_engine.defaultTarget())),
                         {tr("Change")});
}

core::Result<core::PracticeControls *> WindowController::practiceControls()
{
    if (const auto started = m_engine.startPractice(); !started)
        return started.error();
    return &m_engine.practice()->controls();
}

void WindowController::startPractice()
{
    if (const auto started = practiceControls(); !started)
        return m_chat->setNotice(core::userText(started.error()));
    useForNewChats(
        m_engine.accounts().target(QStringLiteral("practice"), QStringLiteral("practice-steady")));
}

void WindowController::setPracticeFault(const std::optional<core::PracticeFaultPlan> &plan)
{
    const auto practice = practiceControls();
    if (!practice)
        return m_chat->setNotice(core::userText(practice.error()));
    core::PracticeControls &controls = **practice;
    controls.clearFaults();
    const core::Conversation *conversation = m_chat->conversation();
    if (plan && conversation && conversation->record().target.simulated)
        controls.setFault(conversation->record().target.model, *plan);
    else if (plan)
        m_chat->setNotice(tr("Choose a practice model first."));
}

void WindowController::useForNewChats(const core::Target &target)
{
    m_firstRun->setWanted(false);
    m_chooser->remember({0, {}, {target}});
    if (core::Conversation *conversation = m_chat->conversation();
        conversation && conversation->isEmpty())
        conversation->setTarget(target);
    m_chat->focusComposer();
}

} // namespace app
