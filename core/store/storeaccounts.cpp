#include "core/store/storeaccounts.h"

#include "core/store/storednames.h"

#include <algorithm>

namespace core {

namespace {

constexpr QLatin1StringView Columns(
    "id, provider, label, base_url, origin, key_source, key_saved, last4, key_is_pair, auth, "
    "aws_profile, entra_authority, entra_tenant, entra_client_id, signed_in, sign_in_source, "
    "grant_origin");

} // namespace

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
            sql.run(QStringLiteral("INSERT OR REPLACE INTO account (%1) VALUES (?, ?, ?, ?, ?, ?, "
                                   "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                        .arg(Columns),
                    {idValue(saved.id), saved.provider, saved.label, saved.baseUrl.toString(),
                     saved.keyOrigin, storedName(saved.keySource), saved.keySaved ? 1 : 0,
                     saved.lastFour, saved.keyIsPair ? 1 : 0, storedName(saved.auth),
                     saved.awsProfile, saved.entra.authority.toString(), saved.entra.tenant,
                     saved.entra.clientId, saved.signedIn ? 1 : 0, storedName(saved.signInSource),
                     saved.grantOrigin});
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
    QSqlQuery rows = sql.rows(QStringLiteral("SELECT %1 FROM account ORDER BY id").arg(Columns));
    while (sql.next(rows)) {
        Account account;
        account.id = rows.value(0).toLongLong();
        account.provider = rows.value(1).toString();
        account.label = rows.value(2).toString();
        account.baseUrl = QUrl(rows.value(3).toString());
        account.keyOrigin = rows.value(4).toString();
        account.keySource = keySourceFrom(rows.value(5).toString());
        account.keySaved = rows.value(6).toBool();
        account.lastFour = rows.value(7).toString();
        account.keyIsPair = rows.value(8).toBool();
        account.auth = authMethodFrom(rows.value(9).toString());
        account.awsProfile = rows.value(10).toString();
        account.entra.authority = QUrl(rows.value(11).toString());
        account.entra.tenant = rows.value(12).toString();
        account.entra.clientId = rows.value(13).toString();
        account.signedIn = rows.value(14).toBool();
        account.signInSource = keySourceFrom(rows.value(15).toString());
        account.grantOrigin = rows.value(16).toString();
        accounts.append(account);
    }
    return accounts;
}

} // namespace core
