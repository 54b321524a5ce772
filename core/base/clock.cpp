#include "core/base/clock.h"

#include <QTimer>

namespace core {

SteadyTime SystemClock::steadyNow() const
{
    return std::chrono::steady_clock::now();
}

UtcTime SystemClock::utcNow() const
{
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

QTimeZone SystemClock::zone() const
{
    return QTimeZone::systemTimeZone();
}

void SystemClock::after(std::chrono::milliseconds duration, QObject *context,
                        std::function<void()> function)
{
    QTimer::singleShot(duration, Qt::PreciseTimer, context, std::move(function));
}

void Alarm::set(std::chrono::milliseconds duration, std::function<void()> function)
{
    m_context = std::make_unique<QObject>();
    m_clock->after(duration, m_context.get(), [this, call = std::move(function)] {
        // The call may set this alarm again, or destroy it: let go of everything first.
        const auto last = call;
        m_context.release()->deleteLater(); // we run inside its timer
        last();
    });
}

} // namespace core
