#include "tests/ui/practicebench.h"
#include "ui/chat/chatscreen.h"
#include "ui/transcript/composer.h"
#include "ui/transcript/composeredit.h"
#include "ui/transcript/filetiles.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/plainlabel.h"

#include <QFile>
#include <QSemaphore>
#include <QThreadPool>

using namespace core;

namespace {

//! Nothing is read from its construction on until release().
class HeldPool
{
public:
    HeldPool()
    {
        m_pool.setMaxThreadCount(1);
        m_pool.start([this] { m_gate.acquire(); });
    }
    ~HeldPool()
    {
        release();
        m_pool.waitForDone();
        m_pool.setMaxThreadCount(m_threads);
    }
    Q_DISABLE_COPY_MOVE(HeldPool)

    void release() { m_gate.release(); }

private:
    QThreadPool &m_pool = *QThreadPool::globalInstance();
    int m_threads = m_pool.maxThreadCount();
    QSemaphore m_gate;
};

QStringList numbered(int first, int count)
{
    QStringList names;
    for (int i = first; i < first + count; ++i)
        names.append(QStringLiteral("%1.txt").arg(i));
    return names;
}

} // namespace

//! Files on their way into a message, as a person meets them: in the order given, no more than a
//! message takes, and never behind the message that they were meant for.
class tst_AttachedFiles : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void noMoreThanAMessageTakes_data();
    void noMoreThanAMessageTakes();
    void orderIsAsGiven();
    void whatCameBackIsAllThere();
    void outlastTheProgram();
    void outlastTheirChatsView();
    void sendWaitsForThem();
    void waitingEnds_data();
    void waitingEnds();
    void secretInAFileIsAskedAbout_data();
    void secretInAFileIsAskedAbout();
    void systemPromptIsAskedAboutOnce();

private:
    void showNew();                  //!< m_chat, in a screen of its own.
    void openAgain(std::int64_t id); //!< Into m_chat; nullptr: it is not there.
    [[nodiscard]] QPlainTextEdit *edit() const { return m_screen->findChild<ui::ComposerEdit *>(); }
    [[nodiscard]] QString notice() const
    {
        return m_screen->findChild<ui::Composer *>()->noticeText();
    }
    [[nodiscard]] QString hint() const
    {
        return m_screen->findChild<ui::PlainLabel *>(QStringLiteral("composerHint"))->text();
    }
    [[nodiscard]] QStringList tiles() const;
    [[nodiscard]] QStringList sentNames() const;
    [[nodiscard]] QString written(const QString &name, const QByteArray &bytes = "text\n") const;
    void give(const QStringList &names) const; //!< Written, and dropped together.
    void send() const { QTest::keyClick(edit(), Qt::Key_Return); }
    [[nodiscard]] bool isRead() const
    {
        return tiles().filter(QStringLiteral("Reading")).isEmpty();
    }

    std::unique_ptr<tests::PracticeBench> m_bench;
    std::unique_ptr<ui::ChatScreen> m_screen;
    Conversation *m_chat = nullptr;
};

void tst_AttachedFiles::init()
{
    m_bench = std::make_unique<tests::PracticeBench>();
    m_chat = m_bench->chat();
    showNew();
}

void tst_AttachedFiles::showNew()
{
    m_screen = std::make_unique<ui::ChatScreen>(m_bench->theme, tests::plainNames());
    m_screen->resize(900, 700);
    m_screen->setVisible(true);
    m_screen->show(m_chat);
    QVERIFY(QTest::qWaitForWindowExposed(m_screen.get()));
}

void tst_AttachedFiles::openAgain(std::int64_t id)
{
    m_chat = nullptr;
    const auto opening = m_bench->engine->conversations().open(id);
    QTRY_VERIFY(opening.isFinished());
    QVERIFY(opening.result());
    m_chat = *opening.result();
}

void tst_AttachedFiles::cleanup()
{
    m_screen.reset();
    m_bench->engine->conversations().stopAll();
    m_bench.reset();
}

QStringList tst_AttachedFiles::tiles() const
{
    auto *row = m_screen->findChild<ui::FileTiles *>();
    QStringList names;
    for (QWidget *tile : row->findChildren<QWidget *>(QString(), Qt::FindDirectChildrenOnly)) {
        if (tile->isVisibleTo(row))
            names.append(tile->accessibleName());
    }
    return names;
}

