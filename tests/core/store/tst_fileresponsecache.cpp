#include "core/store/fileresponsecache.h"
#include "tests/core/store/storefixture.h"
#include "tests/support/fakeclock.h"

#include <QDir>

using namespace core;
using namespace std::chrono_literals;
using tests::awaited;

namespace {

CachedAnswer answerOf(const QString &text)
{
    CachedAnswer answer;
    answer.parts = {ReasoningPart{QStringLiteral("hm"), {}, {}, {}}, TextPart{text}};
    answer.model = QStringLiteral("gpt-test");
    answer.usage.tokens = {{UsageKind::Input, 9}, {UsageKind::Output, 2}};
    answer.usage.basis = UsageBasis::Provider;
    answer.cost = PicoUsd(12'300'000'000);
    return answer;
}

const QByteArray One("0a1b");
const QByteArray Two("2c3d");

} // namespace

class tst_FileResponseCache : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void comesBackWhole();
    void livesForADay();
    void leastUsedGoesFirst();
    void damageIsNothing();
    void isPrivateAndCanBeEmptied();
};

void tst_FileResponseCache::comesBackWhole()
{
    const QTemporaryDir folder;
    tests::FakeClock clock;
    {
        FileResponseCache cache(folder.filePath(QStringLiteral("answers")), clock);
        QCOMPARE(*awaited(cache.find(One)), std::nullopt);
        cache.keep(One, answerOf(QStringLiteral("Hé \"llo\"\n")));
        CachedAnswer unpriced = answerOf(QStringLiteral("free?"));
        unpriced.cost.reset();
        cache.keep(Two, unpriced);
        cache.keep("../out", unpriced); // no key
    }
    FileResponseCache cache(folder.filePath(QStringLiteral("answers")), clock);
    QCOMPARE(*awaited(cache.find(One)), answerOf(QStringLiteral("Hé \"llo\"\n")));
    QVERIFY((*awaited(cache.find(Two)))->cost == std::nullopt);
    QCOMPARE(*awaited(cache.find("../out")), std::nullopt);
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 0);
}

void tst_FileResponseCache::livesForADay()
{
    const QTemporaryDir folder;
    tests::FakeClock clock;
    FileResponseCache cache(folder.path(), clock);
    cache.keep(One, answerOf(QStringLiteral("a")));
    QVERIFY(awaited(cache.find(One))->has_value());
    clock.advance(FileResponseCache::Lifetime - 1ms);
    QVERIFY(awaited(cache.find(One))->has_value()); // use does not make it younger
    clock.advance(1ms);
    QVERIFY(!awaited(cache.find(One))->has_value());
    QVERIFY(QDir(folder.path()).entryList(QDir::Files).isEmpty());
}

void tst_FileResponseCache::leastUsedGoesFirst()
{
    const QTemporaryDir folder;
    tests::FakeClock clock;
    FileResponseCache cache(folder.path(), clock, 3'000);
    const CachedAnswer kilobyte = answerOf(QString(1'000, QLatin1Char('x')));
    clock.setUtcNow(UtcTime(std::chrono::milliseconds(QDateTime::currentMSecsSinceEpoch())));
    cache.keep("01", kilobyte);
    cache.keep("02", kilobyte);
    (void)awaited(cache.clear());
    // File times are the machine's: an entry that was used later by the clock is the newer one.
    cache.keep("01", kilobyte);
    cache.keep("02", kilobyte);
    clock.advance(10s);
    QVERIFY(awaited(cache.find("01"))->has_value());
    cache.keep("03", kilobyte);
    QVERIFY(awaited(cache.find("01"))->has_value());
    QVERIFY(!awaited(cache.find("02"))->has_value());
}

void tst_FileResponseCache::damageIsNothing()
{
    const QTemporaryDir folder;
    tests::FakeClock clock;
    FileResponseCache cache(folder.path(), clock);
    for (const QByteArray &bytes :
         {QByteArray(), QByteArray("{"), QByteArray("[]"), QByteArray(R"({"version":2})")}) {
        QFile file(folder.filePath(QString::fromLatin1(One) + QStringLiteral(".answer")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
        file.close();
        QVERIFY(!awaited(cache.find(One))->has_value());
    }
}

void tst_FileResponseCache::isPrivateAndCanBeEmptied()
{
    const QTemporaryDir folder;
    tests::FakeClock clock;
    const QString path = folder.filePath(QStringLiteral("answers"));
    FileResponseCache cache(path, clock);
    cache.keep(One, answerOf(QStringLiteral("a")));
    cache.keep(Two, answerOf(QStringLiteral("b")));
    QVERIFY(awaited(cache.find(One))->has_value());
    const auto others = QFileDevice::ReadGroup | QFileDevice::ReadOther | QFileDevice::ExeGroup |
                        QFileDevice::ExeOther;
    QVERIFY(!(QFileInfo(path).permissions() & others));
    for (const QFileInfo &file : QDir(path).entryInfoList(QDir::Files))
        QVERIFY(!(file.permissions() & others));
    QVERIFY(*awaited(cache.clear()) > 100);
    QVERIFY(QDir(path).entryList(QDir::Files).isEmpty());
    QCOMPARE(*awaited(cache.clear()), 0);
}

QTEST_GUILESS_MAIN(tst_FileResponseCache)
#include "tst_fileresponsecache.moc"
