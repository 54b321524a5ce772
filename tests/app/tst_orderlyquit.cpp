#include "app/windowcontroller.h"
#include "tests/ui/practicebench.h"
#include "ui/widgets/notice.h"

#include <QAbstractButton>
#include <QMessageBox>

#include <sys/resource.h>

#include <algorithm>
#include <csignal>

using namespace core;
using namespace Qt::StringLiterals;

namespace {

//! While it lives, no file takes a byte.
class FullDisk
{
public:
    FullDisk()
    {
        std::signal(SIGXFSZ, SIG_IGN); // as main() does
        if (::getrlimit(RLIMIT_FSIZE, &m_before) != 0)
            qFatal("there are no limits");
        struct rlimit full = m_before;
        full.rlim_cur = 0;
        ::setrlimit(RLIMIT_FSIZE, &full);
    }
    FullDisk(const FullDisk &) = delete;
    FullDisk &operator=(const FullDisk &) = delete;
    ~FullDisk() { ::setrlimit(RLIMIT_FSIZE, &m_before); }

private:
    struct rlimit m_before = {};
};

} // namespace

//! The window on the real core: what it asks before it goes, and what it says.
class tst_OrderlyQuit : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void lastWordCounts_data();
    void lastWordCounts();
    void anAnswerMayEndBeforeTheWord();
    void systemIsNotAskedBack();
    void anotherMayBeginBeforeItGoes();
    void whatIsNotSavedIsAskedAbout_data();
    void whatIsNotSavedIsAskedAbout();
    void aLimitThatIsNoneIsSaid();

private:
    //! The question that stands; nullptr: none.
    [[nodiscard]] QMessageBox *question() const
    {
        const QList<QMessageBox *> all = m_window->findChildren<QMessageBox *>();
        for (QMessageBox *box : all) {
            if (box->isVisible())
                return box;
        }
        return nullptr;
    }
    void choose(const QString &text)
    {
        QTRY_VERIFY(question());
        const QList<QAbstractButton *> buttons = question()->buttons();
        for (QAbstractButton *button : buttons) {
            if (button->text() == text)
                return button->click();
        }
        QFAIL(qPrintable(u"no button "_s + text));
    }
    //! A chat whose answer is on its way, and takes long.
    [[nodiscard]] Conversation *running()
    {
        m_bench->controls().setSpeed(2);
        Conversation *chat = m_bench->chat();
        if (!chat->send(u"Hello"_s))
            qFatal("nothing was sent");
        return chat;
    }
    [[nodiscard]] static bool hasText(const Conversation &chat)
    {
        return !chat.path().isEmpty() && !textOf(chat.path().last().parts).isEmpty() &&
               chat.path().last().role == Role::Assistant;
    }

    std::unique_ptr<tests::PracticeBench> m_bench;
    std::unique_ptr<app::WindowController> m_controller;
    QWidget *m_window = nullptr;
};

void tst_OrderlyQuit::init()
{
    m_bench = std::make_unique<tests::PracticeBench>();
    m_controller = std::make_unique<app::WindowController>(*m_bench->engine, m_bench->theme);
    m_controller->show();
    const QWidgetList windows = QApplication::topLevelWidgets();
    for (QWidget *window : windows) {
        if (qobject_cast<ui::MainWindow *>(window))
            m_window = window;
    }
    QVERIFY(m_window && m_window->isVisible());
}

void tst_OrderlyQuit::cleanup()
{
    m_window = nullptr;
    m_controller.reset();
    m_bench.reset();
}

void tst_OrderlyQuit::lastWordCounts_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<bool>("closes"); // when the answer has ended
    QTest::newRow("finish") << QStringList{u"Finish, then quit"_s} << true;
    QTest::newRow("cancel") << QStringList{u"Cancel"_s} << false;
    QTest::newRow("finish-then-cancel")
        << QStringList{u"Finish, then quit"_s, u"Cancel"_s} << false;
    QTest::newRow("cancel-then-finish") << QStringList{u"Cancel"_s, u"Finish, then quit"_s} << true;
    QTest::newRow("finish-then-stop")
        << QStringList{u"Finish, then quit"_s, u"Stop and quit, text is kept"_s} << true;
}

