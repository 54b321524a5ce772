#pragma once

#include "core/chat/target.h"

#include <QList>

namespace core {

//! Named routes on disk. Read whole when the store opens and kept in memory: list() does not wait.
class RouteRepository
{
public:
    virtual ~RouteRepository() = default;
    [[nodiscard]] virtual QList<Route> list() const = 0; //!< Oldest first.
    //! Inserts (id 0 gets one) or replaces; takes effect in list() at once. Returns the id. Names
    //! must differ.
    virtual std::int64_t save(const Route &route) = 0;
    virtual void remove(std::int64_t id) = 0; //!< Chats that use it keep its id.
};

} // namespace core
