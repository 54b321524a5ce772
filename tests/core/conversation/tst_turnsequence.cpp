#include "core/conversation/turnsequence.h"
#include "tests/core/conversation/conversationbench.h"
#include "tests/support/dripanswer.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace std::chrono_literals;
using core::Conversation;
using core::TurnSequence;
using Bench = tests::ConversationBench;

namespace {

//! "user: one", "assistant: w0 w1 ", as the request of a chat had them.
QStringList turnsOf(const core::LoopbackRequest &request)
{
    QStringList turns;
    const QJsonArray messages = QJsonDocument::fromJson(request.body)
                                    .object()
                                    .value(QLatin1StringView("messages"))
                                    .toArray();
    for (const QJsonValue &message : messages)
        turns.append(message[QLatin1StringView("role")].toString() + QStringLiteral(": ") +
                     message[QLatin1StringView("content")].toString());
    return turns;
}

const QString Answer = QStringLiteral("assistant: w0 w1 ");

} // namespace

//! Turns that follow each other, and from where on a chat is sent.
class tst_TurnSequence : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void eachWaitsForTheAnswerBefore();
    void partsAreAskedByThemselves();
    void summaryStandsForWhatWasBefore();
    void failureKeepsTheRest_data();
    void failureKeepsTheRest();
    void stopSendsNoMore();
    void somebodyElseAsks();
    void leftOutStaysOut();
    void steppingBackMakesAVersion();

private:
    [[nodiscard]] QStringList sent(qsizetype request) const
    {
        return turnsOf(m_server->requests().at(request));
    }
    void ask(const QString &text)
    {
        QVERIFY(m_chat->send(text));
        QTRY_VERIFY(!m_chat->isRunning());
    }

    QTemporaryDir m_folder;
    std::unique_ptr<tests::ScriptedServer> m_server;
    std::unique_ptr<Bench> m_bench;
    Conversation *m_chat = nullptr;
};

void tst_TurnSequence::init()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_server = std::make_unique<tests::ScriptedServer>();
    m_server->setChooser([](const core::LoopbackRequest &) { return tests::dripAnswer(0ms, 2); });
    m_bench = std::make_unique<Bench>(m_folder.path());
    m_chat = m_bench->book->create(core::ConversationKind::Chat, Bench::target(*m_server));
}

void tst_TurnSequence::cleanup()
{
    m_bench.reset();
    m_server.reset();
}

void tst_TurnSequence::eachWaitsForTheAnswerBefore()
{
    TurnSequence sequence(*m_chat, {{QStringLiteral("one")}, {QStringLiteral("two")}});
    QSignalSpy ended(&sequence, &TurnSequence::ended);
    QSignalSpy advanced(&sequence, &TurnSequence::advanced);
    sequence.start();
    QCOMPARE(advanced.count(), 1);
    QTRY_COMPARE(ended.count(), 1);
    QCOMPARE(advanced.count(), 2);
    QVERIFY(sequence.unsent().isEmpty());
    QCOMPARE(m_server->requests().size(), 2);
    QCOMPARE(sent(1),
             QStringList({QStringLiteral("user: one"), Answer, QStringLiteral("user: two")}));
}

void tst_TurnSequence::partsAreAskedByThemselves()
{
    ask(QStringLiteral("before"));
    TurnSequence::Turn one{QStringLiteral("part one"), {}, true};
    TurnSequence::Turn two{QStringLiteral("part two"), {}, true};
    TurnSequence sequence(*m_chat, {one, two});
    QSignalSpy ended(&sequence, &TurnSequence::ended);
    sequence.start();
    QTRY_COMPARE(ended.count(), 1);
    QCOMPARE(sent(1), QStringList(QStringLiteral("user: part one")));
    QCOMPARE(sent(2), QStringList(QStringLiteral("user: part two")));
    QCOMPARE(m_chat->path().size(), 6); // the chat is whole for who reads it
    ask(QStringLiteral("after"));
    QCOMPARE(sent(3), QStringList({QStringLiteral("user: part two"), Answer,
                                   QStringLiteral("user: after")}));
}

void tst_TurnSequence::summaryStandsForWhatWasBefore()
{
    ask(QStringLiteral("before"));
    TurnSequence::Turn summary{QStringLiteral("summarise")};
    summary.isContextFromThen = true;
    TurnSequence sequence(*m_chat, {summary, {QStringLiteral("go on")}});
    QSignalSpy ended(&sequence, &TurnSequence::ended);
    sequence.start();
    QTRY_COMPARE(ended.count(), 1);
    QCOMPARE(sent(1), QStringList({QStringLiteral("user: before"), Answer,
                                   QStringLiteral("user: summarise")}));
    QCOMPARE(sent(2), QStringList({QStringLiteral("user: summarise"), Answer,
                                   QStringLiteral("user: go on")}));
}