void tst_OrderlyQuit::lastWordCounts()
{
    QFETCH(const QStringList, words);
    QFETCH(const bool, closes);
    Conversation *chat = running();
    for (const QString &word : words) {
        m_window->close();
        choose(word);
        QTRY_VERIFY(!question());
    }
    if (chat->isRunning())
        chat->stop(); // its end, whatever kind of
    if (closes) {
        QTRY_VERIFY(!m_window->isVisible());
        return;
    }
    const auto drained = m_bench->engine->store().journal().drained();
    QTRY_VERIFY(drained.isFinished());
    QTest::qWait(50);
    QVERIFY(m_window->isVisible());
}

void tst_OrderlyQuit::anAnswerMayEndBeforeTheWord()
{
    Conversation *chat = running();
    m_window->close();
    QTRY_VERIFY(question());
    chat->stop();
    QVERIFY(!chat->isRunning());
    choose(u"Finish, then quit"_s);
    QTRY_VERIFY(!m_window->isVisible());
}

//! It sends SIGTERM, and a little later the one that nobody can catch.
void tst_OrderlyQuit::systemIsNotAskedBack()
{
    Conversation *chat = running();
    QTRY_VERIFY(hasText(*chat));
    const std::int64_t answer = chat->runningMessage();
    m_window->close(); // a question that stands is not waited for
    QTRY_VERIFY(question());
    m_controller->end();
    QTRY_VERIFY(!m_window->isVisible());
    const auto stored = m_bench->engine->store().conversations().load(chat->id());
    QTRY_VERIFY(stored.isFinished());
    const auto loaded = stored.result();
    QVERIFY(loaded);
    const auto &messages = loaded->messages;
    const auto kept = std::find_if(messages.begin(), messages.end(),
                                   [answer](const auto &message) { return message.id == answer; });
    QVERIFY(kept != messages.end());
    QCOMPARE(kept->state, MessageState::Cancelled);
    QVERIFY(!textOf(kept->parts).isEmpty());
}

//! As the parts of a long text do, each when the one before was answered.
void tst_OrderlyQuit::anotherMayBeginBeforeItGoes()
{
    Conversation *chat = running();
    m_window->close();
    choose(u"Finish, then quit"_s);
    QTRY_VERIFY(!question());
    chat->stop();
    QVERIFY(chat->send(u"And then?"_s));
    const auto drained = m_bench->engine->store().journal().drained();
    QTRY_VERIFY(drained.isFinished());
    QTest::qWait(50);
    QVERIFY(m_window->isVisible());
    QVERIFY(chat->isRunning());
    chat->stop();
    QTRY_VERIFY(!m_window->isVisible());
}

void tst_OrderlyQuit::whatIsNotSavedIsAskedAbout_data()
{
    QTest::addColumn<QString>("word");
    QTest::addColumn<bool>("isRoomMade");
    QTest::addColumn<bool>("closes");
    QTest::newRow("again") << u"Try again"_s << true << true;
    QTest::newRow("again-in-vain") << u"Try again"_s << false << false;
    QTest::newRow("lose") << u"Quit and lose them"_s << false << true;
    QTest::newRow("cancel") << u"Cancel"_s << true << false;
}

void tst_OrderlyQuit::whatIsNotSavedIsAskedAbout()
{
    QFETCH(const QString, word);
    QFETCH(const bool, isRoomMade);
    QFETCH(const bool, closes);
    Conversation *chat = running();
    QTRY_VERIFY(hasText(*chat));
    auto disk = std::make_unique<FullDisk>();
    chat->stop();
    QVERIFY(!chat->isRunning());
    m_window->close();
    QTRY_VERIFY(question());
    QVERIFY(m_window->isVisible());
    if (isRoomMade)
        disk.reset();
    QPointer<QMessageBox> first = question();
    choose(word);
    if (closes) {
        QTRY_VERIFY(!m_window->isVisible());
        return;
    }
    QTRY_VERIFY(!first);
    if (!isRoomMade)
        QTRY_VERIFY(question()); // the same again
    QVERIFY(m_window->isVisible());
}

void tst_OrderlyQuit::aLimitThatIsNoneIsSaid()
{
    Settings &settings = m_bench->engine->settings();
    const auto said = [this] {
        const QList<ui::NoticeBar *> bars = m_window->findChildren<ui::NoticeBar *>();
        for (const ui::NoticeBar *bar : bars) {
            if (bar->isVisible() && bar->text().contains(u"\"much\""_s))
                return true;
        }
        return false;
    };
    QVERIFY(!said());
    QVERIFY(settings.setValue(core::settings::DayLimit, u"much"_s));
    QVERIFY(said());
}

QTEST_MAIN(tst_OrderlyQuit)
#include "tst_orderlyquit.moc"
