#include "app/modelchooser.h"

#include "app/targetspec.h"
#include "core/base/errortext.h"
#include "core/base/whenready.h"
#include "core/client/fallbackcheck.h"
#include "core/client/routetext.h"

#include <QDateTime>

#include <algorithm>

namespace app {

namespace {

namespace keys = core::settings;

constexpr qsizetype MostRecent = 8;
const QString FavouritePrefix = QStringLiteral("favourite:");
const QString RecentPrefix = QStringLiteral("recent:");
const QString RoutePrefix = QStringLiteral("route:");

ui::ModelState stateOf(const core::ModelChoice &choice)
{
    if (choice.local)
        return ui::ModelState::Local;
    return choice.state == core::AccountState::Ready ? ui::ModelState::Ready
                                                     : ui::ModelState::NoKey;
}

//! When \p wait has passed, by the user's clock, and never too early: to the second where one may
//! watch it, else to the minute.
QTime endOf(std::chrono::milliseconds wait, const core::Clock &clock)
{
    using namespace std::chrono;
    const milliseconds at = clock.utcNow().time_since_epoch() + wait;
    const milliseconds shown =
        wait < 2min ? milliseconds(ceil<seconds>(at)) : milliseconds(ceil<minutes>(at));
    return QDateTime::fromMSecsSinceEpoch(shown.count(), clock.zone()).time();
}

QStringList linesOf(core::Settings &settings, const core::Setting<QString> &setting)
{
    return settings.value(setting).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
}

} // namespace

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
    m_popup->setFoot(tr("Ctrl+D or the star makes a model a favourite."));
    m_popup->setFreeRows([this](const QString &query) { return typedRows(query); });
    connect(m_popup, &ui::FilterPopup::chosen, this, &ModelChooser::take);
    connect(m_popup, &ui::FilterPopup::starToggled, this, &ModelChooser::star);
    connect(m_popup, &ui::FilterPopup::rowsSeen, this, &ModelChooser::expect);
}

