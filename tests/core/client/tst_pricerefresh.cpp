#include "core/client/pricerefresh.h"
#include "tests/support/scriptedserver.h"

#include <QFile>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QThreadPool>

using namespace core;
using namespace tests;
using namespace Qt::StringLiterals;

//! Another catalogue: read whole, shown, taken, kept, and taken back; over real files and sockets.
class tst_PriceRefresh : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void cleanupTestCase();
    void init() { QTest::failOnWarning(QRegularExpression(u".?"_s)); }
    void fileIsShownThenTaken();
    void faultyFileIsRefused_data();
    void faultyFileIsRefused();
    void addressIsAsked();
    void addressThatSendsNone_data();
    void addressThatSendsNone();
    void tooMuchIsNotRead();
    void plainHttpIsRefused();
    void fiveAreKept();
    void earlierIsUsedAgain();
    void ownPricesStayAbove();
    void damagedOnDisk_data();
    void damagedOnDisk();
    void deadWriterLeavesTheOld();
    void doubtfulStaysHeld_data();
    void doubtfulStaysHeld();
    void newerIsHeldInstead();
    void refusedFileIsNotHeld();
};

namespace {

QByteArray catalogueOf(const QByteArray &version, const QByteArray &input, int models = 60)
{
    QByteArrayList rows;
    for (int i = 0; i < models; ++i) {
        const QByteArray id = "m" + QByteArray::number(i);
        rows.append(R"({"id":")" + id + R"(","match":[{"exact":")" + id +
                    R"("}],"rate_cards":[{"id":"p/)" + id + R"(","rates":{"input":")" + input +
                    R"(","output":"12"}}]})");
    }
    return R"({"format":"llm-price-catalogue","format_version":1,"currency":"USD","version":")" +
           version + R"(","checked_on":"2026-11-01","providers":[{"id":"p","models":[)" +
           rows.join(',') + "]}]}";
}

struct Bench
{
    explicit Bench(const QString &folder)
        : taken(folder + u"/taken"_s)
        , prices(*PriceCatalogue::fromJson(catalogueOf("shipped", "3")), folder + u"/own.json"_s)
        , refresh(prices, prices.base(), taken, transport, clock)
    {
        refresh.restore();
    }

    [[nodiscard]] QString file(const QByteArray &json) const
    {
        QFile file(taken + u"-offer.json"_s);
        if (!file.open(QIODevice::WriteOnly) || file.write(json) != json.size())
            qFatal("no file");
        return file.fileName();
    }
    template <typename T>
    [[nodiscard]] static Result<T> wait(const QFuture<Result<T>> &future)
    {
        if (!QTest::qWaitFor([&] { return future.isFinished(); }, 30'000))
            qFatal("no end");
        return future.result();
    }
    void take(const QByteArray &json)
    {
        const auto offer = wait(refresh.fromFile(file(json)));
        if (!offer || !wait(refresh.apply(*offer)))
            qFatal("not taken");
    }
    //! Dollars per million tokens of input at one of the models.
    [[nodiscard]] std::int64_t input() const
    {
        const auto match = prices.catalogue().find(u"p"_s, u"m7"_s, clock.utcNow());
        return match ? match->card->rates.rate(UsageKind::Input).value_or(-1) / 1'000'000 : -1;
    }

    SystemClock clock;
    HttpTransport transport{clock, {}};
    QString taken;
    PriceBook prices;
    PriceRefresh refresh;
};

} // namespace

void tst_PriceRefresh::fileIsShownThenTaken()
{
    const QTemporaryDir folder;
    {
        Bench bench(folder.path());
        const auto offer = Bench::wait(bench.refresh.fromFile(bench.file(catalogueOf("v2", "4"))));
        QVERIFY(offer);
        QCOMPARE(offer->diff.changed, 60);
        QCOMPARE(offer->diff.added + offer->diff.removed, 0);
        QVERIFY(offer->diff.doubts.isEmpty());
        QCOMPARE(bench.input(), 3); // only shown
        QVERIFY(!QFile::exists(bench.taken));
        QSignalSpy changed(&bench.prices, &PriceBook::changed);
        QVERIFY(Bench::wait(bench.refresh.apply(*offer)));
        QCOMPARE(changed.count(), 1);
        QCOMPARE(bench.input(), 4);
        QCOMPARE(bench.refresh.versions().kept.first().version, u"v2"_s);
        QCOMPARE(bench.refresh.versions().kept.first().source, u"taken-offer.json"_s);
    }
    const Bench later(folder.path());
    QVERIFY(!later.refresh.fault());
    QCOMPARE(later.input(), 4);
}

void tst_PriceRefresh::faultyFileIsRefused_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("row");
    const QByteArray good = catalogueOf("v2", "4");
    const auto withRate = [&](const QByteArray &rate) {
        QByteArray json = good;
        const qsizetype at = json.indexOf(R"("input":"4")", json.indexOf(R"("id":"m33")"));
        return json.replace(at, 11, R"("input":)" + rate);
    };
    QTest::newRow("nan") << withRate(R"("nan")") << u"p/m33"_s;
    QTest::newRow("negative") << withRate(R"("-4")") << u"p/m33"_s;
    QTest::newRow("huge") << withRate(R"("10001")") << u"p/m33"_s;
    QTest::newRow("no-text") << withRate("4") << u"p/m33"_s;
    QTest::newRow("doubled") << QByteArray(good).replace(R"("id":"m34")", R"("id":"m33")")
                             << u"p/m33"_s;
    QTest::newRow("missing") << QByteArray(good).replace(R"({"input":"4","output":"12"})", "{}")
                             << u"p/m0"_s;
    QTest::newRow("overlapping") << QByteArray(good).replace(
                                        R"({"id":"p/m5",)",
                                        R"({"id":"x","to":"2026-05-01","rates":{"input":"1"}},)"
                                        R"({"id":"p/m5","from":"2026-04-01",)")
                                 << u"p/m5"_s;
    QTest::newRow("half-written") << good.first(good.size() / 2) << u"byte"_s;
    QTest::newRow("empty") << QByteArray() << u"byte"_s;
    QTest::newRow("something-else") << QByteArray("{}") << u"not a price catalogue"_s;
}

void tst_PriceRefresh::faultyFileIsRefused()
{
    QFETCH(const QByteArray, json);
    QFETCH(const QString, row);
    const QTemporaryDir folder;
    Bench bench(folder.path());
    const auto offer = Bench::wait(bench.refresh.fromFile(bench.file(json)));
    QVERIFY(!offer);
    QCOMPARE(offer.error().kind, ErrorKind::InputRejected);
    QVERIFY2(offer.error().detail.contains(row), qPrintable(offer.error().detail));
    QCOMPARE(bench.input(), 3);
    QVERIFY(!QFile::exists(bench.taken));
}

void tst_PriceRefresh::addressIsAsked()
{
    const QTemporaryDir folder;
    Bench bench(folder.path());
    ScriptedServer server;
    server.setAnswer("/prices.json", Answer::whole(200, catalogueOf("v2", "4")));
    const QString address = server.url(u"/prices.json").toString();
    const auto offer = Bench::wait(bench.refresh.fromAddress(u' ' + address));
    QVERIFY(offer);
    QCOMPARE(offer->diff.changed, 60);
    QVERIFY(offer->source.endsWith(u"/prices.json"_s));
    QCOMPARE(server.requests().size(), 1);
    QCOMPARE(server.requests().first().method, QByteArray("GET"));
    QCOMPARE(bench.input(), 3);
}

void tst_PriceRefresh::addressThatSendsNone_data()
{
    QTest::addColumn<int>("kind");
    for (int kind = 0; kind < 5; ++kind)
        QTest::newRow(std::array{"redirect", "not-found", "cut-short", "faulty-row", "reset"}.at(
            static_cast<std::size_t>(kind)))
            << kind;
}

void tst_PriceRefresh::addressThatSendsNone()
{
    QFETCH(const int, kind);
    const QTemporaryDir folder;
    Bench bench(folder.path());
    ScriptedServer server;
    const QByteArray good = catalogueOf("v2", "4");
    const QList<Answer> answers{
        Answer::whole(302, "").header("Location", server.url(u"/other").toEncoded()),
        Answer::whole(404, good), Answer::stream({good.first(good.size() / 2)}).close(),
        Answer::whole(200, QByteArray(good).replace(R"("4")", R"("-4")")),
        Answer::stream({good.first(100)}).reset()};
    server.setAnswer("/prices", answers.at(kind));
    server.setAnswer("/other", Answer::whole(200, good));
    const auto offer = Bench::wait(bench.refresh.fromAddress(server.url(u"/prices").toString()));
    QVERIFY(!offer);
    QCOMPARE(bench.input(), 3);
    for (const auto &request : server.requests())
        QCOMPARE(request.path(), QByteArray("/prices"));
}

void tst_PriceRefresh::tooMuchIsNotRead()
{
    const QTemporaryDir folder;
    Bench bench(folder.path());
    ScriptedServer server;
    Answer endless = Answer::stream();
    for (int i = 0; i < 33; ++i)
        endless.write(QByteArray(1024 * 1024, ' '));
    server.setAnswer("/", endless.hold());
    const auto offer = Bench::wait(bench.refresh.fromAddress(server.url(u"/").toString()));
    QVERIFY(!offer);
    QTRY_COMPARE(server.connectionsOpen(), 0); // hung up, not read on
}

void tst_PriceRefresh::plainHttpIsRefused()
{
    const QTemporaryDir folder;
    Bench bench(folder.path());
    for (const auto *address :
         {u"http://example.com/prices.json", u"ftp://example.com/x", u"file:///etc/hostname", u"",
          u"prices.json", u"https://me:secret@example.com/"}) {
        const auto offer = Bench::wait(bench.refresh.fromAddress(QString::fromUtf16(address)));
        QVERIFY2(!offer, qPrintable(QString::fromUtf16(address)));
    }
}

void tst_PriceRefresh::fiveAreKept()
{
    const QTemporaryDir folder;
    Bench bench(folder.path());
    for (int i = 1; i <= 7; ++i)
        bench.take(catalogueOf("v" + QByteArray::number(i), QByteArray::number(i + 3)));
    const PriceVersions &versions = bench.refresh.versions();
    QCOMPARE(versions.kept.size(), 5);
    QCOMPARE(versions.kept.first().version, u"v7"_s);
    QCOMPARE(versions.kept.last().version, u"v3"_s);
    QCOMPARE(versions.current, versions.kept.first().id);
    QCOMPARE(QDir(bench.taken).entryList(QDir::Files).size(), 6); // and the index
    QCOMPARE(bench.input(), 10);
}

void tst_PriceRefresh::earlierIsUsedAgain()
{
    const QTemporaryDir folder;
    {
        Bench bench(folder.path());
        bench.take(catalogueOf("v1", "4"));
        bench.take(catalogueOf("v2", "5"));
        const QString first = bench.refresh.versions().kept.last().id;
        QVERIFY(Bench::wait(bench.refresh.use(first)));
        QCOMPARE(bench.input(), 4);
        QCOMPARE(bench.refresh.versions().kept.size(), 2); // the other one stays, too
        QVERIFY(!Bench::wait(bench.refresh.use(u"../own"_s)));
        QVERIFY(!Bench::wait(bench.refresh.use(u"123"_s)));
        QCOMPARE(bench.input(), 4);
    }
    {
        Bench bench(folder.path());
        QCOMPARE(bench.input(), 4);
        QVERIFY(Bench::wait(bench.refresh.use({})));
        QCOMPARE(bench.input(), 3);
    }
    QCOMPARE(Bench(folder.path()).input(), 3);
}

void tst_PriceRefresh::ownPricesStayAbove()
{
    const QTemporaryDir folder;
    Bench bench(folder.path());
    PriceOverride own;
    own.provider = u"p"_s;
    own.model = u"m7"_s;
    own.input = rateFrom(u"1"_s);
    QVERIFY(bench.prices.set(own));
    bench.take(catalogueOf("v2", "4"));
    QCOMPARE(bench.input(), 1);
    QVERIFY(bench.prices.remove(own.provider, own.model));
    QCOMPARE(bench.input(), 4);
}

void tst_PriceRefresh::damagedOnDisk_data()
{
    QTest::addColumn<bool>("index");
    QTest::newRow("index") << true;
    QTest::newRow("catalogue") << false;
}

void tst_PriceRefresh::damagedOnDisk()
{
    QFETCH(const bool, index);
    const QTemporaryDir folder;
    QString path;
    {
        Bench bench(folder.path());
        bench.take(catalogueOf("v1", "4"));
        path = bench.taken +
               (index ? u"/index.json"_s : u'/' + bench.refresh.versions().current + u".json"_s);
    }
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadWrite) && file.resize(file.size() / 2));
    file.close();
    Bench bench(folder.path());
    QVERIFY(bench.refresh.fault());
    QCOMPARE(bench.input(), 3); // the shipped one stands in
    bench.take(catalogueOf("v2", "5"));
    QVERIFY(!bench.refresh.fault());
    QCOMPARE(Bench(folder.path()).input(), 5);
}

