#include "ui/conversation/routetexts.h"

namespace ui {

QString nextTurnText(const core::Conversation &conversation, const ConversationFeed::Names &names)
{
    const core::Target &target = conversation.record().target;
    if (target.model.isEmpty())
        return {};
    const auto &named = conversation.route();
    return named ? QStringLiteral("%1 \u00B7 %2").arg(named->name, names.model(target))
                 : names.model(target);
}

} // namespace ui