QStringList tst_AttachedFiles::sentNames() const
{
    QStringList names;
    const MessageRecord question = m_chat->path().constFirst();
    for (const ContentPart &part : question.parts) {
        if (const auto *file = std::get_if<AttachmentPart>(&part))
            names.append(file->name);
    }
    return names;
}

QString tst_AttachedFiles::written(const QString &name, const QByteArray &bytes) const
{
    QFile file(m_bench->directory.filePath(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("the test cannot write its file");
    return file.fileName();
}

void tst_AttachedFiles::give(const QStringList &names) const
{
    QList<QUrl> files;
    for (const QString &name : names)
        files.append(QUrl::fromLocalFile(written(name)));
    Q_EMIT m_screen->findChild<ui::Composer *>()->filesGiven(files);
}

void tst_AttachedFiles::noMoreThanAMessageTakes_data()
{
    QTest::addColumn<QList<QStringList>>("drops");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("as-many") << QList<QStringList>{numbered(1, 20)} << QString();
    QTest::newRow("at-once") << QList<QStringList>{numbered(1, 22)}
                             << QStringLiteral(
                                    "A message takes 20 files at most. Left out: 21.txt, 22.txt.");
    QTest::newRow("one-after-the-other")
        << QList<QStringList>{numbered(1, 15), numbered(16, 20)}
        << QStringLiteral("A message takes 20 files at most. Left out: 21.txt, 22.txt, 23.txt, "
                          "24.txt, 25.txt and 10 more.");
    QTest::newRow("beside-one-that-is-none")
        << QList<QStringList>{QStringList{QStringLiteral("missing")} + numbered(2, 20)}
        << QStringLiteral("A message takes 20 files at most. Left out: 21.txt. "
                          "\u201cmissing\u201d is not a file.");
}

void tst_AttachedFiles::noMoreThanAMessageTakes()
{
    QFETCH(const QList<QStringList>, drops);
    QFETCH(const QString, sentence);
    for (const QStringList &names : drops) {
        QList<QUrl> files;
        for (const QString &name : names)
            files.append(QUrl::fromLocalFile(name == QStringLiteral("missing")
                                                 ? m_bench->directory.filePath(name)
                                                 : written(name)));
        Q_EMIT m_screen->findChild<ui::Composer *>()->filesGiven(files);
    }
    QTRY_VERIFY(isRead());
    QCOMPARE(notice(), sentence);
    const bool isOneMissing = sentence.contains(QStringLiteral("missing"));
    QCOMPARE(tiles().size(), isOneMissing ? 19 : 20);
}

void tst_AttachedFiles::orderIsAsGiven()
{
    // The first takes longest.
    (void)written(QStringLiteral("large.txt"), QByteArray("word ").repeated(500'000));
    Q_EMIT m_screen->findChild<ui::Composer *>()->filesGiven(
        {QUrl::fromLocalFile(m_bench->directory.filePath(QStringLiteral("large.txt")))});
    give(numbered(1, 3));
    QTRY_VERIFY(isRead());
    QCOMPARE(tiles().size(), 4);
    send();
    QTRY_VERIFY(!m_chat->isEmpty()); // it is looked through for secrets first
    QCOMPARE(sentNames(), QStringList{QStringLiteral("large.txt")} + numbered(1, 3));
}

//! What a budget refused is not lost for what was added meanwhile; it is not sent like that either.
void tst_AttachedFiles::whatCameBackIsAllThere()
{
    give(numbered(1, 10));
    QTRY_VERIFY(isRead());
    RefusedTurn turn;
    turn.text = QStringLiteral("Compare these");
    turn.error.kind = ErrorKind::BudgetExceeded;
    for (const QString &name : numbered(11, 15))
        turn.attachments.append({name, QStringLiteral("text/plain"), "text\n"});
    Q_EMIT m_chat->turnRefused(turn);
    QCOMPARE(tiles().size(), 25);
    send();
    QCOMPARE(notice(), QStringLiteral("A message takes 20 files at most: 5 are too many."));
    QVERIFY(m_chat->isEmpty());
    QCOMPARE(edit()->toPlainText(), turn.text);
}

//! An unsent message is found again whole: its text and its files.
void tst_AttachedFiles::outlastTheProgram()
{
    give(numbered(1, 3));
    QTRY_VERIFY(isRead());
    Q_EMIT m_screen->findChild<ui::Composer *>()->fileRemoved(1);
    QTest::keyClicks(edit(), QStringLiteral("Compare these"));
    const std::int64_t id = m_chat->id();
    m_screen.reset();
    m_bench->restart();
    openAgain(id);
    QVERIFY(m_chat);
    showNew();
    QTRY_COMPARE(tiles().size(), 2);
    QCOMPARE(edit()->toPlainText(), QStringLiteral("Compare these"));
    send();
    QTRY_VERIFY(!m_chat->isEmpty());
    QCOMPARE(sentNames(), (QStringList{QStringLiteral("1.txt"), QStringLiteral("3.txt")}));
    QTRY_VERIFY(!m_chat->isRunning());
    m_screen.reset();
    m_bench->restart();
    openAgain(id);
    QVERIFY(m_chat);
    QVERIFY(m_chat->draftFiles().isEmpty()); // they are the question's
    QCOMPARE(m_chat->path().size(), 2);
}

//! Left before they were read: they come to the chat that they were given to, and once.
void tst_AttachedFiles::outlastTheirChatsView()
{
    const std::int64_t id = m_chat->id();
    {
        HeldPool pool;
        give(numbered(1, 2));
        m_screen->show(m_bench->chat());
        m_bench->engine->conversations().close(id); // as the window does
        QVERIFY(m_bench->engine->conversations().find(id));
        pool.release();
        QTRY_VERIFY(!m_bench->engine->conversations().find(id));
    }
    QVERIFY(tiles().isEmpty());
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete); // what it has, it saves
    const auto drained = m_bench->engine->store().journal().drained();
    QTRY_VERIFY(drained.isFinished());
    openAgain(id);
    QVERIFY(m_chat);
    QCOMPARE(m_chat->draftFiles().size(), 2);
    m_screen->show(m_chat);
    QTRY_VERIFY(isRead());
    QCOMPARE(tiles().size(), 2);
}

void tst_AttachedFiles::sendWaitsForThem()
{
    HeldPool pool;
    give({QStringLiteral("notes.txt")});
    QCOMPARE(tiles(), QStringList{QStringLiteral("Attached: notes.txt, Reading\u2026")});
    QTest::keyClicks(edit(), QStringLiteral("What is this?"));
    send();
    QVERIFY(m_chat->isEmpty());
    QCOMPARE(hint(), QStringLiteral("Send waits for notes.txt"));
    QCOMPARE(edit()->toPlainText(), QStringLiteral("What is this?"));
    pool.release();
    QTRY_VERIFY(!m_chat->isEmpty());
    QCOMPARE(sentNames(), QStringList{QStringLiteral("notes.txt")});
    QCOMPARE(textOf(m_chat->path().constFirst().parts), QStringLiteral("What is this?"));
    QCOMPARE(edit()->toPlainText(), QString());
    QTRY_VERIFY(!m_chat->isRunning());
    QCOMPARE(m_chat->path().size(), 2); // once
    QVERIFY(tiles().isEmpty());
}

void tst_AttachedFiles::waitingEnds_data()
{
    QTest::addColumn<QString>("by");
    for (const char *by : {"escape", "typing", "removed-file", "another-file", "unreadable-file",
                           "another-chat", "editing"})
        QTest::newRow(by) << QString::fromLatin1(by);
}

void tst_AttachedFiles::waitingEnds()
{
    QFETCH(const QString, by);
    QVERIFY(m_chat->send(QStringLiteral("Hello")));
    QTRY_VERIFY(!m_chat->isRunning());
    HeldPool pool;
    give(numbered(1, 2));
    QTest::keyClicks(edit(), QStringLiteral("These"));
    auto *composer = m_screen->findChild<ui::Composer *>();
    if (by == QStringLiteral("unreadable-file"))
        Q_EMIT composer->filesGiven({QUrl::fromLocalFile(m_bench->directory.path())});
    send();
    QVERIFY2(hint().startsWith(QStringLiteral("Send waits for ")), qPrintable(hint()));
    if (by == QStringLiteral("escape"))
        QVERIFY(m_screen->escape());
    else if (by == QStringLiteral("typing"))
        QTest::keyClicks(edit(), QStringLiteral("x"));
    else if (by == QStringLiteral("removed-file"))
        Q_EMIT composer->fileRemoved(0);
    else if (by == QStringLiteral("another-file"))
        give({QStringLiteral("3.txt")});
    else if (by == QStringLiteral("another-chat"))
        m_screen->show(m_bench->chat());
    else if (by == QStringLiteral("editing"))
        Q_EMIT composer->editLastRequested();
    if (by != QStringLiteral("unreadable-file"))
        QCOMPARE(hint(), QStringLiteral("practice, simulated cost"));
    pool.release();
    if (by == QStringLiteral("another-chat"))
        m_screen->show(m_chat);
    else if (by == QStringLiteral("editing"))
        QVERIFY(m_screen->escape());
    QTRY_VERIFY(isRead());
    QCoreApplication::processEvents();
    QCOMPARE(m_chat->path().size(), 2);
    QVERIFY(edit()->toPlainText().startsWith(QStringLiteral("These")));
    QCOMPARE(hint(), QStringLiteral("practice, simulated cost"));
    if (by == QStringLiteral("unreadable-file"))
        QVERIFY2(notice().endsWith(QStringLiteral("is not a file.")), qPrintable(notice()));
    send(); // all is there for the next press
    QCOMPARE(m_chat->path().size(), 4);
    const qsizetype files = m_chat->path().at(2).parts.size() - 1;
    const qsizetype expected = by == QStringLiteral("removed-file")   ? 1
                               : by == QStringLiteral("another-file") ? 3
                                                                      : 2;
    QCOMPARE(files, expected);
}

void tst_AttachedFiles::secretInAFileIsAskedAbout_data()
{
    QTest::addColumn<int>("lines");
    QTest::addColumn<bool>("sends");
    QTest::newRow("small") << 1 << true;
    QTest::newRow("small-declined") << 1 << false;
    QTest::newRow("large") << 40'000 << true; // looked through in the pool
    QTest::newRow("large-declined") << 40'000 << false;
}

//! What was attached leaves as text: nothing does before the reader has answered.
void tst_AttachedFiles::secretInAFileIsAskedAbout()
{
    QFETCH(const int, lines);
    QFETCH(const bool, sends);
    const QByteArray bytes =
        QByteArray("SETTING=on\n").repeated(lines) + "TOKEN=ghp_" + QByteArray(36, 'h') + '\n';
    auto *composer = m_screen->findChild<ui::Composer *>();
    Q_EMIT composer->filesGiven({QUrl::fromLocalFile(written(QStringLiteral("a.env"), bytes))});
    QTRY_VERIFY(tiles().size() == 1 && isRead());
    QTest::keyClicks(edit(), QStringLiteral("Why?"));
    send();
    QTRY_VERIFY2(notice().contains(QStringLiteral("a.env")), qPrintable(notice()));
    QVERIFY2(notice().contains(QStringLiteral("holds a key of GitHub.")), qPrintable(notice()));
    QVERIFY(m_chat->isEmpty());
    Q_EMIT composer->noticeActionChosen(sends ? 0 : 1);
    QVERIFY(notice().isEmpty());
    if (sends) {
        QCOMPARE(sentNames(), QStringList{QStringLiteral("a.env")});
        return;
    }
    QVERIFY(m_chat->isEmpty());
    Q_EMIT composer->fileRemoved(0); // and then there is nothing to ask about
    send();
    QVERIFY(!m_chat->isEmpty());
}

void tst_AttachedFiles::systemPromptIsAskedAboutOnce()
{
    ChatOptions options;
    options.system = QStringLiteral("The database is postgres://me:hunter22@db.example.org");
    m_chat->setOptions(options);
    auto *composer = m_screen->findChild<ui::Composer *>();
    QTest::keyClicks(edit(), QStringLiteral("Why?"));
    send();
    QVERIFY2(notice().startsWith(QStringLiteral("The system prompt holds an address with a ")),
             qPrintable(notice()));
    QVERIFY(m_chat->isEmpty());
    Q_EMIT composer->noticeActionChosen(0);
    QTRY_VERIFY(!m_chat->isEmpty() && !m_chat->isRunning());
    QTest::keyClicks(edit(), QStringLiteral("And then?"));
    send();
    QVERIFY2(notice().isEmpty(), qPrintable(notice()));
    QTRY_VERIFY(m_chat->path().size() == 4 && !m_chat->isRunning());
}

QTEST_MAIN(tst_AttachedFiles)
#include "tst_attachedfiles.moc"
