// The part of the window's controller that is about which model a chat asks, the practice ones too.
#include "app/commandpalette.h"
#include "app/modelchooser.h"
#include "app/windowcontroller.h"
#include "core/base/errortext.h"
#include "core/practice/practiceprovider.h"
#include "ui/chat/chatscreen.h"

namespace app {

namespace keys = core::settings;

core::Route WindowController::routeOf(const core::Conversation *conversation)
{
    if (!conversation)
        return {};
    return conversation->route().value_or(core::Route{0, {}, {conversation->record().target}});
}

void WindowController::chooseChatModel()
{
    const auto choose = [this](const core::Route &route) {
        m_chat->setNotice({});
        if (core::Conversation *conversation = m_chat->conversation())
            conversation->setRoute(route);
        m_chooser->remember(route);
        m_chat->focusComposer();
    };
    m_chooser->open(m_chat->modelChip(), choose, ModelChooser::Offer::RoutesToo,
                    routeOf(m_chat->conversation()));
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

void WindowController::startWith(const QString &provider)
{
    for (const core::ModelChoice &model : m_models.choicesOf(provider)) {
        if (model.wanted)
            return useForNewChats(model.target);
    }
}

void WindowController::takeFirstKey(const QString &provider)
{
    if (m_engine.settings().value(keys::LastTarget).isEmpty())
        startWith(provider);
}

core::Result<core::PracticeControls *> WindowController::practiceControls()
{
    if (const auto started = m_engine.startPractice(); !started)
        return started.error();
    m_palette->setPracticeOffered(true);
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
    core::PracticeControls &controls = m_engine.practice()->controls();
    controls.clearFaults();
    const core::Conversation *conversation = m_chat->conversation();
    if (plan && conversation && conversation->record().target.simulated)
        controls.setFault(conversation->record().target.model, *plan);
    else if (plan)
        m_chat->setNotice(tr("Choose a practice model first."));
}

void WindowController::useForNewChats(const core::Target &target)
{
    m_chooser->remember({0, {}, {target}});
    if (core::Conversation *conversation = m_chat->conversation();
        conversation && conversation->isEmpty())
        conversation->setTarget(target);
    m_chat->focusComposer();
}

} // namespace app
