#include "core/pricing/cardchanges.h"
#include "core/pricing/pricediff.h"

#include <QRegularExpression>
#include <QTest>

using namespace core;
using namespace Qt::StringLiterals;

//! Two catalogues of one model: whatever is priced otherwise is told, and what is odd is doubted.
class tst_CardChanges : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u".?"_s)); }
    void everyPriceIsCompared_data();
    void everyPriceIsCompared();
    void largeStepsAreDoubted_data();
    void largeStepsAreDoubted();
    void largestComesFirst();
};

namespace {

const QByteArray Base = R"("rates":{"input":"2","output":"8"})";

PriceCatalogue catalogueOf(const QByteArray &card)
{
    const QByteArray json =
        R"({"format":"llm-price-catalogue","format_version":1,"currency":"USD","version":"t",)"
        R"("providers":[{"id":"p","models":[{"id":"m","match":[{"exact":"m"}],"rate_cards":[)"
        R"({"id":"c",)" +
        card + "}]}]}]}";
    const auto read = PriceCatalogue::fromJson(json);
    if (!read)
        qFatal("%s", qPrintable(read.error().detail));
    return *read;
}

QString textOf(const PriceChange &change)
{
    const auto money = [](const std::optional<PicoUsd> &one) {
        return one ? one->toDecimal() : u"unknown"_s;
    };
    const auto factor = [](const std::optional<Multiplier> &one) {
        return one ? QString::number(one->tenThousandths) : u"none"_s;
    };
    const auto fee = [](const std::optional<PriceFee> &one) {
        return one ? u"%1 for %2 of %3 from %4"_s.arg(one->usd.toDecimal())
                         .arg(one->per)
                         .arg(feeUnitName(one->unit))
                         .arg(one->minimumUnits)
                   : u"unknown"_s;
    };
    switch (change.kind) {
    case PriceChange::Kind::Rate:
        return u"%1 [%2] %3 > %4"_s.arg(usageKindName(change.rate), change.where,
                                        money(change.before), money(change.after));
    case PriceChange::Kind::Factor:
        return u"[%1] x%2 > x%3"_s.arg(change.where, factor(change.factorBefore),
                                       factor(change.factorAfter));
    case PriceChange::Kind::Fee:
        return u"%1 > %2"_s.arg(fee(change.feeBefore), fee(change.feeAfter));
    case PriceChange::Kind::Added:
    case PriceChange::Kind::Removed:
        break;
    }
    return u"model"_s;
}

PriceDiff diffOf(const QByteArray &before, const QByteArray &after)
{
    return priceDiff(catalogueOf(Base + before), catalogueOf(Base + after), UtcTime());
}

QByteArray tier(const QByteArray &rates, const QByteArray &more = R"("scope":"whole_request")")
{
    return R"({"above":200000,)" + more + R"(,"rates":{)" + rates + "}}";
}
QByteArray tiers(const QByteArray &rows)
{
    return R"(,"context_tiers":[)" + rows + ']';
}
QByteArray service(const QByteArray &name, const QByteArray &rest)
{
    return R"(,"service_tiers":{")" + name + R"(":{)" + rest + "}}";
}

} // namespace

