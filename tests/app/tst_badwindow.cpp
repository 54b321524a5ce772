// What tst_badinput does to `ask`, in the window: each ends in a sentence that says what to do, and
// nothing that was typed is lost. (What the address field refuses: tst_settingsscreen.)
#include "app/engine.h"
#include "app/hardening.h"
#include "app/windowcontroller.h"
#include "tests/support/dripanswer.h"
#include "ui/chat/chatscreen.h"
#include "ui/transcript/composeredit.h"
#include "ui/transcript/transcriptview.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/notice.h"

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

#include <sys/resource.h>

#include <memory>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

//! Nothing below takes a byte more while this lives; pipes do.
class FullDisk
{
public:
    FullDisk()
    {
        ::getrlimit(RLIMIT_FSIZE, &m_before);
        struct rlimit full = m_before;
        full.rlim_cur = 0;
        ::setrlimit(RLIMIT_FSIZE, &full);
    }
    ~FullDisk() { ::setrlimit(RLIMIT_FSIZE, &m_before); }
    FullDisk(const FullDisk &) = delete;
    FullDisk &operator=(const FullDisk &) = delete;

private:
    struct rlimit m_before = {};
};

} // namespace

class tst_BadWindow : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init() { m_directory = std::make_unique<QTemporaryDir>(); }
    void cleanup();
    void refusedTurnsKeepTheQuestion_data();
    void refusedTurnsKeepTheQuestion();
    void nobodyListens();
    void emptyPromptIsNotSent_data();
    void emptyPromptIsNotSent();
    void noModelKeepsTheText();
    void keyringThatDoesNotAnswer();
    void fullDiskSendsNothing();
    void junkDatabaseIsSetAside();
    void newerDatabaseIsLeftAlone();

private:
    void start(); //!< The window on the profile of this test.
    void type(const QString &text) const;
    [[nodiscard]] core::Conversation *chat() const { return m_screen->conversation(); }
    //! What the window shows as news or as the error of the last answer.
    [[nodiscard]] QStringList sentences() const;
    [[nodiscard]] bool says(const QString &text) const
    {
        return sentences().join(u'\n').contains(text);
    }
    //! Whether \p text stands in the chat or is still in the composer.
    [[nodiscard]] bool isKept(const QString &text) const;
    [[nodiscard]] QString databasePath() const
    {
        return m_directory->filePath(u"data/farthing.db"_s);
    }
    [[nodiscard]] QVariant scalar(const QString &statement) const;

    std::unique_ptr<QTemporaryDir> m_directory;
    ui::ThemeSource m_theme;
    std::unique_ptr<app::Engine> m_engine;
    std::unique_ptr<app::WindowController> m_controller;
    ui::MainWindow *m_window = nullptr;
    ui::ChatScreen *m_screen = nullptr;
};

void tst_BadWindow::initTestCase()
{
    ui::loadIcons();
    m_theme.dress(*qApp);
}

void tst_BadWindow::cleanup()
{
    m_controller.reset();
    m_engine.reset();
}

void tst_BadWindow::start()
{
    cleanup();
    app::EngineOptions options;
    options.profile = app::Profile::below(m_directory->path());
    options.overrides = {u"engine/retriesPerTarget=0"_s};
    auto engine = app::Engine::create(options);
    QVERIFY2(engine, qPrintable(engine ? QString() : engine.error().detail));
    m_engine = std::move(engine).value();
    m_controller = std::make_unique<app::WindowController>(*m_engine, m_theme);
    m_controller->show();
    for (QWidget *window : QApplication::topLevelWidgets()) {
        if (auto *found = qobject_cast<ui::MainWindow *>(window))
            m_window = found;
    }
    m_screen = m_window->findChild<ui::ChatScreen *>();
    QVERIFY(QTest::qWaitForWindowActive(m_window));
}

void tst_BadWindow::type(const QString &text) const
{
    auto *edit = m_screen->findChild<ui::ComposerEdit *>();
    edit->setFocus();
    QTest::keyClicks(edit, text);
    QTest::keyClick(edit, Qt::Key_Return);
}

