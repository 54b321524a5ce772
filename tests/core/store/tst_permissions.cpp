// What the system forbids: another person's files, a read-only folder. Root sees through all of
// this, so packaging/test runs it as somebody else.
#include "tests/core/store/storefixture.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSqlDatabase>
#include <QSqlQuery>

#include <sys/stat.h>
#include <unistd.h>

using namespace core;
using namespace tests;

namespace {

//! The mode of a path, for a time.
class ModeChange
{
public:
    ModeChange(const QString &path, mode_t mode)
        : m_path(QFile::encodeName(path))
    {
        struct stat facts = {};
        if (::stat(m_path.constData(), &facts) != 0 || ::chmod(m_path.constData(), mode) != 0)
            qFatal("cannot change %s", m_path.constData());
        m_before = facts.st_mode & 07777U;
    }
    ~ModeChange() { ::chmod(m_path.constData(), m_before); }
    Q_DISABLE_COPY_MOVE(ModeChange)

private:
    QByteArray m_path;
    mode_t m_before = 0;
};

QByteArray bytesOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class tst_Permissions : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void whatMayNotBeTouchedIsSaid_data();
    void whatMayNotBeTouchedIsSaid();
    void newProfileInAForeignFolderIsRefused();
    void readOnlyFolderStillTellsItsSums();
    void foreignSessionFileCountsAsRunning();
};

void tst_Permissions::initTestCase()
{
    QVERIFY2(::geteuid() != 0, "Run it as somebody else: root is not stopped by permissions.");
}

void tst_Permissions::init()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
}

void tst_Permissions::whatMayNotBeTouchedIsSaid_data()
{
    QTest::addColumn<QString>("entry"); // of the profile's folder; empty: itself
    QTest::addColumn<unsigned>("mode");
    QTest::newRow("folder-closed") << QString() << 0000U;
    QTest::newRow("folder-read-only") << QString() << 0500U;
    QTest::newRow("database-unreadable") << QStringLiteral("farthing.db") << 0000U;
    QTest::newRow("database-read-only") << QStringLiteral("farthing.db") << 0400U;
    QTest::newRow("sessions-read-only") << QStringLiteral("sessions") << 0500U;
    QTest::newRow("write-lock-read-only") << QStringLiteral("farthing.writelock") << 0400U;
}

void tst_Permissions::whatMayNotBeTouchedIsSaid()
{
    QFETCH(QString, entry);
    QFETCH(unsigned, mode);
    StoreFixture fixture;
    const ConversationRecord chat = fixture.chat(QStringLiteral("Before"));
    {
        const auto store = fixture.open();
        QVERIFY(awaited(store->conversations().save(chat)));
        fixture.ask(*store, chat, QStringLiteral("a question"), QStringLiteral("an answer"));
    }
    const QByteArray before = bytesOf(fixture.databasePath());
    QVERIFY(!before.isEmpty());
    const QString path =
        entry.isEmpty() ? fixture.directory() : QDir(fixture.directory()).filePath(entry);
    {
        const ModeChange change(path, mode);
        const auto refused = fixture.tryOpen();
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::StorageFailed);
        QVERIFY2(refused.error().detail.contains(fixture.directory()),
                 qPrintable(refused.error().detail));
        QVERIFY2(refused.error().detail.contains(QStringLiteral("Check")),
                 qPrintable(refused.error().detail));
    }
    QCOMPARE(bytesOf(fixture.databasePath()), before);
    // Nothing was set aside, and all of it is there again.
    QVERIFY(QDir(fixture.directory()).entryList({QStringLiteral("*damaged*")}).isEmpty());
    const auto store = fixture.open();
    QCOMPARE(store->notice(), QString());
    QCOMPARE(fixture.value(QStringLiteral("SELECT count(*) FROM message")).toInt(), 2);
}

void tst_Permissions::newProfileInAForeignFolderIsRefused()
{
    QTemporaryDir foreign;
    const ModeChange change(foreign.path(), 0500);
    StoreFixture fixture(foreign.filePath(QStringLiteral("profile")));
    const auto refused = fixture.tryOpen();
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::StorageFailed);
    QVERIFY2(refused.error().detail.contains(QStringLiteral("belongs to you")),
             qPrintable(refused.error().detail));
    QVERIFY(QDir(foreign.path()).isEmpty());
}

void tst_Permissions::readOnlyFolderStillTellsItsSums()
{
    StoreFixture fixture;
    {
        const auto store = fixture.open();
        const ConversationRecord chat = fixture.chat();
        QVERIFY(awaited(store->conversations().save(chat)));
        fixture.ask(*store, chat, QStringLiteral("a question"), QStringLiteral("yes"));
    }
    const ModeChange file(fixture.databasePath(), 0400);
    const ModeChange folder(fixture.directory(), 0500);
    const auto store = fixture.tryOpenReadOnly();
    QVERIFY2(store.hasValue(), store ? "" : qPrintable(store.error().detail));
    const auto count = awaited((*store)->read<int>([](const QString &connection) -> Result<int> {
        QSqlQuery query(QSqlDatabase::database(connection, false));
        if (!query.exec(QStringLiteral("SELECT count(*) FROM attempt")) || !query.next())
            return Error();
        return query.value(0).toInt();
    }));
    QVERIFY(count);
    QCOMPARE(*count, 1);
}

void tst_Permissions::foreignSessionFileCountsAsRunning()
{
    // Whose process holds it cannot be told: its rows must not be closed behind its back.
    StoreFixture fixture;
    std::int64_t session = 0;
    {
        const auto store = fixture.open();
        session = store->sessionId();
        const ConversationRecord chat = fixture.chat();
        QVERIFY(awaited(store->conversations().save(chat)));
        fixture.ask(*store, chat, QStringLiteral("a question"), QStringLiteral("yes"));
    }
    fixture.run(QStringLiteral("UPDATE session SET ended_at = NULL"));
    const QString lock =
        QDir(fixture.directory()).filePath(QStringLiteral("sessions/") + QString::number(session));
    QFile file(lock);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.close();
    const QString ended = QStringLiteral("SELECT ended_at IS NOT NULL FROM session WHERE id = ") +
                          QString::number(session);
    {
        const ModeChange change(lock, 0000);
        const auto store = fixture.open();
        QCOMPARE(fixture.value(ended).toInt(), 0);
    }
    const auto store = fixture.open();
    QCOMPARE(fixture.value(ended).toInt(), 1);
}

QTEST_GUILESS_MAIN(tst_Permissions)
#include "tst_permissions.moc"
