#include "core/pricing/priceoverride.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

//! `farthing price` with a price of the user's over the shipped catalogue: the real program.
class tst_OwnPrice : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void whatIsNotSetStays_data();
    void whatIsNotSetStays();
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
    file.write(core::overridesJson({price}));
    file.close();

    QProcess program;
    program.start(QStringLiteral(FARTHING_PROGRAM),
                  {u"--profile"_s, profile.path(), u"price"_s, u"--provider"_s, price.provider,
                   u"--model"_s, price.model, u"--usage"_s, usage, u"--at"_s,
                   u"2026-10-01T12:00:00Z"_s});
    QVERIFY(program.waitForFinished(60'000));
    QCOMPARE(program.exitCode(), 0);
    const QJsonObject cost = QJsonDocument::fromJson(program.readAllStandardOutput()).object();
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

QTEST_GUILESS_MAIN(tst_OwnPrice)
#include "tst_ownprice.moc"
