#pragma once

#include "core/base/whenready.h"

#include <functional>

namespace core {

//! Reads one thing again whenever it may have changed, without a queue: what is asked for while an
//! answer is under way becomes one more reading after it. A reader that is slower than the changes
//! is then late, never further and further behind. Answers in the thread that made it; never when
//! it is gone.
template <typename T>
class LatestRead
{
public:
    //! \p read starts a reading, \p take gets each answer.
    LatestRead(std::function<QFuture<T>()> read, std::function<void(const T &)> take)
        : m_read(std::move(read))
        , m_take(std::move(take))
    {
    }
    LatestRead(const LatestRead &) = delete;
    LatestRead &operator=(const LatestRead &) = delete;
    ~LatestRead() = default;

    void request()
    {
        m_wanted = true;
        if (!m_reading)
            start();
    }

private:
    void start()
    {
        m_wanted = false;
        m_reading = true;
        whenReady(&m_context, m_read(), [this](const T &answer) {
            m_reading = false;
            m_take(answer);
            if (m_wanted && !m_reading)
                start();
        });
    }

    std::function<QFuture<T>()> m_read;
    std::function<void(const T &)> m_take;
    bool m_reading = false;
    bool m_wanted = false;
    QObject m_context; //!< Its end takes back what is under way.
};

} // namespace core
