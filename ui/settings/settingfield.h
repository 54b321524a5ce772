#pragma once

#include "ui/theme/themesource.h"

#include <QWidget>

class QLineEdit;

namespace ui {

class PillButton;
class PlainLabel;

//! One line of text that is a setting: name at the left, field, a note below. Tells what was typed
//! when it is left; its owner answers with saved() or refuse(). Undo brings the former value back.
class SettingField final : public QWidget
{
    Q_OBJECT
public:
    //! \p objectName is the line edit's.
    SettingField(const ThemeSource &theme, const QString &objectName, const QString &name,
                 const QString &note, QWidget *parent = nullptr);

    void setValue(const QString &value); //!< As stored, unless something is being typed.
    void saved(const QString &value);    //!< It is stored now; Undo is offered.
    void refuse(const QString &fault);   //!< What was typed stays, nothing is stored.
    void setNote(const QString &note);
    void enter(const QString &text); //!< As if it had been typed.
    void forget();                   //!< What is typed and Undo: another thing is shown now.
    void addBeside(QWidget *widget); //!< At the right of the line.
    [[nodiscard]] QLineEdit *edit() const { return m_edit; }

Q_SIGNALS:
    void entered(const QString &text); //!< Left, or Enter, and it is not what is stored.

private:
    void leave();

    QLineEdit *m_edit;
    PillButton *m_undo;
    PlainLabel *m_note;
    PlainLabel *m_fault;
    QString m_value;  //!< Stored.
    QString m_former; //!< Before that: what Undo brings back.
};

} // namespace ui
