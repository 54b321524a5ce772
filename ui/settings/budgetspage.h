#pragma once

#include "core/settings/settings.h"
#include "core/store/budgetbook.h"
#include "ui/settings/budgettext.h"
#include "ui/theme/themesource.h"

#include <QWidget>

class QVBoxLayout;

namespace ui {

class BudgetForm;
class Card;
class NoticeBar;
class PillButton;
class PlainLabel;

//! Limits and budgets: what may be spent, what is, and what is left. UI thread.
class BudgetsPage final : public QWidget
{
    Q_OBJECT
public:
    BudgetsPage(const ThemeSource &theme, core::BudgetBook &budgets, core::Settings &settings,
                const core::Clock &clock, BudgetNames names, QWidget *parent = nullptr);

    void setNames(const BudgetNames &names);
    //! Opens the form of the first budget for that scope; where there is none, of a new one.
    void editOf(core::BudgetScope scope, const QString &key);
    void edit(std::int64_t id); //!< Opens the form of that budget; unknown ids open nothing.

Q_SIGNALS:
    void failed(const QString &sentence); //!< The settings could not be written.

private:
    void build();
    void buildCacheSwitch(QVBoxLayout *column);
    void refresh();
    [[nodiscard]] QWidget *makeRow(const core::BudgetStanding &standing);
    void beginNew();
    void showForm(const core::Budget &budget);
    void endEdit();
    void remove(const core::Budget &budget); //!< Until Undo is pressed.

    const ThemeSource &m_theme;
    core::BudgetBook &m_budgets;
    core::Settings &m_settings;
    const core::Clock &m_clock;
    BudgetNames m_names;
    PlainLabel *m_empty;
    NoticeBar *m_notice;
    QVBoxLayout *m_rows;
    QWidget *m_rowsBox;
    Card *m_formCard;
    BudgetForm *m_form;
    PillButton *m_add;
    core::Budget m_removed;    //!< What Undo brings back.
    std::int64_t m_edited = 0; //!< What the form shows; 0: a new one.
};

} // namespace ui
