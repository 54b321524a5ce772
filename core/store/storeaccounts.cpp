#include "core/store/storeaccounts.h"

#include "core/store/storednames.h"

#include <algorithm>

namespace core {

std::int64_t StoreAccounts::save(const Account &account)
{
    Account saved = account;
    if (saved.id == 0)
        saved.id = m_ids.next();
    const auto known =
        std::find_if(m_accounts.begin(), m_accounts.end(),
                     [&saved](const Account &other) { return other.id == saved.id; });
    if (known != m_accounts.end())
        *known = saved;
    else
        m_accounts.append(saved);
    m_threads.keep(
        [saved](Sql &sql) {
            sql.run(QStringLiteral("INSERT OR REPLACE INTO account (id, provider, label, base_url, "
                                   "origin, key_source, key_saved, last4) "
                                   "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"),
                    {idValue(saved.id), saved.provider, saved.label, saved.baseUrl.toString(),
                     saved.keyOrigin, storedName(saved.keySource), saved.keySaved ? 1 : 0,
                     saved.lastFour});
        },
        {});
    return saved.id;
}

void StoreAccounts::remove(std::int64_t id)
{
    m_accounts.removeIf([id](const Account &account) { return account.id == id; });
    m_threads.keep(
        [id](Sql &sql) {
            sql.run(QStringLiteral("DELETE FROM account WHERE id = ?"), {idValue(id)});
        },
        {});
}

QList<Account> StoreAccounts::readAll(Sql &sql)
{
    QList<Account> accounts;
    QSqlQuery rows =
        sql.rows(QStringLiteral("SELECT id, provider, label, base_url, origin, key_source, "
                                "key_saved, last4 FROM account ORDER BY id"));
    while (sql.next(rows)) {
        accounts.append({rows.value(0).toLongLong(), rows.value(1).toString(),
                         rows.value(2).toString(), QUrl(rows.value(3).toString()),
                         rows.value(4).toString(), keySourceFrom(rows.value(5).toString()),
                         rows.value(6).toBool(), rows.value(7).toString()});
    }
    return accounts;
}

} // namespace core