QStringList tst_BadWindow::sentences() const
{
    QStringList all;
    for (const auto *notice : m_window->findChildren<ui::NoticeBar *>()) {
        if (notice->isVisible())
            all.append(notice->text());
    }
    const auto *view = m_screen->findChild<ui::TranscriptView *>();
    if (const int last = view ? view->messageCount() - 1 : -1; last >= 0) {
        if (const auto &error = view->item(last).message().error)
            all.append(error->sentence);
    }
    return all;
}

bool tst_BadWindow::isKept(const QString &text) const
{
    if (m_screen->findChild<ui::ComposerEdit *>()->toPlainText().contains(text))
        return true;
    const QList<core::MessageRecord> path = chat()->path();
    return std::any_of(path.begin(), path.end(), [&text](const core::MessageRecord &message) {
        return core::textOf(message.parts) == text;
    });
}

QVariant tst_BadWindow::scalar(const QString &statement) const
{
    QVariant value;
    {
        QSqlDatabase db = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"look"_s);
        db.setDatabaseName(databasePath());
        QSqlQuery query(db);
        if (db.open() && (query = QSqlQuery(db)).exec(statement) && query.next())
            value = query.value(0);
    }
    QSqlDatabase::removeDatabase(u"look"_s);
    return value;
}

void tst_BadWindow::refusedTurnsKeepTheQuestion_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QUrl>("baseUrl");
    QTest::addColumn<QString>("says");
    QTest::newRow("unknown-provider") << u"nobody"_s << QUrl() << u"Choose another model"_s;
    QTest::newRow("no-key") << u"anthropic"_s << QUrl() << u"Settings, Providers"_s;
    QTest::newRow("unknown-host") << u"custom"_s << QUrl(u"https://nobody.invalid/v1"_s)
                                  << u"could not be reached"_s;
    // Only a chat of an older version or an edited file has these: the window takes none of them.
    QTest::newRow("foreign-http") << u"custom"_s << QUrl(u"http://example.org/v1"_s)
                                  << u"base URL"_s;
    QTest::newRow("bad-url") << u"custom"_s << QUrl(u"https:///v1"_s) << u"base URL"_s;
}

void tst_BadWindow::refusedTurnsKeepTheQuestion()
{
    QFETCH(const QString, provider);
    QFETCH(const QUrl, baseUrl);
    QFETCH(const QString, says);
    start();
    chat()->setTarget({provider, 0, baseUrl, u"m"_s, false});
    type(u"keep me"_s);
    QTRY_VERIFY_WITH_TIMEOUT(!chat()->isRunning(), 30'000);
    QTRY_VERIFY2(this->says(says), qPrintable(sentences().join(u'\n')));
    QVERIFY(isKept(u"keep me"_s));
}

void tst_BadWindow::nobodyListens()
{
    QTcpServer closed;
    QVERIFY(closed.listen(QHostAddress::LocalHost));
    const QUrl url(u"http://127.0.0.1:%1/v1"_s.arg(closed.serverPort()));
    closed.close();
    start();
    chat()->setTarget({u"custom"_s, 0, url, u"m"_s, false});
    type(u"keep me"_s);
    QTRY_VERIFY2(says(u"Check the network"_s), qPrintable(sentences().join(u'\n')));
    cleanup(); // what is being written is written
    QCOMPARE(scalar(u"SELECT count(*) FROM content_part WHERE text = 'keep me'"_s).toInt(), 1);
}

void tst_BadWindow::emptyPromptIsNotSent_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("empty") << QString();
    QTest::newRow("blank") << u"   "_s;
}

void tst_BadWindow::emptyPromptIsNotSent()
{
    QFETCH(const QString, text);
    tests::ScriptedServer server;
    start();
    chat()->setTarget({u"custom"_s, 0, server.url(u"/v1"), u"m"_s, false});
    type(text);
    QVERIFY(!chat()->isRunning());
    QVERIFY(chat()->isEmpty());
    QVERIFY(server.requests().isEmpty());
}

