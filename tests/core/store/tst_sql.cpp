#include "core/store/connection.h"
#include "core/store/sql.h"

#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>

using core::Sql;

//! Statements that stay compiled do what they did, and leave the connection in peace.
class tst_Sql : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup() { m_connection.reset(); }
    void valuesAreOfTheirRun();
    void changesAreCounted();
    void failureIsOfOneRun();
    void moreThanAreKept();
    void transactionsEnd();

private:
    [[nodiscard]] int count(Sql &sql) const
    {
        return sql.first(QStringLiteral("SELECT count(*) FROM word")).value_or(-1).toInt();
    }
    QTemporaryDir m_folder;
    std::unique_ptr<core::Connection> m_connection;
};

void tst_Sql::init()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    auto opened = core::Connection::open(m_folder.filePath(QStringLiteral("words.db")),
                                         core::Access::ReadWrite);
    QVERIFY(opened);
    m_connection = std::move(opened).value();
    Sql sql(m_connection->name());
    sql.run(QStringLiteral("DROP TABLE IF EXISTS word"));
    sql.run(QStringLiteral("CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT, data BLOB)"));
    QVERIFY(!sql.failed());
}

void tst_Sql::valuesAreOfTheirRun()
{
    Sql sql(m_connection->name());
    sql.keepCompiled();
    const QString insert = QStringLiteral("INSERT INTO word (id, text, data) VALUES (?, ?, ?)");
    sql.run(insert, {1, QStringLiteral("one"), QByteArray("\0\1", 2)});
    sql.run(insert, {2, QVariant(), QVariant()});
    sql.run(insert, {3, QString(), QByteArray(100'000, 'x')});
    QVERIFY(!sql.failed());
    QSqlQuery rows =
        sql.rows(QStringLiteral("SELECT text, data, text IS NULL FROM word ORDER BY id"));
    QVERIFY(sql.next(rows));
    QCOMPARE(rows.value(0).toString(), QStringLiteral("one"));
    QCOMPARE(rows.value(1).toByteArray(), QByteArray("\0\1", 2));
    QVERIFY(sql.next(rows));
    QVERIFY(rows.value(2).toBool());
    QVERIFY(sql.next(rows));
    QCOMPARE(rows.value(1).toByteArray().size(), 100'000);
    QVERIFY(!sql.next(rows));
}

void tst_Sql::changesAreCounted()
{
    Sql sql(m_connection->name());
    sql.keepCompiled();
    for (int id = 1; id <= 5; ++id)
        QCOMPARE(sql.run(QStringLiteral("INSERT INTO word (id) VALUES (?)"), {id}), 1);
    const QString update = QStringLiteral("UPDATE word SET text = 'x' WHERE id <= ?");
    QCOMPARE(sql.run(update, {3}), 3);
    QCOMPARE(sql.run(update, {1}), 1);
    QCOMPARE(sql.run(update, {0}), 0);
}

void tst_Sql::failureIsOfOneRun()
{
    Sql sql(m_connection->name());
    sql.keepCompiled();
    const QString insert = QStringLiteral("INSERT INTO word (id) VALUES (?)");
    QCOMPARE(sql.run(insert, {1}), 1);
    QCOMPARE(sql.run(insert, {1}), 0);
    QVERIFY(sql.failed());
    QCOMPARE(sql.run(insert, {2}), 0); // nothing more after a failure
    sql.reset();
    QCOMPARE(sql.run(insert, {2}), 1);
    sql.run(QStringLiteral("no statement at all"));
    QVERIFY(sql.failed());
    sql.reset();
    QCOMPARE(count(sql), 2);
}

void tst_Sql::moreThanAreKept()
{
    Sql sql(m_connection->name());
    sql.keepCompiled();
    for (int round = 0; round < 2; ++round) {
        for (int id = 1; id <= 250; ++id)
            QCOMPARE(
                sql.run(QStringLiteral("INSERT OR REPLACE INTO word (id) VALUES (%1)").arg(id)), 1);
    }
    QCOMPARE(count(sql), 250);
}

void tst_Sql::transactionsEnd()
{
    Sql sql(m_connection->name());
    sql.keepCompiled();
    for (int id = 1; id <= 4; ++id) {
        sql.run(QStringLiteral("BEGIN IMMEDIATE"));
        sql.run(QStringLiteral("INSERT INTO word (id) VALUES (?)"), {id});
        sql.run(id % 2 == 0 ? QStringLiteral("COMMIT") : QStringLiteral("ROLLBACK"));
        QVERIFY(!sql.failed());
    }
    sql.run(QStringLiteral("ROLLBACK")); // none is under way
    QVERIFY(sql.failed());
    sql.reset();
    QCOMPARE(count(sql), 2);
    // Nothing that is kept is in the way of what changes the tables.
    sql.run(QStringLiteral("ALTER TABLE word ADD COLUMN more TEXT"));
    sql.run(QStringLiteral("INSERT INTO word (id) VALUES (?)"), {9});
    QVERIFY(!sql.failed());
    const auto busy = sql.first(QStringLiteral("PRAGMA wal_checkpoint(TRUNCATE)"));
    QVERIFY(busy.has_value());
    QCOMPARE(busy->toInt(), 0);
}

QTEST_GUILESS_MAIN(tst_Sql)
#include "tst_sql.moc"
