#pragma once

#include "core/settings/settings.h"
#include "ui/theme/themesource.h"

#include <QWidget>

class QPlainTextEdit;

namespace ui {

class PillButton;
class PlainLabel;

//! Settings, Workspace: what never leaves without a question. There is one workspace, so that it
//! counts for every chat. Saved on leaving, with Undo; a faulty line is told while it is typed and
//! keeps all from being saved. UI thread.
class WorkspacePage final : public QWidget
{
    Q_OBJECT
public:
    WorkspacePage(const ThemeSource &theme, core::Settings &settings, QWidget *parent = nullptr);

Q_SIGNALS:
    void failed(const QString &sentence); //!< The settings could not be written.

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void hideEvent(QHideEvent *event) override; //!< Leaves the field, too.

private:
    void build(const ThemeSource &theme);
    void checkPatterns();
    void leavePatterns();
    void store(const QString &patterns);
    [[nodiscard]] QString stored() const;

    core::Settings &m_settings;
    QPlainTextEdit *m_patterns;
    PlainLabel *m_fault;
    PillButton *m_undo;
    QString m_former; //!< What Undo brings back.
};

} // namespace ui
