#include "core/base/errortext.h"
#include "core/store/connection.h"
#include "core/store/migrations.h"
#include "tests/core/store/storefixture.h"
#include "tests/support/fakeclock.h"

#include <QDirIterator>
#include <QSqlDatabase>
#include <QSqlQuery>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>

using namespace core;
using namespace tests;

namespace {

void write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s", qPrintable(path));
}

QByteArray read(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

unsigned modeOf(const QString &path)
{
    struct stat facts = {};
    return ::stat(QFile::encodeName(path).constData(), &facts) == 0 ? facts.st_mode & 0777U : 0U;
}

QStringList filesBelow(const QString &folder)
{
    QStringList files;
    QDirIterator it(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (it.hasNext())
        files.append(it.next());
    return files;
}

enum class Time { Kept, Changed };

//! Zeros in place of the first page of \p table.
void spoil(const StoreFixture &fixture, const QString &table, Time time)
{
    constexpr qint64 Page = 4096;
    const QString path = fixture.databasePath();
    const auto root = fixture
                          .value(QStringLiteral("SELECT rootpage FROM sqlite_schema "
                                                "WHERE type = 'table' AND name = '%1'")
                                     .arg(table))
                          .toLongLong();
    struct stat before = {};
    if (::stat(QFile::encodeName(path).constData(), &before) != 0)
        qFatal("no database");
    {
        QFile file(path);
        if (!file.open(QIODevice::ReadWrite) || !file.seek((root - 1) * Page) ||
            file.write(QByteArray(Page, '\0')) != Page)
            qFatal("cannot write %s", qPrintable(path));
    }
    timespec times[2] = {before.st_atim, before.st_mtim};
    if (time == Time::Changed)
        ++times[1].tv_sec;
    if (::utimensat(AT_FDCWD, QFile::encodeName(path).constData(), times, 0) != 0)
        qFatal("cannot set the time of %s", qPrintable(path));
}

} // namespace

//! Whatever lies where the database should be: opened, restored, or refused with what to do.
class tst_Opening : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void pragmasReadBack();
    void writersPragmasReadBack();
    void filesArePrivate();
    void damagedFileIsSetAside_data();
    void damagedFileIsSetAside();
    void newestGoodBackupComesBack();
    void restoringWaitsForRoom();
    void restoringIsFinishedAfterAKill();
    void fileAsLeftIsNotReadThrough_data();
    void fileAsLeftIsNotReadThrough();
    void killedSessionLeavesAllToBeRead();
    void backsUpOnceADay_data();
    void backsUpOnceADay();
    void backsUpWhileItStaysOpen();
    void copiesOfStepsExpire();
    void newerIsReadOnly();
    void readOnlyChangesNothing();
    void fullDiskStillTellsItsSums();
    void foreignIsLeftAlone();
    void erasedIsGoneFromTheDisk();
    void fullDiskIsSaidAndOutlived();
};

void tst_Opening::init()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!a write was refused)")));
}

void tst_Opening::pragmasReadBack()
{
    StoreFixture fixture;
    const auto store = fixture.open();
    const auto pragma = [&store](const QString &name) {
        const auto value =
            awaited(store->read<QString>([name](const QString &connection) -> Result<QString> {
                QSqlQuery query(QSqlDatabase::database(connection, false));
                query.exec(QStringLiteral("PRAGMA ") + name);
                return query.next() ? query.value(0).toString() : QString();
            }));
        return value ? *value : QString();
    };
    QCOMPARE(pragma(QStringLiteral("journal_mode")), QStringLiteral("wal"));
    QCOMPARE(pragma(QStringLiteral("foreign_keys")), QStringLiteral("1"));
    QCOMPARE(pragma(QStringLiteral("trusted_schema")), QStringLiteral("0"));
    QCOMPARE(pragma(QStringLiteral("cell_size_check")), QStringLiteral("1"));
    QCOMPARE(pragma(QStringLiteral("mmap_size")), QStringLiteral("0"));
    QCOMPARE(pragma(QStringLiteral("busy_timeout")), QStringLiteral("5000"));
    QCOMPARE(pragma(QStringLiteral("user_version")).toInt(), schemaSteps().size());
    QCOMPARE(pragma(QStringLiteral("application_id")).toInt(), 0x46617274);
}

