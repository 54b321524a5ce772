#include "app/engine.h"
#include "core/client/accountsetup.h"
#include "core/client/trafficcontrol.h"
#include "tests/core/net/rawserver.h"
#include "tests/support/fakeclock.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace core;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using tests::RawPeer;
using tests::RawServer;

//! What the program makes of calls that cost nothing.
class tst_FreeCalls : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void listsOfModelsHealABreaker();

private:
    static void trip(TrafficControl &traffic, const Target &target);
};

void tst_FreeCalls::init()
{
    QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support).*"_s));
}

//! As four answers that fail in a row do.
void tst_FreeCalls::trip(TrafficControl &traffic, const Target &target)
{
    for (int i = 0; i < 4; ++i) {
        const auto passage = traffic.join(target, Urgency::Chat, 1, 1);
        QVERIFY(passage && passage->isOpen());
        passage->begin();
        passage->end({CircuitBreaker::Outcome::Failure, true, {}, {}, {}});
    }
    QCOMPARE(traffic.breakerState(target), CircuitBreaker::State::Open);
}

//! Two that came through close one that is half open.
void tst_FreeCalls::listsOfModelsHealABreaker()
{
    RawServer server([](RawPeer &peer) {
        peer.write(tests::httpAnswer(200,
                                     R"({"object":"list","data":[{"id":"m","object":"model"}]})",
                                     "Content-Type: application/json\r\n"));
    });
    tests::FakeClock clock;
    QTemporaryDir directory;
    app::EngineOptions options;
    options.profile = app::Profile::below(directory.path());
    options.demo = true; // the keychain is never opened; all else is as it is
    options.clock = &clock;
    const auto created = app::Engine::create(options);
    QVERIFY(created);
    app::Engine &engine = **created;
    Target target;
    target.provider = u"custom"_s;
    QVERIFY(engine.accounts().setBaseUrl(target.provider, server.url(u"/v1"_s).toString()));
    target.baseUrl = engine.accounts().accountOf(target.provider).baseUrl;
    trip(engine.traffic(), target);
    clock.advance(20s);
    for (const auto state : {CircuitBreaker::State::HalfOpen, CircuitBreaker::State::Closed}) {
        QCOMPARE(engine.traffic().breakerState(target), CircuitBreaker::State::HalfOpen);
        const auto listed = engine.modelLists().list(target.provider);
        QTRY_VERIFY_WITH_TIMEOUT(listed.isFinished(), 30'000);
        QVERIFY(listed.result());
        QCOMPARE(engine.traffic().breakerState(target), state);
    }
}

QTEST_GUILESS_MAIN(tst_FreeCalls)
#include "tst_freecalls.moc"
