#pragma once

#include "core/chat/taskchoice.h"

#include <QStringList>

namespace core {

//! What a route does with the models \p names, in order: "A, then B"; by task "A for simple turns,
//! B for demanding ones, then C".
[[nodiscard]] QString routeText(RouteKind kind, const QStringList &names);

//! Why an answer began where it did: "Auto chose Claude: code, about 2.1k tokens". \p model: the
//! chosen one's name; \p tokens: choice.tokens as the caller writes counts.
[[nodiscard]] QString choiceText(const TaskChoice &choice, const QString &model,
                                 const QString &tokens);

} // namespace core
