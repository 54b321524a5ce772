#pragma once

#include "app/engine.h"
#include "ui/chat/welcome.h"

#include <QObject>

namespace app {

//! While no model was ever chosen, or when asked for, the empty chat shows how to begin; model
//! servers on this computer are looked for at their usual loopback ports, never elsewhere. Main
//! thread.
class FirstRun : public QObject
{
    Q_OBJECT
public:
    //! \p welcome owns this.
    FirstRun(Engine &engine, ui::Welcome &welcome);

    //! Shows or hides the three ways, as settings now stand; looks for servers when they show.
    void refresh();
    //! Whether they were asked for, whatever was chosen before.
    void setWanted(bool wanted);

private:
    void look();

    Engine &m_engine;
    ui::Welcome &m_welcome;
    bool m_shown = false;
    bool m_isWanted = false;
};

} // namespace app
