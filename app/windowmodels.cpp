// The part of the window's controller that is about which model a chat asks.
#include "app/modelchooser.h"
#include "app/windowcontroller.h"
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
    const QList<core::ModelChoice> models = m_models.choicesOf(provider);
    if (!models.isEmpty())
        useForNewChats(models.first().target);
}

void WindowController::takeFirstKey(const QString &provider)
{
    if (m_engine.settings().value(keys::LastTarget).isEmpty())
        startWith(provider);
}

} // namespace app
