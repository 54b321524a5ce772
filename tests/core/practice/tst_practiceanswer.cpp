#include "core/practice/practiceanswer.h"
#include "core/practice/practicetopics.h"

#include <QJsonDocument>
#include <QTest>

using core::practiceAnswer;
using core::PracticeRequest;
using core::practiceTokens;

class tst_PracticeAnswer : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void answersWhatIsAsked_data();
    void answersWhatIsAsked();
    void numberOfWordsIsHonoured();
    void briefIsBrief();
    void schemaIsFollowed_data();
    void schemaIsFollowed();
    void schemaThatGrowsEnds_data();
    void schemaThatGrowsEnds();
    void goesOnWhereItWasCut();
    void longQuestionIsQuotedInPart();
    void everyTopicCanBeReached();
    void tokensJoinToTheText_data();
    void tokensJoinToTheText();
};

namespace {

QString answerTo(const QString &question)
{
    PracticeRequest request;
    request.question = question;
    return practiceAnswer(request).text;
}

} // namespace

void tst_PracticeAnswer::answersWhatIsAsked_data()
{
    QTest::addColumn<QString>("question");
    QTest::addColumn<QString>("part");
    const auto row = [](const char *name, const char *question, const char *part) {
        QTest::newRow(name) << QString::fromUtf8(question) << QString::fromUtf8(part);
    };
    row("quotes", "Why is the sky blue?", "> Why is the sky blue?\n");
    row("quotes-every-line", "one\ntwo", "> one\n> two\n");
    row("says-what-it-is", "Why is the sky blue?", "not by a language model");
    row("helps-with-the-prompt", "Why is the sky blue?", "Why is the sky blue?\n\nAnswer for");
    row("about-itself", "What can you do?", "## What Farthing does");
    row("about-prices", "What does a message cost?", "## Prices and cost");
    row("about-keys", "Where is my key?", "## Keys");
    row("about-retry", "Do you retry?", "## When a provider fails");
    row("about-data", "Is my data private?", "## Where data lies");
    row("code-in-the-language", "Show me a function in Rust", "```rust\n");
    row("c++", "a C++ program", "```cpp\n");
    row("code-without-a-language", "write a script", "```python\n");
    row("list", "make a checklist", "- [ ] asked again");
    row("ordered-list", "plan my week", "1. Say what you have");
    row("table", "give me a table", "| words | 4 |");
    row("empty", "", "| words | 0 |");
}

void tst_PracticeAnswer::answersWhatIsAsked()
{
    QFETCH(const QString, question);
    QFETCH(const QString, part);
    const QString answer = answerTo(question);
    QVERIFY2(answer.contains(part), qPrintable(answer));
    QCOMPARE(answer.count(QLatin1StringView("```")) % 2, 0);
}

void tst_PracticeAnswer::numberOfWordsIsHonoured()
{
    const QString answer = answerTo(QStringLiteral("Write 2000 words about birds"));
    const qsizetype words = answer.split(QLatin1Char(' '), Qt::SkipEmptyParts).size();
    QVERIFY2(words > 1500 && words < 4000, qPrintable(QString::number(words)));
}

void tst_PracticeAnswer::schemaIsFollowed_data()
{
    QTest::addColumn<QByteArray>("schema");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const char *schema, const char *expected) {
        QTest::newRow(name) << QByteArray(schema) << QString::fromUtf8(expected);
    };
    row("members-in-the-order-that-is-required",
        R"({"type":"object","properties":{"b":{"type":"boolean"},"a":{"type":"null"},"c":{"type":)"
        R"("integer"}},"required":["b","a"]})",
        R"({"b": true, "a": null, "c": 1})");
    row("texts", R"({"type":"string"})", R"("By the practice provider, to: Why \"so\"?")");
    row("lengths", R"({"type":"array","items":{"type":"string","maxLength":2},"minItems":3})",
        R"(["By", "By", "By"])");
    row("formats", R"({"properties":{"on":{"type":"string","format":"date"}}})",
        R"({"on": "2026-11-30"})");
    row("choices", R"({"properties":{"a":{"enum":["x","y"]},"b":{"anyOf":[{"const":3},true]}}})",
        R"({"a": "x", "b": 3})");
    row("numbers",
        R"({"properties":{"a":{"type":"number","minimum":2.5},"b":{"type":"integer",)"
        R"("maximum":-4},"c":{"type":"integer","multipleOf":5}}})",
        R"({"a": 2.5, "b": -4, "c": 5})");
    row("references",
        R"({"$defs":{"n":{"type":["null","string"]}},"properties":{"a":)"
        R"({"$ref":"#/$defs/n"}}})",
        R"({"a": null})");
    row("names-are-escaped", R"({"properties":{"a\"b":{"type":"null"}}})", R"({"a\"b": null})");
}