void tst_Opening::writersPragmasReadBack()
{
    StoreFixture fixture;
    QVERIFY(fixture.open()); // made, and closed again
    const auto connection = Connection::open(fixture.databasePath(), Access::ReadWrite);
    QVERIFY(connection);
    const auto pragma = [&connection](const QString &name) {
        QSqlQuery query(QSqlDatabase::database((*connection)->name(), false));
        query.exec(QStringLiteral("PRAGMA ") + name);
        return query.next() ? query.value(0).toInt() : -1;
    };
    QCOMPARE(pragma(QStringLiteral("synchronous")), 2); // FULL
    QCOMPARE(pragma(QStringLiteral("secure_delete")), 1);
    QCOMPARE(pragma(QStringLiteral("wal_autocheckpoint")), 0);
    QCOMPARE(pragma(QStringLiteral("cache_size")), -512);
}

void tst_Opening::filesArePrivate()
{
    const mode_t before = ::umask(0);
    StoreFixture fixture;
    {
        const auto store = fixture.open();
        const ConversationRecord chat = fixture.chat();
        QVERIFY(awaited(store->conversations().save(chat)));
        const QStringList files = filesBelow(fixture.directory());
        QVERIFY(files.size() >= 4); // database, -wal, -shm, write lock, session
        for (const QString &file : files)
            QVERIFY2(modeOf(file) == 0600, qPrintable(file));
        for (const char *folder : {"", "/backups", "/sessions"})
            QCOMPARE(modeOf(fixture.directory() + QString::fromLatin1(folder)), 0700U);
    }
    ::umask(before);
}

void tst_Opening::damagedFileIsSetAside_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("text") << QByteArray("this is not a database, it is a shopping list");
    QTest::newRow("zeros") << QByteArray(8192, '\0');
    QTest::newRow("header-only") << QByteArray("SQLite format 3\0", 16) + QByteArray(84, '\1');
}

void tst_Opening::damagedFileIsSetAside()
{
    QFETCH(const QByteArray, bytes);
    StoreFixture fixture;
    QVERIFY(QDir().mkpath(fixture.directory()));
    write(fixture.databasePath(), bytes);
    const auto store = fixture.tryOpen();
    QVERIFY2(store, qPrintable(store ? QString() : store.error().detail));
    QVERIFY((*store)->notice().contains(QStringLiteral("set aside")));
    const QStringList aside =
        QDir(fixture.directory()).entryList({QStringLiteral("farthing.db.damaged-*")});
    QCOMPARE(aside.size(), 1);
    QCOMPARE(read(fixture.directory() + QLatin1Char('/') + aside.first()), bytes);
    const ConversationRecord chat = fixture.chat();
    QVERIFY(awaited((*store)->conversations().save(chat)));
}

void tst_Opening::newestGoodBackupComesBack()
{
    StoreFixture fixture;
    const ConversationRecord chat = fixture.chat(QStringLiteral("Precious"));
    {
        const auto store = fixture.open();
        QVERIFY(awaited(store->conversations().save(chat)));
        fixture.ask(*store, chat, QStringLiteral("q"), QStringLiteral("a"));
    }
    const QString backups = fixture.directory() + QStringLiteral("/backups/");
    QVERIFY(QFile::copy(fixture.databasePath(), backups + QStringLiteral("daily-1.db")));
    write(backups + QStringLiteral("daily-2.db"), "a newer one, but bad");
    // Cut in the middle: the header is still good.
    QFile file(fixture.databasePath());
    QVERIFY(file.resize(file.size() / 2 / 4096 * 4096));
    const auto store = fixture.tryOpen();
    QVERIFY2(store, qPrintable(store ? QString() : store.error().detail));
    QVERIFY2((*store)->notice().contains(QStringLiteral("daily-1.db")),
             qPrintable((*store)->notice()));
    const auto loaded = awaited((*store)->conversations().load(chat.id));
    QVERIFY(loaded);
    QCOMPARE(loaded->messages.size(), 2);
    QCOMPARE(modeOf(fixture.databasePath()), 0600U);
}

