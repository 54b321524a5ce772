#pragma once

#include "core/base/result.h"

#include <QString>

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace core {

//! The thread with the connection that reads, one query after the other.
class Reader
{
public:
    using Query = std::function<void(const QString &connection)>;

    explicit Reader(const QString &databasePath);
    ~Reader(); //!< Finishes the query that runs and drops the rest.

    //! Opens the connection; waits for it.
    [[nodiscard]] Result<Done> start();
    void read(Query query);

private:
    void loop(const QString &connection);

    const QString m_path;
    std::thread m_thread;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<Query> m_queue;
    bool m_stopping = false;
};

} // namespace core
