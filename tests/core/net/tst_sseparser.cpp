#include "core/net/sseparser.h"
#include "tests/support/seededrandom.h"

#include <QRegularExpression>
#include <QTest>

#include <algorithm>

using core::SseFrame;
using core::SseParser;

namespace {

//! What came out: "event|data" for each frame, in order, and the lines that were no field.
struct Outcome
{
    QByteArrayList frames;
    QByteArray stray;
    bool operator==(const Outcome &) const = default;
};

//! Feeds \p stream in pieces whose lengths \p nextLength gives.
template <typename F>
Outcome parse(const QByteArray &stream, F &&nextLength)
{
    SseParser parser;
    Outcome out;
    QByteArray last;
    const auto keep = [&](const SseFrame &frame) {
        if (frame.hasLastName && frame.event != last)
            out.frames.append("not the last name");
        last = frame.event.toByteArray();
        out.frames.append(frame.event.toByteArray() + '|' + frame.data.toByteArray());
    };
    for (qsizetype at = 0; at < stream.size();) {
        const qsizetype length = std::min<qsizetype>(nextLength(), stream.size() - at);
        // A copy of its own: a view kept beyond the call would show under AddressSanitizer.
        const QByteArray piece(stream.constData() + at, length);
        parser.feed(piece, keep);
        at += length;
    }
    parser.finish(keep);
    out.stray = parser.stray().toByteArray();
    return out;
}

} // namespace

class tst_SseParser : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void frames_data();
    void frames();
    void endlessLineIsRefused();
    void caps_data();
    void caps();
    void commentFlood();
    void strayLinesAreBounded();
};

void tst_SseParser::frames_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<QByteArrayList>("frames");
    QTest::addColumn<QByteArray>("stray");
    const auto row = [](const char *name, const QByteArray &stream, const QByteArrayList &frames,
                        const QByteArray &stray = {}) {
        QTest::newRow(name) << stream << frames << stray;
    };
    row("nothing", "", {});
    row("line-feeds", "data: a\n\ndata: b\n\n", {"|a", "|b"});
    row("carriage-returns", "data: a\r\rdata: b\r\r", {"|a", "|b"});
    row("both", "data: a\r\n\r\ndata: b\r\n\r\n", {"|a", "|b"});
    row("mixed-ends", "data: a\r\ndata: b\n\rdata: c\n\n", {"|a\nb", "|c"});
    row("byte-order-mark",
        "\xef\xbb\xbf"
        "data: a\n\n",
        {"|a"});
    row("byte-order-mark-later",
        "data: a\n\n\xef\xbb\xbf"
        "data: b\n\n",
        {"|a"},
        "\xef\xbb\xbf"
        "data: b\n");
    row("event-name", "event: ping\ndata: {}\n\ndata: x\n\n", {"ping|{}", "|x"});
    row("event-without-data", "event: ping\n\ndata: x\n\n", {"|x"});
    row("several-data-lines", "data: a\ndata\ndata:c\n\n", {"|a\n\nc"});
    row("empty-data", "data\n\ndata:\n\n", {"|", "|"});
    row("one-space-only", "data:  a \n\n", {"| a "});
    row("comment", ": OPENROUTER PROCESSING\n\ndata: a\n: b\n\n", {"|a"});
    row("error-field", "error: {\"a\":1}\n\nevent: b\nerror:c\ndata: d\n\ndata: e\n\n",
        {"error|{\"a\":1}", "error|c\nd", "|e"});
    row("id-retry", "id: 1\nretry: 5\ndata: a\n\n", {"|a"});
    row("stray-json", "{\"error\":1}\ndata: a\n\n", {"|a"}, "{\"error\":1}\n");
    row("no-last-blank-line", "data: a\n", {"|a"});
    row("no-last-line-end", "data: a\n\ndata: b", {"|a", "|b"});
    row("retry-no-digits", "retry: soon\nretry: -1\nretry\ndata: a\n\n", {"|a"});
    row("nul-in-id", QByteArray("id: a\0b\ndata: a\n\n", 17), {"|a"});
    row("nul-in-data", QByteArray("data: a\0b\n\n", 11), {QByteArray("|a\0b", 4)});
    row("event-named-twice", "event: a\nevent: b\ndata: x\n\n", {"b|x"});
    row("event-name-is-forgotten", "event: a\n\ndata: x\n\n", {"|x"});
    row("only-line-ends", "\n\r\r\n\n\r\n", {});
    row("carriage-returns-join", "data: a\rdata: b\r\r", {"|a\nb"});
    row("half-a-byte-order-mark", "\xef\xbb", {}, "\xef\xbb\n");
    row("field-names-are-exact", "Data: a\n data: b\ndata : c\ndata: d\n\n", {"|d"},
        "Data: a\n data: b\ndata : c\n");
    // Frames that look like the one before are read faster; these only begin like it.
    const QByteArray named = "event: a\ndata: 1\n\n";
    row("names-repeat", named + named + "event: a\ndata: 22\n\n", {"a|1", "a|1", "a|22"});
    row("names-repeat-both-ends", "event: a\r\ndata: 1\r\n\r\nevent: a\r\ndata: 2\r\n\r\n",
        {"a|1", "a|2"});
    row("names-differ", named + "event: b\ndata: 1\n\n" + named + named,
        {"a|1", "b|1", "a|1", "a|1"});
    row("name-then-none", named + named + "data: 1\n\n" + named, {"a|1", "a|1", "|1", "a|1"});
    row("name-is-longer", named + "event: ab\ndata: 1\n\nevent: a\ndata: 1\n\n",
        {"a|1", "ab|1", "a|1"});
    row("then-more-data", named + "event: a\ndata: 1\ndata: 2\n\n" + named,
        {"a|1", "a|1\n2", "a|1"});
    row("then-an-id", named + "event: a\ndata: 1\nid: 2\n\nid: 1\n" + named, {"a|1", "a|1", "a|1"});
    row("then-another-name", named + "event: a\ndata: 1\nevent: b\n\n" + named,
        {"a|1", "b|1", "a|1"});
    row("a-comment-within", "event: a\n: x\ndata: 1\n\n" + named + named, {"a|1", "a|1", "a|1"});
    row("then-other-ends", named + "event: a\ndata: 1\r\revent: a\rdata: 1\r\n\r\n" + named,
        {"a|1", "a|1", "a|1", "a|1"});
    row("no-space-before-the-data", "event: a\ndata:1\n\nevent: a\ndata:1\n\n" + named,
        {"a|1", "a|1", "a|1"});
    row("then-empty-data", named + "event: a\ndata: \n\n" + named, {"a|1", "a|", "a|1"});
    row("then-no-end", named + "event: a\ndata: 1", {"a|1", "a|1"});
    row("a-carriage-return-within", named + "event: a\ndata: 1\rdata: 2\n\n", {"a|1", "a|1\n2"});
    row("utf-8", "data: \xf0\x9f\x8c\xbe\n\n", {"|\xf0\x9f\x8c\xbe"});
}

