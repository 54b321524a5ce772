#pragma once

#include "core/base/clock.h"

#include <QObject>

namespace core {

//! Tells when the machine has slept, soon after it woke. It looks only while it is on, so that an
//! idle program does not keep a processor awake. Main thread.
class SleepWatch final : public QObject
{
    Q_OBJECT
public:
    //! In all since the machine started.
    using TimeAsleep = std::function<std::chrono::milliseconds()>;

    explicit SleepWatch(Clock &clock, TimeAsleep timeAsleep = systemTimeAsleep,
                        QObject *parent = nullptr);

    void setOn(bool isOn);

    //! By the kernel's two monotonic clocks, of which one stands still in a sleep
    //! (clock_gettime(2)).
    [[nodiscard]] static std::chrono::milliseconds systemTimeAsleep();

Q_SIGNALS:
    void woke(std::chrono::milliseconds slept);

private:
    void look();

    TimeAsleep m_timeAsleep;
    std::chrono::milliseconds m_before{0};
    Alarm m_alarm;
};

} // namespace core
