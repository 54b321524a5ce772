#include "core/client/activecheck.h"
#include "tests/core/client/modelbench.h"

using namespace core;
using namespace tests;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

//! Three ready providers on the server; the others have no key.
struct Bench : ModelBench
{
    Bench()
    {
        for (const QString &local : {u"ollama"_s, u"lmstudio"_s, u"llamacpp"_s, u"vllm"_s})
            setUp(local); // whatever stands on the usual ports of this computer is left alone
        setUp(u"groq"_s);
        server.setChooser([this](const LoopbackRequest &) {
            ++calls;
            return Answer::whole(200, R"({"data":[{"id":"m"}]})");
        });
    }
    int calls = 0;
    ActiveCheck check{setup, lists, clock};
};

constexpr int Ready = 5;

} // namespace

//! The free check: never but when it is on and seen, and then seldom.
class tst_ActiveCheck : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void offUntilTurnedOn();
    void neverUnseen();
    void everyFiveMinutes();
    void testByHandCounts();
};

void tst_ActiveCheck::init()
{
    QTest::failOnWarning(QRegularExpression(u".?"_s));
}

void tst_ActiveCheck::offUntilTurnedOn()
{
    Bench bench;
    bench.check.setVisible(true);
    bench.clock.advance(1h);
    QCOMPARE(bench.clock.pending(), 0);
    QVERIFY(!bench.lists.lastAsked(u"groq"_s));
    bench.check.setEnabled(true);
    QTRY_COMPARE(bench.calls, Ready);
    QVERIFY(!bench.lists.lastAsked(u"anthropic"_s)); // has no key
    QVERIFY(!bench.lists.lastAsked(u"custom"_s));    // has no address
}

void tst_ActiveCheck::neverUnseen()
{
    Bench bench;
    bench.check.setEnabled(true);
    bench.clock.advance(1h);
    QVERIFY(!bench.lists.lastAsked(u"groq"_s));
    bench.check.setVisible(true);
    QTRY_COMPARE(bench.calls, Ready);
    bench.check.setVisible(false);
    bench.clock.advance(1h);
    bench.check.setEnabled(true);
    QCOMPARE(bench.clock.pending(), 0);
    QCOMPARE(bench.calls, Ready);
}

void tst_ActiveCheck::everyFiveMinutes()
{
    Bench bench;
    bench.check.setEnabled(true);
    bench.check.setVisible(true);
    QTRY_VERIFY(bench.lists.lastCheck(u"groq"_s));
    QTRY_COMPARE(bench.calls, Ready);
    bench.check.setVisible(false); // looking away and back is no reason
    bench.clock.advance(4min);
    bench.check.setVisible(true);
    const auto first = bench.lists.lastAsked(u"groq"_s);
    bench.clock.advance(59s);
    QCOMPARE(bench.lists.lastAsked(u"groq"_s), first);
    bench.clock.advance(1s);
    QCOMPARE(bench.lists.lastAsked(u"groq"_s), std::optional(*first + 5min));
    QTRY_COMPARE(bench.calls, 2 * Ready);
}

void tst_ActiveCheck::testByHandCounts()
{
    Bench bench;
    QVERIFY(ModelBench::awaited(bench.lists.list(u"groq"_s)));
    bench.check.setEnabled(true);
    bench.check.setVisible(true);
    QTRY_COMPARE(bench.calls, Ready);
    QTRY_VERIFY(bench.lists.lastCheck(u"vllm"_s));
    QCOMPARE(bench.calls, Ready); // the one by hand and four
}

QTEST_GUILESS_MAIN(tst_ActiveCheck)
#include "tst_activecheck.moc"
