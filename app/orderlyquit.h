#pragma once

#include <QObject>

#include <functional>

class QWidget;

namespace core {
struct Error;
} // namespace core

namespace app {

class Engine;

//! The window's end: asks while answers are being written, and lets the window go only when all
//! that was journalled is on disk, or the person gives it up. Main thread.
class OrderlyQuit : public QObject
{
    Q_OBJECT
public:
    //! \p close closes \p window without asking; called once, after mayClose() has said no.
    OrderlyQuit(Engine &engine, QWidget &window, std::function<void()> close);

    //! Whether the window may go at once. If not, it is closed later, or the person goes on.
    [[nodiscard]] bool mayClose();
    //! Closes it without a question: the system wants us to end, and soon. Answers are stopped, and
    //! their text is kept. Asks all the same where something could not be saved.
    void stopAndClose();

private:
    void ask(int running);
    void closeWhenIdle();
    void closeWhenDrained();
    void askToLose(const core::Error &error);
    void close();

    Engine &m_engine;
    QWidget &m_window;
    std::function<void()> m_close;
    bool m_quitsWhenIdle = false; //!< "Finish, then quit" was the last word.
    bool m_stopsAll = false;      //!< Nobody is asked any more.
    bool m_isDraining = false;
    bool m_mayClose = false;
};

} // namespace app
