#include "core/store/storestates.h"

#include <QJsonDocument>

namespace core {

namespace {

constexpr int LongestState = 8 * 1024 * 1024; // 5000 models with long names are 3 MB

QVariantList keyValues(const StateKey &key)
{
    return {key.provider, idValue(key.accountId), key.baseUrl.toString(), key.kind};
}

StoreStates::Row rowOf(const QJsonObject &value, UtcTime savedAt)
{
    return {QJsonDocument(value).toJson(QJsonDocument::Compact), savedAt};
}

std::optional<SavedState> savedIn(const StoreStates::Row &row)
{
    const QJsonDocument json = QJsonDocument::fromJson(row.json);
    if (!json.isObject())
        return std::nullopt;
    return SavedState{json.object(), row.savedAt};
}

void putRow(Sql &sql, const StateKey &key, const StoreStates::Row &row)
{
    sql.run(QStringLiteral("INSERT OR REPLACE INTO provider_state (provider, account_id, base_url, "
                           "kind, state, updated_at) VALUES (?, ?, ?, ?, ?, ?)"),
            keyValues(key) + QVariantList{QString::fromUtf8(row.json), utcValue(row.savedAt)});
}

QString whereKey()
{
    return QStringLiteral(
        " FROM provider_state WHERE provider = ? AND account_id = ? AND base_url = ? AND kind = ?");
}

void removeRow(Sql &sql, const StateKey &key)
{
    sql.run(QStringLiteral("DELETE") + whereKey(), keyValues(key));
}

std::optional<StoreStates::Row> readRow(Sql &sql, const StateKey &key)
{
    QSqlQuery row = sql.rows(QStringLiteral("SELECT state, updated_at") + whereKey() +
                                 QStringLiteral(" AND length(state) <= ?"),
                             keyValues(key) + QVariantList{LongestState});
    if (!sql.next(row))
        return std::nullopt;
    return StoreStates::Row{row.value(0).toString().toUtf8(), utcFrom(row.value(1))};
}

} // namespace

std::optional<SavedState> StoreStates::state(const StateKey &key) const
{
    const auto row = m_rows.find(key);
    return row == m_rows.end() ? std::nullopt : savedIn(row->second);
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
    const Row row = rowOf(value, m_clock.utcNow());
    m_rows.insert_or_assign(key, row);
    m_threads.keep([key, row](Sql &sql) { putRow(sql, key, row); }, {});
}

void StoreStates::remove(const StateKey &key)
{
    if (m_rows.erase(key) == 0)
        return;
    m_threads.keep([key](Sql &sql) { removeRow(sql, key); }, {});
}

void StoreStates::update(const StateKey &key, const Change &change)
{
    const UtcTime now = m_clock.utcNow();
    if (const QJsonObject value = change(state(key)); value.isEmpty())
        m_rows.erase(key);
    else
        m_rows.insert_or_assign(key, rowOf(value, now));
    m_threads.keep(
        [key, change, now](Sql &sql) {
            const auto stored = readRow(sql, key);
            const QJsonObject value = change(stored ? savedIn(*stored) : std::nullopt);
            if (value.isEmpty())
                removeRow(sql, key);
            else
                putRow(sql, key, rowOf(value, now));
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
