#include "ui/settings/routeeditor.h"

#include "core/client/taskrule.h"
#include "ui/settings/formrows.h"
#include "ui/settings/settingfield.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/choicebox.h"
#include "ui/widgets/figures.h"
#include "ui/widgets/plainlabel.h"

#include <QHBoxLayout>
#include <QLineEdit>

namespace ui {

RouteEditor::RouteEditor(const ThemeSource &theme, core::RouteBook &routes,
                         const core::AccountSetup &accounts, const core::ModelDirectory &models,
                         QWidget *parent)
    : QWidget(parent)
    , m_routes(routes)
    , m_name(new SettingField(theme, QStringLiteral("routeName"), tr("Name"), QString(), this))
    , m_kind(new ChoiceBox(theme, this))
    , m_rule(new PlainLabel(theme, TextRole::Small, QString(), this))
    , m_targets(new RouteTargets(theme, accounts, models, this))
    , m_empty(new PlainLabel(theme, TextRole::Muted,
                             tr("No models yet. Chats can use the route when it has one."), this))
    , m_add(new PillButton(theme, ButtonLook::Outline, tr("Add a model"), this))
    , m_up(new PillButton(theme, ButtonLook::Outline, tr("Earlier"), this))
    , m_down(new PillButton(theme, ButtonLook::Outline, tr("Later"), this))
    , m_remove(new PillButton(theme, ButtonLook::Outline, tr("Remove"), this))
{
    setObjectName(QStringLiteral("routeEditor"));
    m_kind->setObjectName(QStringLiteral("routeKind"));
    m_kind->setAccessibleName(tr("Which model begins"));
    m_kind->addItem(tr("The first, always"), static_cast<int>(core::RouteKind::InOrder));
    m_kind->addItem(tr("By task: the first or the second"),
                    static_cast<int>(core::RouteKind::ByTask));
    m_rule->setObjectName(QStringLiteral("routeRule"));
    m_rule->setWordWrap(true);
    m_add->setObjectName(QStringLiteral("addRouteTarget"));
    m_up->setObjectName(QStringLiteral("routeTargetUp"));
    m_down->setObjectName(QStringLiteral("routeTargetDown"));
    m_remove->setObjectName(QStringLiteral("removeRouteTarget"));
    build(theme);
    connect(m_add, &QAbstractButton::clicked, this, [this] { Q_EMIT modelRequested(m_add); });
    connect(m_up, &QAbstractButton::clicked, this, [this] { m_targets->move(-1); });
    connect(m_down, &QAbstractButton::clicked, this, [this] { m_targets->move(1); });
    connect(m_remove, &QAbstractButton::clicked, m_targets, &RouteTargets::removeCurrent);
    connect(m_kind, &QComboBox::activated, this, [this](int row) {
        m_routes.setKind(m_id, static_cast<core::RouteKind>(m_kind->itemData(row).toInt()));
    });
    connect(m_targets, &RouteTargets::changed, this, &RouteEditor::setTargets);
    connect(m_targets, &RouteTargets::currentChanged, this, &RouteEditor::refreshButtons);
    connect(m_name, &SettingField::entered, this, [this](const QString &name) {
        if (const auto renamed = m_routes.rename(m_id, name); !renamed)
            m_name->refuse(renamed.error().detail);
        else
            m_name->saved(name.simplified());
    });
    connect(&routes, &core::RouteBook::changed, this, &RouteEditor::refresh);
    refresh();
}

void RouteEditor::build(const ThemeSource &theme)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(3 * Theme::Step);
    column->addWidget(m_name);
    auto *kindLabel = new PlainLabel(theme, TextRole::Muted, tr("Which model begins"), this);
    kindLabel->setFixedWidth(LabelColumn - 2 * Theme::Step); // as its name's
    kindLabel->setWordWrap(true);
    kindLabel->setBuddy(m_kind);
    QHBoxLayout *kind = rowOf({kindLabel, m_kind});
    kind->setStretch(1, 1);
    column->addLayout(kind);
    auto *rule = new QHBoxLayout;
    rule->setContentsMargins(LabelColumn, 0, 0, 0);
    rule->addWidget(m_rule);
    column->addLayout(rule);
    column->addWidget(new PlainLabel(theme, TextRole::Section, tr("Models, in order"), this));
    column->addWidget(m_empty);
    column->addWidget(m_targets);
    auto *actions = new QHBoxLayout;
    actions->setSpacing(2 * Theme::Step);
    for (QWidget *each : {m_add, m_up, m_down, m_remove})
        actions->addWidget(each);
    actions->addStretch(1);
    column->addLayout(actions);
    auto *note = new PlainLabel(
        theme, TextRole::Small,
        tr("Where one cannot answer, the next that can does. A figure at the right is the price "
           "beside the first model's, for as many tokens in as out; practice models have none. "
           "Drag to change the order, or Alt+Up and Alt+Down."),
        this);
    note->setWordWrap(true);
    column->addWidget(note);
}

void RouteEditor::edit(std::int64_t id)
{
    if (m_id == id)
        return;
    m_id = id;
    m_name->forget();
    refresh();
    m_targets->choose(-1);
}

void RouteEditor::refresh()
{
    const auto route = m_routes.find(m_id);
    setVisible(route.has_value());
    if (!route)
        return;
    m_name->setValue(route->name);
    showKind(*route);
    m_targets->setRoute(*route);
    m_empty->setVisible(route->targets.isEmpty());
    refreshButtons();
}

void RouteEditor::showKind(const core::Route &route)
{
    m_kind->setCurrentIndex(m_kind->findData(static_cast<int>(route.kind)));
    m_rule->setVisible(route.kind == core::RouteKind::ByTask);
    const QString rule =
        tr("A message goes to the second model if it has code, mathematics or files, asks for "
           "reasons, steps, a comparison or a plan, if reasoning is set to medium or more, or if "
           "all that is sent is about %1 tokens or more; every other one to the first. This is "
           "decided here, for each message anew, and stands above the answer.")
            .arg(countText(core::LongPromptTokens));
    m_rule->setText(
        route.targets.size() < 2
            ? tr("%1 It needs two models: until then the first always begins.").arg(rule)
            : rule);
}

void RouteEditor::focusName()
{
    m_name->edit()->setFocus();
    m_name->edit()->selectAll();
}

void RouteEditor::addTarget(const core::Target &target)
{
    const auto route = m_routes.find(m_id);
    if (!route)
        return;
    QList<core::Target> targets = route->targets;
    targets.removeAll(target);
    targets.append(target);
    setTargets(targets);
    m_targets->choose(static_cast<int>(targets.size()) - 1);
}

void RouteEditor::setTargets(const QList<core::Target> &targets)
{
    const auto before = m_routes.find(m_id);
    if (!before)
        return;
    if (const auto set = m_routes.setTargets(m_id, targets); !set) {
        refresh();
        Q_EMIT refused(set.error().detail);
    } else if (targets.size() < before->targets.size()) {
        Q_EMIT changed(*before);
    }
}

void RouteEditor::refreshButtons()
{
    const auto route = m_routes.find(m_id);
    const qsizetype count = route ? route->targets.size() : 0;
    const int row = m_targets->current();
    m_up->setVisible(count > 1);
    m_down->setVisible(count > 1);
    m_remove->setVisible(count > 0);
    m_up->setEnabled(row > 0);
    m_down->setEnabled(row >= 0 && row + 1 < count);
    m_remove->setEnabled(row >= 0);
}

} // namespace ui
