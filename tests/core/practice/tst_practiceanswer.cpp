#include "core/practice/practiceanswer.h"
#include "core/practice/practicetopics.h"

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
