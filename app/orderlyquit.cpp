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
}

bool OrderlyQuit::mayClose()
{
    if (m_isDrained)
        return true;
    if (const qsizetype running = m_engine.conversations().running().size(); running > 0)
        ask(static_cast<int>(running));
    else
        closeWhenDrained();
    return false;
}

void OrderlyQuit::ask(int running)
{
    QMessageBox *question = ui::makeNotice(&m_window, tr("An answer is still being written"),
                                           tr("%n answer(s) are running.", nullptr, running));
    QPushButton *finish = question->addButton(tr("Finish, then quit"), QMessageBox::AcceptRole);
    QPushButton *stop =
        question->addButton(tr("Stop and quit, text is kept"), QMessageBox::DestructiveRole);
    question->addButton(tr("Cancel"), QMessageBox::RejectRole);
    connect(finish, &QPushButton::clicked, this, [this] {
        connect(&m_engine.conversations(), &core::ConversationBook::runningChanged, this, [this] {
            if (m_engine.conversations().running().isEmpty())
                closeWhenDrained();
        });
    });
    connect(stop, &QPushButton::clicked, this, [this] {
        m_engine.conversations().stopAll();
        closeWhenDrained();
    });
    question->open();
}

void OrderlyQuit::closeWhenDrained()
{
    core::whenReady(this, m_engine.store().journal().drained(),
                    [this](const core::Result<core::Done> &) {
                        m_isDrained = true;
                        m_close();
                    });
}

} // namespace app
