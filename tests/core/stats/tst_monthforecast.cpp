#include "core/stats/monthforecast.h"

#include <QDateTime>
#include <QRegularExpression>
#include <QTest>

using namespace core;
using namespace Qt::StringLiterals;

//! The month at the pace it has had: one rule, said when there is something to say.
class tst_MonthForecast : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u".?"_s)); }
    void carriesThePaceOn_data();
    void carriesThePaceOn();
    void rangeStaysARange();
    void daysHaveTheMonthsPace();
    void unknownStaysUnknown_data();
    void unknownStaysUnknown();
};

namespace {

UtcTime utc(const QString &iso)
{
    return UtcTime(
        std::chrono::milliseconds(QDateTime::fromString(iso, Qt::ISODate).toMSecsSinceEpoch()));
}

Cost dollars(const QString &low, const QString &high, bool complete = true)
{
    return {*PicoUsd::fromDecimal(low), *PicoUsd::fromDecimal(high), complete};
}

} // namespace

void tst_MonthForecast::carriesThePaceOn_data()
{
    QTest::addColumn<QByteArray>("zone");
    QTest::addColumn<QString>("now");
    QTest::addColumn<QString>("soFar");
    QTest::addColumn<QString>("atEnd"); // empty: too early
    const auto row = [](const char *name, const char *zone, const QString &now,
                        const QString &soFar, const QString &atEnd) {
        QTest::newRow(name) << QByteArray(zone) << now << soFar << atEnd;
    };
    row("first-moment", "UTC", u"2026-11-01T00:00:00Z"_s, u"0"_s, {});
    row("one-dear-day", "UTC", u"2026-11-01T18:00:00Z"_s, u"12"_s, {});
    row("just-too-early", "UTC", u"2026-11-03T23:59:59Z"_s, u"3"_s, {});
    row("three-days", "UTC", u"2026-11-04T00:00:00Z"_s, u"3"_s, u"30"_s);
    row("half", "UTC", u"2026-11-16T00:00:00Z"_s, u"18.4"_s, u"36.8"_s);
    row("within-a-day", "UTC", u"2026-11-06T06:00:00Z"_s, u"21"_s, u"120"_s);
    row("nothing-spent", "UTC", u"2026-11-16T00:00:00Z"_s, u"0"_s, u"0"_s);
    row("last-day", "UTC", u"2026-11-30T12:00:00Z"_s, u"59"_s, u"60"_s);
    row("short-month", "UTC", u"2026-02-15T00:00:00Z"_s, u"10"_s, u"20"_s);
    row("leap-year", "UTC", u"2028-02-15T12:00:00Z"_s, u"10"_s, u"20"_s);
    // Local time decides the month: in Kolkata it is 1 December already.
    row("next-month-there", "Asia/Kolkata", u"2026-11-30T20:00:00Z"_s, u"1"_s, {});
    row("half-there", "Asia/Kolkata", u"2026-11-15T18:30:00Z"_s, u"5"_s, u"10"_s);
    // October has an hour more in Berlin: 745 of them, of which 372.5 have passed.
    row("clock-set-back", "Europe/Berlin", u"2026-10-16T10:30:00Z"_s, u"5"_s, u"10"_s);
    row("tiny", "UTC", u"2026-11-16T00:00:00Z"_s, u"0.000000000001"_s, u"0.000000000002"_s);
    row("thrice", "UTC", u"2026-11-11T00:00:00Z"_s, u"0.333333333333"_s, u"0.999999999999"_s);
}

void tst_MonthForecast::carriesThePaceOn()
{
    QFETCH(const QByteArray, zone);
    QFETCH(const QString, now);
    QFETCH(const QString, soFar);
    QFETCH(const QString, atEnd);
    const Cost cost = dollars(soFar, soFar);
    const MonthForecast forecast = monthForecast(cost, utc(now), QTimeZone(zone));
    QCOMPARE(forecast.soFar, cost);
    QCOMPARE(forecast.atEnd.has_value(), !atEnd.isEmpty());
    QCOMPARE(forecast.saidFrom <= utc(now), !atEnd.isEmpty());
    if (forecast.atEnd)
        QCOMPARE(*forecast.atEnd, dollars(atEnd, atEnd));
}

void tst_MonthForecast::rangeStaysARange()
{
    const auto forecast = monthForecast(dollars(u"4"_s, u"6"_s, false),
                                        utc(u"2026-11-16T00:00:00Z"_s), QTimeZone::utc());
    QCOMPARE(forecast.atEnd, std::optional(dollars(u"8"_s, u"12"_s, false)));
}

void tst_MonthForecast::daysHaveTheMonthsPace()
{
    // The night of the 25th has an hour more.
    const QTimeZone berlin("Europe/Berlin");
    const auto forecast =
        monthForecast(dollars(u"37.25"_s, u"74.5"_s), utc(u"2026-10-16T10:30:00Z"_s), berlin);
    using namespace std::chrono_literals;
    QCOMPARE(forecast.during(24h), std::optional(dollars(u"2.4"_s, u"4.8"_s)));
    QCOMPARE(forecast.during(25h), std::optional(dollars(u"2.5"_s, u"5"_s)));
    const auto early =
        monthForecast(dollars(u"1"_s, u"1"_s), utc(u"2026-10-02T10:30:00Z"_s), berlin);
    QVERIFY(!early.during(24h));
}

void tst_MonthForecast::unknownStaysUnknown_data()
{
    QTest::addColumn<Cost>("cost");
    QTest::newRow("no-price-at-all") << dollars(u"0"_s, u"0"_s, false);
    QTest::newRow("beyond-the-range") << dollars(u"9000000"_s, u"9000000"_s);
}

void tst_MonthForecast::unknownStaysUnknown()
{
    QFETCH(const Cost, cost);
    QVERIFY(!monthForecast(cost, utc(u"2026-11-16T00:00:00Z"_s), QTimeZone::utc()).atEnd);
}

QTEST_GUILESS_MAIN(tst_MonthForecast)
#include "tst_monthforecast.moc"
