#include "core/conversation/contextfit.h"
#include "core/conversation/turnroom.h"

#include <QTest>

using namespace core;

namespace {

Message turn(Role role, int words)
{
    return {role, {TextPart{QStringLiteral("word ").repeated(words)}}};
}

} // namespace

//! What is left out of a prompt that is too long, and where a long text is cut.
class tst_ContextFit : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void room_data();
    void room();
    void lack_data();
    void lack();
    void drops_data();
    void drops();
    void systemPromptStays();
    void splits_data();
    void splits();
    void neverInsideACharacter();
};

void tst_ContextFit::room_data()
{
    QTest::addColumn<qint64>("window");
    QTest::addColumn<int>("maxOutput"); // -1: unset
    QTest::addColumn<qint64>("room");
    QTest::newRow("usual") << qint64(128'000) << -1 << qint64(128'000 - 4'096);
    QTest::newRow("small-window") << qint64(2'000) << -1 << qint64(1'500);
    QTest::newRow("own-limit") << qint64(128'000) << 30'000 << qint64(98'000);
    QTest::newRow("limit-beyond-the-window") << qint64(2'000) << 30'000 << qint64(0);
}

void tst_ContextFit::room()
{
    QFETCH(const qint64, window);
    QFETCH(const int, maxOutput);
    const ContextNeed need{0, window};
    QTEST(qint64(need.room(maxOutput < 0 ? std::nullopt : std::optional(maxOutput))), "room");
}

void tst_ContextFit::lack_data()
{
    QTest::addColumn<qint64>("likely"); // of at least 900 tokens
    QTest::addColumn<bool>("counted");
    QTest::addColumn<qint64>("window"); // 0: not known
    QTest::addColumn<int>("maxOutput"); // -1: unset
    QTest::addColumn<qint64>("answer"); // -1: nothing is lacking
    QTest::newRow("fits") << qint64(1'000) << true << qint64(1'000) << -1 << qint64(-1);
    QTest::newRow("too-long") << qint64(1'001) << true << qint64(1'000) << -1 << qint64(0);
    QTest::newRow("may-fit") << qint64(1'200) << false << qint64(1'000) << -1 << qint64(-1);
    QTest::newRow("window-not-known") << qint64(9'000) << true << qint64(0) << 500 << qint64(-1);
    QTest::newRow("answer-fits") << qint64(1'000) << true << qint64(1'500) << 500 << qint64(-1);
    QTest::newRow("answer-does-not")
        << qint64(1'000) << true << qint64(1'500) << 501 << qint64(501);
    QTest::newRow("answer-may-fit") << qint64(1'200) << false << qint64(1'500) << 600 << qint64(-1);
    QTest::newRow("answer-surely-not")
        << qint64(1'200) << false << qint64(1'500) << 601 << qint64(601);
    // Whatever the answer is let have: it is the prompt that must be shorter.
    QTest::newRow("both") << qint64(2'000) << true << qint64(1'500) << 500 << qint64(0);
}

void tst_ContextFit::lack()
{
    QFETCH(const qint64, likely);
    QFETCH(const bool, counted);
    QFETCH(const qint64, window);
    QFETCH(const int, maxOutput);
    QFETCH(const qint64, answer);
    Forecast forecast;
    forecast.inputTokens = likely;
    forecast.inputLeast = 900;
    forecast.counted = counted;
    const auto lack = lackOf(forecast, window ? std::optional<std::int64_t>(window) : std::nullopt,
                             maxOutput < 0 ? std::nullopt : std::optional(maxOutput));
    const auto expected =
        answer < 0 ? std::nullopt : std::optional(ContextNeed{likely, window, answer});
    QCOMPARE(lack, expected);
}

void tst_ContextFit::drops_data()
{
    QTest::addColumn<QList<int>>("words"); // a question, an answer, a question, ...
    QTest::addColumn<qint64>("room");      // of 1,000 tokens in all
    QTest::addColumn<int>("dropped");      // -1: nothing helps
    const QList<int> even{100, 100, 100, 100, 100};
    QTest::newRow("fits") << even << qint64(1'000) << 0;
    QTest::newRow("one-turn") << even << qint64(650) << 2;
    // An answer cannot stand first, so its question's turn goes whole.
    QTest::newRow("never-half-a-turn") << even << qint64(850) << 2;
    QTest::newRow("all-but-the-last") << even << qint64(250) << 4;
    QTest::newRow("last-alone-too-long") << even << qint64(150) << -1;
    QTest::newRow("long-history") << QList<int>{900, 10, 10, 10, 70} << qint64(500) << 2;
    QTest::newRow("long-question") << QList<int>{10, 10, 980} << qint64(500) << -1;
    QTest::newRow("only-one") << QList<int>{100} << qint64(500) << -1;
}

void tst_ContextFit::drops()
{
    QFETCH(const QList<int>, words);
    QFETCH(const qint64, room);
    ChatRequest request;
    for (qsizetype i = 0; i < words.size(); ++i)
        request.messages.append(turn(i % 2 == 0 ? Role::User : Role::Assistant, words.at(i)));
    const auto dropped = messagesToDrop(request, 1'000, room);
    QTEST(dropped ? static_cast<int>(*dropped) : -1, "dropped");
}

void tst_ContextFit::systemPromptStays()
{
    ChatRequest request;
    request.options.system = QStringLiteral("word ").repeated(500);
    request.messages = {turn(Role::User, 300), turn(Role::Assistant, 100), turn(Role::User, 100)};
    // Without the oldest turn 600 of 1,000 are left, since the system prompt is never dropped.
    QCOMPARE(messagesToDrop(request, 1'000, 700), std::optional<qsizetype>(2));
    QCOMPARE(messagesToDrop(request, 1'000, 500), std::nullopt);
    QCOMPARE(messagesToDrop({}, 1'000, 500), std::nullopt);
}

void tst_ContextFit::splits_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("characters");
    QTest::addColumn<QStringList>("parts");
    const auto row = [](const char *name, const QString &text, int characters,
                        const QStringList &parts) {
        QTest::newRow(name) << text << characters << parts;
    };
    row("fits", QStringLiteral("short"), 10, {QStringLiteral("short")});
    row("empty", QString(), 10, {QString()});
    row("paragraphs", QStringLiteral("one two\n\nthree\nfour"), 12,
        {QStringLiteral("one two\n\n"), QStringLiteral("three\nfour")});
    row("lines", QStringLiteral("one two\nthree four"), 12,
        {QStringLiteral("one two\n"), QStringLiteral("three four")});
    row("sentences", QStringLiteral("One. Two three four"), 11,
        {QStringLiteral("One. "), QStringLiteral("Two three "), QStringLiteral("four")});
    row("words", QStringLiteral("alpha beta gamma"), 11,
        {QStringLiteral("alpha beta "), QStringLiteral("gamma")});
    row("no-spaces", QStringLiteral("abcdefghij"), 4,
        {QStringLiteral("abcd"), QStringLiteral("efgh"), QStringLiteral("ij")});
    row("full-stops-of-chinese", QString::fromUtf8("一二三。四五六七八"), 6,
        {QString::fromUtf8("一二三。"), QString::fromUtf8("四五六七八")});
    row("early-mark-is-no-cut", QStringLiteral("a\n\nbcdefghijklmnop"), 16,
        {QStringLiteral("a\n\nbcdefghijklmn"), QStringLiteral("op")});
    row("nothing-allowed", QStringLiteral("ab"), 0, {QStringLiteral("a"), QStringLiteral("b")});
}

void tst_ContextFit::splits()
{
    QFETCH(const QString, text);
    QFETCH(const int, characters);
    const QStringList parts = splitText(text, characters);
    QTEST(parts, "parts");
    QCOMPARE(parts.join(QString()), text);
}

void tst_ContextFit::neverInsideACharacter()
{
    // A family of four, joined: eleven code units that are one character to the reader.
    const QString family =
        QString::fromUtf8("\U0001F468\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466");
    const QString text = family.repeated(50);
    for (int characters = 1; characters < 40; ++characters) {
        const QStringList parts = splitText(text, characters);
        QCOMPARE(parts.join(QString()), text);
        for (const QString &part : parts) {
            if (characters >= family.size())
                QVERIFY2(part.size() % family.size() == 0, qPrintable(QString::number(characters)));
        }
    }
}

QTEST_GUILESS_MAIN(tst_ContextFit)
#include "tst_contextfit.moc"