//! A good backup that does not fit on the disk is no reason to begin anew.
void tst_Opening::restoringWaitsForRoom()
{
    std::signal(SIGXFSZ, SIG_IGN); // as main() does
    StoreFixture fixture;
    const ConversationRecord chat = fixture.chat(QStringLiteral("Precious"));
    {
        const auto store = fixture.open();
        QVERIFY(awaited(store->conversations().save(chat)));
    }
    QVERIFY(QFile::copy(fixture.databasePath(),
                        fixture.directory() + QStringLiteral("/backups/daily-1.db")));
    write(fixture.databasePath(), "not a database any more");
    struct rlimit before = {};
    QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
    struct rlimit full = before;
    full.rlim_cur = 4096;
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &full), 0);
    const auto refused = fixture.tryOpen();
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &before), 0);
    QVERIFY(!refused);
    QCOMPARE(read(fixture.databasePath()), QByteArray("not a database any more"));
    const auto store = fixture.open();
    QVERIFY2(store->notice().contains(QStringLiteral("daily-1.db")), qPrintable(store->notice()));
    QVERIFY(awaited(store->conversations().load(chat.id)));
}

//! The bad one was set aside, and the backup not yet put in its place.
void tst_Opening::restoringIsFinishedAfterAKill()
{
    StoreFixture fixture;
    const ConversationRecord chat = fixture.chat(QStringLiteral("Precious"));
    {
        const auto store = fixture.open();
        QVERIFY(awaited(store->conversations().save(chat)));
    }
    QVERIFY(QFile::rename(fixture.databasePath(),
                          fixture.databasePath() + QStringLiteral(".restored")));
    {
        const auto store = fixture.open();
        QVERIFY(store->notice().contains(QStringLiteral("restored")));
        QVERIFY(awaited(store->conversations().load(chat.id)));
    }
    QVERIFY(fixture.open()->notice().isEmpty());
}

//! What rots on the disk leaves the file's time alone: it is found when it is met, at the start or
//! later, and all of the file is looked at then, or next time.
void tst_Opening::fileAsLeftIsNotReadThrough_data()
{
    QTest::addColumn<QString>("table");
    QTest::addColumn<bool>("meetsAtStart");
    QTest::addColumn<bool>("leavesTime");
    QTest::newRow("met-at-the-start") << QStringLiteral("session") << true << true;
    QTest::newRow("met-later") << QStringLiteral("conversation") << false << true;
    // Whoever writes to it changes its time.
    QTest::newRow("written-to") << QStringLiteral("conversation") << true << false;
}

void tst_Opening::fileAsLeftIsNotReadThrough()
{
    QFETCH(const QString, table);
    QFETCH(const bool, meetsAtStart);
    QFETCH(const bool, leavesTime);
    StoreFixture fixture;
    const ConversationRecord chat = fixture.chat(QStringLiteral("Precious"));
    {
        const auto store = fixture.open();
        QVERIFY(awaited(store->conversations().save(chat)));
        fixture.ask(*store, chat, QStringLiteral("q"), QStringLiteral("a"));
    }
    QVERIFY(QFile::copy(fixture.databasePath(),
                        fixture.directory() + QStringLiteral("/backups/daily-1.db")));
    spoil(fixture, table, leavesTime ? Time::Kept : Time::Changed);
    if (!meetsAtStart) {
        const auto store = fixture.open();
        QVERIFY2(store->notice().isEmpty(), qPrintable(store->notice()));
        const auto met = store->conversations().load(chat.id);
        QTRY_VERIFY(met.isFinished());
        QVERIFY(!met.result());
        QVERIFY2(met.result().error().detail.contains(QStringLiteral("damaged")),
                 qPrintable(met.result().error().detail));
    }
    {
        const auto store = fixture.open();
        QVERIFY2(store->notice().contains(QStringLiteral("daily-1.db")),
                 qPrintable(store->notice()));
        QVERIFY(awaited(store->conversations().load(chat.id)));
    }
    QVERIFY(fixture.open()->notice().isEmpty());
}

