#pragma once

#include "core/base/shortfall.h"
#include "core/ledger/budget.h"

#include <QObject>
#include <QStringList>

namespace ui {

class Composer;

//! "May cost up to $0.42; $0.11 is left today."
[[nodiscard]] QString shortfallText(const core::Shortfall &shortfall);

//! Asks what to do about a message that a budget refused, in the composer's notice. UI thread; the
//! composer must outlive it.
class BudgetQuestion final : public QObject
{
    Q_OBJECT
public:
    explicit BudgetQuestion(Composer &composer, QObject *parent = nullptr);

    //! \p lanes: names of the lanes it is about; empty: the chat.
    void ask(const core::Shortfall &shortfall, const QStringList &lanes = {});
    //! The composer's notice was answered. False: the notice was not ours.
    bool answer(int action);
    void drop(); //!< The notice was taken away: it is no question any more.

Q_SIGNALS:
    void chosen(const core::SpendTerms &terms); //!< Send it again, so.
    void modelRequested();
    void budgetRequested(std::int64_t id); //!< To be changed.

private:
    enum class Action { Shorter, OtherModel, Allow, Change };
    Composer &m_composer;
    core::Shortfall m_shortfall;
    QList<Action> m_actions; //!< As offered; empty: nothing is asked.
};

} // namespace ui
