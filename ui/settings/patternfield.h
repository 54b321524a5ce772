#pragma once

#include "ui/theme/themesource.h"

#include <QWidget>

class QPlainTextEdit;

namespace ui {

class PillButton;
class PlainLabel;

//! Patterns of what never leaves without a question, one a line. Told when the field is left; a
//! faulty line is said while it is typed and keeps all from being told. Undo brings the former ones
//! back. UI thread.
class PatternField final : public QWidget
{
    Q_OBJECT
public:
    //! \p objectName is the text edit's; \p head is what it is for.
    PatternField(const ThemeSource &theme, const QString &objectName, const QString &head,
                 QWidget *parent = nullptr);

    void setHead(const QString &head);
    void setValue(const QString &patterns); //!< As stored. What is being written stays.
    void leave();                           //!< As when the focus goes elsewhere.
    void forget();                          //!< Text and Undo: those of another place come now.

Q_SIGNALS:
    void entered(const QString &patterns); //!< To be stored. Not what setValue() gave.

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void hideEvent(QHideEvent *event) override; //!< Leaves it, too.

private:
    void build(const ThemeSource &theme, const QString &objectName);
    void check();
    void tell(const QString &patterns);

    PlainLabel *m_head;
    QPlainTextEdit *m_edit;
    PlainLabel *m_fault;
    PillButton *m_undo;
    QString m_value;  //!< Stored.
    QString m_former; //!< What Undo brings back.
};

} // namespace ui
