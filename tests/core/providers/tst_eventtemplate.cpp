#include "core/providers/eventtemplate.h"
#include "core/providers/textevents.h"

#include <QTest>

using core::EventTemplate;

class tst_EventTemplate : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".?"))); }
    void reads_data();
    void reads();
    void doubtIsNotLearnt_data();
    void doubtIsNotLearnt();
    void forgets();
    void nameCounts();
    void whatElseDiffers_data();
    void whatElseDiffers();
    void textsJoin_data();
    void textsJoin();
    void memoryIsUsedAgain();
};

namespace {

const QByteArray Learnt(
    R"({"id":"c1","choices":[{"delta":{"content":"first"},"index":0}],"obfuscation":"abc"})");

EventTemplate learnt()
{
    EventTemplate shape({"content"});
    shape.learn("", Learnt, QStringLiteral("first"));
    return shape;
}

} // namespace

void tst_EventTemplate::reads_data()
{
    QTest::addColumn<QByteArray>("data");
    QTest::addColumn<QString>("text"); // null: not the learnt event
    const auto row = [](const char *name, const char *content, const char *padding,
                        const QString &text) {
        QTest::newRow(name) << QByteArray(Learnt).replace("first", content).replace("abc", padding)
                            << text;
    };
    row("same", "first", "abc", QStringLiteral("first"));
    row("other-text", "second", "abc", QStringLiteral("second"));
    row("other-padding", "second", "x9", QStringLiteral("second"));
    row("empty-padding", "second", "", QStringLiteral("second"));
    row("empty-text", "", "abc", QLatin1String(""));
    row("utf-8", "\xc3\xa9\xf0\x9f\x98\x80", "abc", QString::fromUtf8("\xc3\xa9\xf0\x9f\x98\x80"));
    row("newline", "a\\nb", "abc", QStringLiteral("a\nb"));
    row("quote", "a\\\"b", "abc", QStringLiteral("a\"b"));
    row("backslash-at-the-end", "a\\\\", "abc", QStringLiteral("a\\"));
    row("bad-utf-8", "a\xff", "abc", QString::fromUtf8("a\xff"));
    row("unicode-escape-needs-a-parser", "a\\u00e9", "abc", QString());
    row("odd-escape", "a\\q", "abc", QString());
    row("control-character", "a\nb", "abc", QString());
    row("escaped-padding", "second", "a\\n", QString());
    row("a-member-more", "second\",\"role\":\"x", "abc", QString());
    QTest::newRow("cut") << Learnt.chopped(1) << QString();
    QTest::newRow("longer") << Learnt + "}" << QString();
    QTest::newRow("other-head") << QByteArray(Learnt).replace("c1", "c2") << QString();
    QTest::newRow("other-index") << QByteArray(Learnt).replace(":0}", ":1}") << QString();
    QTest::newRow("ends-in-the-text") << Learnt.first(Learnt.indexOf("first") + 3) << QString();
    QTest::newRow("ends-in-an-escape") << Learnt.first(Learnt.indexOf("first")) + "\\" << QString();
    QTest::newRow("nothing") << QByteArray() << QString();
}

void tst_EventTemplate::reads()
{
    QFETCH(const QByteArray, data);
    QFETCH(const QString, text);
    const auto read = learnt().match("", data);
    QCOMPARE(read.has_value(), !text.isNull());
    if (read)
        QCOMPARE(read->toString(), text);
}

void tst_EventTemplate::doubtIsNotLearnt_data()
{
    QTest::addColumn<QByteArray>("data");
    QTest::newRow("two-such-members")
        << QByteArray(R"({"a":{"content":"first"},"b":{"content":"first"}})");
    QTest::newRow("in-a-string") << QByteArray(
        R"({"a":"x \"content\":\"first\" y","text":"first"})");
    QTest::newRow("another-text") << QByteArray(R"({"content":"other","text":"first"})");
    QTest::newRow("no-string") << QByteArray(R"({"content":["first"]})");
    QTest::newRow("two-paddings") << QByteArray(
        R"({"content":"first","obfuscation":"a","x":{"obfuscation":"b"}})");
    QTest::newRow("no-end") << QByteArray(R"({"content":"first)");
}

void tst_EventTemplate::doubtIsNotLearnt()
{
    QFETCH(const QByteArray, data);
    EventTemplate shape({"content"});
    shape.learn("", data, QStringLiteral("first"));
    QVERIFY(!shape.match("", data));
}

void tst_EventTemplate::forgets()
{
    EventTemplate shape = learnt();
    QVERIFY(shape.match("", Learnt));
    shape.forget();
    QVERIFY(!shape.match("", Learnt));
}

void tst_EventTemplate::nameCounts()
{
    QVERIFY(!learnt().match("error", Learnt));
}

