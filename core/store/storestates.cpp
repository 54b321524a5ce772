#include "core/store/storestates.h"

#include <QJsonDocument>

namespace core {

namespace {

constexpr int LongestState = 8 * 1024 * 1024; // 5000 models with long names are 3 MB

QVariantList keyValues(const StateKey &key)
{
    return {key.provider, idValue(key.accountId), key.baseUrl.toString(), key.kind};
}

} // namespace

std::optional<SavedState> StoreStates::state(const StateKey &key) const
{
    const auto row = m_rows.find(key);
    if (row == m_rows.end())
        return std::nullopt;
    const QJsonDocument json = QJsonDocument::fromJson(row->second.json);
    if (!json.isObject())
        return std::nullopt;
    return SavedState{json.object(), row->second.savedAt};
}

QList<StateKey> StoreStates::keys(const QString &kind) const
{
    QList<StateKey> found;
    for (const auto &[key, row] : m_rows) {
        if (key.kind == kind)
            found.append(key);
    }
    return found;
}

void StoreStates::save(const StateKey &key, const QJsonObject &value)
{
    const Row row{QJsonDocument(value).toJson(QJsonDocument::Compact), m_clock.utcNow()};
    m_rows.insert_or_assign(key, row);
    m_threads.keep(
        [key, row](Sql &sql) {
            sql.run(QStringLiteral("INSERT OR REPLACE INTO provider_state (provider, account_id, "
                                   "base_url, kind, state, updated_at) VALUES (?, ?, ?, ?, ?, ?)"),
                    keyValues(key) +
                        QVariantList{QString::fromUtf8(row.json), utcValue(row.savedAt)});
        },
        {});
}

void StoreStates::remove(const StateKey &key)
{
    if (m_rows.erase(key) == 0)
        return;
    m_threads.keep(
        [key](Sql &sql) {
            sql.run(QStringLiteral("DELETE FROM provider_state WHERE provider = ? AND "
                                   "account_id = ? AND base_url = ? AND kind = ?"),
                    keyValues(key));
        },
        {});
}

StoreStates::Rows StoreStates::readAll(Sql &sql)
{
    Rows states;
    QSqlQuery rows =
        sql.rows(QStringLiteral("SELECT provider, account_id, base_url, kind, state, updated_at "
                                "FROM provider_state WHERE length(state) <= ?"),
                 {LongestState});
    while (sql.next(rows)) {
        StateKey key;
        key.provider = rows.value(0).toString();
        key.accountId = rows.value(1).toLongLong();
        key.baseUrl = QUrl(rows.value(2).toString());
        key.kind = rows.value(3).toString();
        states.insert_or_assign(key,
                                Row{rows.value(4).toString().toUtf8(), utcFrom(rows.value(5))});
    }
    return states;
}

} // namespace core
