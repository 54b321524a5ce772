#include "core/store/budgetbook.h"
#include "tests/core/conversation/conversationbench.h"
#include "tests/support/dripanswer.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <sys/resource.h>

#include <csignal>

using namespace std::chrono_literals;
using core::Conversation;
using Bench = tests::ConversationBench;
using Files = QList<core::AttachmentPart>;

namespace {

core::AttachmentPart file(const char *name, const QByteArray &bytes = "42")
{
    return {QString::fromLatin1(name), QStringLiteral("text/plain"), bytes};
}

//! As another start of the program finds the chat; nullptr, if it does not.
Conversation *opened(Bench &bench, std::int64_t id)
{
    const auto opening = bench.book->open(id);
    if (!QTest::qWaitFor([&opening] { return opening.isFinished(); }) || !opening.result())
        return nullptr;
    return *opening.result();
}

//! What another process would read now.
Files filesOnDisk(Bench &bench, std::int64_t id)
{
    const auto loading = bench.store->conversations().load(id);
    Files files;
    if (!QTest::qWaitFor([&loading] { return loading.isFinished(); }))
        return files;
    const auto loaded = loading.result();
    if (!loaded)
        return files;
    for (const core::DraftFile &one : loaded->draftFiles)
        files.append(one.part);
    return files;
}

} // namespace

//! The files of what was not sent yet outlast the program, as its text does.
class tst_DraftFiles : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void surviveAnEndOfAnyKind();
    void closingRightAwayKeepsThem();
    void refusedDraftStaysWithItsChat_data();
    void refusedDraftStaysWithItsChat();
    void emptyChatStaysUnstored();
    void goWithTheQuestion();
    void turnThatNeverBeganKeepsItsFiles();
    void turnStoppedBeforeItBeganHasThem();
    void refusedTurnGivesThemBack();
    void newVersionLeavesThem();
    void chatWaitsForThoseBeingRead();
    void chatThatIsOpenedAgainStays();

private:
    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<tests::ScriptedServer> m_server;

    [[nodiscard]] Conversation *chat(Bench &bench) const
    {
        return bench.book->create(core::ConversationKind::Chat, Bench::target(*m_server));
    }
};

void tst_DraftFiles::init()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!a write was refused)")));
    m_directory = std::make_unique<QTemporaryDir>();
    m_server = std::make_unique<tests::ScriptedServer>();
    m_server->setChooser([](const core::LoopbackRequest &) { return tests::dripAnswer(0ms, 4); });
}

void tst_DraftFiles::surviveAnEndOfAnyKind()
{
    const Files files{file("a.txt"), file("b.txt", QByteArray(3'000'000, 'b')), file("a.txt")};
    std::int64_t id = 0;
    {
        Bench bench(m_directory->path());
        Conversation *begun = chat(bench);
        id = begun->id();
        begun->setDraftFiles(files.first(1));
        begun->setDraftFiles(files);
        QCOMPARE(begun->draftFiles(), files);
        // On disk while the chat is open and nobody closes anything: a kill loses nothing.
        QTRY_COMPARE(filesOnDisk(bench, id), files);
        begun->setDraftFiles({files.at(1)});
        QTRY_COMPARE(filesOnDisk(bench, id), Files{files.at(1)});
    }
    Bench bench(m_directory->path());
    Conversation *again = opened(bench, id);
    QVERIFY(again);
    QCOMPARE(again->draftFiles(), Files{files.at(1)});
    QVERIFY(again->isEmpty());
}

void tst_DraftFiles::closingRightAwayKeepsThem()
{
    std::int64_t id = 0;
    {
        Bench bench(m_directory->path());
        Conversation *begun = chat(bench);
        id = begun->id();
        begun->setDraftFiles({file("a.txt")});
        bench.book->close(id); // before it was saved by itself
        QTRY_COMPARE(filesOnDisk(bench, id), Files{file("a.txt")});
    }
    Bench bench(m_directory->path());
    QVERIFY(opened(bench, id));
    QCOMPARE(bench.book->find(id)->draftFiles(), Files{file("a.txt")});
}