void tst_EventTemplate::whatElseDiffers_data()
{
    QTest::addColumn<QByteArray>("first");
    QTest::addColumn<QByteArray>("second");
    QTest::addColumn<QString>("text"); // null: not the learnt event
    const auto row = [](const char *name, const char *first, const char *second,
                        const QString &text) {
        QTest::newRow(name) << QByteArray(first) << QByteArray(second) << text;
    };
    const QString text = QStringLiteral("b");
    row("space-behind-the-colon", R"({"delta": "a","n": 1})", R"({"delta": "b","n": 22})", text);
    row("counter-before", R"({"n":9,"delta":"a"})", R"({"n":10,"delta":"b"})", text);
    row("several-counters", R"({"n":9,"delta":"a","x":[{"n":1},{"n":2}]})",
        R"({"n":0,"delta":"b","x":[{"n":33},{"n":4}]})", text);
    row("a-fraction", R"({"n":9,"delta":"a"})", R"({"n":9.5,"delta":"b"})", {});
    row("a-sign", R"({"n":9,"delta":"a"})", R"({"n":-9,"delta":"b"})", {});
    row("no-number", R"({"n":9,"delta":"a"})", R"({"n":,"delta":"b"})", {});
    row("no-json-number", R"({"n":9,"delta":"a"})", R"({"n":09,"delta":"b"})", {});
    row("a-null", R"({"n":9,"delta":"a"})", R"({"n":null,"delta":"b"})", {});
    row("another-number", R"({"m":9,"delta":"a"})", R"({"m":10,"delta":"b"})", {});
    row("spaces-at-the-end", R"({"delta":"a"   })", R"({"delta":"b"})", text);
    row("more-spaces", R"({"delta":"a"})", R"({"delta":"b"      })", text);
    row("spaces-elsewhere", R"({"delta":"a"})", R"({"delta" :"b"})", {});
    row("behind-the-end", R"({"delta":"a"})", R"({"delta":"b"} })", {});
    row("a-tab", R"({"delta":"a"})", "{\"delta\":\"b\"\t}", {});
}

void tst_EventTemplate::whatElseDiffers()
{
    QFETCH(const QByteArray, first);
    QFETCH(const QByteArray, second);
    QFETCH(const QString, text);
    EventTemplate shape({"delta", {}, {"n"}, true});
    shape.learn("", first, QStringLiteral("a"));
    QVERIFY(shape.match("", first));
    const auto read = shape.match("", second);
    QCOMPARE(read.has_value(), !text.isNull());
    if (read)
        QCOMPARE(read->toString(), text);
}

void tst_EventTemplate::textsJoin_data()
{
    QTest::addColumn<QByteArrayList>("bodies");
    const auto row = [](const char *name, const QByteArrayList &bodies) {
        QTest::newRow(name) << bodies;
    };
    row("ascii", {"a", "", "bc"});
    row("escapes", {"a\\n\\tb", "\\\"", "\\\\", "c"});
    row("other-scripts", {"\xc3\xa9", "\xe6\xbc\xa2\xe5\xad\x97", "\xf0\x9f\x98\x80", "x"});
    row("script-and-escape", {"\xc3\xa9\\n\xc3\xa9", "\\n"});
    // Each text for itself, as if its event had been parsed: they must not heal or hurt each other.
    row("a-character-in-two", {"a\xc3", "\xa9"
                                        "b"});
    row("an-end-that-lacks", {"\xf0\x9f\x98", "x"});
    row("a-begin-that-lacks", {"x", "\x98\x80y"});
    row("no-utf-8", {"a\xff", "\xfe", "b"});
    row("byte-order-marks", {"\xef\xbb\xbf"
                             "a",
                             "b", "\xef\xbb\xbf",
                             "\xef\xbb\xbf"
                             "c"});
    row("nothing", {"", ""});
}

void tst_EventTemplate::textsJoin()
{
    QFETCH(const QByteArrayList, bodies);
    core::EventsInMaking events;
    QString expected;
    for (const QByteArray &body : bodies) {
        const QByteArray data = QByteArray(Learnt).replace("first", body);
        const auto text = learnt().match("", data);
        QVERIFY(text.has_value());
        expected += text->toString();
        events.addText(*text);
    }
    const core::StreamEvents taken = events.take();
    QCOMPARE(taken.size(), expected.isEmpty() ? 0 : 1);
    if (!taken.isEmpty())
        QCOMPARE(std::get<core::TextDelta>(taken.first()).text, expected);
    QVERIFY(events.take().isEmpty());
}

void tst_EventTemplate::memoryIsUsedAgain()
{
    core::EventsInMaking events;
    QString kept;
    const void *memory = nullptr;
    const auto round = [&](const char *body) {
        const QByteArray data = QByteArray(Learnt).replace("first", body);
        events.addText(*learnt().match("", data));
        core::StreamEvents taken = events.take();
        const QString text = std::get<core::TextDelta>(taken.first()).text;
        memory = taken.constData();
        kept = text.left(0) + text; // a copy of its own
        events.reuse(std::move(taken));
        return text;
    };
    QCOMPARE(round("one"), QStringLiteral("one"));
    const void *const first = memory;
    const QString second = round("two"); // shares the event's memory: it must not change
    QCOMPARE(memory, first);
    QCOMPARE(round("three"), QStringLiteral("three"));
    QCOMPARE(second, QStringLiteral("two"));
}

QTEST_APPLESS_MAIN(tst_EventTemplate)
#include "tst_eventtemplate.moc"
