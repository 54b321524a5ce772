#include "core/net/retryafter.h"
#include "tests/support/seededrandom.h"

#include <QRegularExpression>
#include <QTest>

using core::HttpHeaders;
using std::chrono::milliseconds;
using Hint = std::optional<milliseconds>;

Q_DECLARE_METATYPE(HttpHeaders)
Q_DECLARE_METATYPE(Hint)

class tst_RetryAfter : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void hint_data();
    void hint();
    void shouldRetry_data();
    void shouldRetry();
    void duration_data();
    void duration();
    void sentence_data();
    void sentence();
    void instant_data();
    void instant();
    void rfc3339_data();
    void rfc3339();
    void httpDate_data();
    void httpDate();
    void noiseNeverMakesABadHint();
};

namespace {

const QByteArray Date = "Mon, 23 Nov 2026 12:00:00 GMT";

Hint ms(milliseconds::rep count)
{
    return milliseconds(count);
}

} // namespace

void tst_RetryAfter::hint_data()
{
    QTest::addColumn<HttpHeaders>("headers");
    QTest::addColumn<Hint>("expected");
    const auto after = [](const char *name, const QByteArray &value, const Hint &expected) {
        QTest::newRow(name) << HttpHeaders{{"Date", Date}, {"Retry-After", value}} << expected;
    };
    const auto afterMs = [](const char *name, const QByteArray &value, const Hint &expected) {
        QTest::newRow(name) << HttpHeaders{{"retry-after-ms", value}} << expected;
    };
    QTest::newRow("no-header") << HttpHeaders{} << Hint();
    after("seconds", "20", ms(20'000));
    after("fraction", "0.25", ms(250));
    after("fraction-rounds-up", "0.0001", ms(1));
    after("spaces", "  7 ", ms(7'000));
    after("plus-sign", "+7", ms(7'000));
    after("exponent", "1e1", ms(10'000));
    after("a-day", "86400", ms(86'400'000));
    after("zero", "0", Hint());
    after("negative", "-5", Hint());
    after("negative-zero", "-0.0", Hint());
    after("nan", "NaN", Hint());
    after("negative-nan", "-nan", Hint());
    after("inf", "inf", Hint());
    after("infinity", "Infinity", Hint());
    after("negative-inf", "-inf", Hint());
    after("overflow", "1e400", Hint());
    after("overflow-by-thousand", "1.7e308", Hint());
    after("huge", "1e300", core::MaxHint);
    after("int64-overflow", "99999999999999999999", core::MaxHint);
    after("underflow", "1e-400", Hint());
    after("empty", "", Hint());
    after("word", "soon", Hint());
    after("unit", "20s", Hint());
    after("comma", "1,5", Hint());
    after("two-numbers", "1 2", Hint());
    after("hex", "0x10", Hint());
    after("nul-inside", QByteArray("1\0002", 3), Hint());
    after("five-megabytes", QByteArray(5 << 20, '9'), Hint());
    after("arabic-digits", "\u0661\u0662", Hint());
    after("date", "Mon, 23 Nov 2026 12:00:42 GMT", ms(42'000));
    after("date-rfc850", "Monday, 23-Nov-26 12:01:00 GMT", ms(60'000));
    after("date-asctime", "Mon Nov 23 12:00:05 2026", ms(5'000));
    after("date-equal", Date, Hint());
    after("date-past", "Mon, 23 Nov 2026 11:59:59 GMT", Hint());
    after("date-far", "Fri, 31 Dec 9999 23:59:59 GMT", core::MaxHint);
    after("date-wrong-zone", "Mon, 23 Nov 2026 12:00:42 PST", Hint());
    after("date-no-such-day", "Mon, 31 Nov 2026 12:00:42 GMT", Hint());
    QTest::newRow("date-without-date-header")
        << HttpHeaders{{"Retry-After", "Mon, 23 Nov 2026 12:00:42 GMT"}} << Hint();
    QTest::newRow("date-with-bad-date-header")
        << HttpHeaders{{"Retry-After", "Mon, 23 Nov 2026 12:00:42 GMT"}, {"Date", "yesterday"}}
        << Hint();
    afterMs("ms", "1500", ms(1'500));
    afterMs("ms-fraction-rounds-up", "12.1", ms(13));
    afterMs("ms-negative", "-1", Hint());
    afterMs("ms-nan", "nan", Hint());
    afterMs("ms-five-megabytes", QByteArray(5 << 20, '1'), Hint());
    QTest::newRow("ms-wins") << HttpHeaders{{"retry-after", "9"}, {"retry-after-ms", "100"}}
                             << ms(100);
    QTest::newRow("bad-ms-falls-through")
        << HttpHeaders{{"retry-after", "9"}, {"retry-after-ms", "inf"}} << ms(9'000);
    QTest::newRow("first-of-two") << HttpHeaders{{"retry-after", "9"}, {"retry-after", "1"}}
                                  << ms(9'000);
}

void tst_RetryAfter::hint()
{
    QFETCH(const HttpHeaders, headers);
    QFETCH(const Hint, expected);
    QVERIFY(core::retryAfterHint(headers) == expected);
}

void tst_RetryAfter::shouldRetry_data()
{
    QTest::addColumn<HttpHeaders>("headers");
    QTest::addColumn<std::optional<bool>>("expected");
    QTest::newRow("absent") << HttpHeaders{} << std::optional<bool>();
    QTest::newRow("true") << HttpHeaders{{"X-Should-Retry", "true"}} << std::optional(true);
    QTest::newRow("false") << HttpHeaders{{"x-should-retry", " False"}} << std::optional(false);
    QTest::newRow("number") << HttpHeaders{{"x-should-retry", "1"}} << std::optional<bool>();
    QTest::newRow("empty") << HttpHeaders{{"x-should-retry", ""}} << std::optional<bool>();
}

void tst_RetryAfter::shouldRetry()
{
    QFETCH(const HttpHeaders, headers);
    QFETCH(const std::optional<bool>, expected);
    QVERIFY(core::shouldRetryHint(headers) == expected);
}

void tst_RetryAfter::duration_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<Hint>("expected");
    const auto row = [](const char *name, const QByteArray &text, const Hint &expected) {
        QTest::newRow(name) << text << expected;
    };
    row("minutes-and-seconds", "1m0s", ms(60'000));
    row("six-minutes", "6m0s", ms(360'000));
    row("fraction", "17.379s", ms(17'379));
    row("milliseconds", "26ms", ms(26));
    row("everything", "1h2m3.5s", ms(3'723'500));
    row("protobuf", "34.4s", ms(34'400));
    row("protobuf-nine-digits", "0.000000001s", ms(1));
    row("microseconds", "1500us", ms(2));
    row("micro-sign", "1500\u00b5s", ms(2));
    row("nanoseconds", "1ns", ms(1));
    row("spaces-around", " 26ms ", ms(26));
    row("leading-point", ".5s", ms(500));
    row("huge", "99999999999999999999h", core::MaxHint);
    row("zero", "0s", Hint());
    row("zero-sum", "0m0s", Hint());
    row("negative", "-1s", Hint());
    row("no-unit", "12", Hint());
    row("no-number", "s", Hint());
    row("unknown-unit", "3d", Hint());
    row("space-inside", "1m 0s", Hint());
    row("two-points", "1.2.3s", Hint());
    row("exponent", "1e3s", Hint());
    row("word", "infs", Hint());
    row("empty", "", Hint());
    row("long", QByteArray(100'000, '1') + 's', Hint());
}

void tst_RetryAfter::duration()
{
    QFETCH(const QByteArray, text);
    QFETCH(const Hint, expected);
    QVERIFY(core::parseDuration(text) == expected);
}

void tst_RetryAfter::sentence_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<Hint>("expected");
    const auto row = [](const char *name, const char *text, const Hint &expected) {
        QTest::newRow(name) << QString::fromLatin1(text) << expected;
    };
    row("go", "Please try again in 1m30.5s. Visit a page.", ms(90'500));
    row("milliseconds", "Please try again in 26ms.", ms(26));
    row("gemini", "Please retry in 48.940123456s.", ms(48'941));
    row("seconds", "Please retry after 20 seconds.", ms(20'000));
    row("one-second", "Try again in 1 second.", ms(1000));
    row("minutes", "Please try again in 3 minutes.", ms(180'000));
    row("hours", "try again in 2 hours", ms(7'200'000));
    row("wait", "Please wait 42338 seconds before retrying.", ms(42'338'000));
    row("no-unit", "Please try again in 20", Hint());
    row("no-number", "Please try again in a moment.", Hint());
    row("days", "Please try again in 3 days.", Hint());
    row("zero", "Please retry in 0s.", Hint());
    row("another-number", "Limit 30000, used 22999.", Hint());
    row("empty", "", Hint());
}

void tst_RetryAfter::sentence()
{
    QFETCH(const QString, text);
    QFETCH(const Hint, expected);
    QVERIFY(core::waitSaidIn(text) == expected);
}

void tst_RetryAfter::instant_data()
{
    QTest::addColumn<std::int64_t>("count");
    QTest::addColumn<QByteArray>("date");
    QTest::addColumn<Hint>("expected");
    const auto row = [](const char *name, std::int64_t count, const QByteArray &date,
                        const Hint &expected) { QTest::newRow(name) << count << date << expected; };
    row("seconds", 1'795'435'203, Date, ms(3000));
    row("milliseconds", 1'795'435'203'250, Date, ms(3250));
    row("past", 1'795'435'199, Date, Hint());
    row("a-wait", 60, Date, Hint());
    row("between-the-two", 500'000'000'000, Date, Hint());
    row("beyond-sense", 999'999'999'999'999'999, Date, Hint());
    row("far", 99'999'999'999, Date, core::MaxHint);
    row("no-date", 1'795'435'203, {}, Hint());
}

void tst_RetryAfter::instant()
{
    QFETCH(const std::int64_t, count);
    QFETCH(const QByteArray, date);
    QFETCH(const Hint, expected);
    QVERIFY(core::untilInstant(count, {{"date", date}}) == expected);
    QCOMPARE(core::isInstant(count), count > 60);
}

void tst_RetryAfter::rfc3339_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<Hint>("expected");
    const auto row = [](const char *name, const QByteArray &text, const Hint &expected) {
        QTest::newRow(name) << text << expected;
    };
    row("utc", "2026-11-23T12:00:30Z", ms(30'000));
    row("lower-case", "2026-11-23t12:00:30z", ms(30'000));
    row("offset", "2026-11-23T13:00:30+01:00", ms(30'000));
    row("negative-offset", "2026-11-23T07:00:30-05:00", ms(30'000));
    row("fraction", "2026-11-23T12:00:30.250Z", ms(30'250));
    row("past", "2026-11-23T11:59:59Z", Hint());
    row("now", "2026-11-23T12:00:00Z", Hint());
    row("no-zone", "2026-11-23T12:00:30", Hint());
    row("date-only", "2026-11-24", Hint());
    row("date-with-z", "2026-11-24Z", Hint());
    row("no-such-day", "2026-11-31T12:00:30Z", Hint());
    row("seconds", "30", Hint());
    row("empty", "", Hint());
    row("long", QByteArray(100'000, '2') + 'Z', Hint());
}

void tst_RetryAfter::rfc3339()
{
    QFETCH(const QByteArray, text);
    QFETCH(const Hint, expected);
    const auto now = core::parseHttpDate(Date);
    QVERIFY(now);
    QVERIFY(core::untilRfc3339(text, *now) == expected);
}

void tst_RetryAfter::httpDate_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<std::optional<qint64>>("expected"); // seconds since 1970
    const auto row = [](const char *name, const QByteArray &text, std::optional<qint64> expected) {
        QTest::newRow(name) << text << expected;
    };
    row("imf", "Sun, 06 Nov 1994 08:49:37 GMT", 784111777);
    row("rfc850", "Sunday, 06-Nov-94 08:49:37 GMT", 784111777);
    row("asctime", "Sun Nov  6 08:49:37 1994", 784111777);
    row("epoch", "Thu, 01 Jan 1970 00:00:00 GMT", 0);
    row("leap-day", "Thu, 29 Feb 2024 00:00:00 GMT", 1709164800);
    row("leap-second", "Sat, 31 Dec 2016 23:59:60 GMT", 1483228799);
    row("no-leap-day", "Wed, 29 Feb 2023 00:00:00 GMT", std::nullopt);
    row("hour-24", "Sun, 06 Nov 1994 24:00:00 GMT", std::nullopt);
    row("second-61", "Sun, 06 Nov 1994 08:49:61 GMT", std::nullopt);
    row("month-word", "Sun, 06 Foo 1994 08:49:37 GMT", std::nullopt);
    row("sign", "Sun, +6 Nov 1994 08:49:37 GMT", std::nullopt);
    row("no-zone", "Sun, 06 Nov 1994 08:49:37", std::nullopt);
    row("iso", "1994-11-06T08:49:37Z", std::nullopt);
    row("empty", "", std::nullopt);
}

void tst_RetryAfter::httpDate()
{
    QFETCH(const QByteArray, text);
    QFETCH(const std::optional<qint64>, expected);
    const auto actual = core::parseHttpDate(text);
    QCOMPARE(actual.has_value(), expected.has_value());
    if (actual)
        QCOMPARE(actual->time_since_epoch().count(), *expected * 1000);
}

void tst_RetryAfter::noiseNeverMakesABadHint()
{
    static constexpr char Alphabet[] = "0123456789.-+eEnaifmshuZT:, GMTNovSun\xc2\xb5";
    tests::SeededRandom random(7);
    const auto now = core::parseHttpDate(Date);
    int hints = 0;
    for (int round = 0; round < 200'000; ++round) {
        QByteArray noise;
        const auto length = random.bits() % 12;
        for (std::uint64_t i = 0; i < length; ++i)
            noise += Alphabet[random.bits() % (sizeof(Alphabet) - 1)];
        for (const Hint &hint : {core::retryAfterHint({{"retry-after", noise}, {"date", Date}}),
                                 core::retryAfterHint({{"retry-after-ms", noise}}),
                                 core::parseDuration(noise), core::untilRfc3339(noise, *now)}) {
            if (!hint)
                continue;
            ++hints;
            QVERIFY2(hint->count() > 0 && *hint <= core::MaxHint, noise.constData());
        }
    }
    QVERIFY(hints > 1000); // the noise does reach the arithmetic
}

QTEST_GUILESS_MAIN(tst_RetryAfter)
#include "tst_retryafter.moc"
