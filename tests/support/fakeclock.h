#pragma once

#include "core/base/clock.h"

#include <QPointer>

#include <vector>

namespace tests {

//! Time that a test moves: nothing passes until advance() is called, then everything due happens in
//! order.
class FakeClock final : public core::Clock
{
public:
    [[nodiscard]] core::SteadyTime steadyNow() const override
    {
        return core::SteadyTime(m_elapsed);
    }
    [[nodiscard]] core::UtcTime utcNow() const override { return m_start + m_elapsed; }
    [[nodiscard]] QTimeZone zone() const override { return m_zone; }
    void after(std::chrono::milliseconds duration, QObject *context,
               std::function<void()> function) override;

    void
    advance(std::chrono::milliseconds duration); //!< Runs what falls due on the way, oldest first.
    void setUtcNow(core::UtcTime now)
    {
        m_start = now - m_elapsed;
    } //!< The wall clock steps; steady time does not.
    void setZone(const QTimeZone &zone) { m_zone = zone; }
    [[nodiscard]] int pending() const; //!< Calls that are due some time and whose context lives.
    //! Time until the next due call; none if nothing waits.
    [[nodiscard]] std::optional<std::chrono::milliseconds> untilNext() const;

private:
    struct Call
    {
        std::chrono::milliseconds due;
        QPointer<QObject> context;
        std::function<void()> function;
    };
    std::chrono::milliseconds m_elapsed{1'000'000};
    core::UtcTime m_start{std::chrono::milliseconds(1'795'000'000'000)}; //!< November 2026.
    QTimeZone m_zone = QTimeZone::utc();
    std::vector<Call> m_calls;
};

} // namespace tests
