#include "core/providers/eventtemplate.h"

#include <QTest>

using core::EventTemplate;

class TestEventTemplate : public QObject
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
};

namespace {

const QByteArray Learnt(
    R"({"id":"c1","choices":[{"delta":{"content":"first"},"index":0}],"obfuscation":"abc"})");

EventTemplate learnt()
{
    EventTemplate shape("content");
    shape.learn("", Learnt, QStringLiteral("first"));
    return shape;
}

} // namespace

void TestEventTemplate::reads_data()
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

void TestEventTemplate::reads()
{
    QFETCH(const QByteArray, data);
    QFETCH(const QString, text);
    const auto read = learnt().match("", data);
    QCOMPARE(read.has_value(), !text.isNull());
    if (read)
        QCOMPARE(*read, text);
}

void TestEventTemplate::doubtIsNotLearnt_data()
{
    QTest::addColumn<QByteArray>("data");
    QTest::newRow("two-such-members")
        << QByteArray(R"({"a":{"content":"first"},"b":{"content":"first"}})");
    QTest::newRow("in-a-string") << QByteArray(
        R"({"a":"x \"content\":\"first\" y","text":"first"})");
    QTest::newRow("another-text") << QByteArray(R"({"content":"other","text":"first"})");
    QTest::newRow("no-string") << QByteArray(R"({"content":["first"]})");
    QTest::newRow("space-before-the-value") << QByteArray(R"({"content": "first"})");
    QTest::newRow("two-paddings") << QByteArray(
        R"({"content":"first","obfuscation":"a","x":{"obfuscation":"b"}})");
    QTest::newRow("no-end") << QByteArray(R"({"content":"first)");
}

void TestEventTemplate::doubtIsNotLearnt()
{
    QFETCH(const QByteArray, data);
    EventTemplate shape("content");
    shape.learn("", data, QStringLiteral("first"));
    QVERIFY(!shape.match("", data));
}

void TestEventTemplate::forgets()
{
    EventTemplate shape = learnt();
    QVERIFY(shape.match("", Learnt));
    shape.forget();
    QVERIFY(!shape.match("", Learnt));
}

void TestEventTemplate::nameCounts()
{
    QVERIFY(!learnt().match("error", Learnt));
}

QTEST_APPLESS_MAIN(TestEventTemplate)
#include "tst_eventtemplate.moc"