void tst_DraftFiles::refusedDraftStaysWithItsChat_data()
{
    QTest::addColumn<bool>("isSent");
    QTest::newRow("draft") << false;
    QTest::newRow("stopped-before-it-began") << true;
}

//! It was left while the disk was full.
void tst_DraftFiles::refusedDraftStaysWithItsChat()
{
    QFETCH(const bool, isSent);
    std::signal(SIGXFSZ, SIG_IGN); // as main() does
    const QString words = QStringLiteral("typed on a full disk");
    std::int64_t id = 0;
    {
        Bench bench(m_directory->path());
        Conversation *begun = chat(bench);
        id = begun->id();
        begun->store();
        QTRY_VERIFY(begun->isSaved());
        QSignalSpy failed(bench.store.get(), &core::Store::writeFailed);
        struct rlimit before = {};
        QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
        struct rlimit full = before;
        full.rlim_cur = 0;
        QCOMPARE(::setrlimit(RLIMIT_FSIZE, &full), 0);
        begun->setDraft(words);
        begun->setDraftFiles({file("a.txt")});
        const bool isTaken = !isSent || begun->send(words, {file("a.txt")});
        begun->stop();
        bench.book->close(id);
        const auto drained = bench.store->journal().drained();
        const bool isRefused = QTest::qWaitFor(
            [&drained, &failed] { return drained.isFinished() && !failed.isEmpty(); });
        QCoreApplication::processEvents();
        QCOMPARE(::setrlimit(RLIMIT_FSIZE, &before), 0);
        QVERIFY(isTaken);
        QVERIFY(isRefused);
        QVERIFY(bench.book->find(id));
    }
    Bench bench(m_directory->path());
    Conversation *again = opened(bench, id);
    QVERIFY(again);
    if (isSent) {
        QCOMPARE(again->path().size(), 2);
        QCOMPARE(core::textOf(again->path().first().parts), words);
        QCOMPARE(again->draftFiles(), Files());
    } else {
        QCOMPARE(again->record().draft, words);
        QCOMPARE(again->draftFiles(), Files{file("a.txt")});
    }
}

void tst_DraftFiles::emptyChatStaysUnstored()
{
    Bench bench(m_directory->path());
    Conversation *begun = chat(bench);
    begun->setDraftFiles({});
    begun->setReadingFiles(true);
    begun->setReadingFiles(false);
    bench.book->close(begun->id());
    QTest::qWait(0);
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    bench.drain();
    const auto rows = bench.store->conversations().sidebar(10);
    QTRY_VERIFY(rows.isFinished());
    QVERIFY(rows.result()->isEmpty());
}

void tst_DraftFiles::goWithTheQuestion()
{
    Bench bench(m_directory->path());
    Conversation *asked = chat(bench);
    asked->setDraftFiles({file("sent.txt"), file("later.txt")});
    QVERIFY(asked->send(QStringLiteral("What is this?"), {file("sent.txt")}));
    QCOMPARE(asked->draftFiles(), Files{file("later.txt")});
    QTRY_VERIFY(!asked->isRunning());
    bench.drain();
    QCOMPARE(filesOnDisk(bench, asked->id()), Files{file("later.txt")});
    QCOMPARE(asked->path().first().parts.size(), 2);
    asked->setDraftFiles({});
    QTRY_COMPARE(filesOnDisk(bench, asked->id()), Files());
}

//! The program ends when Send has only just been pressed.
void tst_DraftFiles::turnThatNeverBeganKeepsItsFiles()
{
    const Files files{file("a.txt"), file("b.txt")};
    std::int64_t id = 0;
    {
        Bench bench(m_directory->path());
        Conversation *asked = chat(bench);
        id = asked->id();
        asked->setDraftFiles(files); // not saved yet, either
        QVERIFY(asked->send(QStringLiteral("What are these?"), files));
        QCOMPARE(asked->draftFiles(), Files()); // as the reader sees it
    } // without a turn of the event loop: nothing of it was written
    QCOMPARE(m_server->requests().size(), 0);
    Bench bench(m_directory->path());
    Conversation *again = opened(bench, id);
    QVERIFY(again);
    QVERIFY(again->isEmpty());
    QCOMPARE(again->record().draft, QStringLiteral("What are these?"));
    QCOMPARE(again->draftFiles(), files);
    QVERIFY(again->send(again->record().draft, again->draftFiles()));
    QTRY_VERIFY(!again->isRunning());
    bench.drain();
    QCOMPARE(filesOnDisk(bench, id), Files());
    QCOMPARE(again->path().first().parts.size(), 3);
}

