#include "core/resilience/deadlines.h"

#include <QTest>

using core::Silence;
using core::SilenceWatch;
using core::SteadyTime;
using namespace std::chrono_literals;

class tst_Deadlines : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void totalFollowsTheLongestAnswer_data();
    void totalFollowsTheLongestAnswer();
    void silenceIsTold();
    void pingsAreNoContent();
    void nextLookIsInTime();
};

static const SteadyTime Start{1'000s};

void tst_Deadlines::totalFollowsTheLongestAnswer_data()
{
    QTest::addColumn<qint64>("tokens");
    QTest::addColumn<int>("seconds");
    QTest::newRow("none") << qint64(0) << 600;
    QTest::newRow("negative") << qint64(-7) << 600;
    QTest::newRow("short") << qint64(1'000) << 600;
    QTest::newRow("just-ten-minutes") << qint64(21'333) << 600;
    QTest::newRow("half-an-hour") << qint64(64'000) << 1'800;
    QTest::newRow("an-hour") << qint64(128'000) << 3'600;
    QTest::newRow("more") << std::numeric_limits<qint64>::max() << 3'600;
}

void tst_Deadlines::totalFollowsTheLongestAnswer()
{
    QFETCH(const qint64, tokens);
    QFETCH(const int, seconds);
    QCOMPARE(core::totalDeadline(tokens), std::chrono::milliseconds(1s * seconds));
    QCOMPARE(core::totalDeadline({}), std::chrono::milliseconds(1h));
}

void tst_Deadlines::silenceIsTold()
{
    SilenceWatch watch(Start);
    QCOMPARE(watch.at(Start + 14'999ms), Silence::None);
    QCOMPARE(watch.at(Start + 15s), Silence::NoBytes);
    watch.noteContent(Start + 20s);
    QCOMPARE(watch.at(Start + 20s), Silence::None);
    QCOMPARE(watch.at(Start + 35s), Silence::NoBytes);
    QCOMPARE(watch.lasts(Start + 35s), 15s);
}

void tst_Deadlines::pingsAreNoContent()
{
    SilenceWatch watch(Start);
    for (auto at = 10s; at <= 1'000s; at += 10s) {
        watch.noteBytes(Start + at);
        QCOMPARE(watch.at(Start + at), at < 300s ? Silence::None : Silence::NoContent);
    }
    QCOMPARE(watch.at(Start + 1'015s), Silence::NoBytes);
    QCOMPARE(watch.lasts(Start + 1'015s), 1'015s);
    watch.noteContent(Start + 1'020s);
    QCOMPARE(watch.at(Start + 1'020s), Silence::None);
}

void tst_Deadlines::nextLookIsInTime()
{
    SilenceWatch watch(Start);
    QCOMPARE(watch.untilNext(Start), 15s);
    QCOMPARE(watch.untilNext(Start + 10s), 5s);
    QCOMPARE(watch.untilNext(Start + 15s), 15s); // told already; bytes may come
    watch.noteBytes(Start + 290s);
    QCOMPARE(watch.untilNext(Start + 291s), 9s); // no content for 300 s comes before no bytes
    QCOMPARE(watch.untilNext(Start + 301s), 4s);
}

QTEST_GUILESS_MAIN(tst_Deadlines)
#include "tst_deadlines.moc"
