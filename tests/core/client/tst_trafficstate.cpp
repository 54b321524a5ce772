#include "core/client/trafficcontrol.h"
#include "core/providers/builtinproviders.h"
#include "tests/support/fakeclock.h"
#include "tests/support/seededrandom.h"

#include <QJsonArray>
#include <QTest>

using core::CircuitBreaker;
using core::Target;
using core::TrafficControl;
using core::Urgency;
using namespace std::chrono_literals;
using namespace tests;

namespace {

class MemoryStates final : public core::StateStore
{
public:
    explicit MemoryStates(core::Clock &clock)
        : m_clock(clock)
    {
    }
    std::optional<core::SavedState> state(const core::StateKey &key) const override
    {
        const auto found = m_states.find(key);
        return found == m_states.end() ? std::nullopt : std::optional(found->second);
    }
    QList<core::StateKey> keys(const QString &kind) const override
    {
        QList<core::StateKey> keys;
        for (const auto &one : m_states) {
            if (one.first.kind == kind)
                keys += one.first;
        }
        return keys;
    }
    void save(const core::StateKey &key, const QJsonObject &value) override
    {
        m_states[key] = {value, m_clock.utcNow()};
    }
    void remove(const core::StateKey &key) override { m_states.erase(key); }
    [[nodiscard]] std::size_t size() const { return m_states.size(); }

private:
    core::Clock &m_clock;
    std::map<core::StateKey, core::SavedState> m_states;
};

Target target(const char *provider = "openai", const char *model = "gpt-test")
{
    Target made;
    made.provider = QString::fromLatin1(provider);
    made.accountId = 7;
    made.model = QString::fromLatin1(model);
    return made;
}

} // namespace

//! What traffic leaves behind for the next run, and what it makes of what it finds.
class tst_TrafficState : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void openBreakerIsFoundAgain();
    void freeCallsAreProbes();
    void longerOpeningIsFoundAgain();
    void closedBreakerLeavesNothing();
    void practiceLeavesNothing();
    void blockedGatesAreFoundAgain();
    void gateMayBeBlockedForMonths();
    void servicesShareTheirAccountsGate();
    void addressesHaveGatesAndKeysOfTheirOwn();
    void programsKeepEachOthersGates();
    void oldHintsHoldNobody_data();
    void oldHintsHoldNobody();
    void hostileHints_data();
    void hostileHints();

private:
    void fail(TrafficControl &traffic, const Target &whom, int times);
    void refuse(TrafficControl &traffic, const Target &whom, std::chrono::milliseconds hint);

    FakeClock m_clock;
    SeededRandom m_random{5};
    core::ProviderRegistry m_registry =
        core::ProviderRegistry::fromJson(core::builtInProviders()).value();
};

void tst_TrafficState::fail(TrafficControl &traffic, const Target &whom, int times)
{
    for (int i = 0; i < times; ++i) {
        const auto passage = traffic.join(whom, Urgency::Chat, 1, 1);
        QVERIFY(passage && passage->isOpen());
        passage->begin();
        core::PassageEnd end;
        end.outcome = CircuitBreaker::Outcome::Failure;
        end.sent = true;
        passage->end(end);
    }
}

void tst_TrafficState::refuse(TrafficControl &traffic, const Target &whom,
                              std::chrono::milliseconds hint)
{
    const auto passage = traffic.join(whom, Urgency::Chat, 1, 1);
    QVERIFY(passage && passage->isOpen());
    passage->begin();
    core::PassageEnd end;
    end.sent = true;
    end.stayAway = hint;
    passage->end(end);
}

void tst_TrafficState::openBreakerIsFoundAgain()
{
    MemoryStates states(m_clock);
    std::chrono::milliseconds left;
    {
        TrafficControl first(m_clock, m_random, m_registry, &states);
        fail(first, target(), 3);
        QCOMPARE(states.size(), std::size_t(0));
        fail(first, target(), 1);
        QVERIFY(!first.isWell(target()));
        left = *first.unwellFor(target());
    }
    m_clock.advance(5s);
    TrafficControl second(m_clock, m_random, m_registry, &states);
    QVERIFY(!second.isWell(target()));
    QCOMPARE(second.unwellFor(target()), std::optional<std::chrono::milliseconds>(left - 5s));
    QVERIFY(second.isWell(target("anthropic")));
    m_clock.advance(left - 5s);
    QCOMPARE(second.breakerState(target()), CircuitBreaker::State::HalfOpen);
}

