#include "core/conversation/comparisonbook.h"
#include "core/conversation/workspacebook.h"
#include "core/store/budgetbook.h"
#include "tests/core/conversation/conversationbench.h"
#include "tests/support/dripanswer.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using core::Comparison;
using core::Conversation;
using core::Workspace;
using core::WorkspaceBook;
using Bench = tests::ConversationBench;

//! Workspaces on the real engine and a real database.
class tst_WorkspaceBook : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void oneThereAlwaysIs();
    void namesAreOneEach_data();
    void namesAreOneEach();
    void newChatsBeginAsTheirWorkspaceSays();
    void untouchedChatsMoveUnstored();
    void aComparisonIsInOne();
    void aBudgetCountsItsWorkspaceAlone();
    void deletedOnesGiveTheirChatsAway();
    void deletionIsUndone();

private:
    template <typename T>
    static T awaited(const QFuture<T> &future)
    {
        if (!QTest::qWaitFor([&future] { return future.isFinished(); }, 30'000))
            qFatal("no answer");
        return future.result();
    }
    [[nodiscard]] Conversation *chat() const
    {
        return m_bench->book->create(core::ConversationKind::Chat, Bench::target(*m_server));
    }
    static void ask(Conversation *chat)
    {
        QVERIFY(chat->send(u"count for me"_s));
        QTRY_VERIFY(!chat->isRunning());
    }

    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<tests::ScriptedServer> m_server;
    std::unique_ptr<Bench> m_bench;
    std::unique_ptr<WorkspaceBook> m_workspaces;
};

void tst_WorkspaceBook::init()
{
    QTest::failOnWarning(QRegularExpression(u".*"_s));
    m_directory = std::make_unique<QTemporaryDir>();
    m_server = std::make_unique<tests::ScriptedServer>();
    m_server->setChooser([](const core::LoopbackRequest &) { return tests::dripAnswer(0ms, 2); });
    m_bench = std::make_unique<Bench>(m_directory->path());
    m_workspaces = std::make_unique<WorkspaceBook>(m_bench->store->workspaces(), *m_bench->book,
                                                   m_bench->store->defaultWorkspace());
}

void tst_WorkspaceBook::cleanup()
{
    m_workspaces.reset();
    m_bench.reset();
    m_server.reset();
    m_directory.reset();
}

void tst_WorkspaceBook::oneThereAlwaysIs()
{
    const std::int64_t first = m_workspaces->first();
    QVERIFY(!m_workspaces->hasSeveral());
    QCOMPARE(m_workspaces->current(), first);
    QVERIFY(!awaited(m_workspaces->remove(first)));
    QVERIFY(!awaited(m_workspaces->restore()));
    QCOMPARE(m_workspaces->workspaces().size(), 1);
    m_workspaces->setCurrent(first + 77); // of an earlier run, gone by now
    QCOMPARE(m_workspaces->current(), first);
    QCOMPARE(m_workspaces->inForce(first + 77).id, first);
}

void tst_WorkspaceBook::namesAreOneEach_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("kept"); // empty: refused
    QTest::newRow("other") << u"Office"_s << u"Office"_s;
    QTest::newRow("blanks-go") << u"  The \n office "_s << u"The office"_s;
    QTest::newRow("its-own-in-capitals") << u"WORK"_s << u"WORK"_s;
    QTest::newRow("empty") << u"  "_s << QString();
    QTest::newRow("another-one's") << u"study"_s << QString();
}

void tst_WorkspaceBook::namesAreOneEach()
{
    QFETCH(const QString, name);
    QFETCH(const QString, kept);
    const std::int64_t work = m_workspaces->add(u"Work"_s);
    const std::int64_t study = m_workspaces->add(u"Study"_s);
    QCOMPARE(m_workspaces->find(m_workspaces->add(u"work"_s))->name, u"work 2"_s);
    m_workspaces->add(u"at 90%2"_s); // no place for the number
    QCOMPARE(m_workspaces->find(m_workspaces->add(u"at 90%2"_s))->name, u"at 90%2 2"_s);
    QCOMPARE(m_workspaces->rename(work, name).hasValue(), !kept.isEmpty());
    QCOMPARE(m_workspaces->find(work)->name, kept.isEmpty() ? u"Work"_s : kept);
    // The first one stands first, the others by name.
    QCOMPARE(m_workspaces->workspaces().constFirst().id, m_workspaces->first());
    QVERIFY(m_workspaces->find(study));
}

void tst_WorkspaceBook::newChatsBeginAsTheirWorkspaceSays()
{
    Workspace work = *m_workspaces->find(m_workspaces->add(u"Work"_s));
    work.options.system = u"Be brief."_s;
    work.name = u"not by this"_s;
    m_workspaces->change(work);
    QCOMPARE(m_workspaces->find(work.id)->name, u"Work"_s);
    const Conversation *before = chat();
    QSignalSpy current(m_workspaces.get(), &WorkspaceBook::currentChanged);
    m_workspaces->setCurrent(work.id);
    QCOMPARE(current.size(), 1);
    const Conversation *after = chat();
    QCOMPARE(before->record().workspaceId, m_workspaces->first());
    QCOMPARE(before->record().options, core::ChatOptions());
    QCOMPARE(after->record().workspaceId, work.id);
    QCOMPARE(after->record().options, work.options);
}

