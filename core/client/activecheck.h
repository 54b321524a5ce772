#pragma once

#include "core/client/modellists.h"

namespace core {

//! Asks ready providers for their lists of models (a free call: no health is worth a paid prompt)
//! while someone looks, each at most every five minutes. Off until it is turned on; never while
//! nobody looks. Main thread.
class ActiveCheck : public QObject
{
    Q_OBJECT
public:
    ActiveCheck(const AccountSetup &accounts, ModelLists &lists, Clock &clock,
                QObject *parent = nullptr);

    void setEnabled(bool on);
    void setVisible(bool visible); //!< Whether the page with its results is on the screen.

private:
    void check();

    const AccountSetup &m_accounts;
    ModelLists &m_lists;
    Clock &m_clock;
    Alarm m_alarm;
    bool m_isEnabled = false;
    bool m_isVisible = false;
};

} // namespace core