//! Two that came through close it; one that did not opens it. None says anything of an endpoint
//! that is well or left alone.
void tst_TrafficState::freeCallsAreProbes()
{
    TrafficControl traffic(m_clock, m_random, m_registry);
    core::Error down;
    down.kind = core::ErrorKind::ConnectionFailed;
    core::Error noKey;
    noKey.kind = core::ErrorKind::AuthenticationFailed;
    traffic.noteFreeCall(target(), down);
    fail(traffic, target(), 4);
    QCOMPARE(traffic.breakerState(target()), CircuitBreaker::State::Open);
    traffic.noteFreeCall(target(), std::nullopt);
    traffic.noteFreeCall(target(), std::nullopt);
    QCOMPARE(traffic.breakerState(target()), CircuitBreaker::State::Open);
    m_clock.advance(18s);
    int changes = 0;
    connect(&traffic, &TrafficControl::breakerChanged, this, [&changes] { ++changes; });
    traffic.noteFreeCall(target(), noKey);
    QCOMPARE(traffic.breakerState(target()), CircuitBreaker::State::HalfOpen);
    traffic.noteFreeCall(target(), down);
    QCOMPARE(traffic.breakerState(target()), CircuitBreaker::State::Open);
    m_clock.advance(36s);
    traffic.noteFreeCall(target("openai", ""), std::nullopt); // lists are of no model
    QCOMPARE(traffic.breakerState(target()), CircuitBreaker::State::HalfOpen);
    traffic.noteFreeCall(target("openai", ""), std::nullopt);
    QCOMPARE(traffic.breakerState(target()), CircuitBreaker::State::Closed);
    QCOMPARE(changes, 2);
}

//! The user sent all the same, and that failed, too.
void tst_TrafficState::longerOpeningIsFoundAgain()
{
    MemoryStates states(m_clock);
    TrafficControl first(m_clock, m_random, m_registry, &states);
    fail(first, target(), 4);
    m_clock.advance(1s);
    int changes = 0;
    connect(&first, &TrafficControl::breakerChanged, this, [&changes] { ++changes; });
    fail(first, target(), 1);
    QCOMPARE(changes, 1);
    const TrafficControl second(m_clock, m_random, m_registry, &states);
    m_clock.advance(20s); // the first opening would be over
    QCOMPARE(second.breakerState(target()), CircuitBreaker::State::Open);
}

void tst_TrafficState::closedBreakerLeavesNothing()
{
    MemoryStates states(m_clock);
    TrafficControl first(m_clock, m_random, m_registry, &states);
    fail(first, target(), 4);
    QCOMPARE(states.size(), std::size_t(1));
    first.resetBreaker(target());
    QCOMPARE(states.size(), std::size_t(0));
}

void tst_TrafficState::practiceLeavesNothing()
{
    MemoryStates states(m_clock);
    TrafficControl first(m_clock, m_random, m_registry, &states);
    Target practice = target("practice");
    practice.simulated = true;
    fail(first, practice, 4);
    refuse(first, practice, 60s);
    QVERIFY(!first.isWell(practice));
    QCOMPARE(states.size(), std::size_t(0));
}

void tst_TrafficState::blockedGatesAreFoundAgain()
{
    MemoryStates states(m_clock);
    {
        TrafficControl first(m_clock, m_random, m_registry, &states);
        refuse(first, target(), 100s);
        refuse(first, target("openai", "gpt-other"), 30s);
        refuse(first, target("anthropic"), 20s);
    }
    m_clock.advance(25s);
    TrafficControl second(m_clock, m_random, m_registry, &states);
    QCOMPARE(second.waitAt(target(), Urgency::Chat), std::optional<std::chrono::milliseconds>(75s));
    QCOMPARE(second.waitAt(target("openai", "gpt-other"), Urgency::Chat),
             std::optional<std::chrono::milliseconds>(5s));
    QCOMPARE(second.waitAt(target("anthropic"), Urgency::Chat),
             std::optional<std::chrono::milliseconds>(0s));
    second.openGate(target());
    TrafficControl third(m_clock, m_random, m_registry, &states);
    QCOMPARE(third.waitAt(target(), Urgency::Chat), std::optional<std::chrono::milliseconds>(0s));
}

//! Longer than a timer can run: Qt would warn.
void tst_TrafficState::gateMayBeBlockedForMonths()
{
    core::SystemClock clock;
    TrafficControl traffic(clock, m_random, m_registry);
    refuse(traffic, target(), 24h * 30);
    const auto passage = traffic.join(target(), Urgency::Chat, 1, 1);
    QVERIFY(passage && !passage->isOpen());
    QVERIFY(*passage->wait() > 24h * 29);
}

void tst_TrafficState::servicesShareTheirAccountsGate()
{
    MemoryStates states(m_clock);
    TrafficControl traffic(m_clock, m_random, m_registry, &states);
    refuse(traffic, target("openai-chat"), 30s);
    QCOMPARE(traffic.waitAt(target("openai"), Urgency::Chat),
             std::optional<std::chrono::milliseconds>(30s));
    traffic.giveUpAccount(target("openai-chat"), core::ErrorKind::AuthenticationFailed);
    QVERIFY(traffic.isDead(target("openai")));
    traffic.reviveProvider(QStringLiteral("openai"));
    QVERIFY(!traffic.isDead(target("openai-chat")));
}

