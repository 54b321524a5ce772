#pragma once

#include <QObject>
#include <QTimeZone>

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>

namespace core {

using SteadyTime = std::chrono::steady_clock::time_point;
using UtcTime = std::chrono::sys_time<std::chrono::milliseconds>;

//! The one source of time in core: what waits or measures takes a Clock, so that tests hold time.
//! Steady time is for latencies and deadlines, UTC for records, zone() for days that a person sees.
class Clock
{
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual SteadyTime steadyNow() const = 0;
    [[nodiscard]] virtual UtcTime utcNow() const = 0;
    [[nodiscard]] virtual QTimeZone zone() const = 0;
    //! Calls \p function once after \p duration in \p context's thread, from its event loop also
    //! where that is past; never when \p context is gone.
    virtual void after(std::chrono::milliseconds duration, QObject *context,
                       std::function<void()> function) = 0;
};

//! The machine's clocks, with timers of the event loop. A machine that travels is noticed within
//! ten seconds.
class SystemClock final : public Clock
{
public:
    [[nodiscard]] SteadyTime steadyNow() const override;
    [[nodiscard]] UtcTime utcNow() const override;
    [[nodiscard]] QTimeZone zone() const override;
    void after(std::chrono::milliseconds duration, QObject *context,
               std::function<void()> function) override;

private:
    mutable std::mutex m_zoneMutex; //!< For the two below.
    mutable QTimeZone m_zone;
    mutable SteadyTime m_zoneRead;
};

//! A call that will happen at one time, can be moved and taken back; gone with its owner.
class Alarm
{
public:
    explicit Alarm(Clock &clock)
        : m_clock(&clock)
    {
    }
    Alarm(const Alarm &) = delete; // the pending call holds its address
    Alarm &operator=(const Alarm &) = delete;
    ~Alarm() = default;
    //! Replaces a pending one.
    void set(std::chrono::milliseconds duration, std::function<void()> function);
    void clear() { m_context.reset(); }
    [[nodiscard]] bool isSet() const { return m_context != nullptr; }

private:
    Clock *m_clock;
    std::unique_ptr<QObject> m_context; //!< Its end is how the call is taken back.
};

} // namespace core
