#include "ui/settings/routetargets.h"

#include "ui/widgets/figures.h"

#include <QKeyEvent>
#include <QVBoxLayout>

namespace ui {

namespace {

using Reason = core::Decision::Reason;

QString priceText(const core::PricedEnd &priced)
{
    if (priced.end.provider.simulated)
        return RouteTargets::tr("practice");
    if (priced.end.provider.local)
        return RouteTargets::tr("local");
    if (!priced.inputPerMillion || !priced.outputPerMillion)
        return RouteTargets::tr("price unknown");
    return RouteTargets::tr("%1 in, %2 out per million")
        .arg(rateText(*priced.inputPerMillion), rateText(*priced.outputPerMillion));
}

QString reasonText(Reason reason, const QString &region)
{
    switch (reason) {
    case Reason::Dearer:
        return RouteTargets::tr("more than twice the price");
    case Reason::PriceUnknown:
        return RouteTargets::tr("price unknown");
    case Reason::OtherRegion:
        return region.isEmpty() ? RouteTargets::tr("other region")
                                : RouteTargets::tr("other region (%1)").arg(region);
    case Reason::LosesImages:
        return RouteTargets::tr("images");
    case Reason::LosesDocuments:
        return RouteTargets::tr("documents");
    case Reason::LosesTools:
        return RouteTargets::tr("tools");
    case Reason::LosesSchema:
        return RouteTargets::tr("a schema for the answer");
    case Reason::StillLimited:
    case Reason::Offline:
    case Reason::OnlineAgain:
        break; // nobody knows in advance
    }
    return {};
}

bool isLoss(Reason reason)
{
    return reason == Reason::LosesImages || reason == Reason::LosesDocuments ||
           reason == Reason::LosesTools || reason == Reason::LosesSchema;
}

} // namespace

QString warningsText(const core::TargetOutlook &outlook)
{
    QStringList always, losses;
    for (const Reason reason : outlook.reasons)
        (isLoss(reason) ? losses : always).append(reasonText(reason, outlook.region));
    QStringList parts;
    if (!always.isEmpty())
        parts.append(RouteTargets::tr("asks first: %1").arg(always.join(QStringLiteral(", "))));
    if (!losses.isEmpty())
        parts.append(
            RouteTargets::tr("asks before losing %1").arg(losses.join(QStringLiteral(", "))));
    return parts.join(QStringLiteral(" \u00B7 "));
}

RouteTargets::RouteTargets(const ThemeSource &theme, const core::AccountSetup &accounts,
                           const core::ModelDirectory &models, QWidget *parent)
    : QWidget(parent)
    , m_accounts(accounts)
    , m_models(models)
    , m_list(new SettingsList(theme, tr("Models of the route, in order"), this))
{
    m_list->setObjectName(QStringLiteral("routeTargets"));
    m_list->setDragDropMode(QAbstractItemView::InternalMove);
    m_list->setDefaultDropAction(Qt::MoveAction);
    m_list->setAccessibleDescription(
        tr("Alt+Up and Alt+Down move a model, Delete takes it out of the route."));
    m_list->installEventFilter(this);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_list);
    connect(m_list, &QListWidget::currentRowChanged, this, &RouteTargets::currentChanged);
    // The list is still amid the drop: it is filled anew when that is over.
    connect(m_list->model(), &QAbstractItemModel::rowsMoved, this, &RouteTargets::takeDragged,
            Qt::QueuedConnection);
}

void RouteTargets::setRoute(const core::Route &route)
{
    const int row = m_list->currentRow();
    m_route = route;
    QList<SettingsRow> rows;
    for (qsizetype place = 0; place < route.targets.size(); ++place)
        rows.append(rowOf(place));
    m_list->setRows(rows);
    m_list->setFixedHeight(m_list->heightOfRows());
    m_list->setVisible(!rows.isEmpty());
    m_list->setCurrentRow(std::min(row, m_list->count() - 1));
    Q_EMIT currentChanged();
}

core::PricedEnd RouteTargets::priced(const core::Target &target) const
{
    core::PricedEnd priced;
    priced.end.target = target;
    if (const core::ProviderInfo *provider = m_accounts.provider(target.provider))
        priced.end.provider = *provider;
    const core::ModelChoice choice = m_models.choiceOf(target);
    priced.inputPerMillion = choice.inputPerMillion;
    priced.outputPerMillion = choice.outputPerMillion;
    priced.end.model.images = choice.images;
    priced.end.model.documents = choice.documents;
    priced.end.model.tools = choice.tools;
    return priced;
}

SettingsRow RouteTargets::rowOf(qsizetype place) const
{
    const core::Target &target = m_route.targets.at(place);
    const core::PricedEnd own = priced(target);
    SettingsRow row;
    row.id = QString::number(place);
    row.title = QStringLiteral("%1. %2").arg(place + 1).arg(m_models.nameOf(target));
    QStringList facts;
    if (m_route.kind == core::RouteKind::ByTask && m_route.targets.size() > 1 && place < 2)
        facts.append(place == 0 ? tr("for simple turns") : tr("for demanding turns"));
    facts += QStringList{m_models.providerNameOf(target.provider), priceText(own)};
    if (place > 0) {
        const core::TargetOutlook outlook =
            core::outlookOf(priced(m_route.targets.constFirst()), own);
        if (outlook.priceRatio) {
            row.status =
                tr("%1x").arg(*outlook.priceRatio, 0, 'f', *outlook.priceRatio < 0.1 ? 2 : 1);
            row.tone = outlook.reasons.contains(Reason::Dearer) ? Tone::Warning : Tone::Neutral;
        }
        if (const QString warnings = warningsText(outlook); !warnings.isEmpty())
            facts.append(warnings);
    }
    row.detail = facts.join(QStringLiteral(" \u00B7 "));
    return row;
}

void RouteTargets::choose(int place)
{
    m_list->setCurrentRow(place);
}

void RouteTargets::move(int step)
{
    QList<core::Target> targets = m_route.targets;
    const int from = current();
    const int to = from + step;
    if (from < 0 || to < 0 || to >= targets.size())
        return;
    targets.move(from, to);
    Q_EMIT changed(targets);
    choose(to);
}

void RouteTargets::removeCurrent()
{
    QList<core::Target> targets = m_route.targets;
    if (current() < 0)
        return;
    targets.removeAt(current());
    Q_EMIT changed(targets);
}

void RouteTargets::takeDragged()
{
    QList<core::Target> targets;
    for (int row = 0; row < m_list->count(); ++row)
        targets.append(m_route.targets.value(m_list->idAt(row).toInt()));
    if (targets != m_route.targets)
        Q_EMIT changed(targets);
}

bool RouteTargets::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    const auto *key = static_cast<QKeyEvent *>(event);
    const bool alt = key->modifiers().testFlag(Qt::AltModifier);
    if (alt && key->key() == Qt::Key_Up)
        move(-1);
    else if (alt && key->key() == Qt::Key_Down)
        move(1);
    else if (key->key() == Qt::Key_Delete)
        removeCurrent();
    else
        return QWidget::eventFilter(watched, event);
    return true;
}

} // namespace ui
