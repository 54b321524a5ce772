#include "app/orderlyquit.h"

#include "app/engine.h"
#include "core/base/whenready.h"
#include "ui/widgets/notice.h"

#include <QMessageBox>
#include <QPushButton>

namespace app {

OrderlyQuit::OrderlyQuit(Engine &engine, QWidget &window, std::function<void()> close)
    : QObject(&window)
    , m_engine(engine)
    , m_window(window)
    , m_close(std::move(close))
{
    connect(&m_engine.conversations(), &core::ConversationBook::runningChanged, this,
            &OrderlyQuit::closeWhenIdle);
}

bool OrderlyQuit::mayClose()
{
    if (m_mayClose)
        return true;
    if (const qsizetype running = m_engine.conversations().running().size(); running > 0)
        ask(static_cast<int>(running));
    else
        closeWhenDrained();
    return false;
}

void OrderlyQuit::stopAndClose()
{
    m_stopsAll = true;
    m_engine.conversations().stopAll();
    closeWhenDrained();
}

void OrderlyQuit::ask(int running)
{
    QMessageBox *question = ui::makeNotice(&m_window, tr("An answer is still being written"),
                                           tr("%n answer(s) are running.", nullptr, running));
    const QPushButton *finish =
        question->addButton(tr("Finish, then quit"), QMessageBox::AcceptRole);
    const QPushButton *stop =
        question->addButton(tr("Stop and quit, text is kept"), QMessageBox::DestructiveRole);
    question->addButton(tr("Cancel"), QMessageBox::RejectRole);
    // However it ends: whatever is not "Finish" takes an earlier "Finish" back.
    connect(question, &QMessageBox::finished, this, [this, question, finish, stop] {
        m_quitsWhenIdle = question->clickedButton() == finish;
        if (question->clickedButton() == stop) {
            m_engine.conversations().stopAll();
            closeWhenDrained();
        }
        closeWhenIdle(); // the last answer may have ended while the question stood
    });
    question->open();
}

void OrderlyQuit::closeWhenIdle()
{
    if (m_quitsWhenIdle && m_engine.conversations().running().isEmpty())
        closeWhenDrained();
}

void OrderlyQuit::closeWhenDrained()
{
    if (std::exchange(m_isDraining, true))
        return;
    core::whenReady(this, m_engine.store().journal().drained(),
                    [this](const core::Result<core::Done> &drained) {
                        m_isDraining = false;
                        if (!drained)
                            return askToLose(drained.error());
                        // The rest of a long text may have been sent meanwhile: its end calls
                        // again.
                        if (const auto running = m_engine.conversations().running();
                            running.isEmpty())
                            close();
                        else if (m_stopsAll)
                            stopAndClose();
                        else if (!m_quitsWhenIdle)
                            ask(static_cast<int>(running.size()));
                    });
}

//! The disk does not take the last of it. It stays in memory, and is tried again, while we run.
void OrderlyQuit::askToLose(const core::Error &error)
{
    m_quitsWhenIdle = false;
    QMessageBox *question = ui::makeNotice(
        &m_window, tr("Not all is saved"),
        tr("The last messages or their costs could not be saved yet."), error.detail);
    const QPushButton *again = question->addButton(tr("Try again"), QMessageBox::AcceptRole);
    const QPushButton *lose =
        question->addButton(tr("Quit and lose them"), QMessageBox::DestructiveRole);
    question->addButton(tr("Cancel"), QMessageBox::RejectRole);
    connect(question, &QMessageBox::finished, this, [this, question, again, lose] {
        if (question->clickedButton() == again)
            closeWhenDrained();
        else if (question->clickedButton() == lose)
            close();
    });
    question->open();
}

void OrderlyQuit::close()
{
    m_mayClose = true;
    m_close();
}

} // namespace app