void ModelChooser::open(const QWidget *anchor, Choose choose, Offer offer,
                        const core::Route &current, const std::optional<core::ChatRequest> &next)
{
    m_choose = std::move(choose);
    m_next = next;
    m_expected.clear();
    ++m_opening;
    if (!m_engine.isDemo())
        m_models.lists().refreshOld(); // what it finds stands there at the next opening
    m_pickable.clear();
    m_rows.clear();
    m_ready.clear();
    if (!current.targets.isEmpty())
        m_ready.append(current.targets.constFirst().provider);
    QList<ui::PopupRow> rows = modelRows();
    if (offer == Offer::RoutesToo) {
        const auto behindRecent =
            std::find_if(rows.cbegin(), rows.cend(), [](const ui::PopupRow &row) {
                return !row.id.startsWith(FavouritePrefix) && !row.id.startsWith(RecentPrefix);
            });
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
    for (const QString &id : {RoutePrefix + QString::number(route.id), RecentPrefix + spec,
                              FavouritePrefix + spec, spec}) {
        if (m_pickable.contains(id))
            return id;
    }
    return {};
}

//! What the traffic holds back, as Settings shows it.
void ModelChooser::addLimit(ui::ModelRow &row, const core::Target &target) const
{
    const core::TrafficControl &traffic = m_engine.traffic();
    const auto wait = traffic.waitAt(target, core::Urgency::Chat);
    const bool isLeftAlone = traffic.breakerState(target) == core::CircuitBreaker::State::Open;
    if (row.state == ui::ModelState::NoKey || (wait && wait->count() == 0 && !isLeftAlone))
        return;
    row.state = ui::ModelState::Limited;
    const auto left = isLeftAlone ? traffic.unwellFor(target) : std::chrono::milliseconds(0);
    if (wait && left)
        row.limitedUntil = endOf(std::max(*wait, *left), m_engine.clock());
}

ui::ModelRow ModelChooser::rowOf(const core::ModelChoice &choice) const
{
    ui::ModelRow row;
    row.id = specOf(choice.target);
    row.section = choice.providerName;
    row.provider = choice.target.provider;
    row.providerName = choice.providerName;
    if (const core::ProviderInfo *provider = m_engine.providers().provider(row.provider))
        row.region = core::regionOf(choice.target, *provider);
    row.model = choice.target.model;
    row.name = choice.name;
    row.contextTokens = choice.contextTokens;
    row.inputPerMillion = choice.inputPerMillion;
    row.outputPerMillion = choice.outputPerMillion;
    row.simulated = choice.target.simulated;
    row.state = stateOf(choice);
    addLimit(row, choice.target);
    row.onlyFound = choice.otherProtocol; // or the practice models would stand there seven times
    return row;
}

ui::PopupRow ModelChooser::add(const ui::ModelRow &row, const core::Target &target)
{
    m_pickable.insert(row.id, {0, {}, {target}});
    m_rows.insert(row.id, row);
    return ui::popupRow(row, m_theme.theme());
}

QList<ui::PopupRow> ModelChooser::modelRows()
{
    const QStringList favourites = linesOf(m_engine.settings(), keys::FavouriteModels);
    const QStringList recent = linesOf(m_engine.settings(), keys::RecentModels);
    QHash<QString, ui::PopupRow> favouriteRows, recentRows;
    QList<ui::PopupRow> rows;
    const auto addTwin = [this](ui::ModelRow row, const QString &prefix, const QString &section,
                                const core::Target &target) {
        row.section = section;
        row.onlyFound = false;
        row.id.prepend(prefix);
        return add(row, target);
    };
    for (const core::ModelChoice &choice : m_models.choices()) {
        ui::ModelRow row = rowOf(choice);
        row.favourite = favourites.contains(row.id);
        rows.append(add(row, choice.target));
        if (choice.state == core::AccountState::Ready && !row.onlyFound &&
            !m_ready.contains(row.provider))
            m_ready.append(row.provider);
        if (row.favourite)
            favouriteRows.insert(row.id,
                                 addTwin(row, FavouritePrefix, tr("Favourites"), choice.target));
        if (recent.contains(row.id))
            recentRows.insert(row.id, addTwin(row, RecentPrefix, tr("Recent"), choice.target));
    }
    QList<ui::PopupRow> first;
    for (const QString &spec : favourites) {
        if (favouriteRows.contains(spec))
            first.append(favouriteRows.value(spec));
    }
    for (const QString &spec : recent) {
        if (recentRows.contains(spec))
            first.append(recentRows.value(spec));
    }
    return first + rows;
}

//! The id as typed, with whom it would be asked: the provider that was typed before it, else any
//! that answers now.
QList<ui::PopupRow> ModelChooser::typedRows(const QString &query) const
{
    const auto rowFor = [this](const QString &spec, const QString &provider, const QString &model) {
        ui::PopupRow row;
        row.id = spec;
        row.title = tr("Use %1").arg(model);
        row.detail = m_models.providerNameOf(provider);
        row.dot = m_theme.theme().providerColor(provider);
        return row;
    };
    if (const auto spec = parseTargetSpec(query);
        spec && m_engine.providers().provider(spec->provider))
        return {rowFor(query, spec->provider, spec->model)};
    QList<ui::PopupRow> rows;
    for (const QString &provider : m_ready) {
        const QString spec = provider + QLatin1Char('/') + query;
        if (!m_pickable.contains(spec))
            rows.append(rowFor(spec, provider, query));
    }
    return rows;
}

//! A model may stand in several sections.
void ModelChooser::refreshRows(const QString &spec,
                               const std::function<void(ui::ModelRow &)> &change)
{
    for (const QString &prefix : {QString(), FavouritePrefix, RecentPrefix}) {
        const auto row = m_rows.find(prefix + spec);
        if (row == m_rows.end())
            continue;
        change(*row);
        m_popup->setRow(ui::popupRow(*row, m_theme.theme()));
    }
}

//! The sections stay as they are until the next opening: nothing moves under the pointer.
void ModelChooser::star(const QString &id, bool starred)
{
    const core::Route route = m_pickable.value(id);
    if (route.targets.isEmpty())
        return;
    const QString spec = specOf(route.targets.constFirst());
    QStringList favourites = linesOf(m_engine.settings(), keys::FavouriteModels);
    favourites.removeAll(spec);
    if (starred)
        favourites.append(spec);
    const auto written =
        m_engine.settings().setValue(keys::FavouriteModels, favourites.join(QLatin1Char('\n')));
    if (!written)
        Q_EMIT failed(written.error().detail);
    refreshRows(spec, [starred](ui::ModelRow &row) { row.favourite = starred; });
}

//! Counted and priced in the pool, of the rows in sight only.
void ModelChooser::expect(const QStringList &ids)
{
    if (!m_next)
        return;
    QList<core::ForecastQuestion> questions;
    for (const QString &id : ids) {
        const core::Route route = m_pickable.value(id);
        if (!m_rows.contains(id) || route.targets.isEmpty())
            continue;
        const core::Target &target = route.targets.constFirst();
        if (m_expected.contains(specOf(target)))
            continue;
        m_expected.insert(specOf(target));
        questions.append({*m_next, target});
    }
    if (questions.isEmpty())
        return;
    core::whenReady(this, m_engine.forecast(questions),
                    [this, questions, opening = m_opening](const QList<core::Forecast> &told) {
                        if (opening != m_opening || told.size() != questions.size())
                            return;
                        for (qsizetype i = 0; i < told.size(); ++i) {
                            const core::Forecast &forecast = told.at(i);
                            if (forecast.local)
                                continue;
                            refreshRows(
                                specOf(questions.at(i).target),
                                [&forecast](ui::ModelRow &row) { row.expected = forecast.cost; });
                        }
                    });
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
        const bool isKnown = spec && m_engine.providers().provider(spec->provider);
        const core::Target target =
            isKnown ? m_engine.accounts().target(spec->provider, spec->model) : core::Target();
        if (target.baseUrl.isEmpty()) { // the account has no address: does its provider?
            const auto typed = spec ? resolveTarget(*spec, m_engine.providers())
                                    : core::Result<core::Target>(spec.error());
            if (!typed) {
                Q_EMIT failed(core::userText(typed.error()));
                return;
            }
        }
        route.targets.append(target);
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
    QStringList recent = linesOf(settings, keys::RecentModels);
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
