#pragma once

#include <QSocketNotifier>

#include <functional>
#include <memory>

namespace app {

//! Calls a function in the event loop when the user presses Ctrl+C or closes the terminal, or the
//! system asks us to end. A second signal of a kind ends the process at once, as without a handler.
//! One at a time.
class InterruptHandler
{
public:
    explicit InterruptHandler(std::function<void()> function);
    ~InterruptHandler();
    InterruptHandler(const InterruptHandler &) = delete;
    InterruptHandler &operator=(const InterruptHandler &) = delete;

private:
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace app
