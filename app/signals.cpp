#include "app/signals.h"

#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

namespace app {

namespace {

int pipeEnds[2] = {-1, -1}; // a signal handler can reach nothing but globals

void handle(int)
{
    const char byte = 0;
    [[maybe_unused]] const ssize_t written = ::write(pipeEnds[1], &byte, 1);
}

void install(void (*handler)(int), int flags)
{
    struct sigaction action = {};
    action.sa_handler = handler;
    action.sa_flags = flags;
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    // Under nohup it was told to outlive its terminal.
    struct sigaction before = {};
    if (sigaction(SIGHUP, nullptr, &before) == 0 && before.sa_handler != SIG_IGN)
        sigaction(SIGHUP, &action, nullptr);
}

} // namespace

InterruptHandler::InterruptHandler(std::function<void()> function)
{
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pipeEnds) != 0)
        return; // the signals keep their default: the process ends
    m_notifier = std::make_unique<QSocketNotifier>(pipeEnds[0], QSocketNotifier::Read);
    QObject::connect(m_notifier.get(), &QSocketNotifier::activated, m_notifier.get(),
                     [call = std::move(function)] {
                         char byte = 0;
                         [[maybe_unused]] const ssize_t count = ::read(pipeEnds[0], &byte, 1);
                         call();
                     });
    install(handle, static_cast<int>(SA_RESETHAND) | SA_RESTART);
}

InterruptHandler::~InterruptHandler()
{
    install(SIG_DFL, 0);
    m_notifier.reset();
    for (int &end : pipeEnds) {
        if (end >= 0)
            ::close(end);
        end = -1;
    }
}

} // namespace app