void tst_TurnSequence::failureKeepsTheRest_data()
{
    QTest::addColumn<tests::Answer>("answer");
    QTest::newRow("refused") << tests::Answer::whole(400, R"({"error":{"message":"No."}})");
    QTest::newRow("broken-off") << tests::Answer::stream(
        {"data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"half\"}}]}\n\n"});
}

void tst_TurnSequence::failureKeepsTheRest()
{
    QFETCH(const tests::Answer, answer);
    m_server->enqueue(answer);
    TurnSequence sequence(*m_chat, {{QStringLiteral("one")}, {QStringLiteral("two")}});
    QSignalSpy ended(&sequence, &TurnSequence::ended);
    sequence.start();
    QTRY_COMPARE(ended.count(), 1);
    QCOMPARE(sequence.unsent(), QList<TurnSequence::Turn>({{QStringLiteral("two")}}));
    QCOMPARE(m_server->requests().size(), 1);
}

void tst_TurnSequence::stopSendsNoMore()
{
    TurnSequence sequence(*m_chat, {{QStringLiteral("one")}, {QStringLiteral("two")}});
    QSignalSpy ended(&sequence, &TurnSequence::ended);
    sequence.start();
    sequence.stop();
    QCOMPARE(ended.count(), 1);
    QTRY_VERIFY(!m_chat->isRunning());
    QCOMPARE(m_chat->path().last().state, core::MessageState::Complete); // it was paid for
    QCoreApplication::processEvents();
    QVERIFY(!m_chat->isRunning());
    QCOMPARE(ended.count(), 1);
    QCOMPARE(sequence.unsent().size(), 1);
}

void tst_TurnSequence::somebodyElseAsks()
{
    m_server->enqueue(tests::dripAnswer(0ms, 2));
    TurnSequence sequence(*m_chat, {{QStringLiteral("one")}, {QStringLiteral("two")}});
    QSignalSpy ended(&sequence, &TurnSequence::ended);
    connect(m_chat, &Conversation::runningChanged, this, [this] {
        if (!m_chat->isRunning() && m_server->requests().size() == 1)
            QVERIFY(m_chat->send(QStringLiteral("mine")));
    });
    sequence.start();
    QTRY_COMPARE(ended.count(), 1);
    m_chat->disconnect(this);
    QTRY_VERIFY(!m_chat->isRunning());
    QCOMPARE(sequence.unsent().size(), 1);
    QCOMPARE(m_server->requests().size(), 2);
}

void tst_TurnSequence::leftOutStaysOut()
{
    ask(QStringLiteral("one"));
    ask(QStringLiteral("two"));
    const QList<std::int64_t> before = m_chat->sentMessages();
    QCOMPARE(before.size(), 4);
    m_chat->setContextStart(core::ContextStart::at(before.at(2)));
    QCOMPARE(m_chat->sentMessages(), before.mid(2));
    ask(QStringLiteral("three"));
    QCOMPARE(sent(2),
             QStringList({QStringLiteral("user: two"), Answer, QStringLiteral("user: three")}));
    m_chat->setContextStart(core::ContextStart::atNextQuestion());
    QCOMPARE(m_chat->requestFor(QStringLiteral("four")).messages.size(), 1);
    m_bench->drain();

    // It survives a restart.
    const std::int64_t id = m_chat->id();
    m_bench.reset();
    m_bench = std::make_unique<Bench>(m_folder.path());
    auto opened = m_bench->book->open(id);
    QTRY_VERIFY(opened.isFinished());
    m_chat = opened.result().value();
    ask(QStringLiteral("four"));
    QCOMPARE(sent(3), QStringList(QStringLiteral("user: four")));
    m_chat->setContextStart({});
    ask(QStringLiteral("five"));
    QCOMPARE(sent(4).size(), 9);
}

void tst_TurnSequence::steppingBackMakesAVersion()
{
    ask(QStringLiteral("one"));
    ask(QStringLiteral("two"));
    const std::int64_t question = m_chat->path().at(2).id;
    m_chat->stepBack(question);
    QCOMPARE(m_chat->path().size(), 2);
    ask(QStringLiteral("instead"));
    QCOMPARE(m_chat->versions(question).size(), 2);
    QCOMPARE(sent(2),
             QStringList({QStringLiteral("user: one"), Answer, QStringLiteral("user: instead")}));
}

QTEST_GUILESS_MAIN(tst_TurnSequence)
#include "tst_turnsequence.moc"
