#pragma once

#include "core/settings/settings.h"
#include "ui/settings/workspaceeditor.h"

class QVBoxLayout;

namespace ui {

class NoticeBar;
class SettingsList;

//! Settings, Workspaces: which there are, the one chosen to be changed, and what never leaves
//! without a question wherever it is written. Saved at once or on leaving; a deletion can be
//! undone. UI thread.
class WorkspacePage final : public QWidget
{
    Q_OBJECT
public:
    WorkspacePage(const ThemeSource &theme, core::Settings &settings, QWidget *parent = nullptr);

    //! Once. Until then only what counts everywhere is shown. \p workspaces must outlive this.
    void setWorkspaces(core::WorkspaceBook &workspaces, const WorkspaceEditor::Texts &texts);

Q_SIGNALS:
    void failed(const QString &sentence); //!< The settings could not be written.
    void modelRequested(const QWidget *anchor, std::int64_t id); //!< As WorkspaceEditor's.
    void optionsRequested(const QWidget *anchor, std::int64_t id);
    void budgetRequested(std::int64_t id);

private:
    void build(const WorkspaceEditor::Texts &texts);
    void connectParts();
    void refresh();
    void removeCurrent();
    void restore();
    [[nodiscard]] std::int64_t currentId() const;

    const ThemeSource &m_theme;
    core::Settings &m_settings;
    QVBoxLayout *m_column;
    PatternField *m_everywhere;
    core::WorkspaceBook *m_workspaces = nullptr; //!< And all below: from setWorkspaces() on.
    SettingsList *m_list = nullptr;
    PillButton *m_add = nullptr;
    PillButton *m_remove = nullptr;
    NoticeBar *m_notice = nullptr;
    WorkspaceEditor *m_editor = nullptr;
};

} // namespace ui
