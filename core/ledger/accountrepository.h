#pragma once

#include "core/base/result.h"
#include "core/chat/target.h"

#include <QList>

namespace core {

//! Accounts on disk, never their keys. Read whole when the store opens and kept in memory: list()
//! does not wait.
class AccountRepository
{
public:
    virtual ~AccountRepository() = default;
    [[nodiscard]] virtual QList<Account> list() const = 0;
    //! Inserts (id 0 gets one) or replaces; takes effect in list() at once. Returns the id.
    virtual std::int64_t save(const Account &account) = 0;
    virtual void remove(std::int64_t id) = 0;
};

} // namespace core
