#include "ui/conversation/roomtexts.h"

#include "ui/widgets/figures.h"

#include <QCoreApplication>

namespace ui {

QString lackText(const core::ContextNeed &need, const QString &model)
{
    if (need.answer > 0)
        return QCoreApplication::translate("ui::RoomTexts",
                                           "This is about %1 tokens, and your limit lets its "
                                           "answer have %2; %3 takes %4 in all.")
            .arg(countText(need.prompt), countText(need.answer), model, countText(need.window));
    if (need.prompt <= need.window)
        return tooLongText(model);
    return QCoreApplication::translate("ui::RoomTexts", "This is about %1 tokens; %2 takes %3.")
        .arg(countText(need.prompt), model, countText(need.window));
}

QString tooLongText(const QString &model)
{
    return QCoreApplication::translate("ui::RoomTexts", "This is too long for %1.").arg(model);
}

QString leaveOutText(qsizetype messages)
{
    return QCoreApplication::translate("ui::RoomTexts", "Leave out the oldest %n message(s)",
                                       nullptr, static_cast<int>(messages));
}

} // namespace ui
