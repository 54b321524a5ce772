#pragma once

#include "core/base/idsource.h"
#include "core/ledger/accountrepository.h"
#include "core/store/storethreads.h"

namespace core {

//! The accounts in memory, as list() gives them, and their rows, which follow by the writer.
class StoreAccounts final : public AccountRepository
{
public:
    StoreAccounts(StoreThreads &threads, IdSource &ids, QList<Account> accounts)
        : m_threads(threads)
        , m_ids(ids)
        , m_accounts(std::move(accounts))
    {
    }
    [[nodiscard]] QList<Account> list() const override { return m_accounts; }
    std::int64_t save(const Account &account) override;
    void remove(std::int64_t id) override;

    //! What list() begins with.
    [[nodiscard]] static QList<Account> readAll(Sql &sql);

private:
    StoreThreads &m_threads;
    IdSource &m_ids;
    QList<Account> m_accounts;
};

} // namespace core
