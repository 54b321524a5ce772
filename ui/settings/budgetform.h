#pragma once

#include "ui/settings/budgettext.h"
#include "ui/theme/themesource.h"

#include <QWidget>

class QLineEdit;

namespace ui {

class ChoiceBox;
class PillButton;
class PlainLabel;
class SegmentedControl;

//! The fields of one budget: whose, how long, by which clock, what, how much, hard or soft. UI
//! thread.
class BudgetForm final : public QWidget
{
    Q_OBJECT
public:
    BudgetForm(const ThemeSource &theme, BudgetNames names, QWidget *parent = nullptr);

    void setNames(const BudgetNames &names);
    //! Shows \p budget; id 0: a new one.
    void edit(const core::Budget &budget);

Q_SIGNALS:
    void accepted(const core::Budget &budget);
    void cancelled();

private:
    void build();
    void fillScopes();
    void fillUnits();
    void fillZones();
    void showZone(const QByteArray &zone);
    void check();
    [[nodiscard]] std::optional<core::Budget> read() const;
    [[nodiscard]] std::optional<QByteArray> zone() const; //!< None: what is typed is no zone.

    const ThemeSource &m_theme;
    BudgetNames m_names;
    core::Budget m_base;
    PlainLabel *m_head;
    ChoiceBox *m_scope;
    SegmentedControl *m_period;
    PlainLabel *m_zoneName;
    ChoiceBox *m_zone;
    ChoiceBox *m_unit;
    QLineEdit *m_amount;
    SegmentedControl *m_kind;
    PlainLabel *m_kindHint;
    PlainLabel *m_fault;
    PillButton *m_save;
    PillButton *m_cancel;
};

} // namespace ui
