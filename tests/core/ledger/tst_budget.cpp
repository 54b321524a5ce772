#include "core/ledger/budget.h"
#include "tests/support/seededrandom.h"

#include <QDateTime>
#include <QTest>

#include <limits>

using namespace core;
using namespace std::chrono_literals;

//! Days of budgets under every clock there is, and the arithmetic of what is left.
class tst_Budget : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void spansTileTheYears_data();
    void spansTileTheYears();
    void daysAreThoseOfTheCalendar_data();
    void daysAreThoseOfTheCalendar();
    void zoneIsTheBudgetsOwn();
    void availableIsWhatIsLeft_data();
    void availableIsWhatIsLeft();
    void shortfall_data();
    void shortfall();
    void noticesAtTheirPercent_data();
    void noticesAtTheirPercent();
};

namespace {

UtcTime utc(const char *text)
{
    return UtcTime(std::chrono::milliseconds(
        QDateTime::fromString(QString::fromLatin1(text), Qt::ISODate).toMSecsSinceEpoch()));
}

constexpr std::int64_t Most = std::numeric_limits<std::int64_t>::max();

} // namespace

void tst_Budget::spansTileTheYears_data()
{
    QTest::addColumn<QByteArray>("zone");
    QTest::addColumn<int>("firstYear");
    QTest::addColumn<int>("lastYear");
    // The three that count most, each transition of 2024 to 2030, then the odd ones.
    QTest::newRow("berlin") << QByteArray("Europe/Berlin") << 2024 << 2030;
    QTest::newRow("new-york") << QByteArray("America/New_York") << 2024 << 2030;
    QTest::newRow("lord-howe-half-hour") << QByteArray("Australia/Lord_Howe") << 2024 << 2030;
    QTest::newRow("kolkata-no-dst") << QByteArray("Asia/Kolkata") << 2024 << 2024;
    QTest::newRow("havana-midnight-twice") << QByteArray("America/Havana") << 2024 << 2026;
    QTest::newRow("azores-no-midnight") << QByteArray("Atlantic/Azores") << 2024 << 2026;
    QTest::newRow("cairo-no-midnight") << QByteArray("Africa/Cairo") << 2023 << 2025;
    QTest::newRow("sao-paulo-before-2019") << QByteArray("America/Sao_Paulo") << 2016 << 2018;
    QTest::newRow("st-johns-one-past-midnight") << QByteArray("America/St_Johns") << 2005 << 2007;
    QTest::newRow("samoa-without-a-day") << QByteArray("Pacific/Apia") << 2011 << 2012;
}

void tst_Budget::spansTileTheYears()
{
    QFETCH(const QByteArray, zone);
    QFETCH(const int, firstYear);
    QFETCH(const int, lastYear);
    const QTimeZone clock(zone);
    QVERIFY(clock.isValid());
    const UtcTime begin = utc(qPrintable(QStringLiteral("%1-01-03T12:00:00Z").arg(firstYear)));
    const UtcTime end = utc(qPrintable(QStringLiteral("%1-12-30T12:00:00Z").arg(lastYear)));
    tests::SeededRandom random(5);
    for (const LimitPeriod period : {LimitPeriod::Day, LimitPeriod::Month}) {
        BudgetSpan span = spanAt(period, begin, clock);
        QStringList names;
        while (span.begin < end) {
            // Neither lost nor doubled: every moment of a span is of this span, and the next one
            // begins where it ends.
            QVERIFY(span.begin < span.end);
            QCOMPARE(spanAt(period, span.begin, clock), span);
            QCOMPARE(spanAt(period, span.end - 1ms, clock), span);
            const auto within = std::chrono::milliseconds(static_cast<std::int64_t>(
                random.uniform() * static_cast<double>((span.end - span.begin).count() - 1)));
            QCOMPARE(spanAt(period, span.begin + within, clock), span);
            QVERIFY2(!names.contains(span.name), qPrintable(span.name));
            names.append(span.name);
            const BudgetSpan next = spanAt(period, span.end, clock);
            QCOMPARE(next.begin, span.end);
            span = next;
        }
        const int years = lastYear - firstYear + 1;
        QVERIFY(names.size() >= (period == LimitPeriod::Month ? years * 12 : years * 365 - 5));
    }
}