//! What a process leaves that dies after the file and before the index.
void tst_PriceRefresh::deadWriterLeavesTheOld()
{
    const QTemporaryDir folder;
    Bench bench(folder.path());
    bench.take(catalogueOf("v1", "4"));
    const QString orphan = bench.taken + u"/99.json"_s;
    QVERIFY(QFile::copy(bench.file(catalogueOf("v2", "5")), orphan));
    Bench later(folder.path());
    QCOMPARE(later.input(), 4);
    QCOMPARE(later.refresh.versions().kept.size(), 1);
    later.take(catalogueOf("v3", "6"));
    QVERIFY(!QFile::exists(orphan));
}

void tst_PriceRefresh::doubtfulStaysHeld_data()
{
    QTest::addColumn<bool>("isUsed");
    QTest::newRow("used-in-the-end") << true;
    QTest::newRow("left-in-the-end") << false;
}

//! What was held back when the program ended is held back when it begins, with its reasons.
void tst_PriceRefresh::doubtfulStaysHeld()
{
    QFETCH(const bool, isUsed);
    const QTemporaryDir folder;
    QStringList doubts;
    {
        Bench bench(folder.path());
        bench.take(catalogueOf("v1", "4"));
        QSignalSpy changed(&bench.refresh, &PriceRefresh::changed);
        const auto offer = Bench::wait(bench.refresh.fromFile(bench.file(catalogueOf("v2", "40"))));
        QVERIFY(offer);
        doubts = offer->diff.doubts;
        QCOMPARE(doubts.size(), 120); // ten times the input, and more than the output
        QTRY_COMPARE(changed.count(), 1);
        QVERIFY(bench.refresh.versions().held);
        QCOMPARE(bench.refresh.versions().held->id, offer->heldAs);
    }
    {
        Bench bench(folder.path());
        QVERIFY(!bench.refresh.fault());
        QCOMPARE(bench.input(), 4);
        QCOMPARE(bench.refresh.versions().kept.size(), 1); // it takes the place of none
        const auto offer = Bench::wait(bench.refresh.held());
        QVERIFY(offer);
        QCOMPARE(offer->diff.doubts, doubts);
        QCOMPARE(offer->catalogue.version(), u"v2"_s);
        QCOMPARE(offer->source, u"taken-offer.json"_s);
        if (isUsed)
            QVERIFY(Bench::wait(bench.refresh.apply(*offer)));
        else
            QVERIFY(Bench::wait(bench.refresh.leave()));
        QVERIFY(!bench.refresh.versions().held);
    }
    Bench bench(folder.path());
    QVERIFY(!bench.refresh.versions().held);
    QVERIFY(!Bench::wait(bench.refresh.held()));
    QCOMPARE(bench.input(), isUsed ? 40 : 4);
    QCOMPARE(QDir(bench.taken).entryList(QDir::Files).size(), isUsed ? 3 : 2); // and the index
}

