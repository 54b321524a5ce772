#include "ui/settings/routespage.h"

#include "core/client/routetext.h"
#include "ui/settings/formrows.h"
#include "ui/settings/routeeditor.h"
#include "ui/settings/settingslist.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/choicebox.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/plaintext.h"

#include <QHBoxLayout>
#include <QSignalBlocker>

#include <algorithm>
#include <utility>

namespace ui {

namespace {

namespace keys = core::settings;

} // namespace

RoutesPage::RoutesPage(const ThemeSource &theme, const Parts &parts, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_parts(parts)
    , m_list(new SettingsList(theme, tr("Routes"), this))
    , m_empty(new PlainLabel(theme, TextRole::Muted,
                             tr("None yet. A failed answer says why and offers to try again."),
                             this))
    , m_add(new PillButton(theme, ButtonLook::Outline, tr("New route"), this))
    , m_remove(new PillButton(theme, ButtonLook::Outline, tr("Delete"), this))
    , m_notice(new NoticeBar(theme, this))
    , m_editor(new RouteEditor(theme, parts.routes, parts.accounts, parts.models, this))
    , m_further(new ChoiceBox(theme, this))
{
    setObjectName(QStringLiteral("routesPage"));
    m_list->setObjectName(QStringLiteral("routeList"));
    m_add->setObjectName(QStringLiteral("addRoute"));
    m_remove->setObjectName(QStringLiteral("removeRoute"));
    m_notice->setObjectName(QStringLiteral("routesNotice"));
    m_further->setObjectName(QStringLiteral("fallbackRoute"));
    m_further->setAccessibleName(tr("After a model chosen alone, go on with"));
    m_notice->hide();
    build();
    connectParts();
    refresh();
    if (m_list->count() > 0)
        m_list->setCurrentRow(0);
}

void RoutesPage::build()
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(3 * Theme::Step);
    column->addWidget(new PlainLabel(m_theme, TextRole::Section, tr("Routes"), this));
    column->addWidget(m_empty);
    column->addWidget(m_list);
    auto *actions = new QHBoxLayout;
    actions->setSpacing(2 * Theme::Step);
    actions->addWidget(m_add);
    actions->addWidget(m_remove);
    actions->addStretch(1);
    column->addLayout(actions);
    column->addWidget(m_notice);
    column->addWidget(m_editor);
    auto *label = new PlainLabel(m_theme, TextRole::Muted,
                                 tr("After a model chosen alone, go on with"), this);
    label->setFixedWidth(LabelColumn - 2 * Theme::Step); // as the editor's
    label->setWordWrap(true);
    label->setBuddy(m_further);
    QHBoxLayout *further = rowOf({label, m_further});
    further->setStretch(1, 1);
    column->addLayout(further);
}

void RoutesPage::connectParts()
{
    connect(m_add, &QAbstractButton::clicked, this, &RoutesPage::addRoute);
    connect(m_remove, &QAbstractButton::clicked, this, &RoutesPage::removeRoute);
    connect(m_list, &QListWidget::currentRowChanged, this, [this] {
        m_editor->edit(currentId());
        m_remove->setEnabled(currentId() != 0);
    });
    connect(m_editor, &RouteEditor::modelRequested, this, &RoutesPage::modelRequested);
    connect(m_editor, &RouteEditor::refused, this,
            [this](const QString &sentence) { m_notice->show(Tone::Error, sentence); });
    connect(m_editor, &RouteEditor::changed, this, [this](const core::Route &before) {
        offerUndo(tr("A model was taken out of \"%1\".").arg(before.name), before);
    });
    connect(m_notice, &NoticeBar::actionChosen, this, &RoutesPage::takeBack);
    connect(m_further, &QComboBox::activated, this, &RoutesPage::saveFurther);
    connect(&m_parts.routes, &core::RouteBook::changed, this, &RoutesPage::refresh);
    connect(&m_parts.settings, &core::Settings::changed, this, &RoutesPage::refreshFurther);
}

std::int64_t RoutesPage::currentId() const
{
    return m_list->currentId().toLongLong();
}

void RoutesPage::addRoute()
{
    m_notice->hide();
    m_before.reset();
    const std::int64_t id = m_parts.routes.add(tr("Route"));
    m_list->choose(QString::number(id));
    m_editor->focusName();
}

void RoutesPage::removeRoute()
{
    const auto route = m_parts.routes.find(currentId());
    if (!route)
        return;
    m_parts.routes.remove(route->id);
    offerUndo(tr("\"%1\" was deleted. Chats that used it keep its first model.").arg(route->name),
              *route);
}

void RoutesPage::offerUndo(const QString &told, const core::Route &before)
{
    m_before = before;
    m_notice->show(Tone::Neutral, told, {tr("Undo")});
}

//! A route comes back as it was; a model that was taken out, into the route as it is now.
void RoutesPage::takeBack()
{
    m_notice->hide();
    const auto before = std::exchange(m_before, std::nullopt);
    if (!before)
        return;
    if (const auto now = m_parts.routes.find(before->id)) {
        QList<core::Target> targets = now->targets;
        for (qsizetype place = 0; place < before->targets.size(); ++place) {
            const core::Target &target = before->targets.at(place);
            const bool isThere =
                std::any_of(targets.cbegin(), targets.cend(), [&target](const core::Target &other) {
                    return other.provider == target.provider && other.model == target.model;
                });
            if (!isThere)
                targets.insert(std::min(place, targets.size()), target);
        }
        if (const auto set = m_parts.routes.setTargets(now->id, targets); !set)
            m_notice->show(Tone::Error, set.error().detail);
    } else {
        m_parts.routes.restore(*before);
    }
    m_list->choose(QString::number(before->id));
}

void RoutesPage::addTarget(const core::Target &target)
{
    m_notice->hide();
    m_before.reset();
    m_editor->addTarget(target);
}

void RoutesPage::refresh()
{
    const QString current = m_list->currentId();
    QList<SettingsRow> rows;
    for (const core::Route &each : m_parts.routes.routes()) {
        QStringList names;
        for (const core::Target &target : each.targets)
            names.append(m_parts.models.nameOf(target));
        SettingsRow row;
        row.id = QString::number(each.id);
        row.title = each.name;
        row.detail = names.isEmpty() ? tr("no models yet") : core::routeText(each.kind, names);
        rows.append(row);
    }
    m_list->setRows(rows);
    m_list->setFixedHeight(m_list->heightOfRows());
    m_list->setVisible(!rows.isEmpty());
    m_empty->setVisible(rows.isEmpty());
    m_remove->setVisible(!rows.isEmpty());
    m_list->choose(current); // a new name may have moved it
    m_editor->edit(currentId());
    m_remove->setEnabled(currentId() != 0);
    refreshFurther();
}

void RoutesPage::refreshFurther()
{
    const QSignalBlocker quiet(m_further);
    m_further->clear();
    m_further->addItem(tr("nobody"), QString());
    for (const core::Route &each : m_parts.routes.usable()) {
        m_further->addItem(shownName(each.name), QString::number(each.id));
    }
    const int row = m_further->findData(m_parts.settings.value(keys::FallbackRoute));
    m_further->setCurrentIndex(std::max(0, row));
}

void RoutesPage::saveFurther(int row)
{
    const auto written =
        m_parts.settings.setValue(keys::FallbackRoute, m_further->itemData(row).toString());
    if (!written)
        Q_EMIT failed(written.error().detail);
}

} // namespace ui