void tst_Budget::daysAreThoseOfTheCalendar_data()
{
    QTest::addColumn<QByteArray>("zone");
    QTest::addColumn<QString>("at");
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("hours");
    const auto row = [](const char *name, const char *zone, const char *at, const char *day,
                        int hours) {
        QTest::newRow(name) << QByteArray(zone) << QString::fromLatin1(at)
                            << QString::fromLatin1(day) << hours;
    };
    row("ordinary", "Europe/Berlin", "2026-11-23T22:59:59Z", "2026-11-23", 24);
    row("midnight-is-the-next-day", "Europe/Berlin", "2026-11-23T23:00:00Z", "2026-11-24", 24);
    row("spring", "Europe/Berlin", "2026-03-29T10:00:00Z", "2026-03-29", 23);
    row("autumn", "Europe/Berlin", "2026-10-25T10:00:00Z", "2026-10-25", 25);
    row("kolkata", "Asia/Kolkata", "2026-11-23T18:30:00Z", "2026-11-24", 24);
    row("havana-second-midnight", "America/Havana", "2024-11-03T05:30:00Z", "2024-11-03", 25);
    row("samoa-after-the-missing-day", "Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31", 24);
}

void tst_Budget::daysAreThoseOfTheCalendar()
{
    QFETCH(const QByteArray, zone);
    QFETCH(const QString, at);
    QFETCH(const QString, name);
    QFETCH(const int, hours);
    const BudgetSpan span = spanAt(LimitPeriod::Day, utc(qPrintable(at)), QTimeZone(zone));
    QCOMPARE(span.name, name);
    QCOMPARE(std::chrono::duration_cast<std::chrono::hours>(span.end - span.begin).count(), hours);
    const BudgetSpan month = spanAt(LimitPeriod::Month, utc(qPrintable(at)), QTimeZone(zone));
    QCOMPARE(month.name, name.first(7));
    QVERIFY(month.begin <= span.begin && span.end <= month.end);
}

void tst_Budget::zoneIsTheBudgetsOwn()
{
    Budget budget;
    const QTimeZone machine("America/New_York");
    QCOMPARE(zoneOf(budget, machine), machine);
    budget.zone = "Asia/Tokyo";
    QCOMPARE(zoneOf(budget, machine), QTimeZone("Asia/Tokyo"));
    budget.zone = "Mars/Olympus";
    QCOMPARE(zoneOf(budget, machine), machine);
}

void tst_Budget::availableIsWhatIsLeft_data()
{
    QTest::addColumn<qint64>("limit");
    QTest::addColumn<qint64>("spent");
    QTest::addColumn<qint64>("reserved");
    QTest::addColumn<qint64>("available");
    const auto row = [](const char *name, qint64 limit, qint64 spent, qint64 reserved,
                        qint64 available) {
        QTest::newRow(name) << limit << spent << reserved << available;
    };
    row("fresh", 100, 0, 0, 100);
    row("some", 100, 30, 20, 50);
    row("all", 100, 80, 20, 0);
    row("over-is-not-negative", 100, 90, 50, 0);
    row("nothing-allowed", 0, 0, 0, 0);
    row("largest-limit", Most, 1, 1, Most - 2);
    row("largest-of-all", Most, Most, Most, 0);
}

void tst_Budget::availableIsWhatIsLeft()
{
    QFETCH(const qint64, limit);
    QFETCH(const qint64, spent);
    QFETCH(const qint64, reserved);
    QFETCH(const qint64, available);
    BudgetStanding standing;
    standing.budget.limit = limit;
    standing.spent = spent;
    standing.reserved = reserved;
    QCOMPARE(standing.available(), available);
    QVERIFY(standing.percentSpent() >= 0 && standing.percentSpent() <= 1000);
}

