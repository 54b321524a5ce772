#include "core/store/reader.h"

#include "core/store/connection.h"

#include <future>

namespace core {

Reader::Reader(const QString &databasePath)
    : m_path(databasePath)
{
}

Reader::~Reader()
{
    {
        const std::scoped_lock guard(m_mutex);
        m_stopping = true;
    }
    m_wake.notify_all();
    if (m_thread.joinable())
        m_thread.join();
}

Result<Done> Reader::start()
{
    std::promise<Result<Done>> opened;
    std::future<Result<Done>> answer = opened.get_future();
    m_thread = std::thread([this, &opened] {
        const auto connection = Connection::open(m_path, Access::ReadOnly);
        if (!connection) {
            opened.set_value(connection.error());
            return;
        }
        opened.set_value(Done());
        loop((*connection)->name());
    });
    return answer.get();
}

void Reader::read(Query query)
{
    {
        const std::scoped_lock guard(m_mutex);
        m_queue.push_back(std::move(query));
    }
    m_wake.notify_all();
}

void Reader::loop(const QString &connection)
{
    std::unique_lock guard(m_mutex);
    while (true) {
        m_wake.wait(guard, [this] { return m_stopping || !m_queue.empty(); });
        if (m_stopping)
            return;
        const Query query = std::move(m_queue.front());
        m_queue.pop_front();
        guard.unlock();
        query(connection);
        guard.lock();
    }
}

} // namespace core