void tst_PriceRefresh::newerIsHeldInstead()
{
    const QTemporaryDir folder;
    Bench bench(folder.path());
    for (const char *version : {"v1", "v2"})
        QVERIFY(Bench::wait(bench.refresh.fromFile(bench.file(catalogueOf(version, "40")))));
    QTRY_COMPARE(bench.refresh.versions().held->version, u"v2"_s);
    QCOMPARE(QDir(bench.taken).entryList(QDir::Files).size(), 2);
    // One that nobody doubts leaves it where it is, until it is taken.
    const auto sound = Bench::wait(bench.refresh.fromFile(bench.file(catalogueOf("v3", "4"))));
    QVERIFY(sound && sound->heldAs.isEmpty());
    QCOMPARE(bench.refresh.versions().held->version, u"v2"_s);
    QVERIFY(Bench::wait(bench.refresh.use({})));
    QVERIFY(bench.refresh.versions().held);
    QVERIFY(Bench::wait(bench.refresh.apply(*sound)));
    QVERIFY(!bench.refresh.versions().held);
}

void tst_PriceRefresh::refusedFileIsNotHeld()
{
    const QTemporaryDir folder;
    Bench bench(folder.path());
    const QByteArray faulty = catalogueOf("v2", "40").replace(R"("12")", R"("-12")");
    QVERIFY(!Bench::wait(bench.refresh.fromFile(bench.file(faulty))));
    QVERIFY(!bench.refresh.versions().held);
    QVERIFY(!QFile::exists(bench.taken));
}

//! A thread of the pool that is still on its way out when leaks are looked for counts as one.
void tst_PriceRefresh::cleanupTestCase()
{
    QVERIFY(QThreadPool::globalInstance()->waitForDone());
}

QTEST_GUILESS_MAIN(tst_PriceRefresh)
#include "tst_pricerefresh.moc"