void tst_PracticeAnswer::schemaIsFollowed()
{
    QFETCH(const QByteArray, schema);
    QFETCH(const QString, expected);
    PracticeRequest request;
    request.question = QStringLiteral("Why \"so\"?");
    request.schema = QJsonDocument::fromJson(schema).object();
    QVERIFY(!request.schema.isEmpty());
    QCOMPARE(practiceAnswer(request).text, expected);
}

void tst_PracticeAnswer::schemaThatGrowsEnds_data()
{
    QTest::addColumn<QByteArray>("schema");
    QTest::newRow("itself") << QByteArray(R"({"properties":{"a":{"$ref":"#"},"b":{"$ref":"#"},)"
                                          R"("c":{"$ref":"#"},"d":{"$ref":"#"}}})");
    QTest::newRow("circle") << QByteArray(R"({"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#"}}})");
    QTest::newRow("lists-of-lists")
        << QByteArray(R"({"type":"array","minItems":20,"items":)").repeated(10) + "{}" +
               QByteArray("}").repeated(10);
    QTest::newRow("nowhere") << QByteArray(R"({"$ref":"#/$defs/b"})");
}

void tst_PracticeAnswer::schemaThatGrowsEnds()
{
    QFETCH(const QByteArray, schema);
    PracticeRequest request;
    request.schema = QJsonDocument::fromJson(schema).object();
    QVERIFY(!request.schema.isEmpty());
    const QString text = practiceAnswer(request).text;
    QVERIFY2(!text.isEmpty() && text.size() < 200'000, qPrintable(QString::number(text.size())));
    QVERIFY(!QJsonDocument::fromJson('[' + text.toUtf8() + ']').isNull());
}

void tst_PracticeAnswer::briefIsBrief()
{
    PracticeRequest request;
    request.question = QStringLiteral("What can you do?");
    request.system = QStringLiteral("Be brief.");
    request.promptTokens = request.askedTokens = 17;
    const QString answer = practiceAnswer(request).text;
    QVERIFY(answer.size() < 250);
    QVERIFY(answer.contains(QLatin1StringView("17 tokens")));
}

void tst_PracticeAnswer::longQuestionIsQuotedInPart()
{
    // The cut would fall into the middle of a pair.
    const QString question = QString(399, QLatin1Char('a')) + QStringLiteral("😀😀");
    const QString answer = answerTo(question);
    QVERIFY(answer.contains(QLatin1StringView("aaa …\n")) ||
            answer.contains(QStringLiteral("aaa …")));
    QVERIFY(answer.isValidUtf16());
}

void tst_PracticeAnswer::goesOnWhereItWasCut()
{
    core::PracticeRequest request;
    core::addUserTurn(request, QStringLiteral("Show me a table"), 0);
    const QString whole = core::practiceAnswer(request).text;
    core::addOtherTurn(request, whole.first(40));
    core::addUserTurn(request, QStringLiteral("Your last message was cut off. Go on."), 0);
    QVERIFY(request.question.startsWith(QStringLiteral("Show me")));
    QCOMPARE(core::practiceAnswer(request).text, whole.sliced(40));
    core::addUserTurn(request, QStringLiteral("Thanks, brief now"), 0);
    QVERIFY(core::practiceAnswer(request).text.contains(QStringLiteral("In short")));
}

void tst_PracticeAnswer::everyTopicCanBeReached()
{
    for (const core::PracticeTopic &topic : core::practiceTopics()) {
        const QString phrase =
            QString(topic.words.last()).replace(QLatin1Char('-'), QLatin1Char(' '));
        QVERIFY2(answerTo(phrase).contains(QStringLiteral("## ") + topic.heading),
                 qPrintable(phrase));
    }
}

void tst_PracticeAnswer::tokensJoinToTheText_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qsizetype>("count");
    QTest::newRow("empty") << QString() << qsizetype(0);
    QTest::newRow("words") << QStringLiteral("one two  three\n") << qsizetype(3);
    QTest::newRow("long-word") << QStringLiteral("abcdefghij") << qsizetype(2);
    QTest::newRow("pairs") << QStringLiteral("😀😀😀😀😀") << qsizetype(2);
}

void tst_PracticeAnswer::tokensJoinToTheText()
{
    QFETCH(const QString, text);
    QFETCH(const qsizetype, count);
    const QStringList tokens = practiceTokens(text);
    QCOMPARE(tokens.join(QString()), text);
    QCOMPARE(tokens.size(), count);
    for (const QString &token : tokens)
        QVERIFY(token.isValidUtf16());
}

QTEST_GUILESS_MAIN(tst_PracticeAnswer)
#include "tst_practiceanswer.moc"