void tst_CardChanges::everyPriceIsCompared_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("after");
    QTest::addColumn<QStringList>("told");
    const auto row = [](const char *name, const QByteArray &before, const QByteArray &after,
                        const QStringList &told) {
        QTest::newRow(name) << before << after << told;
    };
    const QByteArray longIn = R"("input":"4")";
    row("nothing", tiers(tier(longIn)), tiers(tier(longIn)), {});
    row("tier-rate", tiers(tier(longIn)), tiers(tier(R"("input":"5")")),
        {u"input [above 200000 tokens] 4 > 5"_s});
    // Before, a long request cost what a short one did: that is what changes, not an unknown.
    row("tier-comes", {}, tiers(tier(longIn)), {u"input [above 200000 tokens] 2 > 4"_s});
    row("tier-goes", tiers(tier(longIn)), {}, {u"input [above 200000 tokens] 4 > 2"_s});
    row("tier-that-charges-the-same", {}, tiers(tier(R"("input":"2")")), {});
    row("tier-by-its-edge", tiers(tier(longIn)),
        tiers(tier(longIn, R"("scope":"whole_request","inclusive":true)")),
        {u"input [above 200000 tokens] 4 > 2"_s, u"input [from 200000 tokens] 2 > 4"_s});
    row("tier-by-its-scope", tiers(tier(longIn)), tiers(tier(longIn, R"("scope":"marginal")")),
        {u"input [above 200000 tokens] 4 > 2"_s,
         u"input [only those above 200000 tokens] 2 > 4"_s});
    row("tier-by-its-side", tiers(tier(longIn)),
        tiers(tier(longIn, R"("scope":"whole_request","counts":["output"])")),
        {u"input [above 200000 tokens] 4 > 2"_s, u"input [above 200000 tokens of output] 2 > 4"_s});
    row("second-tier-stands-on-the-first", tiers(tier(longIn)),
        tiers(tier(longIn) +
              R"(,{"above":500000,"scope":"whole_request","rates":{"input":"6","output":"9"}})"),
        {u"input [above 500000 tokens] 4 > 6"_s, u"output [above 500000 tokens] 8 > 9"_s});
    row("second-tier-takes-back-the-first", tiers(tier(longIn)),
        tiers(tier(longIn) + R"(,{"above":500000,"scope":"whole_request","rates":{"output":"9"}})"),
        {u"input [above 500000 tokens] 4 > 2"_s, u"output [above 500000 tokens] 8 > 9"_s});
    row("service-factor", service("batch", R"("multiplier":"0.5")"),
        service("batch", R"("multiplier":"0.4")"), {u"[batch] x5000 > x4000"_s});
    row("service-comes", {}, service("flex", R"("multiplier":"0.5")"), {u"[flex] xnone > x5000"_s});
    row("service-goes", service("flex", R"("multiplier":"0.5")"), {}, {u"[flex] x5000 > xnone"_s});
    row("service-rate", service("priority", R"("rates":{"input":"4"})"),
        service("priority", R"("rates":{"input":"3.5"})"), {u"input [priority] 4 > 3.5"_s});
    row("service-rate-for-a-factor", service("batch", R"("multiplier":"0.5")"),
        service("batch", R"("rates":{"input":"1.5"})"),
        {u"[batch] x5000 > xnone"_s, u"input [batch] 1 > 1.5"_s});
    row("service-tier-of-its-own", service("batch", R"("multiplier":"0.5")") + tiers(tier(longIn)),
        service("batch", R"("multiplier":"0.5","context_tiers":[)" + tier(R"("input":"3")") + ']') +
            tiers(tier(longIn)),
        {u"input [batch, above 200000 tokens] 2 > 3"_s});
    const QByteArray geo =
        R"(,"modifiers":[{"id":"us","when":{"inference_geo":"us"},"multiplier":"1.1"}])";
    row("modifier", geo, QByteArray(geo).replace("1.1", "1.25"),
        {u"[inference_geo us] x11000 > x12500"_s});
    row("modifier-comes", {}, geo, {u"[inference_geo us] xnone > x11000"_s});
    row("modifier-of-other-kinds", geo,
        QByteArray(geo).replace(R"("1.1")", R"("1.1","kinds":["input"])"),
        {u"[inference_geo us] x11000 > xnone"_s, u"[inference_geo us, of input] xnone > x11000"_s});
    const QByteArray night =
        R"(,"schedule":[{"utc":["16:30-00:30"],"weekdays":[1,7],"rates":{"input":"1"}}])";
    row("hours-come", {}, night, {u"input [16:30\u201300:30 UTC on weekdays 1, 7] 2 > 1"_s});
    row("hours", night, QByteArray(night).replace(R"("1"})", R"("1.5"})"),
        {u"input [16:30\u201300:30 UTC on weekdays 1, 7] 1 > 1.5"_s});
    const QByteArray search = R"(,"fees":[{"unit":"web_search","per":1000,"usd":"10"}])";
    row("fee", search, QByteArray(search).replace(R"("10")", R"("25")"),
        {u"10 for 1000 of web_search from 0 > 25 for 1000 of web_search from 0"_s});
    row("fee-by-its-divisor", search, QByteArray(search).replace("1000", "100"),
        {u"10 for 1000 of web_search from 0 > 10 for 100 of web_search from 0"_s});
    row("fee-by-its-least", search, QByteArray(search).replace(R"("10")", R"("10","min_units":5)"),
        {u"10 for 1000 of web_search from 0 > 10 for 1000 of web_search from 5"_s});
    const QByteArray deep =
        R"(,"fees":[{"unit":"web_search","per":1000,"usd":"10"},)"
        R"({"unit":"web_search","per":1000,"usd":"25","when":{"search_context_size":"high"}}])";
    row("fee-by-its-condition", deep, QByteArray(deep).replace(R"("25")", R"("30")"),
        {u"25 for 1000 of web_search from 0 > 30 for 1000 of web_search from 0"_s});
    row("fee-comes", {}, search, {u"unknown > 10 for 1000 of web_search from 0"_s});
    row("fee-goes", search, {}, {u"10 for 1000 of web_search from 0 > unknown"_s});
}