// A first start, or a model that this version no longer knows: there is none to ask.
void tst_BadWindow::noModelKeepsTheText()
{
    start();
    type(u"keep me"_s);
    QTRY_VERIFY2(says(u"Choose one"_s), qPrintable(sentences().join(u'\n')));
    QVERIFY(isKept(u"keep me"_s));
}

//! There is no bus (see main()): as absent to us as one that is locked and asks nobody.
void tst_BadWindow::keyringThatDoesNotAnswer()
{
    tests::ScriptedServer server;
    start();
    core::Account account = m_engine->accounts().accountOf(u"anthropic"_s);
    account.baseUrl = server.url();
    account.keyOrigin = u"http://127.0.0.1:%1"_s.arg(server.port());
    account.keySaved = true;
    (void)m_engine->store().accounts().save(account);
    chat()->setTarget(m_engine->accounts().target(u"anthropic"_s, u"m"_s));
    type(u"keep me"_s);
    QTRY_VERIFY2_WITH_TIMEOUT(says(u"could not be read"_s), qPrintable(sentences().join(u'\n')),
                              40'000);
    QVERIFY(isKept(u"keep me"_s));
    QVERIFY(server.requests().isEmpty());
}

void tst_BadWindow::fullDiskSendsNothing()
{
    tests::ScriptedServer server;
    start();
    chat()->setTarget({u"custom"_s, 0, server.url(u"/v1"), u"m"_s, false});
    QTest::qWait(100); // what the start still writes
    {
        const FullDisk full;
        type(u"keep me"_s);
        QTRY_VERIFY2_WITH_TIMEOUT(says(u"disk has room"_s), qPrintable(sentences().join(u'\n')),
                                  30'000);
        QVERIFY(isKept(u"keep me"_s));
        QCOMPARE(server.requests().size(), 0);
    }
    cleanup();
    QCOMPARE(scalar(u"PRAGMA integrity_check"_s).toString(), u"ok"_s);
}

void tst_BadWindow::junkDatabaseIsSetAside()
{
    QVERIFY(QDir(m_directory->path()).mkpath(u"data"_s));
    const QByteArray junk = QByteArray("this is no database ").repeated(500);
    QFile file(databasePath());
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(junk) == junk.size());
    file.close();
    start();
    QVERIFY2(says(u"It was set aside as"_s), qPrintable(sentences().join(u'\n')));
    bool kept = false;
    const QDir data(m_directory->filePath(u"data"_s));
    for (const QString &name : data.entryList(QDir::Files)) {
        QFile each(data.filePath(name));
        kept = kept || (each.open(QIODevice::ReadOnly) && each.readAll() == junk);
    }
    QVERIFY2(kept, "the junk is gone: it might have been somebody's only copy");
}

void tst_BadWindow::newerDatabaseIsLeftAlone()
{
    start();
    cleanup();
    const int version = scalar(u"PRAGMA user_version"_s).toInt() + 1000;
    (void)scalar(u"PRAGMA user_version = %1"_s.arg(version));
    QCOMPARE(scalar(u"PRAGMA user_version"_s).toInt(), version);
    tests::ScriptedServer server;
    start();
    QVERIFY2(says(u"update Farthing"_s), qPrintable(sentences().join(u'\n')));
    chat()->setTarget({u"custom"_s, 0, server.url(u"/v1"), u"m"_s, false});
    type(u"keep me"_s);
    QTRY_VERIFY(!chat()->isRunning());
    QVERIFY(isKept(u"keep me"_s));
    QVERIFY(server.requests().isEmpty());
    cleanup();
    QCOMPARE(scalar(u"PRAGMA user_version"_s).toInt(), version);
    QCOMPARE(scalar(u"SELECT count(*) FROM message"_s).toInt(), 0);
}

int main(int argc, char **argv)
{
    app::hardenProcess(); // a full disk sends a signal
    for (const char *variable : {"ANTHROPIC_API_KEY", "FARTHING_API_KEY"})
        qunsetenv(variable); // no key anywhere
    qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus");
    const QApplication application(argc, argv);
    tst_BadWindow test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_badwindow.moc"
