#include "core/stats/spendrange.h"

#include <QDateTime>
#include <QTest>

using namespace std::chrono_literals;
using core::SpendRange;
using core::UtcTime;

namespace {

UtcTime utc(const char *iso)
{
    return UtcTime(std::chrono::milliseconds(
        QDateTime::fromString(QString::fromLatin1(iso), Qt::ISODate).toMSecsSinceEpoch()));
}

} // namespace

class tst_SpendRange : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void steps_data();
    void steps();
    void daysTileTheSpanThroughDst();
    void quartersFallIntoTheirStep();
};

void tst_SpendRange::steps_data()
{
    QTest::addColumn<int>("range");
    QTest::addColumn<QByteArray>("zone");
    QTest::addColumn<int>("count");
    QTest::addColumn<QString>("since");
    QTest::addColumn<QString>("until");
    QTest::addColumn<QString>("now");
    const auto row = [](const char *name, SpendRange range, const char *zone, int count,
                        const char *since, const char *until,
                        const char *now = "2026-10-25T12:00:00Z") {
        QTest::newRow(name) << static_cast<int>(range) << QByteArray(zone) << count
                            << QString::fromLatin1(since) << QString::fromLatin1(until)
                            << QString::fromLatin1(now);
    };
    row("month-runs-to-its-last-day", SpendRange::Month, "UTC", 31, "2026-10-01T00:00:00Z",
        "2026-11-01T00:00:00Z");
    row("month-with-clock-change", SpendRange::Month, "Europe/Berlin", 31, "2026-09-30T22:00:00Z",
        "2026-10-31T23:00:00Z");
    row("today-of-25-hours", SpendRange::Today, "Europe/Berlin", 100, "2026-10-24T22:00:00Z",
        "2026-10-25T23:00:00Z");
    row("today-in-kolkata", SpendRange::Today, "Asia/Kolkata", 96, "2026-10-24T18:30:00Z",
        "2026-10-25T18:30:00Z");
    row("seven-days", SpendRange::SevenDays, "UTC", 7, "2026-10-19T00:00:00Z",
        "2026-10-26T00:00:00Z");
    // At one o'clock it was midnight again. (Of years to come the zone's rules may change yet.)
    row("today-of-two-midnights", SpendRange::Today, "America/Havana", 100, "2023-11-05T04:00:00Z",
        "2023-11-06T05:00:00Z", "2023-11-05T12:00:00Z");
    row("month-of-two-midnights", SpendRange::Month, "America/Havana", 30, "2023-11-01T04:00:00Z",
        "2023-12-01T05:00:00Z", "2023-11-05T12:00:00Z");
    row("seven-days-of-two-midnights", SpendRange::SevenDays, "America/Havana", 7,
        "2023-10-30T04:00:00Z", "2023-11-06T05:00:00Z", "2023-11-05T12:00:00Z");
}

void tst_SpendRange::steps()
{
    QFETCH(const int, range);
    QFETCH(const QByteArray, zone);
    QFETCH(const int, count);
    QFETCH(const QString, since);
    QFETCH(const QString, until);
    QFETCH(const QString, now);
    const auto span =
        core::spanOf(static_cast<SpendRange>(range), utc(qPrintable(now)), QTimeZone(zone), 1, {});
    QCOMPARE(span.steps.size(), count);
    QCOMPARE(span.filter.since->time_since_epoch().count(),
             utc(qPrintable(since)).time_since_epoch().count());
    QCOMPARE(span.filter.until->time_since_epoch().count(),
             utc(qPrintable(until)).time_since_epoch().count());
}

void tst_SpendRange::daysTileTheSpanThroughDst()
{
    const auto span = core::spanOf(SpendRange::Month, utc("2026-03-15T12:00:00Z"),
                                   QTimeZone("America/New_York"), 1, {});
    int shortDays = 0;
    for (qsizetype i = 0; i < span.steps.size(); ++i) {
        const auto end = i + 1 < span.steps.size() ? span.steps.at(i + 1) : span.end;
        const auto length = end - span.steps.at(i);
        shortDays += length == 23h;
        QVERIFY(length == 24h || length == 23h);
    }
    QCOMPARE(shortDays, 1);
}

void tst_SpendRange::quartersFallIntoTheirStep()
{
    const auto span =
        core::spanOf(SpendRange::SevenDays, utc("2026-10-25T12:00:00Z"), QTimeZone::utc(), 1, {});
    core::SpendRow row;
    row.provider = QStringLiteral("anthropic");
    row.sums.cost = {core::PicoUsd(5), core::PicoUsd(7), true};
    row.sums.firstToken.add(120ms);
    QList<core::SpendRow> quarters;
    for (const char *at : {"2026-10-18T23:45:00Z", "2026-10-19T00:00:00Z", "2026-10-19T23:45:00Z",
                           "2026-10-25T12:00:00Z", "2026-10-26T00:00:00Z"}) {
        row.quarter = utc(at);
        quarters.append(row);
    }
    const auto steps = core::stepsOf(span, quarters);
    QCOMPARE(steps.size(), 7);
    QCOMPARE(steps.first().costByProvider.value(row.provider).high.count(), 14);
    QCOMPARE(steps.first().firstToken.count(), 2U);
    QCOMPARE(steps.at(6).costByProvider.value(row.provider).low.count(), 5);
    QVERIFY(steps.at(3).costByProvider.isEmpty());
}

QTEST_APPLESS_MAIN(tst_SpendRange)
#include "tst_spendrange.moc"
