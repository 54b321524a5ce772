#include "core/store/migrations.h"
#include "core/store/recount.h"
#include "tests/core/store/storefixture.h"

#include <QDir>

#include <zlib.h>

using namespace core;
using namespace tests;

namespace {

//! A database as a version of Farthing left it: tests/data/databases/NNN.db.gz.
QByteArray keptDatabase(const QString &version)
{
    const QString path = QStringLiteral(FARTHING_TEST_DATA "/databases/%1.db.gz").arg(version);
    gzFile file = gzopen(QFile::encodeName(path).constData(), "rb");
    if (file == nullptr)
        qFatal("no %s", qPrintable(path));
    QByteArray bytes;
    QByteArray piece(65'536, Qt::Uninitialized);
    for (int got = 0; (got = gzread(file, piece.data(), 65'536)) > 0;)
        bytes.append(piece.constData(), got);
    gzclose(file);
    return bytes;
}

//! A row in each table of \p version that its kept database has none in.
void fill(const StoreFixture &fixture, int version)
{
    for (const char *statement :
         {"INSERT INTO comparison (id, title, pinned, archived, deleted, draft, created_at, "
          "updated_at) VALUES (7, 'Both', 0, 0, 0, '', 1, 1)",
          "INSERT INTO content_part (message_id, position, kind, text, name, call_id, is_error, "
          "data, redacted) SELECT max(id), 90, 'attachment', '', 'a.txt', '', 0, x'', x'' "
          "FROM message",
          "INSERT INTO attachment (message_id, position, mime_type, data) "
          "SELECT max(id), 90, 'text/plain', x'3432' FROM message",
          "INSERT INTO provider_state (provider, account_id, base_url, kind, state, updated_at) "
          "VALUES ('p', 0, '', 'limits', '{}', 1)",
          "INSERT INTO route (id, name) VALUES (7, 'Filled')",
          "INSERT INTO route_target (route_id, position, provider, account_id, base_url, model, "
          "simulated) VALUES (7, 0, 'p', 0, '', 'm', 0)"})
        fixture.run(QString::fromLatin1(statement));
    fixture.run(
        QStringLiteral("INSERT INTO budget (id, scope, scope_key, period, %1, hard, "
                       "noticed_percent, noticed_period) "
                       "VALUES (7, 'all', '', 'day', 5, 1, 0, '')")
            .arg(version == 1 ? QStringLiteral("limit_pico_usd") : QStringLiteral("limit_amount")));
}

//! How many rows each table has, but for the sessions: opening adds one.
QMap<QString, int> rowsOf(const StoreFixture &fixture)
{
    QMap<QString, int> rows;
    const QString names =
        fixture
            .value(QStringLiteral("SELECT group_concat(name) FROM sqlite_schema "
                                  "WHERE type = 'table' AND name NOT LIKE '%fts%' "
                                  "AND name NOT LIKE 'sqlite%' AND name <> 'session'"))
            .toString();
    for (const QString &table : names.split(QLatin1Char(',')))
        rows.insert(table,
                    fixture.value(QStringLiteral("SELECT count(*) FROM %1").arg(table)).toInt());
    return rows;
}

} // namespace

//! Every schema version that was ever written is brought to the newest, with all that it held.
class tst_Migrations : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void everyVersionHasItsFixture();
    void comesUpToDate_data();
    void comesUpToDate();
    void readersBringItUpToDate();
    void copiesDoNotPileUp();
    void savingsOfVersionFourAreUnknown();
    void accountsOfVersionOneUseTheirKeys();
    void untoldTokensAreCountedAgain();
    void untoldTokensOfVersionOneToo();

private:
    static void putDatabase(const StoreFixture &fixture, const QString &version);
};

void tst_Migrations::putDatabase(const StoreFixture &fixture, const QString &version)
{
    QVERIFY(QDir().mkpath(fixture.directory()));
    QFile file(fixture.databasePath());
    const QByteArray bytes = keptDatabase(version);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

void tst_Migrations::everyVersionHasItsFixture()
{
    const QDir folder(QStringLiteral(FARTHING_TEST_DATA "/databases"));
    for (qsizetype version = 1; version < schemaSteps().size(); ++version)
        QVERIFY(folder.exists(QStringLiteral("%1.db.gz").arg(version, 3, 10, QLatin1Char('0'))));
}

void tst_Migrations::comesUpToDate_data()
{
    QTest::addColumn<QString>("version");
    const QDir folder(QStringLiteral(FARTHING_TEST_DATA "/databases"));
    for (const QString &name : folder.entryList({QStringLiteral("*.db.gz")})) {
        const QString version = name.section(QLatin1Char('.'), 0, 0);
        QTest::newRow(qPrintable(version)) << version;
    }
}

void tst_Migrations::comesUpToDate()
{
    QFETCH(const QString, version);
    StoreFixture fixture;
    putDatabase(fixture, version);
    const auto read = [&fixture](const char *statement) {
        return fixture.value(QString::fromLatin1(statement));
    };
    QCOMPARE(read("PRAGMA user_version").toInt(), version.toInt());
    fill(fixture, version.toInt());
    const QMap<QString, int> before = rowsOf(fixture);
    QVERIFY(before.value(QStringLiteral("conversation")) > 0);
    QVERIFY(before.value(QStringLiteral("attempt")) > 0);
    fixture.open().reset();
    QCOMPARE(read("PRAGMA user_version").toInt(), static_cast<int>(schemaSteps().size()));
    const QMap<QString, int> after = rowsOf(fixture);
    for (auto table = before.begin(); table != before.end(); ++table)
        QVERIFY2(after.value(table.key(), -1) == table.value(), qPrintable(table.key()));
    QCOMPARE(read("SELECT limit_amount FROM budget WHERE id = 7").toInt(), 5);
    QCOMPARE(read("PRAGMA integrity_check").toString(), QStringLiteral("ok"));
    QCOMPARE(read("SELECT count(*) FROM pragma_foreign_key_check").toInt(), 0);
    // It was copied before each step, as it was.
    const QDir backups(fixture.directory() + QStringLiteral("/backups"));
    QCOMPARE(backups.entryList({QStringLiteral("before-*.db")}).size(),
             schemaSteps().size() - version.toInt());
}

void tst_Migrations::readersBringItUpToDate()
{
    StoreFixture fixture;
    putDatabase(fixture, QStringLiteral("009"));
    const auto read = [&fixture](const char *statement) {
        return fixture.value(QString::fromLatin1(statement)).toInt();
    };
    const int sessions = read("SELECT count(*) FROM session");
    {
        const auto store = fixture.tryOpenReadOnly();
        QVERIFY2(store, qPrintable(store ? QString() : store.error().detail));
        QVERIFY((*store)->isReadOnly());
    }
    QCOMPARE(read("PRAGMA user_version"), static_cast<int>(schemaSteps().size()));
    QCOMPARE(read("SELECT count(*) FROM session"), sessions);
    const QDir backups(fixture.directory() + QStringLiteral("/backups"));
    QCOMPARE(backups.entryList({QStringLiteral("before-010-*.db")}).size(), 1);
    QVERIFY(fixture.tryOpen()); // nobody holds it
}

//! Each is as large as the database.
void tst_Migrations::copiesDoNotPileUp()
{
    StoreFixture fixture;
    putDatabase(fixture, QStringLiteral("009"));
    const QDir backups(fixture.directory() + QStringLiteral("/backups"));
    const auto copies = [&backups] {
        return backups.entryList({QStringLiteral("before-*")}, QDir::Files).size();
    };
    fixture.run(QStringLiteral("ALTER TABLE rollup ADD COLUMN tokens_unknown TEXT")); // in the way
    QVERIFY(!fixture.tryOpen());
    QCOMPARE(copies(), 0);
    // Earlier programs left theirs.
    for (const char *name : {"before-006-a.db", "before-007-a.db", "before-010-a.db.part"}) {
        QFile file(backups.filePath(QString::fromLatin1(name)));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QVERIFY(file.setFileTime(QDateTime::currentDateTimeUtc().addDays(-1),
                                 QFileDevice::FileModificationTime));
    }
    fixture.run(QStringLiteral("ALTER TABLE rollup DROP COLUMN tokens_unknown"));
    fixture.open().reset();
    QCOMPARE(copies(), 2);
    QCOMPARE(backups.entryList({QStringLiteral("before-010-*.db")}).size(), 1);
}

//! What caches saved before it was reckoned is unknown, not nothing.
void tst_Migrations::savingsOfVersionFourAreUnknown()
{
    StoreFixture fixture;
    putDatabase(fixture, QStringLiteral("004"));
    fixture.open().reset();
    const auto read = [&fixture](const char *statement) {
        return fixture.value(QString::fromLatin1(statement)).toInt();
    };
    QCOMPARE(read("SELECT count(*) FROM attempt WHERE saved_by = 'prompt' AND saved IS NULL"), 1);
    QCOMPARE(read("SELECT count(*) FROM attempt WHERE saved_by = ''"), 1);
    QCOMPARE(read("SELECT sum(saved_unknown) FROM rollup"), 1);
    QCOMPARE(read("SELECT sum(saved_prompt) + sum(saved_response) FROM rollup"), 0);
}

void tst_Migrations::accountsOfVersionOneUseTheirKeys()
{
    StoreFixture fixture;
    putDatabase(fixture, QStringLiteral("001"));
    const QList<Account> accounts = fixture.open()->accounts().list();
    QCOMPARE(accounts.size(), 2);
    Account keyed;
    keyed.id = 1'811'111'111'111'111'111;
    keyed.provider = QStringLiteral("anthropic");
    keyed.baseUrl = QUrl(QStringLiteral("https://api.anthropic.com"));
    keyed.keyOrigin = QStringLiteral("https://api.anthropic.com");
    keyed.keySaved = true;
    keyed.lastFour = QStringLiteral("9xYz");
    QCOMPARE(accounts.at(0), keyed);
    QCOMPARE(accounts.at(1).keySource, KeySource::Environment);
    QCOMPARE(accounts.at(1).auth, AuthMethod::Key);
}

//! Its models are named after what became of the attempt that asked them.
void tst_Migrations::untoldTokensAreCountedAgain()
{
    using Counts = QMap<QString, std::int64_t>;
    StoreFixture fixture;
    putDatabase(fixture, QStringLiteral("009"));
    const auto store = fixture.open();
    const auto counted = [&store](const auto &count) {
        const auto counts =
            awaited(store->read<Counts>([count](const QString &connection) -> Result<Counts> {
                Sql sql(connection);
                const Counts found = count(sql);
                if (sql.failed())
                    return sql.error();
                return found;
            }));
        return counts ? *counts : Counts();
    };
    const Counts rollup = counted([](Sql &sql) {
        Counts counts;
        QSqlQuery rows = sql.rows(QStringLiteral("SELECT model, tokens_unknown FROM rollup"));
        while (sql.next(rows))
            counts[rows.value(0).toString()] += rows.value(1).toLongLong();
        return counts;
    });
    const Counts expected{{QStringLiteral("practice-steady"), 0}, {QStringLiteral("told"), 0},
                          {QStringLiteral("limited"), 0},         {QStringLiteral("unreached"), 0},
                          {QStringLiteral("uncounted"), 1},       {QStringLiteral("cut"), 1},
                          {QStringLiteral("overloaded"), 1},      {QStringLiteral("silent"), 1}};
    QCOMPARE(rollup, expected);
    // New attempts are counted alike.
    const Counts recounted = counted([](Sql &sql) {
        Counts counts;
        visitEnded(sql, UtcTime::min(), UtcTime::max(),
                   [&counts](const RollupKey &key, const RollupSums &sums) {
                       counts[key.model] += sums.tokensUnknown;
                   });
        return counts;
    });
    QCOMPARE(recounted, expected);
}

void tst_Migrations::untoldTokensOfVersionOneToo()
{
    StoreFixture fixture;
    putDatabase(fixture, QStringLiteral("001"));
    fixture.run(QStringLiteral("DELETE FROM usage"));
    fixture.open().reset();
    QCOMPARE(fixture.value(QStringLiteral("SELECT sum(tokens_unknown) FROM rollup")).toInt(), 1);
}

QTEST_GUILESS_MAIN(tst_Migrations)
#include "tst_migrations.moc"