void tst_DraftFiles::turnStoppedBeforeItBeganHasThem()
{
    Bench bench(m_directory->path());
    Conversation *asked = chat(bench);
    asked->setDraftFiles({file("a.txt")});
    QTRY_COMPARE(filesOnDisk(bench, asked->id()), Files{file("a.txt")});
    QVERIFY(asked->send(QStringLiteral("never mind"), {file("a.txt")}));
    asked->stop();
    bench.drain();
    QCOMPARE(filesOnDisk(bench, asked->id()), Files());
    const auto loaded = bench.store->conversations().load(asked->id());
    QTRY_VERIFY(loaded.isFinished());
    QVERIFY(loaded.result());
    QCOMPARE(loaded.result()->messages.first().parts.size(), 2);
}

void tst_DraftFiles::refusedTurnGivesThemBack()
{
    const Files files{file("dear.txt"), file("later.txt")};
    std::int64_t id = 0;
    {
        Bench bench(m_directory->path());
        core::Budget budget;
        budget.unit = core::LimitUnit::Tokens;
        budget.limit = 1;
        budget.hard = true;
        bench.store->budgets().save(budget);
        Conversation *asked = chat(bench);
        id = asked->id();
        asked->setDraftFiles(files);
        QSignalSpy refused(asked, &Conversation::turnRefused);
        QVERIFY(asked->send(QStringLiteral("too dear"), {files.first()}));
        QTRY_COMPARE(refused.count(), 1);
        QCOMPARE(asked->draftFiles(), files); // nobody shows it: they are there all the same
    }
    Bench bench(m_directory->path());
    QVERIFY(opened(bench, id));
    QCOMPARE(bench.book->find(id)->draftFiles(), files);
    QCOMPARE(m_server->requests().size(), 0);
}

//! It has the files of the old one; what waits in the composer waits on.
void tst_DraftFiles::newVersionLeavesThem()
{
    Bench bench(m_directory->path());
    Conversation *asked = chat(bench);
    QVERIFY(asked->send(QStringLiteral("first"), {file("first.txt")}));
    QTRY_VERIFY(!asked->isRunning());
    asked->setDraftFiles({file("next.txt")});
    QVERIFY(asked->editAndResend(asked->path().first().id, QStringLiteral("first, mended")));
    QTRY_VERIFY(!asked->isRunning());
    bench.drain();
    QCOMPARE(asked->draftFiles(), Files{file("next.txt")});
    QTRY_COMPARE(filesOnDisk(bench, asked->id()), Files{file("next.txt")});
}

void tst_DraftFiles::chatWaitsForThoseBeingRead()
{
    Bench bench(m_directory->path());
    Conversation *left = chat(bench);
    const std::int64_t id = left->id();
    left->setReadingFiles(true);
    bench.book->close(id);
    QCOMPARE(bench.book->find(id), left);
    left->setDraftFiles({file("late.txt")});
    left->setReadingFiles(false);
    QTRY_VERIFY(!bench.book->find(id));
    QTRY_COMPARE(filesOnDisk(bench, id), Files{file("late.txt")});
}

void tst_DraftFiles::chatThatIsOpenedAgainStays()
{
    Bench bench(m_directory->path());
    Conversation *left = chat(bench);
    left->setReadingFiles(true);
    bench.book->close(left->id());
    QCOMPARE(opened(bench, left->id()), left);
    left->setReadingFiles(false);
    QCOMPARE(bench.book->find(left->id()), left);
}

QTEST_GUILESS_MAIN(tst_DraftFiles)
#include "tst_draftfiles.moc"
