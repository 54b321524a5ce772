#include "core/pricing/priceoverride.h"
#include "tests/app/programrun.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonObject>
#include <QProcess>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

//! `farthing price`, the real program: with a price of the user's over the shipped catalogue, and
//! what it makes of its options.
class tst_OwnPrice : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void whatIsNotSetStays_data();
    void whatIsNotSetStays();
    void optionsAreTakenAtTheirWord_data();
    void optionsAreTakenAtTheirWord();
    void unknownSpendingIsNoAmount();
};

void tst_OwnPrice::whatIsNotSetStays_data()
{
    QTest::addColumn<QString>("usage");
    QTest::addColumn<QString>("total");
    QTest::addColumn<QString>("lines");
    // claude-sonnet-4-5: input 3, output 15, above 200,000 tokens 6 and 22.5; the user says
    // input 2.
    QTest::newRow("input-alone") << uR"({"input":1000,"output":100})"_s << u"0.0035"_s
                                 << u"input 0.002 user; output 0.0015"_s;
    QTest::newRow("from-the-cache")
        << uR"({"input":1000,"cache_read":400,"output":100})"_s << u"0.00282"_s
        << u"cache_read 0.00012; input 0.0012 user; output 0.0015"_s;
    QTest::newRow("long-request") << uR"({"input":300000,"output":100})"_s << u"1.80225"_s
                                  << u"input 1.8; output 0.00225"_s;
    QTest::newRow("search") << uR"({"input":1000,"output":100,"fees":{"web_search":3}})"_s
                            << u"0.0335"_s << u"input 0.002 user; output 0.0015; web_search 0.03"_s;
}