void tst_CardChanges::everyPriceIsCompared()
{
    QFETCH(const QByteArray, before);
    QFETCH(const QByteArray, after);
    QFETCH(const QStringList, told);
    const PriceDiff diff = diffOf(before, after);
    QStringList texts;
    for (const PriceChange &change : diff.changes) {
        QCOMPARE(change.provider + u'/' + change.model, u"p/m"_s);
        texts.append(textOf(change));
    }
    QCOMPARE(texts, told);
    QCOMPARE(diff.changed, told.isEmpty() ? 0 : 1);
}

void tst_CardChanges::largeStepsAreDoubted_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("after");
    QTest::addColumn<QString>("doubt");
    QTest::newRow("tier-comes-with-four-times") << QByteArray() << tiers(tier(R"("input":"8")"))
                                                << u"p/m, input (above 200000 tokens): from $2 "
                                                   "to $8."_s;
    QTest::newRow("tier-comes-with-three-times")
        << QByteArray() << tiers(tier(R"("input":"6")")) << QString();
    QTest::newRow("factor") << service("priority", R"("multiplier":"1.5")")
                            << service("priority", R"("multiplier":"6")")
                            << u"p/m, the factor (priority): from \u00D7 1.5 to \u00D7 6."_s;
    QTest::newRow("factor-comes") << QByteArray() << service("batch", R"("multiplier":"0.2")")
                                  << u"p/m, the factor (batch): from \u00D7 1 to \u00D7 0.2."_s;
    const QByteArray search = R"(,"fees":[{"unit":"web_search","per":1000,"usd":"10"}])";
    QTest::newRow("fee") << search << QByteArray(search).replace("1000", "100")
                         << u"p/m, web_search: from $10 for 1000 to $10 for 100."_s;
    QTest::newRow("fee-in-other-words")
        << search << QByteArray(search).replace(R"(1000,"usd":"10")", R"(100,"usd":"1")")
        << QString();
    QTest::newRow("fee-goes-free") << search << QByteArray(search).replace(R"("10")", R"("0")")
                                   << u"p/m, web_search: from $10 for 1000 to $0 for 1000."_s;
    QTest::newRow("fee-comes") << QByteArray() << search << QString();
}

void tst_CardChanges::largeStepsAreDoubted()
{
    QFETCH(const QByteArray, before);
    QFETCH(const QByteArray, after);
    QFETCH(const QString, doubt);
    QStringList doubts = diffOf(before, after).doubts;
    QVERIFY(doubts.removeOne(u"It knows only 1 models."_s));
    QCOMPARE(doubts, doubt.isEmpty() ? QStringList() : QStringList{doubt});
}

void tst_CardChanges::largestComesFirst()
{
    const QByteArray search = R"(,"fees":[{"unit":"web_search","per":1000,"usd":"10"}])";
    PriceDiff diff =
        diffOf(search + service("batch", R"("multiplier":"0.5")") + tiers(tier(R"("input":"4")")),
               QByteArray(search).replace(R"("10")", R"("25")") +
                   service("batch", R"("multiplier":"0.4")") + tiers(tier(R"("input":"6")")));
    diff.changes.prepend({PriceChange::Kind::Added, u"p"_s, u"new"_s, {}, {}, {}});
    diff.changes.prepend({PriceChange::Kind::Removed, u"p"_s, u"old"_s, {}, {}, {}});
    QList<PriceChange::Kind> kinds;
    for (const PriceChange &change : byWeight(diff))
        kinds.append(change.kind);
    using enum PriceChange::Kind;
    QCOMPARE(kinds, (QList<PriceChange::Kind>{Fee, Rate, Factor, Removed, Added}));
}

QTEST_GUILESS_MAIN(tst_CardChanges)
#include "tst_cardchanges.moc"
