#pragma once

#include "core/client/modeldirectory.h"
#include "ui/settings/drilltexts.h"

#include <QWidget>

class QFormLayout;
class QSpinBox;
class QVBoxLayout;

namespace ui {

class ChoiceBox;
class DrillTable;
class PillButton;
class PlainLabel;

//! Makes the practice provider fail in a chosen way and shows how the route copes: each attempt,
//! what a chat would have shown, what the ledger says. UI thread.
class OutageDrillPage final : public QWidget
{
    Q_OBJECT
public:
    //! \p accounts and \p models name the targets; must outlive it.
    OutageDrillPage(const ThemeSource &theme, const OutageDrill::Parts &parts,
                    const core::AccountSetup &accounts, const core::ModelDirectory &models,
                    QWidget *parent = nullptr);

private:
    void buildForm(QVBoxLayout *column);
    void buildReport(QVBoxLayout *column);
    void fillFaults();
    void fillProtocols();
    [[nodiscard]] DrillPlan plan() const;
    [[nodiscard]] DrillNames names() const;
    void run();
    void showFault(); //!< Only the fields that the chosen fault has.
    void refresh();

    const ThemeSource &m_theme;
    const core::AccountSetup &m_accounts;
    const core::ModelDirectory &m_models;
    OutageDrill m_drill;
    QHash<QString, QString> m_protocols; //!< For people, by the practice row's id.
    QFormLayout *m_form = nullptr;
    ChoiceBox *m_fault;
    ChoiceBox *m_times;
    QSpinBox *m_afterTokens;
    QSpinBox *m_retryAfter;
    ChoiceBox *m_first;
    ChoiceBox *m_second;
    PillButton *m_run;
    PillButton *m_stop;
    PlainLabel *m_progress;
    QWidget *m_report;
    PlainLabel *m_verdict;
    DrillTable *m_attempts;
    PlainLabel *m_seen;
    PlainLabel *m_ledger;
};

} // namespace ui