void tst_Opening::killedSessionLeavesAllToBeRead()
{
    StoreFixture fixture;
    const QString note = fixture.databasePath() + QStringLiteral("-clean");
    const ConversationRecord chat = fixture.chat(QStringLiteral("Precious"));
    {
        const auto store = fixture.open();
        QVERIFY(awaited(store->conversations().save(chat)));
        QVERIFY(!QFile::exists(note));
    }
    QCOMPARE(modeOf(note), 0600U);
    {
        const auto store = fixture.open();
        QVERIFY(!QFile::exists(note)); // a kill from here on leaves none
        const auto beside = fixture.open(SessionKind::Verb);
        QVERIFY(!QFile::exists(note));
    }
    QVERIFY(QFile::exists(note));
}

void tst_Opening::backsUpOnceADay_data()
{
    QTest::addColumn<SessionKind>("kind");
    QTest::newRow("window") << SessionKind::Window;
    QTest::newRow("verb") << SessionKind::Verb; // some profiles know no window
}

void tst_Opening::backsUpOnceADay()
{
    QFETCH(const SessionKind, kind);
    StoreFixture fixture;
    const QDir backups(fixture.directory() + QStringLiteral("/backups"));
    const ConversationRecord chat = fixture.chat(QStringLiteral("Copied"));
    {
        const auto store = fixture.open();
        QVERIFY(awaited(store->conversations().save(chat)));
    }
    QCOMPARE(backups.entryList(QDir::Files), QStringList());
    fixture.open(kind).reset();
    fixture.open(kind).reset();
    const QStringList made = backups.entryList(QDir::Files);
    QCOMPARE(made.size(), 1);
    QVERIFY(made.first().startsWith(QStringLiteral("daily-")));
    QCOMPARE(modeOf(backups.filePath(made.first())), 0600U);
    // Good enough to begin with.
    StoreFixture other;
    QVERIFY(QDir().mkpath(other.directory()));
    QVERIFY(QFile::copy(backups.filePath(made.first()), other.databasePath()));
    const auto copy = other.open();
    const auto loaded = awaited(copy->conversations().load(chat.id));
    QVERIFY(loaded);
    QCOMPARE(loaded->record.title, chat.title);
    // A clock was wrong when it was made: that holds off no other.
    {
        QFile early(backups.filePath(made.first()));
        QVERIFY(early.open(QIODevice::ReadWrite));
        QVERIFY(early.setFileTime(QDateTime::currentDateTimeUtc().addYears(4),
                                  QFileDevice::FileModificationTime));
        QVERIFY(early.rename(backups.filePath(QStringLiteral("daily-of-later.db"))));
    }
    fixture.open(kind).reset();
    fixture.open(kind).reset();
    QCOMPARE(backups.entryList(QDir::Files).size(), 2);
}

void tst_Opening::backsUpWhileItStaysOpen()
{
    StoreFixture fixture;
    fixture.open().reset();
    const auto copies = [&fixture] {
        return QDir(fixture.directory() + QStringLiteral("/backups"))
            .entryList({QStringLiteral("daily-*.db")})
            .size();
    };
    FakeClock clock;
    clock.setUtcNow(fixture.clock.utcNow());
    auto store = Store::open({fixture.directory(), SessionKind::Window, false}, clock, fixture.ids);
    QVERIFY(store);
    QTRY_COMPARE(copies(), 1);
    clock.advance(std::chrono::hours(25));
    QTRY_COMPARE(copies(), 2);
}

//! They hold what was deleted since then.
void tst_Opening::copiesOfStepsExpire()
{
    StoreFixture fixture;
    fixture.open().reset();
    const QDir backups(fixture.directory() + QStringLiteral("/backups"));
    for (const auto &[name, days] :
         {std::pair("before-008-a.db", 31), std::pair("before-009-a.db", 29)}) {
        const QString path = backups.filePath(QString::fromLatin1(name));
        write(path, "a copy");
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadWrite));
        QVERIFY(file.setFileTime(QDateTime::currentDateTimeUtc().addDays(-days),
                                 QFileDevice::FileModificationTime));
    }
    fixture.open().reset(); // makes the daily one
    QCOMPARE(backups.entryList({QStringLiteral("daily-*.db")}).size(), 1);
    QCOMPARE(backups.entryList({QStringLiteral("before-*")}),
             QStringList{QStringLiteral("before-009-a.db")});
}