void tst_OwnPrice::whatIsNotSetStays()
{
    QFETCH(const QString, usage);
    QFETCH(const QString, total);
    QFETCH(const QString, lines);
    const QTemporaryDir profile;
    core::PriceOverride price;
    price.provider = u"anthropic"_s;
    price.model = u"claude-sonnet-4-5"_s;
    price.input = core::rateFrom(u"2"_s);
    QVERIFY(QDir(profile.path()).mkpath(u"config"_s));
    QFile file(profile.filePath(u"config/prices.json"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(core::withOverride({}, price));
    file.close();

    const tests::ProgramRun run = tests::runProgram(
        {u"--profile"_s, profile.path(), u"price"_s, u"--provider"_s, price.provider, u"--model"_s,
         price.model, u"--usage"_s, usage, u"--at"_s, u"2026-10-01T12:00:00Z"_s});
    QCOMPARE(run.status, 0);
    const QJsonObject cost = run.lastLine();
    QCOMPARE(cost.value(u"low"_s).toString(), total);
    QCOMPARE(cost.value(u"high"_s).toString(), total);
    QVERIFY(cost.value(u"complete"_s).toBool());
    QCOMPARE(cost.value(u"rate_card"_s).toString(), u"user/anthropic/claude-sonnet-4-5"_s);
    QStringList texts;
    const QJsonArray rows = cost.value(u"lines"_s).toArray();
    for (const QJsonValue &row : rows) {
        QStringList text{row[u"kind"_s].toString(), row[u"amount"_s].toString()};
        const QJsonArray flags = row[u"flags"_s].toArray();
        for (const QJsonValue &flag : flags)
            text.append(flag.toString());
        texts.append(text.join(u' '));
    }
    QCOMPARE(texts.join(u"; "_s), lines);
}

void tst_OwnPrice::optionsAreTakenAtTheirWord_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QString>("usage");
    QTest::addColumn<QString>("at");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QString>("printed"); // a part of it
    const QString noon = u"2026-11-20T12:00:00Z"_s;
    const QString here = u"here"_s; // of the catalogue below
    const auto row = [](const char *name, const QString &provider, const QString &usage,
                        const QString &at, int exitCode, const QString &printed) {
        QTest::newRow(name) << provider << usage << at << exitCode << printed;
    };
    row("account-of-two-protocols", u"openai-chat"_s, uR"({"input":1000,"output":0})"_s, noon, 0,
        uR"("low":"0.0025")"_s);
    row("last-day-of-the-old-price", here, uR"({"input":1,"output":0})"_s, u"2026-04-30T23:59:59"_s,
        0, uR"("rate_card":"old")"_s);
    row("time-without-zone-is-utc", here, uR"({"input":1,"output":0})"_s, u"2026-05-01T00:00:00"_s,
        0, uR"("rate_card":"new")"_s);
    row("day-without-zone-is-utc", here, uR"({"input":1,"output":0})"_s, u"2026-05-01"_s, 0,
        uR"("rate_card":"new")"_s);
    row("no-time", here, uR"({"input":1,"output":0})"_s, u""_s, 2, {});
    row("counts-beyond-a-double", here, uR"({"input":9007199254740993,"output":0})"_s, noon, 0,
        uR"("quantity":9007199254740993)"_s);
    row("tier-is-no-text", here, uR"({"input":1,"output":0,"service_tier":5})"_s, noon, 2, {});
    row("fees-in-a-list", here, uR"({"input":1,"output":0,"fees":[1]})"_s, noon, 2, {});
    row("fees-per-million", here, uR"({"input":0,"output":0,"fees":{"character":3}})"_s, noon, 0,
        uR"("quantity":3,"rate_per_million":"10000","amount":"0.03")"_s);
    row("no-counts", here, u"{}"_s, noon, 0,
        uR"({"low":null,"high":null,"complete":false,"rate_card":"new","flags":["unknown"])"_s);
}

void tst_OwnPrice::optionsAreTakenAtTheirWord()
{
    QFETCH(const QString, provider);
    QFETCH(const QString, usage);
    QFETCH(const QString, at);
    QFETCH(const int, exitCode);
    QFETCH(const QString, printed);
    const QTemporaryDir profile;
    QFile file(profile.filePath(u"catalogue.json"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(
        R"({"format":"llm-price-catalogue","format_version":1,"version":"t","currency":"USD",)"
        R"("providers":[{"id":"here","models":[{"id":"gpt-4o","match":[{"exact":"gpt-4o"}],)"
        R"("rate_cards":[{"id":"old","to":"2026-05-01","rates":{"input":"1","output":"1"}},)"
        R"({"id":"new","from":"2026-05-01","rates":{"input":"0.000001","output":"0.000001"},)"
        R"("fees":[{"unit":"character","per":1000,"usd":"10"}]}]}]}]})");
    file.close();
    QStringList arguments{u"--profile"_s, profile.path(), u"price"_s,  u"--provider"_s,
                          provider,       u"--model"_s,   u"gpt-4o"_s, u"--usage"_s,
                          usage,          u"--at"_s,      at};
    if (provider == u"here"_s)
        arguments += {u"--catalogue"_s, file.fileName()};
    QProcess program;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"TZ"_s, u"JST-9"_s); // nine hours ahead
    program.setProcessEnvironment(environment);
    program.start(QStringLiteral(FARTHING_PROGRAM), arguments);
    const tests::ProgramRun run = tests::ended(program);
    QVERIFY2(run.status == exitCode, (run.output + '\n' + run.messages.toUtf8()).constData());
    QVERIFY2(run.output.contains(printed.toUtf8()), run.output.constData());
}

//! A call of a model without a price: its sum is not nothing.
void tst_OwnPrice::unknownSpendingIsNoAmount()
{
    const QTemporaryDir profile;
    const auto run = [&](const QStringList &arguments) {
        QProcess program;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"FARTHING_API_KEY"_s, u"k"_s);
        program.setProcessEnvironment(environment);
        program.start(QStringLiteral(FARTHING_PROGRAM),
                      QStringList{u"--profile"_s, profile.path()} + arguments);
        return QString::fromUtf8(tests::ended(program).output);
    };
    QTcpServer server; // takes the question and is silent
    QVERIFY(server.listen(QHostAddress::LocalHost));
    const QString finished =
        run({u"ask"_s, u"--json"_s, u"--no-retry"_s, u"--timeout"_s, u"1"_s, u"--target"_s,
             u"custom/nobody@http://127.0.0.1:%1/v1"_s.arg(server.serverPort()), u"Hello"_s})
            .split(u'\n', Qt::SkipEmptyParts)
            .last();
    QVERIFY2(finished.contains(uR"("low":null,"high":null,"complete":false)"_s),
             qPrintable(finished));
    QVERIFY2(finished.contains(uR"("lines":[])"_s), qPrintable(finished));
    const QString spent = run({u"cost"_s, u"--json"_s, u"--by"_s, u"model"_s});
    QCOMPARE(spent.count(uR"("low":null,"high":null,"complete":false,"requests":1)"_s), 2);
    QCOMPARE(spent.count(uR"("output_reasoning":null},"tokens_complete":false)"_s), 2);
    QVERIFY(run({u"cost"_s}).startsWith(u"unknown cost, 1 requests"_s));
}

QTEST_GUILESS_MAIN(tst_OwnPrice)
#include "tst_ownprice.moc"