void tst_SseParser::frames()
{
    QFETCH(QByteArray, stream);
    QFETCH(QByteArrayList, frames);
    QFETCH(QByteArray, stray);
    const Outcome whole = parse(stream, [&stream] { return stream.size(); });
    QCOMPARE(whole.frames, frames);
    QCOMPARE(whole.stray, stray);
    QVERIFY(parse(stream, [] { return qsizetype(1); }) == whole);
    tests::SeededRandom random(7);
    for (int round = 0; round < 200; ++round)
        QVERIFY(parse(stream, [&random] { return qsizetype(1 + random.bits() % 7); }) == whole);
}

void tst_SseParser::endlessLineIsRefused()
{
    SseParser parser;
    int frames = 0;
    const auto count = [&frames](const SseFrame &) { ++frames; };
    const QByteArray atCap = QByteArray("data:").leftJustified(SseParser::MostEventBytes, 'x');
    QVERIFY(parser.feed(atCap, count));
    QVERIFY(!parser.feed("x", count));
    QVERIFY(!parser.feed("\n\ndata: a\n\n", count));
    parser.finish(count);
    QCOMPARE(frames, 0);
}

void tst_SseParser::caps_data()
{
    QTest::addColumn<qsizetype>("beyond");
    QTest::addColumn<bool>("severalLines");
    QTest::addColumn<bool>("taken");
    for (const bool severalLines : {false, true}) {
        const char *shape = severalLines ? "lines" : "line";
        QTest::addRow("%s-below-cap", shape) << qsizetype(-1) << severalLines << true;
        QTest::addRow("%s-at-cap", shape) << qsizetype(0) << severalLines << true;
        QTest::addRow("%s-above-cap", shape) << qsizetype(1) << severalLines << false;
    }
}

//! The cap holds for what is kept: data joined so far and the line at hand, field name included.
void tst_SseParser::caps()
{
    QFETCH(const qsizetype, beyond);
    QFETCH(const bool, severalLines);
    QFETCH(const bool, taken);
    const QByteArray first = severalLines ? QByteArray("data: a\n") : QByteArray();
    const qsizetype kept = severalLines ? 1 : 0;
    const QByteArray stream =
        first + QByteArray("data:").leftJustified(SseParser::MostEventBytes + beyond - kept, 'x');
    for (const qsizetype step : {stream.size() + 2, qsizetype(1024 * 1024)}) {
        SseParser parser;
        qsizetype size = -1;
        const auto measure = [&size](const SseFrame &frame) { size = frame.data.size(); };
        bool fed = true;
        const QByteArray all = stream + "\n\n";
        for (qsizetype at = 0; at < all.size(); at += step)
            fed = parser.feed(QByteArrayView(all).sliced(at, std::min(step, all.size() - at)),
                              measure);
        QCOMPARE(fed, taken);
        const qsizetype joined = severalLines ? 2 : 0; // "a" and the line feed
        QCOMPARE(size, taken ? SseParser::MostEventBytes + beyond - kept - 5 + joined : -1);
    }
}

void tst_SseParser::commentFlood()
{
    SseParser parser;
    QByteArrayList frames;
    const auto keep = [&frames](const SseFrame &frame) { frames << frame.data.toByteArray(); };
    QVERIFY(!parser.sawComment());
    const QByteArray flood = QByteArray(": OPENROUTER PROCESSING\n\n").repeated(100'000);
    QVERIFY(parser.feed(flood, keep));
    QVERIFY(parser.sawComment());
    QVERIFY(parser.feed("data: a\n\n", keep));
    QCOMPARE(frames, QByteArrayList{"a"});
    QVERIFY(parser.stray().isEmpty());
}

void tst_SseParser::strayLinesAreBounded()
{
    SseParser parser;
    int frames = 0;
    const auto count = [&frames](const SseFrame &) { ++frames; };
    QVERIFY(parser.feed(QByteArray("not a field\n").repeated(100'000), count));
    QVERIFY(!parser.stray().isEmpty());
    QVERIFY(parser.stray().size() <= SseParser::MostStrayBytes);
    QVERIFY(parser.feed("\ndata: a\n\n", count));
    QCOMPARE(frames, 1);
}

QTEST_GUILESS_MAIN(tst_SseParser)
#include "tst_sseparser.moc"