void tst_Opening::newerIsReadOnly()
{
    StoreFixture fixture;
    const ConversationRecord chat = fixture.chat(QStringLiteral("From tomorrow"));
    {
        const auto store = fixture.open();
        QVERIFY(awaited(store->conversations().save(chat)));
    }
    fixture.run(QStringLiteral("PRAGMA user_version = 99"));
    const auto store = fixture.tryOpen();
    QVERIFY2(store, qPrintable(store ? QString() : store.error().detail));
    QVERIFY((*store)->isReadOnly());
    QVERIFY((*store)->notice().contains(QStringLiteral("newer")));
    QCOMPARE(awaited((*store)->conversations().sidebar(5))->size(), 1);
    const auto saved = awaited((*store)->conversations().save(chat));
    QVERIFY(!saved);
    QCOMPARE(saved.error().kind, ErrorKind::StorageFailed);
    QVERIFY(awaited((*store)->journal().drained())); // nothing was taken: quitting need not ask
}

void tst_Opening::readOnlyChangesNothing()
{
    StoreFixture fixture;
    const auto missing = fixture.tryOpenReadOnly();
    QVERIFY(!missing);
    QVERIFY(missing.error().detail.contains(QStringLiteral("no database")));
    QVERIFY(!QDir(fixture.directory()).exists());
    const ConversationRecord chat = fixture.chat(QStringLiteral("Seen"));
    Account account;
    account.provider = QStringLiteral("openai");
    {
        const auto store = fixture.open();
        QVERIFY(awaited(store->conversations().save(chat)));
        account.id = store->accounts().save(account);
    }
    const QByteArray before = read(fixture.databasePath());
    {
        const auto store = fixture.tryOpenReadOnly();
        QVERIFY2(store, qPrintable(store ? QString() : store.error().detail));
        QVERIFY((*store)->isReadOnly());
        QCOMPARE((*store)->accounts().list().size(), 1);
        QCOMPARE(awaited((*store)->conversations().sidebar(5))->size(), 1);
    }
    QCOMPARE(read(fixture.databasePath()), before);
    QCOMPARE(fixture.value(QStringLiteral("SELECT count(*) FROM session")).toInt(), 1);
}

void tst_Opening::foreignIsLeftAlone()
{
    StoreFixture fixture;
    QVERIFY(QDir().mkpath(fixture.directory()));
    fixture.run(QStringLiteral("CREATE TABLE recipes (id INTEGER)"));
    const QByteArray before = read(fixture.databasePath());
    const auto store = fixture.tryOpen();
    QVERIFY(!store);
    QCOMPARE(store.error().kind, ErrorKind::StorageFailed);
    QVERIFY(store.error().detail.contains(QStringLiteral("another program")));
    QCOMPARE(read(fixture.databasePath()), before);
}

void tst_Opening::erasedIsGoneFromTheDisk()
{
    StoreFixture fixture;
    const QByteArray canary = "zebrafinchcanary";
    const auto store = fixture.open();
    const ConversationRecord kept = fixture.chat(QStringLiteral("Kept"));
    const ConversationRecord chat = fixture.chat(QStringLiteral("Title of zebrafinchcanary"));
    QVERIFY(awaited(store->conversations().save(kept)));
    QVERIFY(awaited(store->conversations().save(chat)));
    fixture.ask(*store, kept, QStringLiteral("stays"), QStringLiteral("here"));
    fixture.ask(*store, chat, QStringLiteral("about zebrafinchcanary"),
                QStringLiteral("zebrafinchcanary it is, ").repeated(500));
    const auto occurrences = [&fixture, &canary] {
        qsizetype count = 0;
        for (const QString &file : filesBelow(fixture.directory())) {
            const QByteArray bytes = read(file);
            count += bytes.count(canary);
            count += bytes.count("zebrafi"); // FTS5 keeps words by their differing ends
        }
        return count;
    };
    QVERIFY(occurrences() > 0);
    QVERIFY(awaited(store->conversations().eraseConversation(chat.id)));
    QCOMPARE(occurrences(), 0);
    QCOMPARE(awaited(store->conversations().search(QStringLiteral("zebrafinch"), 5))->size(), 0);
    QCOMPARE(awaited(store->conversations().search(QStringLiteral("stays"), 5))->size(), 1);
    QCOMPARE(fixture.value(QStringLiteral("SELECT count(*) FROM attempt")).toInt(), 2);
}

