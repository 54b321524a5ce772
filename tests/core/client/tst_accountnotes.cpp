#include "core/client/accountnotes.h"
#include "core/client/trafficcontrol.h"
#include "tests/core/client/modelbench.h"
#include "tests/support/seededrandom.h"

#include <QJsonArray>
#include <QSignalSpy>

using namespace core;
using namespace tests;
using namespace Qt::StringLiterals;

//! What is remembered of an account: the user's limits, as whom he signed in.
class tst_AccountNotes : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }
    void limitsAreKept();
    void formsOfAnApiShareThem();
    void whatStandsOnDiskMayBeAnything_data();
    void whatStandsOnDiskMayBeAnything();
    void trafficHeedsThem();
    void authorityIsOfItsEndpoint();
    void personIsThatOfTheSignIn();

private:
    const QString m_openai = u"openai"_s;
    const QString m_azure = u"azure"_s;
};

void tst_AccountNotes::limitsAreKept()
{
    ModelBench bench;
    AccountNotes notes(bench.setup, bench.states);
    QSignalSpy changed(&notes, &AccountNotes::limitsChanged);
    QCOMPARE(notes.limits(m_openai), OwnLimits());
    notes.setLimits(m_openai, {50, 400'000}); // before there is an account
    QCOMPARE(changed.count(), 1);
    bench.setUp(m_openai); // it gets an id and another address
    QCOMPARE(notes.limits(m_openai), (OwnLimits{50, 400'000}));
    QCOMPARE(notes.limits(m_azure), OwnLimits());
    const AccountNotes later(bench.setup, bench.states);
    QCOMPARE(later.limits(m_openai), (OwnLimits{50, 400'000}));
    notes.setLimits(m_openai, {{}, 400'000});
    QCOMPARE(later.limits(m_openai), (OwnLimits{{}, 400'000}));
    notes.setLimits(m_openai, {});
    QCOMPARE(later.limits(m_openai), OwnLimits());
    QVERIFY(bench.states.keys(u"limits"_s).isEmpty());
}

void tst_AccountNotes::formsOfAnApiShareThem()
{
    ModelBench bench;
    AccountNotes notes(bench.setup, bench.states);
    QSignalSpy changed(&notes, &AccountNotes::limitsChanged);
    notes.setLimits(u"openai-chat"_s, {7, {}});
    QCOMPARE(changed.first().first().toString(), m_openai);
    QCOMPARE(notes.limits(m_openai), (OwnLimits{7, {}}));
}

void tst_AccountNotes::whatStandsOnDiskMayBeAnything_data()
{
    QTest::addColumn<QJsonObject>("state");
    const auto row = [](const char *name, const QJsonValue &value) {
        QTest::newRow(name) << QJsonObject{{"requests_per_minute"_L1, value}};
    };
    row("zero", 0);
    row("negative", -5);
    row("text", u"50"_s);
    row("list", QJsonArray{50});
    row("huge", 1e18);
    row("part", 0.5);
    QTest::newRow("nothing") << QJsonObject();
}

void tst_AccountNotes::whatStandsOnDiskMayBeAnything()
{
    QFETCH(const QJsonObject, state);
    ModelBench bench;
    bench.states.save({u"limits"_s, m_openai, 0, {}}, state);
    QCOMPARE(AccountNotes(bench.setup, bench.states).limits(m_openai), OwnLimits());
}

void tst_AccountNotes::trafficHeedsThem()
{
    ModelBench bench;
    SeededRandom random(7);
    AccountNotes notes(bench.setup, bench.states);
    notes.setLimits(m_openai, {1, {}}); // of an earlier run
    TrafficControl traffic(bench.clock, random, *bench.registry);
    bindOwnLimits(notes, bench.setup, traffic);
    bench.setUp(m_openai);
    const Target target = bench.setup.target(u"openai-chat"_s, u"gpt-test"_s);
    const auto first = traffic.join(target, Urgency::Chat, 1, 1);
    const auto second = traffic.join(target, Urgency::Chat, 1, 1);
    QVERIFY(first->isOpen());
    QVERIFY(!second->isOpen());
    QCOMPARE(second->wait(), std::optional<std::chrono::milliseconds>(60'000));
    notes.setLimits(m_openai, {2, {}});
    QVERIFY(second->isOpen());
}

void tst_AccountNotes::authorityIsOfItsEndpoint()
{
    ModelBench bench;
    AccountNotes notes(bench.setup, bench.states);
    QSignalSpy changed(&notes, &AccountNotes::authorityChanged);
    notes.setAuthorityFile(u"openai-chat"_s, u"/etc/own.pem"_s); // before there is an account
    QCOMPARE(changed.first().first().toString(), m_openai);
    QCOMPARE(notes.authorityFile(m_openai), u"/etc/own.pem"_s);
    QCOMPARE(notes.authorityFile(m_azure), QString());
    using Files = QHash<QString, QString>;
    QCOMPARE(notes.authorityFiles(), (Files{{u"https://api.openai.com"_s, u"/etc/own.pem"_s}}));
    QVERIFY(bench.setup.setBaseUrl(m_openai, u"https://gate.example/v1"_s));
    QCOMPARE(notes.authorityFiles(), (Files{{u"https://gate.example"_s, u"/etc/own.pem"_s}}));
    QVERIFY(bench.setup.setBaseUrl(m_azure, u"https://x.openai.azure.com"_s));
    QVERIFY(bench.setup.setDirectory(
        m_azure, {QUrl(u"https://login.example"_s), u"contoso.com"_s, u"client-1"_s}));
    notes.setAuthorityFile(m_azure, u"/etc/two.pem"_s);
    QCOMPARE(notes.authorityFiles(), (Files{{u"https://gate.example"_s, u"/etc/own.pem"_s},
                                            {u"https://x.openai.azure.com"_s, u"/etc/two.pem"_s},
                                            {u"https://login.example"_s, u"/etc/two.pem"_s}}));
    notes.setAuthorityFile(m_openai, {});
    notes.setAuthorityFile(m_azure, {});
    notes.setAuthorityFile(u"bedrock"_s, u"/etc/own.pem"_s); // two hosts of one region
    QCOMPARE(notes.authorityFiles(),
             (Files{{u"https://bedrock-runtime.us-east-1.amazonaws.com"_s, u"/etc/own.pem"_s},
                    {u"https://bedrock.us-east-1.amazonaws.com"_s, u"/etc/own.pem"_s}}));
    notes.setAuthorityFile(u"bedrock"_s, {});
    QVERIFY(bench.states.keys(u"authority"_s).isEmpty());
}

void tst_AccountNotes::personIsThatOfTheSignIn()
{
    ModelBench bench;
    AccountNotes notes(bench.setup, bench.states);
    QSignalSpy changed(&notes, &AccountNotes::personChanged);
    notes.setPerson(m_azure, u"Ada (ada@contoso.com)"_s);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(notes.person(m_azure), QString()); // the sign-in is not stored yet
    QVERIFY(ModelBench::awaited(
        bench.setup.signIn(m_azure, SecretString("refresh-1"), KeySource::Keychain)));
    QCOMPARE(notes.person(m_azure), u"Ada (ada@contoso.com)"_s);
    QCOMPARE(AccountNotes(bench.setup, bench.states).person(m_azure), u"Ada (ada@contoso.com)"_s);
    QVERIFY(ModelBench::awaited(bench.setup.signOut(m_azure)));
    QCOMPARE(notes.person(m_azure), QString());
    notes.setPerson(m_azure, {}); // who signs in next says no name
    QVERIFY(bench.states.keys(u"signed_in"_s).isEmpty());
}

QTEST_GUILESS_MAIN(tst_AccountNotes)
#include "tst_accountnotes.moc"
