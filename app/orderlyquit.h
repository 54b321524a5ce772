#pragma once

#include <QObject>

#include <functional>

class QWidget;

namespace app {

class Engine;

//! The window's end: asks while answers are being written, and lets the window go only when all
//! that was journalled is on disk. Main thread.
class OrderlyQuit : public QObject
{
    Q_OBJECT
public:
    //! \p close closes \p window without asking; called once, after mayClose() has said no.
    OrderlyQuit(Engine &engine, QWidget &window, std::function<void()> close);

    //! Whether the window may go at once. If not, it is closed later, or the person goes on.
    [[nodiscard]] bool mayClose();

private:
    void ask(int running);
    void closeWhenDrained();

    Engine &m_engine;
    QWidget &m_window;
    std::function<void()> m_close;
    bool m_isDrained = false;
};

} // namespace app