//! A server that someone tries out says nothing of the service.
void tst_TrafficState::addressesHaveGatesAndKeysOfTheirOwn()
{
    MemoryStates states(m_clock);
    Target elsewhere = target();
    elsewhere.baseUrl = QUrl(QStringLiteral("http://127.0.0.1:8080/v1"));
    Target path = elsewhere;
    path.baseUrl = QUrl(QStringLiteral("http://127.0.0.1:8080/v2"));
    {
        TrafficControl traffic(m_clock, m_random, m_registry, &states);
        refuse(traffic, elsewhere, 30s);
        QCOMPARE(traffic.waitAt(target(), Urgency::Chat),
                 std::optional<std::chrono::milliseconds>(0s));
        QCOMPARE(traffic.waitAt(path, Urgency::Chat),
                 std::optional<std::chrono::milliseconds>(30s));
        traffic.giveUpAccount(elsewhere, core::ErrorKind::AuthenticationFailed);
        traffic.giveUpModel(elsewhere);
        QVERIFY(traffic.isDead(path));
        QVERIFY(!traffic.isDead(target()));
        traffic.reviveProvider(QStringLiteral("openai"));
        QVERIFY(!traffic.isDead(elsewhere));
    }
    const TrafficControl next(m_clock, m_random, m_registry, &states);
    QCOMPARE(next.waitAt(target(), Urgency::Chat), std::optional<std::chrono::milliseconds>(0s));
    QCOMPARE(next.waitAt(elsewhere, Urgency::Chat), std::optional<std::chrono::milliseconds>(30s));
}

//! Both began before the other one was told to stay away.
void tst_TrafficState::programsKeepEachOthersGates()
{
    MemoryStates states(m_clock);
    TrafficControl first(m_clock, m_random, m_registry, &states);
    TrafficControl second(m_clock, m_random, m_registry, &states);
    refuse(first, target(), 100s);
    m_clock.advance(10s);
    refuse(second, target("openai", "gpt-other"), 40s);
    refuse(second, target(), 20s);
    const auto expect = [&](std::chrono::milliseconds test, std::chrono::milliseconds other) {
        const TrafficControl next(m_clock, m_random, m_registry, &states);
        QCOMPARE(next.waitAt(target(), Urgency::Chat), std::optional(test));
        QCOMPARE(next.waitAt(target("openai", "gpt-other"), Urgency::Chat), std::optional(other));
    };
    expect(90s, 40s);          // the later end
    second.openGate(target()); // the user knows better
    expect(0s, 40s);
}

void tst_TrafficState::oldHintsHoldNobody_data()
{
    QTest::addColumn<qint64>("age"); // s
    QTest::addColumn<bool>("holds");
    QTest::newRow("fresh") << qint64(0) << true;
    QTest::newRow("five-minutes") << qint64(300) << true;
    QTest::newRow("older") << qint64(301) << false;
    QTest::newRow("of-the-future") << qint64(-1) << false;
}

void tst_TrafficState::oldHintsHoldNobody()
{
    QFETCH(const qint64, age);
    QFETCH(const bool, holds);
    MemoryStates states(m_clock);
    {
        TrafficControl first(m_clock, m_random, m_registry, &states);
        refuse(first, target(), 24h);
    }
    m_clock.setUtcNow(m_clock.utcNow() + std::chrono::seconds(age));
    TrafficControl second(m_clock, m_random, m_registry, &states);
    QCOMPARE(*second.waitAt(target(), Urgency::Chat) > 0s, holds);
}

void tst_TrafficState::hostileHints_data()
{
    QTest::addColumn<QJsonObject>("breaker");
    QTest::addColumn<QJsonObject>("gate");
    const auto breaker = [](const QJsonValue &open, const QJsonValue &probes) {
        return QJsonObject{{QStringLiteral("open_ms"), open},
                           {QStringLiteral("failed_probes"), probes}};
    };
    const auto gate = [](const QJsonValue &wait) {
        return QJsonObject{{QStringLiteral("gpt-test"), wait}};
    };
    QTest::newRow("empty") << QJsonObject() << QJsonObject();
    QTest::newRow("negative") << breaker(-1e300, -7) << gate(-5);
    QTest::newRow("text") << breaker(QStringLiteral("x"), QStringLiteral("y"))
                          << gate(QStringLiteral("z"));
    QTest::newRow("list") << breaker(QJsonArray{1}, QJsonArray{}) << gate(QJsonArray{2});
    QTest::newRow("endless") << breaker(1e300, 2e9) << gate(1e300);
}

void tst_TrafficState::hostileHints()
{
    QFETCH(const QJsonObject, breaker);
    QFETCH(const QJsonObject, gate);
    MemoryStates states(m_clock);
    states.save({QStringLiteral("breaker"), QStringLiteral("openai"), 0,
                 QUrl(QStringLiteral("https://api.openai.com/v1"))},
                breaker);
    states.save({QStringLiteral("gate"), QStringLiteral("openai"), 7,
                 QUrl(QStringLiteral("https://api.openai.com"))},
                gate);
    TrafficControl traffic(m_clock, m_random, m_registry, &states);
    m_clock.advance(360s); // no longer than a breaker of our own would hold
    QVERIFY(traffic.isWell(target()));
    QVERIFY(*traffic.waitAt(target(), Urgency::Chat) <= 24h * 31);
}

QTEST_GUILESS_MAIN(tst_TrafficState)
#include "tst_trafficstate.moc"
