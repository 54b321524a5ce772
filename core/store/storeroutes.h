#pragma once

#include "core/base/idsource.h"
#include "core/ledger/routerepository.h"
#include "core/store/storethreads.h"

namespace core {

//! The routes in memory, as list() gives them, and their rows, which follow by the writer.
class StoreRoutes final : public RouteRepository
{
public:
    StoreRoutes(StoreThreads &threads, IdSource &ids, QList<Route> routes)
        : m_threads(threads)
        , m_ids(ids)
        , m_routes(std::move(routes))
    {
    }
    [[nodiscard]] QList<Route> list() const override { return m_routes; }
    std::int64_t save(const Route &route) override;
    void remove(std::int64_t id) override;

    //! What list() begins with.
    [[nodiscard]] static QList<Route> readAll(Sql &sql);

private:
    StoreThreads &m_threads;
    IdSource &m_ids;
    QList<Route> m_routes;
};

} // namespace core
