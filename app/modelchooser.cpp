#include "app/modelchooser.h"

#include "app/targetspec.h"
#include "core/base/errortext.h"
#include "ui/widgets/modelpicker.h"

namespace app {

namespace {

namespace keys = core::settings;

constexpr qsizetype MostRecent = 8;

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

void ModelChooser::open(const QWidget *anchor, Choose choose)
{
    m_choose = std::move(choose);
    if (!m_engine.isDemo())
        m_models.lists().refreshOld(); // what it finds stands there at the next opening
    m_pickable.clear();
    const QStringList recent =
        m_engine.settings().value(keys::RecentModels).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    QHash<QString, ui::PopupRow> recentRows;
    QList<ui::PopupRow> rows;
    for (const core::ModelChoice &choice : m_models.choices()) {
        ui::ModelRow row = rowOf(choice);
        const QString spec = row.id;
        m_pickable.insert(spec, choice.target);
        rows.append(ui::popupRow(row, m_theme.theme()));
        if (!recent.contains(spec))
            continue;
        row.section = tr("Recent");
        row.onlyFound = false;
        row.id = QStringLiteral("recent:") + spec;
        m_pickable.insert(row.id, choice.target);
        recentRows.insert(spec, ui::popupRow(row, m_theme.theme()));
    }
    QList<ui::PopupRow> all;
    for (const QString &spec : recent) {
        if (recentRows.contains(spec))
            all.append(recentRows.value(spec));
    }
    m_popup->setRows(all + rows);
    m_popup->openAbove(anchor);
}

void ModelChooser::take(const QString &id)
{
    core::Target target = m_pickable.value(id);
    if (target.model.isEmpty()) {
        const auto spec = parseTargetSpec(id);
        const auto typed = spec ? resolveTarget(*spec, m_engine.providers())
                                : core::Result<core::Target>(spec.error());
        if (!typed) {
            Q_EMIT failed(core::userText(typed.error()));
            return;
        }
        target = m_engine.accounts().target(typed->provider, typed->model);
    }
    if (m_choose)
        m_choose(target);
}

void ModelChooser::remember(const core::Target &target)
{
    core::Settings &settings = m_engine.settings();
    QStringList recent =
        settings.value(keys::RecentModels).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    recent.removeAll(specOf(target));
    recent.prepend(specOf(target));
    auto written =
        settings.setValue(keys::RecentModels, recent.mid(0, MostRecent).join(QLatin1Char('\n')));
    if (written)
        written = settings.setValue(keys::LastTarget, specOf(target));
    if (!written)
        Q_EMIT failed(written.error().detail);
}

} // namespace app
