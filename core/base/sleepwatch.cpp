#include "core/base/sleepwatch.h"

#include <ctime>

namespace core {

namespace {

using namespace std::chrono_literals;

constexpr auto Interval = 2s;
//! Less is the two clocks not being read at the same moment, or a nap that no connection notices.
constexpr auto ShortestSleep = 1s;

std::chrono::milliseconds read(clockid_t id)
{
    timespec time{};
    if (clock_gettime(id, &time) != 0)
        return {};
    return std::chrono::seconds(time.tv_sec) +
           std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::nanoseconds(time.tv_nsec));
}

} // namespace

SleepWatch::SleepWatch(Clock &clock, TimeAsleep timeAsleep, QObject *parent)
    : QObject(parent)
    , m_timeAsleep(std::move(timeAsleep))
    , m_alarm(clock)
{
}

std::chrono::milliseconds SleepWatch::systemTimeAsleep()
{
    return read(CLOCK_BOOTTIME) - read(CLOCK_MONOTONIC);
}

void SleepWatch::setOn(bool isOn)
{
    if (isOn == m_alarm.isSet())
        return;
    if (!isOn)
        return m_alarm.clear();
    m_before = m_timeAsleep();
    m_alarm.set(Interval, [this] { look(); });
}

void SleepWatch::look()
{
    m_alarm.set(Interval, [this] { look(); }); // first: a slot may turn it off
    const auto now = m_timeAsleep();
    const auto slept = now - std::exchange(m_before, now);
    if (slept >= ShortestSleep)
        Q_EMIT woke(slept);
}

} // namespace core
