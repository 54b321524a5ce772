#include "ui/settings/workspacepage.h"

#include "core/base/errortext.h"
#include "core/base/whenready.h"
#include "ui/settings/formrows.h"
#include "ui/settings/patternfield.h"
#include "ui/settings/settingslist.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/plaintext.h"

#include <QVBoxLayout>

namespace ui {

namespace {

constexpr int BelowHeading = 1; //!< Place in the page's column.

} // namespace

WorkspacePage::WorkspacePage(const ThemeSource &theme, core::Settings &settings, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_settings(settings)
    , m_column(new QVBoxLayout(this))
    , m_everywhere(new PatternField(theme, core::settings::BlockedPatterns.name(),
                                    tr("Never send without a question"), this))
{
    setObjectName(QStringLiteral("workspacePage"));
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(3 * Theme::Step);
    m_column->addWidget(new PlainLabel(theme, TextRole::Heading, tr("Workspaces"), this));
    m_column->addWidget(m_everywhere);
    m_column->addStretch(1);
    m_everywhere->setValue(settings.value(core::settings::BlockedPatterns));
    connect(m_everywhere, &PatternField::entered, this, [this](const QString &patterns) {
        if (const auto written = m_settings.setValue(core::settings::BlockedPatterns, patterns);
            !written)
            Q_EMIT failed(written.error().detail);
    });
    connect(&settings, &core::Settings::changed, this, [this](const QString &key) {
        if (key == core::settings::BlockedPatterns.name())
            m_everywhere->setValue(m_settings.value(core::settings::BlockedPatterns));
    });
}

void WorkspacePage::setWorkspaces(core::WorkspaceBook &workspaces,
                                  const WorkspaceEditor::Texts &texts)
{
    m_workspaces = &workspaces;
    build(texts);
    connectParts();
    refresh();
}

void WorkspacePage::build(const WorkspaceEditor::Texts &texts)
{
    m_list = new SettingsList(m_theme, tr("Workspaces"), this);
    m_add = new PillButton(m_theme, ButtonLook::Outline, tr("New workspace"), this);
    m_remove = new PillButton(m_theme, ButtonLook::Outline, tr("Delete"), this);
    m_notice = new NoticeBar(m_theme, this);
    m_editor = new WorkspaceEditor(m_theme, *m_workspaces, texts, this);
    m_list->setObjectName(QStringLiteral("workspaceList"));
    m_add->setObjectName(QStringLiteral("addWorkspace"));
    m_remove->setObjectName(QStringLiteral("removeWorkspace"));
    m_notice->setObjectName(QStringLiteral("workspaceNotice"));
    m_notice->hide();
    auto *note = new PlainLabel(
        m_theme, TextRole::Small,
        tr("Each chat is in one of them. Where there are several, the sidebar can list the chats "
           "of one, and a budget can count what it costs."),
        this);
    note->setWordWrap(true);
    QHBoxLayout *actions = rowOf({m_add, m_remove});
    actions->addStretch(1);
    int place = BelowHeading;
    m_column->insertWidget(place++, note);
    m_column->insertWidget(place++, m_list);
    m_column->insertLayout(place++, actions);
    m_column->insertWidget(place++, m_notice);
    m_column->insertWidget(place, m_editor);
}

void WorkspacePage::connectParts()
{
    connect(m_list, &QListWidget::currentRowChanged, this, [this] {
        m_editor->edit(currentId());
        m_remove->setEnabled(currentId() != m_workspaces->first());
    });
    connect(m_add, &QAbstractButton::clicked, this, [this] {
        m_notice->hide();
        const std::int64_t id = m_workspaces->add(tr("Workspace"));
        m_list->choose(QString::number(id));
        m_editor->focusName();
    });
    connect(m_remove, &QAbstractButton::clicked, this, &WorkspacePage::removeCurrent);
    connect(m_notice, &NoticeBar::actionChosen, this, &WorkspacePage::restore);
    connect(m_editor, &WorkspaceEditor::modelRequested, this, &WorkspacePage::modelRequested);
    connect(m_editor, &WorkspaceEditor::optionsRequested, this, &WorkspacePage::optionsRequested);
    connect(m_editor, &WorkspaceEditor::budgetRequested, this, &WorkspacePage::budgetRequested);
    connect(m_workspaces, &core::WorkspaceBook::changed, this, &WorkspacePage::refresh);
}

std::int64_t WorkspacePage::currentId() const
{
    return m_list->currentId().toLongLong();
}

void WorkspacePage::refresh()
{
    const QString current = m_list->currentId();
    QList<SettingsRow> rows;
    for (const core::Workspace &each : m_workspaces->workspaces()) {
        SettingsRow row;
        row.id = QString::number(each.id);
        row.title = each.name;
        rows.append(row);
    }
    m_list->setRows(rows);
    m_list->setFixedHeight(m_list->heightOfRows());
    m_list->choose(current);
    if (m_list->currentRow() < 0)
        m_list->setCurrentRow(0);
    m_editor->edit(currentId()); // another one may stand in the row that is chosen
    m_remove->setEnabled(currentId() != m_workspaces->first());
    m_everywhere->setHead(m_workspaces->hasSeveral()
                              ? tr("Never send without a question, in any workspace")
                              : tr("Never send without a question"));
}

void WorkspacePage::removeCurrent()
{
    const auto removed = m_workspaces->find(currentId());
    if (!removed)
        return;
    const QString first = m_workspaces->inForce(m_workspaces->first()).name;
    core::whenReady(this, m_workspaces->remove(removed->id),
                    [this, name = removed->name, first](const core::Result<core::Done> &done) {
                        if (!done)
                            return m_notice->show(Tone::Error, core::userText(done.error()));
                        m_notice->show(Tone::Neutral,
                                       tr("\u201c%1\u201d was deleted. Its chats are in "
                                          "\u201c%2\u201d now.")
                                           .arg(shownName(name), shownName(first)),
                                       {tr("Undo")});
                    });
}

void WorkspacePage::restore()
{
    m_notice->hide();
    core::whenReady(this, m_workspaces->restore(), [this](const core::Result<core::Done> &done) {
        if (!done)
            m_notice->show(Tone::Error, core::userText(done.error()));
    });
}

} // namespace ui
