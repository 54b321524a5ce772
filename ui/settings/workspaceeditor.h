#pragma once

#include "core/conversation/workspacebook.h"
#include "ui/theme/themesource.h"

#include <QWidget>

#include <functional>

namespace ui {

class PatternField;
class PillButton;
class SettingField;

//! One workspace to be changed: its name, what new chats begin with, what is asked about before it
//! leaves. Saved at once. UI thread.
class WorkspaceEditor final : public QWidget
{
    Q_OBJECT
public:
    //! What others know how to say.
    struct Texts
    {
        std::function<QString(const QString &model)> model; //!< Of a Workspace::model, not empty.
        std::function<int(const core::ChatOptions &)> differing; //!< How many are not as usual.
    };

    WorkspaceEditor(const ThemeSource &theme, core::WorkspaceBook &workspaces, const Texts &texts,
                    QWidget *parent = nullptr);

    void edit(std::int64_t id); //!< One that is gone: shows nothing.
    void refresh();
    void focusName();

Q_SIGNALS:
    //! To be chosen at \p anchor, and stored in the book.
    void modelRequested(const QWidget *anchor, std::int64_t id);
    void optionsRequested(const QWidget *anchor, std::int64_t id);
    void budgetRequested(std::int64_t id);

private:
    void build(const ThemeSource &theme);
    void connectParts();
    void change(const std::function<void(core::Workspace &)> &what);

    core::WorkspaceBook &m_workspaces;
    Texts m_texts;
    SettingField *m_name;
    PillButton *m_model;
    PillButton *m_lastModel;
    PillButton *m_options;
    PillButton *m_budget;
    QWidget *m_budgetRow;
    PatternField *m_patterns;
    std::int64_t m_id = 0;
};

} // namespace ui