//! No file of SQLite's can be made beside it, and none is needed: nothing is in the log.
void tst_Opening::fullDiskStillTellsItsSums()
{
    std::signal(SIGXFSZ, SIG_IGN); // as main() does
    StoreFixture fixture;
    {
        const auto store = fixture.open();
        const ConversationRecord chat = fixture.chat();
        QVERIFY(awaited(store->conversations().save(chat)));
        fixture.ask(*store, chat, QStringLiteral("a question"), QStringLiteral("yes"));
    }
    struct rlimit before = {};
    QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
    struct rlimit full = before;
    full.rlim_cur = 0;
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &full), 0);
    const auto store = fixture.tryOpenReadOnly();
    const bool isOpen = store.hasValue();
    const auto read = [](const QString &connection) -> Result<int> {
        QSqlQuery query(QSqlDatabase::database(connection, false));
        if (!query.exec(QStringLiteral("SELECT count(*) FROM attempt")) || !query.next())
            return Error();
        return query.value(0).toInt();
    };
    const auto count = isOpen ? awaited((*store)->read<int>(read)) : Result<int>(0);
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &before), 0);
    QVERIFY2(isOpen, isOpen ? "" : qPrintable(store.error().detail));
    QVERIFY(count);
    QCOMPARE(*count, 1);
    QVERIFY(QDir(fixture.directory()).entryList({QStringLiteral("*room*")}).isEmpty());
}

void tst_Opening::fullDiskIsSaidAndOutlived()
{
    std::signal(SIGXFSZ, SIG_IGN); // as main() does
    StoreFixture fixture;
    const auto store = fixture.open();
    QSignalSpy failed(store.get(), &Store::writeFailed);
    const ConversationRecord chat = fixture.chat();
    QVERIFY(awaited(store->conversations().save(chat)));
    const std::int64_t request = fixture.ids.next();
    const RequestContext context = fixture.turn(chat, QStringLiteral("?"));
    const AttemptOpening opening = fixture.opening(request);
    QVERIFY(awaited(store->journal().openRequest(request, context, opening)));

    struct rlimit before = {};
    QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
    struct rlimit full = before;
    full.rlim_cur =
        static_cast<rlim_t>(QFileInfo(fixture.databasePath() + QStringLiteral("-wal")).size());
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &full), 0);
    const QString text = QStringLiteral("long ").repeated(20'000);
    store->journal().savePartial(context.answer.id, {TextPart{text}});
    store->journal().closeAttempt(fixture.closing(opening));
    MessageRecord last = context.answer;
    last.parts = {TextPart{text}};
    last.state = MessageState::Complete;
    store->journal().closeRequest(request, RequestState::Completed, last);
    // Nothing may be sent that could not be written, and nobody waits for ever.
    const std::int64_t second = fixture.ids.next();
    const auto refused = awaited(store->journal().openRequest(
        second, fixture.turn(chat, QStringLiteral("!")), fixture.opening(second)));
    const bool drained = awaited(store->journal().drained()).hasValue();
    const bool told = QTest::qWaitFor([&failed] { return !failed.isEmpty(); });
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &before), 0);
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::StorageFailed);
    // What was sent before is not taken back by its sentence.
    QVERIFY2(!userText(refused.error()).contains(QStringLiteral("sent")),
             qPrintable(userText(refused.error())));
    QVERIFY(!drained);
    QVERIFY(told);
    QCOMPARE(failed.size(), 1);

    // There is room again: what was kept in memory is written, in order.
    QTRY_VERIFY_WITH_TIMEOUT(awaited(store->journal().drained()).hasValue(), 5000);
    const auto loaded = awaited(store->conversations().load(chat.id));
    QVERIFY(loaded);
    QCOMPARE(loaded->messages.size(), 2);
    QCOMPARE(textOf(loaded->messages.at(1).parts), text);
    QCOMPARE(loaded->messages.at(1).state, MessageState::Complete);
    QCOMPARE(fixture.value(QStringLiteral("PRAGMA integrity_check")).toString(),
             QStringLiteral("ok"));
}

QTEST_GUILESS_MAIN(tst_Opening)
#include "tst_opening.moc"
