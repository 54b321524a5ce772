#include "app/modelchooser.h"

#include "app/targetspec.h"
#include "core/base/errortext.h"
#include "core/client/routetext.h"
#include "ui/widgets/modelpicker.h"

#include <algorithm>

namespace app {

namespace {

namespace keys = core::settings;

constexpr qsizetype MostRecent = 8;
const QString RecentPrefix = QStringLiteral("recent:");
const QString RoutePrefix = QStringLiteral("route:");

ui::ModelState stateOf(const core::ModelChoice &choice)
{
    if (choice.local)
        return ui::ModelState::Local;
    return choice.state == core::AccountState::Ready ? ui::ModelState::Ready
                                                     : ui::ModelState::NoKey;
}

ui::ModelRow rowOf(const core::ModelChoice &choice)
{
    ui::ModelRow row;
    row.id = specOf(choice.target);
    row.section = choice.providerName;
    row.provider = choice.target.provider;
    row.providerName = choice.providerName;
    row.model = choice.target.model;
    row.name = choice.name;
    row.contextTokens = choice.contextTokens;
    row.inputPerMillion = choice.inputPerMillion;
    row.outputPerMillion = choice.outputPerMillion;
    row.state = stateOf(choice);
    row.onlyFound = choice.otherProtocol; // or the practice models would stand there seven times
    return row;
}

} // namespace

QString specOf(const core::Target &target)
{
    return target.provider + QLatin1Char('/') + target.model;
}

QList<core::Target> targetsFrom(const QString &lines, Engine &engine)
{
    QList<core::Target> targets;
    for (const QString &line : lines.split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
        if (const auto spec = parseTargetSpec(line);
            spec && engine.providers().provider(spec->provider))
            targets.append(engine.accounts().target(spec->provider, spec->model));
    }
    return targets;
}

ModelChooser::ModelChooser(Engine &engine, const core::ModelDirectory &models,
                           const ui::ThemeSource &theme, QWidget *window)
    : QObject(window)
    , m_engine(engine)
    , m_models(models)
    , m_theme(theme)
    , m_popup(new ui::FilterPopup(theme, window))
{
    m_popup->setObjectName(QStringLiteral("modelPicker"));
    m_popup->setPlaceholder(tr("Model, provider or PROVIDER/MODEL"));
    m_popup->setFreeEntry(tr("Use %1"));
    connect(m_popup, &ui::FilterPopup::chosen, this, &ModelChooser::take);
    connect(m_popup, &ui::FilterPopup::freeEntryChosen, this, &ModelChooser::take);
}

void ModelChooser::open(const QWidget *anchor, Choose choose, Offer offer,
                        const core::Route &current)
{
    m_choose = std::move(choose);
    if (!m_engine.isDemo())
        m_models.lists().refreshOld(); // what it finds stands there at the next opening
    m_pickable.clear();
    QList<ui::PopupRow> rows = modelRows();
    if (offer == Offer::RoutesToo) {
        const auto behindRecent =
            std::find_if(rows.cbegin(), rows.cend(),
                         [](const ui::PopupRow &row) { return !row.id.startsWith(RecentPrefix); });
        const QList<ui::PopupRow> routes = routeRows();
        const qsizetype place = behindRecent - rows.cbegin();
        rows = rows.mid(0, place) + routes + rows.mid(place);
    }
    m_popup->setRows(rows, rowFor(current));
    m_popup->openAbove(anchor);
}

QString ModelChooser::rowFor(const core::Route &route) const
{
    if (route.targets.isEmpty())
        return {};
    const QString spec = specOf(route.targets.constFirst());
    for (const QString &id : {RoutePrefix + QString::number(route.id), RecentPrefix + spec, spec}) {
        if (m_pickable.contains(id))
            return id;
    }
    return {};
}

QList<ui::PopupRow> ModelChooser::modelRows()
{
    const QStringList recent =
        m_engine.settings().value(keys::RecentModels).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    QHash<QString, ui::PopupRow> recentRows;
    QList<ui::PopupRow> rows;
    for (const core::ModelChoice &choice : m_models.choices()) {
        ui::ModelRow row = rowOf(choice);
        const QString spec = row.id;
        m_pickable.insert(spec, {0, {}, {choice.target}});
        rows.append(ui::popupRow(row, m_theme.theme()));
        if (!recent.contains(spec))
            continue;
        row.section = tr("Recent");
        row.onlyFound = false;
        row.id = RecentPrefix + spec;
        m_pickable.insert(row.id, {0, {}, {choice.target}});
        recentRows.insert(spec, ui::popupRow(row, m_theme.theme()));
    }
    QList<ui::PopupRow> all;
    for (const QString &spec : recent) {
        if (recentRows.contains(spec))
            all.append(recentRows.value(spec));
    }
    return all + rows;
}

QList<ui::PopupRow> ModelChooser::routeRows()
{
    QList<ui::PopupRow> rows;
    for (const core::Route &named : m_engine.routes().usable()) {
        QStringList names;
        ui::PopupRow row;
        for (const core::Target &target : named.targets) {
            names.append(m_models.nameOf(target));
            row.search += target.provider + QLatin1Char(' ') + target.model + QLatin1Char(' ');
        }
        row.id = RoutePrefix + QString::number(named.id);
        row.section = tr("Routes");
        row.title = named.name;
        row.detail = core::routeText(named.kind, names);
        row.dot = m_theme.theme().providerColor(named.targets.constFirst().provider);
        m_pickable.insert(row.id, named);
        rows.append(row);
    }
    return rows;
}

void ModelChooser::take(const QString &id)
{
    core::Route route = m_pickable.value(id);
    if (route.targets.isEmpty()) {
        const auto spec = parseTargetSpec(id);
        const auto typed = spec ? resolveTarget(*spec, m_engine.providers())
                                : core::Result<core::Target>(spec.error());
        if (!typed) {
            Q_EMIT failed(core::userText(typed.error()));
            return;
        }
        route.targets.append(m_engine.accounts().target(typed->provider, typed->model));
    }
    if (m_choose)
        m_choose(route);
}

void ModelChooser::remember(const core::Route &route)
{
    core::Settings &settings = m_engine.settings();
    if (route.id != 0) {
        const auto written = settings.setValue(keys::LastRoute, QString::number(route.id));
        if (!written)
            Q_EMIT failed(written.error().detail);
        return;
    }
    const QString spec = specOf(route.targets.constFirst());
    QStringList recent =
        settings.value(keys::RecentModels).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    recent.removeAll(spec);
    recent.prepend(spec);
    auto written =
        settings.setValue(keys::RecentModels, recent.mid(0, MostRecent).join(QLatin1Char('\n')));
    if (written)
        written = settings.setValue(keys::LastTarget, spec);
    if (written)
        written = settings.setValue(keys::LastRoute, QString());
    if (!written)
        Q_EMIT failed(written.error().detail);
}

} // namespace app