void tst_Budget::shortfall_data()
{
    QTest::addColumn<bool>("hard");
    QTest::addColumn<bool>("asked");
    QTest::addColumn<Consent>("consent");
    QTest::addColumn<qint64>("need");
    QTest::addColumn<bool>("refused");
    const auto row = [](const char *name, bool hard, bool asked, Consent consent, qint64 need,
                        bool refused) {
        QTest::newRow(name) << hard << asked << consent << need << refused;
    };
    row("fits", true, false, Consent::None, 40, false);
    row("hard", true, false, Consent::None, 41, true);
    row("hard-takes-no-soft-yes", true, false, Consent::Soft, 41, true);
    row("hard-allowed-once", true, false, Consent::Once, 41, false);
    row("soft-asks", false, false, Consent::None, 41, true);
    row("soft-was-asked", false, true, Consent::None, 41, false);
    row("soft-yes", false, false, Consent::Soft, 41, false);
    row("hard-is-not-asked-away", true, true, Consent::None, 41, true);
    row("free-always-fits", true, false, Consent::None, 0, false);
}

void tst_Budget::shortfall()
{
    QFETCH(const bool, hard);
    QFETCH(const bool, asked);
    QFETCH(const Consent, consent);
    QFETCH(const qint64, need);
    QFETCH(const bool, refused);
    for (const LimitUnit unit : {LimitUnit::Money, LimitUnit::Tokens, LimitUnit::Requests}) {
        BudgetStanding standing;
        standing.budget.id = 7;
        standing.budget.unit = unit;
        standing.budget.period = LimitPeriod::Day;
        standing.budget.hard = hard;
        standing.budget.limit = 100;
        standing.spent = 50;
        standing.reserved = 10;
        standing.asked = asked;
        Reservation reservation;
        reservation.consent = consent;
        if (unit == LimitUnit::Money)
            reservation.money = PicoUsd(need);
        if (unit == LimitUnit::Tokens)
            reservation.tokens = need;
        const auto lacking =
            shortfallOf(standing, reservation, unit == LimitUnit::Requests ? need : 0);
        QCOMPARE(lacking.has_value(), refused);
        if (!refused)
            continue;
        QCOMPARE(lacking->unit, unit);
        QCOMPARE(lacking->period, LimitPeriod::Day);
        QCOMPARE(lacking->budgetId, 7);
        QCOMPARE(lacking->hard, hard);
        QCOMPARE(lacking->need, need);
        QCOMPARE(lacking->left, 40);
    }
}

void tst_Budget::noticesAtTheirPercent_data()
{
    QTest::addColumn<qint64>("limit");
    QTest::addColumn<qint64>("spent");
    QTest::addColumn<int>("reached");
    QTest::newRow("below-half") << qint64(199) << qint64(99) << 0;
    QTest::newRow("half") << qint64(200) << qint64(100) << 50;
    QTest::newRow("four-fifths") << qint64(1000) << qint64(800) << 80;
    QTest::newRow("a-little-short") << qint64(199) << qint64(198) << 80;
    QTest::newRow("all") << qint64(199) << qint64(199) << 100;
    QTest::newRow("over") << qint64(10) << qint64(Most) << 100;
    QTest::newRow("largest") << qint64(Most) << qint64(Most) << 100;
    QTest::newRow("nothing-allowed") << qint64(0) << qint64(0) << 100;
}

void tst_Budget::noticesAtTheirPercent()
{
    QFETCH(const qint64, limit);
    QFETCH(const qint64, spent);
    QFETCH(const int, reached);
    BudgetStanding standing;
    standing.budget.limit = limit;
    standing.spent = spent;
    QCOMPARE(noticeReached(standing.percentSpent()), reached);
}

QTEST_GUILESS_MAIN(tst_Budget)
#include "tst_budget.moc"
