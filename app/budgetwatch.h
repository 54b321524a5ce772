#pragma once

#include "app/engine.h"
#include "app/notifier.h"
#include "ui/widgets/statuspill.h"

namespace app {

//! Tells how far budgets are used up: in the window, and on the desktop while nobody looks.
class BudgetWatch final : public QObject
{
    Q_OBJECT
public:
    //! \p isUnseen: nobody looks at the window now. Engine and notifier must outlive it.
    BudgetWatch(Engine &engine, Notifier &notifier, std::function<bool()> isUnseen,
                QObject *parent = nullptr);

Q_SIGNALS:
    void told(ui::Tone tone, const QString &sentence);
    void openRequested(std::int64_t budgetId); //!< The notification was clicked.

private:
    void tell(const core::BudgetStanding &standing, int percent);

    Engine &m_engine;
    Notifier &m_notifier;
    std::function<bool()> m_isUnseen;
};

} // namespace app