void tst_WorkspaceBook::untouchedChatsMoveUnstored()
{
    const std::int64_t work = m_workspaces->add(u"Work"_s);
    Conversation *empty = chat();
    Conversation *asked = chat();
    ask(asked);
    QSignalSpy told(asked, &Conversation::recordChanged);
    empty->setWorkspace(work);
    asked->setWorkspace(work);
    asked->setWorkspace(work);
    QCOMPARE(told.size(), 1);
    m_bench->drain();
    const auto rows = awaited(m_bench->store->conversations().sidebar(10, work));
    QCOMPARE(rows->size(), 1);
    QCOMPARE(rows->constFirst().id, asked->id());
    QVERIFY(!awaited(m_bench->store->conversations().load(empty->id())));
}

void tst_WorkspaceBook::aComparisonIsInOne()
{
    core::ComparisonBook comparisons(*m_bench->book, m_bench->store->conversations(), m_bench->ids,
                                     m_bench->clock);
    Workspace work = *m_workspaces->find(m_workspaces->add(u"Work"_s));
    work.options.system = u"Be brief."_s;
    m_workspaces->change(work);
    m_workspaces->setCurrent(work.id);
    const core::Target target = Bench::target(*m_server);
    Comparison *comparison = comparisons.create({target, target});
    QCOMPARE(comparison->workspaceId(), work.id);
    m_workspaces->setCurrent(m_workspaces->first());
    // Where its others are, not where new chats are made.
    const Conversation *added = comparison->addLane(target);
    QCOMPARE(added->record().workspaceId, work.id);
    QCOMPARE(added->record().options.system, u"Be brief."_s);
    comparison->setWorkspace(m_workspaces->first());
    for (const Conversation *lane : comparison->lanes())
        QCOMPARE(lane->record().workspaceId, m_workspaces->first());
}

void tst_WorkspaceBook::aBudgetCountsItsWorkspaceAlone()
{
    const std::int64_t work = m_workspaces->add(u"Work"_s);
    core::Budget quota;
    quota.scope = core::BudgetScope::Workspace;
    quota.scopeKey = QString::number(work);
    quota.period = core::LimitPeriod::Day;
    quota.unit = core::LimitUnit::Requests;
    quota.limit = 1;
    quota.hard = true;
    m_bench->store->budgets().save(quota);
    Conversation *home = chat();
    ask(home);
    ask(home);
    Conversation *moved = chat();
    moved->setWorkspace(work);
    QSignalSpy refused(moved, &Conversation::turnRefused);
    ask(moved);
    QCOMPARE(refused.size(), 0);
    ask(moved);
    QCOMPARE(refused.size(), 1);
    moved->setWorkspace(m_workspaces->first());
    ask(moved);
    QCOMPARE(refused.size(), 1);
}

void tst_WorkspaceBook::deletedOnesGiveTheirChatsAway()
{
    const std::int64_t work = m_workspaces->add(u"Work"_s);
    m_workspaces->setCurrent(work);
    Conversation *open = chat();
    Conversation *closed = chat();
    ask(open);
    ask(closed);
    const std::int64_t closedId = closed->id();
    m_bench->book->close(closedId);
    QSignalSpy current(m_workspaces.get(), &WorkspaceBook::currentChanged);
    QVERIFY(awaited(m_workspaces->remove(work)));
    QCOMPARE(current.size(), 1);
    QCOMPARE(m_workspaces->current(), m_workspaces->first());
    QVERIFY(!m_workspaces->hasSeveral());
    QCOMPARE(open->record().workspaceId, m_workspaces->first());
    ask(open); // saves its row again
    m_bench->drain();
    QCOMPARE(awaited(m_bench->store->conversations().sidebar(10, work))->size(), 0);
    const auto reopened = awaited(m_bench->book->open(closedId));
    QVERIFY(reopened);
    QCOMPARE((*reopened)->record().workspaceId, m_workspaces->first());
}

void tst_WorkspaceBook::deletionIsUndone()
{
    const std::int64_t work = m_workspaces->add(u"Work"_s);
    Conversation *elsewhere = chat();
    ask(elsewhere);
    m_workspaces->setCurrent(work);
    Conversation *mine = chat();
    ask(mine);
    QVERIFY(awaited(m_workspaces->remove(work)));
    QVERIFY(awaited(m_workspaces->restore()));
    QCOMPARE(m_workspaces->find(work)->name, u"Work"_s);
    QCOMPARE(mine->record().workspaceId, work);
    QCOMPARE(elsewhere->record().workspaceId, m_workspaces->first());
    m_bench->drain();
    const auto rows = awaited(m_bench->store->conversations().sidebar(10, work));
    QCOMPARE(rows->size(), 1);
    QCOMPARE(rows->constFirst().id, mine->id());
    QVERIFY(!awaited(m_workspaces->restore())); // once
}

QTEST_GUILESS_MAIN(tst_WorkspaceBook)
#include "tst_workspacebook.moc"
