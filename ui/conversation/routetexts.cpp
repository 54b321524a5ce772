#include "ui/conversation/routetexts.h"

#include <QCoreApplication>

namespace ui {

QString nextTurnText(const core::Conversation &conversation, const ConversationFeed::Names &names,
                     const std::optional<core::Target> &lead)
{
    const core::Target &target = conversation.record().target;
    if (target.model.isEmpty())
        return {};
    const auto &named = conversation.route();
    if (!named)
        return names.model(target);
    const bool isOpen = named->kind == core::RouteKind::ByTask && named->targets.size() > 1 &&
                        !conversation.record().stays && !lead;
    return QStringLiteral("%1 \u00B7 %2")
        .arg(named->name, isOpen ? QCoreApplication::translate("ui::RouteTexts", "by task")
                                 : names.model(lead.value_or(target)));
}

} // namespace ui
