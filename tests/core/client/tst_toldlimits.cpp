#include "core/client/trafficcontrol.h"
#include "core/providers/builtinproviders.h"
#include "tests/support/fakeclock.h"
#include "tests/support/seededrandom.h"

#include <QTest>

using core::LimitFacts;
using core::RateLimit;
using core::ResponseFacts;
using core::Target;
using namespace std::chrono_literals;
using namespace tests;

namespace {

Target target(const char *model, std::int64_t account = 7)
{
    Target made;
    made.provider = QStringLiteral("openai");
    made.accountId = account;
    made.model = QString::fromLatin1(model);
    return made;
}

RateLimit limit(std::optional<std::int64_t> most, std::optional<std::int64_t> left,
                std::optional<std::chrono::milliseconds> reset = {},
                std::optional<std::chrono::milliseconds> period = {})
{
    return {most, left, reset, period};
}

} // namespace

//! What a service says of its limits, kept to be shown: never beyond its time, and never made up.
class tst_ToldLimits : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void nothingIsKnownBefore();
    void isOfAnAccountAndModel();
    void timeOvertakesIt_data();
    void timeOvertakesIt();
    void silenceTakesNothingBack();
    void laterWordStands();

private:
    void tell(const Target &whom, const RateLimit &requests, const RateLimit &tokens = {},
              std::chrono::milliseconds ago = {})
    {
        const auto passage = m_traffic.join(whom, core::Urgency::Chat, 10, 10);
        QVERIFY(passage);
        ResponseFacts facts;
        facts.requests = requests;
        facts.tokens = tokens;
        passage->learn(facts, ago);
    }

    FakeClock m_clock;
    SeededRandom m_random{5};
    core::ProviderRegistry m_registry =
        core::ProviderRegistry::fromJson(core::builtInProviders()).value();
    core::TrafficControl m_traffic{m_clock, m_random, m_registry};
};

void tst_ToldLimits::nothingIsKnownBefore()
{
    QCOMPARE(m_traffic.limitsOf(target("quiet")), std::nullopt);
    tell(target("quiet"), {});
    QCOMPARE(m_traffic.limitsOf(target("quiet")), std::nullopt); // an answer without a word of it
}

void tst_ToldLimits::isOfAnAccountAndModel()
{
    tell(target("told"), limit(4'000, 3'912, 12s), limit(400'000, 61'000));
    const auto facts = m_traffic.limitsOf(target("told"));
    QVERIFY(facts);
    QCOMPARE(facts->requests, limit(4'000, 3'912, 12s));
    QCOMPARE(facts->tokens, limit(400'000, 61'000));
    QCOMPARE(facts->age, 0ms);
    QCOMPARE(m_traffic.limitsOf(target("other")), std::nullopt);
    QCOMPARE(m_traffic.limitsOf(target("told", 8)), std::nullopt);
}

void tst_ToldLimits::timeOvertakesIt_data()
{
    QTest::addColumn<RateLimit>("told");
    QTest::addColumn<RateLimit>("by");
    QTest::newRow("reset-to-come") << limit(50, 3, 30s) << limit(50, 3, 20s);
    QTest::newRow("reset-has-come") << limit(50, 3, 10s) << limit(50, {});
    QTest::newRow("period-is-over") << limit(50, 3, {}, 10s) << limit(50, {}, {}, 10s);
    QTest::newRow("period-goes-on") << limit(50, 3, {}, 60s) << limit(50, 3, {}, 60s);
    QTest::newRow("nobody-said-when") << limit(50, 3) << limit(50, 3);
}

void tst_ToldLimits::timeOvertakesIt()
{
    QFETCH(const RateLimit, told);
    QFETCH(const RateLimit, by);
    tell(target("told"), told);
    m_clock.advance(10s);
    const auto facts = m_traffic.limitsOf(target("told"));
    QVERIFY(facts);
    QCOMPARE(facts->requests, by);
    QCOMPARE(facts->age, 10'000ms);
}

void tst_ToldLimits::silenceTakesNothingBack()
{
    tell(target("told"), limit({}, 3, 30s));
    tell(target("told"), {});
    QCOMPARE(m_traffic.limitsOf(target("told"))->requests.remaining, 3);
    m_clock.advance(31s);
    QCOMPARE(m_traffic.limitsOf(target("told")), std::nullopt);
}

//! Two answers at once: the one that was begun first ends last.
void tst_ToldLimits::laterWordStands()
{
    tell(target("told"), limit(50, 3, 60s), {}, 10s);
    QCOMPARE(m_traffic.limitsOf(target("told"))->age, 10'000ms);
    QCOMPARE(m_traffic.limitsOf(target("told"))->requests.reset, 50'000ms);
    tell(target("told"), limit(50, 4, 60s), {}, 20s);
    QCOMPARE(m_traffic.limitsOf(target("told"))->requests.remaining, 3);
}

QTEST_GUILESS_MAIN(tst_ToldLimits)
#include "tst_toldlimits.moc"
