#include "core/client/routetext.h"

#include <QCoreApplication>

namespace core {

namespace {

QString translated(const char *text)
{
    return QCoreApplication::translate("core::RouteText", text);
}

QString reasonText(TaskReason reason)
{
    switch (reason) {
    case TaskReason::Long:
        return translated("long");
    case TaskReason::Code:
        return translated("code");
    case TaskReason::Maths:
        return translated("maths");
    case TaskReason::Reasoning:
        return translated("reasoning");
    case TaskReason::Files:
        return translated("files");
    case TaskReason::Structured:
        return translated("tools or a schema");
    }
    return {};
}

} // namespace

QString routeText(RouteKind kind, const QStringList &names)
{
    const QString then = translated(", then ");
    if (kind == RouteKind::InOrder || names.size() < 2)
        return names.join(then);
    QStringList parts{
        translated("%1 for simple turns, %2 for demanding ones").arg(names.at(0), names.at(1))};
    parts += names.mid(2);
    return parts.join(then);
}

QString choiceText(const TaskChoice &choice, const QString &model, const QString &tokens)
{
    QStringList reasons;
    for (const TaskReason reason : choice.reasons)
        reasons.append(reasonText(reason));
    if (reasons.isEmpty())
        reasons.append(translated("short and simple"));
    return translated("%1 chose %2: %3, about %4 tokens")
        .arg(choice.route, model, reasons.join(QStringLiteral(", ")), tokens);
}

} // namespace core
