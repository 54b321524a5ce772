#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/chat/target.h"

#include <QSqlQuery>
#include <QVariant>

#include <map>
#include <optional>

namespace core {

//! A StorageFailed error with \p detail, which says what to do.
[[nodiscard]] Error storageError(const QString &detail);
//! The sentence for SQLite's primary result code \p code: what happened and what to do.
[[nodiscard]] QString storageAdvice(int code, const QString &words);
//! SQLite's primary result code \p code says that a file is not what it should be.
[[nodiscard]] bool isDamage(int code);
[[nodiscard]] bool isDamage(const Error &error); //!< Of a statement.

//! Runs statements, with bound values only, on one open connection. After the first failure it does
//! nothing more, so that a transaction is checked once, at its end. Use in the connection's thread.
class Sql
{
public:
    explicit Sql(const QString &connection);

    //! From now on what run() has run stays compiled, for the next time: for a connection that
    //! writes the same again and again. Such a Sql must be gone before its connection is.
    void keepCompiled() { m_keepsCompiled = true; }

    //! Runs \p statement and returns the number of rows that it changed; 0 after a failure.
    int run(const QString &statement, const QVariantList &values = {});
    //! Runs a query; step it with next() below. No rows after a failure.
    [[nodiscard]] QSqlQuery rows(const QString &statement, const QVariantList &values = {});
    //! For a query that is run many times: compiled once, then rows(query, values) each time.
    [[nodiscard]] QSqlQuery compiled(const QString &statement);
    //! Runs \p query anew with \p values; false after a failure.
    bool rows(QSqlQuery &query, const QVariantList &values);
    //! The next row of \p query; false at its end, and when reading failed.
    [[nodiscard]] bool next(QSqlQuery &query);
    //! The first column of the first row, if there is one.
    [[nodiscard]] std::optional<QVariant> first(const QString &statement,
                                                const QVariantList &values = {});

    [[nodiscard]] bool failed() const { return m_error.has_value(); }
    [[nodiscard]] const Error &error() const { return *m_error; }
    //! The failure may pass (disk full, locked, read error): the same write may be tried again.
    [[nodiscard]] bool mayPass() const { return m_mayPass; }
    [[nodiscard]] const QString &connection() const { return m_connection; }
    void fail(const Error &error); //!< Makes a failure of the caller's own.
    void reset();                  //!< Forgets the failure: before ROLLBACK, before the next work.

private:
    void refuse(const QSqlQuery &query);
    [[nodiscard]] bool execute(QSqlQuery &query, const QString &statement,
                               const QVariantList &values);
    int runKept(const QString &statement, const QVariantList &values);

    QString m_connection;
    bool m_keepsCompiled = false;
    std::map<QString, QSqlQuery> m_kept; //!< By statement.
    std::optional<Error> m_error;
    bool m_mayPass = false;
};

[[nodiscard]] QVariant utcValue(UtcTime time);
[[nodiscard]] UtcTime utcFrom(const QVariant &value);
//! NULL for nothing.
template <typename T>
[[nodiscard]] QVariant optionalValue(const std::optional<T> &value)
{
    return value ? QVariant::fromValue(qint64(*value)) : QVariant();
}
//! NULL for 0: ids that refer to a row.
[[nodiscard]] QVariant referenceValue(std::int64_t id);
[[nodiscard]] QVariant idValue(std::int64_t id);

//! Two columns with the sum of \p column, of whole numbers, for sumFrom(): SQLite's own sum fails
//! where it leaves 64 bits.
[[nodiscard]] QString splitSum(const QString &column);
//! The sum in \p firstColumn and the next one; stays at the limit of the range.
[[nodiscard]] std::int64_t sumFrom(const QSqlQuery &row, int firstColumn);

//! The five columns provider, account_id, base_url, model, simulated.
[[nodiscard]] QVariantList targetValues(const Target &target);
[[nodiscard]] Target targetFrom(const QSqlQuery &row, int firstColumn);

} // namespace core
