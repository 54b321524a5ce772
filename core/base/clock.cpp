#include "core/base/clock.h"

#include <QThread>
#include <QTimer>

#include <algorithm>
#include <limits>

namespace core {

namespace {

//! A QTimer counts milliseconds in an int: more than 24 days would wrap.
constexpr std::chrono::milliseconds LongestTimer{std::numeric_limits<int>::max()};

//! Qt follows /etc/localtime anew at each question, and every request asks.
constexpr std::chrono::seconds ZoneKept{10};

} // namespace

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
    const std::scoped_lock guard(m_zoneMutex);
    const SteadyTime now = steadyNow();
    if (!m_zone.isValid() || now - m_zoneRead > ZoneKept) {
        m_zone = QTimeZone::systemTimeZone();
        m_zoneRead = now;
    }
    return m_zone;
}

void SystemClock::after(std::chrono::milliseconds duration, QObject *context,
                        std::function<void()> function)
{
    // Not QTimer::singleShot(): it keeps the call until its time, long after its context is gone.
    // Most of ours are deadlines, minutes long, of what ends within seconds.
    Q_ASSERT(context->thread() == QThread::currentThread());
    if (duration > LongestTimer)
        return after(LongestTimer, context,
                     [this, context, rest = duration - LongestTimer, call = std::move(function)] {
                         after(rest, context, call);
                     });
    auto *timer = new QTimer(context);
    timer->setSingleShot(true);
    timer->setTimerType(Qt::PreciseTimer);
    QObject::connect(timer, &QTimer::timeout, context, [timer, call = std::move(function)] {
        timer->deleteLater();
        call(); // may delete the context, and the timer with it
    });
    timer->start(std::max(duration, std::chrono::milliseconds(0))); // it refuses what is past
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
