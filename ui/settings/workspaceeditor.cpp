#include "ui/settings/workspaceeditor.h"

#include "ui/settings/formrows.h"
#include "ui/settings/patternfield.h"
#include "ui/settings/settingfield.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/plaintext.h"

#include <QLineEdit>

namespace ui {

WorkspaceEditor::WorkspaceEditor(const ThemeSource &theme, core::WorkspaceBook &workspaces,
                                 const Texts &texts, QWidget *parent)
    : QWidget(parent)
    , m_workspaces(workspaces)
    , m_texts(texts)
    , m_name(new SettingField(theme, QStringLiteral("workspaceName"), tr("Name"), QString(), this))
    , m_model(new PillButton(theme, ButtonLook::Outline, {}, this))
    , m_lastModel(new PillButton(theme, ButtonLook::Link, tr("Use the last one"), this))
    , m_options(new PillButton(theme, ButtonLook::Outline, {}, this))
    , m_budget(new PillButton(theme, ButtonLook::Link, tr("Limits and budgets"), this))
    , m_budgetRow(new QWidget(this))
    , m_patterns(new PatternField(theme, QStringLiteral("workspacePatterns"), {}, this))
{
    setObjectName(QStringLiteral("workspaceEditor"));
    m_model->setObjectName(QStringLiteral("workspaceModel"));
    m_lastModel->setObjectName(QStringLiteral("workspaceLastModel"));
    m_options->setObjectName(QStringLiteral("workspaceOptions"));
    m_budget->setObjectName(QStringLiteral("workspaceBudget"));
    build(theme);
    connectParts();
    refresh();
}

void WorkspaceEditor::build(const ThemeSource &theme)
{
    constexpr int LongestModel = 60; // letters
    m_model->setMenuMark(true);
    m_model->setLargestTextWidth(LongestModel *
                                 QFontMetrics(theme.theme().chrome).averageCharWidth());
    m_options->setMenuMark(true);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(3 * Theme::Step);
    column->addWidget(m_name);
    const auto line = [this, &theme](const QString &name, std::initializer_list<QWidget *> fields) {
        auto *label = new PlainLabel(theme, TextRole::Muted, name, this);
        label->setFixedWidth(LabelColumn - 2 * Theme::Step); // as its name's
        label->setWordWrap(true);
        QHBoxLayout *row = rowOf({label});
        for (QWidget *field : fields)
            row->addWidget(field);
        row->addStretch(1);
        return row;
    };
    column->addLayout(line(tr("New chats ask"), {m_model, m_lastModel}));
    column->addLayout(line(tr("They begin with"), {m_options}));
    QHBoxLayout *budget = line(tr("What may be spent"), {m_budget});
    m_budgetRow->setLayout(budget);
    column->addWidget(m_budgetRow);
    column->addWidget(m_patterns);
}

void WorkspaceEditor::connectParts()
{
    connect(m_name, &SettingField::entered, this, [this](const QString &name) {
        if (const auto renamed = m_workspaces.rename(m_id, name); !renamed)
            m_name->refuse(renamed.error().detail);
        else
            m_name->saved(name.simplified());
    });
    connect(m_model, &QAbstractButton::clicked, this,
            [this] { Q_EMIT modelRequested(m_model, m_id); });
    connect(m_lastModel, &QAbstractButton::clicked, this,
            [this] { change([](core::Workspace &workspace) { workspace.model.clear(); }); });
    connect(m_options, &QAbstractButton::clicked, this,
            [this] { Q_EMIT optionsRequested(m_options, m_id); });
    connect(m_budget, &QAbstractButton::clicked, this, [this] { Q_EMIT budgetRequested(m_id); });
    connect(m_patterns, &PatternField::entered, this, [this](const QString &patterns) {
        change([&patterns](core::Workspace &workspace) { workspace.blockedPatterns = patterns; });
    });
    connect(&m_workspaces, &core::WorkspaceBook::changed, this, &WorkspaceEditor::refresh);
}

void WorkspaceEditor::change(const std::function<void(core::Workspace &)> &what)
{
    auto workspace = m_workspaces.find(m_id);
    if (!workspace)
        return;
    what(*workspace);
    m_workspaces.change(*workspace);
}

void WorkspaceEditor::edit(std::int64_t id)
{
    if (m_id == id)
        return;
    m_patterns->leave(); // of the one before
    m_id = id;
    m_name->forget();
    m_patterns->forget();
    refresh();
}

void WorkspaceEditor::refresh()
{
    const auto workspace = m_workspaces.find(m_id);
    setVisible(workspace.has_value());
    if (!workspace)
        return;
    m_name->setValue(workspace->name);
    const QString last = tr("The model used last");
    const QString model =
        workspace->model.isEmpty() ? last : shownName(m_texts.model(workspace->model));
    m_model->setText(model);
    m_model->setAccessibleName(tr("New chats ask: %1").arg(model));
    m_lastModel->setVisible(!workspace->model.isEmpty());
    const int differing = m_texts.differing(workspace->options);
    const QString options = differing == 0   ? tr("The usual options")
                            : differing == 1 ? tr("1 option set")
                                             : tr("%1 options set").arg(differing);
    m_options->setText(options);
    m_options->setAccessibleName(tr("New chats begin with: %1").arg(options));
    // One workspace is everything: what counts everywhere is all there is to say.
    m_budgetRow->setVisible(m_workspaces.hasSeveral());
    m_patterns->setVisible(m_workspaces.hasSeveral());
    m_patterns->setHead(
        tr("Never send without a question in \u201c%1\u201d").arg(shownName(workspace->name)));
    m_patterns->setValue(workspace->blockedPatterns);
}

void WorkspaceEditor::focusName()
{
    m_name->edit()->setFocus();
    m_name->edit()->selectAll();
}

} // namespace ui
