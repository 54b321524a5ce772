#include "core/client/taskrule.h"

#include <QTest>

using namespace core;

namespace {

ChatRequest asking(const QString &text)
{
    ChatRequest request;
    request.messages.append({Role::User, {TextPart{text}}});
    return request;
}

QStringList names(const QList<TaskReason> &reasons)
{
    QStringList all;
    for (const TaskReason reason : reasons) {
        switch (reason) {
        case TaskReason::Long:
            all.append(QStringLiteral("long"));
            break;
        case TaskReason::Code:
            all.append(QStringLiteral("code"));
            break;
        case TaskReason::Maths:
            all.append(QStringLiteral("maths"));
            break;
        case TaskReason::Reasoning:
            all.append(QStringLiteral("reasoning"));
            break;
        case TaskReason::Files:
            all.append(QStringLiteral("files"));
            break;
        case TaskReason::Structured:
            all.append(QStringLiteral("structured"));
            break;
        }
    }
    return all;
}

} // namespace

//! Which prompts are simple and which are not, by what people write.
class tst_TaskRule : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void prompts_data();
    void prompts();
    void readsTheWholeRequest();
    void readsTheLastQuestionAlone();
    void isTheSameEachTime();
    void longTextsTakeNoLonger();
};

void tst_TaskRule::prompts_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("reasons");
    const auto row = [](const char *name, const char *text, const char *reasons) {
        QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(reasons);
    };
    // Simple ones.
    row("greeting", "Hello!", "");
    row("empty", "", "");
    row("capital", "What is the capital of Australia?", "");
    row("translate", "Translate \"good morning\" to Japanese.", "");
    row("why-alone", "Why is the sky blue?", "");
    row("german-simple", "Wie lange kocht man ein Ei?", "");
    row("french-simple", "Quel temps fait-il à Lyon en mai ?", "");
    row("spanish-simple", "¿Qué significa \"sobremesa\"?", "");
    row("russian-simple", "Как дела?", "");
    row("chinese-simple", "北京有多少人口？", "");
    row("japanese-simple", "おすすめのラーメン屋を教えて。", "");
    row("spelling", "Is it \"affect\" or \"effect\"?", "");
    // Traps: they look like it.
    row("dress-code", "What does the dress code \"smart casual\" mean?", "");
    row("zip-code", "Which ZIP code has Beverly Hills? And the area code?", "");
    row("python-snake", "How long does a python get?", "");
    row("java-island", "When is the best time to visit Java?", "");
    row("wedding-function", "What shall I wear to an evening function?", "");
    row("school-class", "How many children are in a class in Finland?", "");
    row("price-list", "Apples 2.50, pears 3.20, plums 4.10 - which is cheapest?", "");
    row("dollars", "It costs $5 now and $10 later. Is that usual?", "");
    row("url", "What is https://example.org/a?x=1&y=2^3;function(){}/step-by-step about?", "");
    row("iso-date", "What weekday was 2024-05-12?", "");
    row("slash-date", "Is 12/05/2024 in May or December?", "");
    row("telephone", "Whose number is +49 30 1234-5678-90?", "");
    row("opening-hours", "The shop is open 9 - 12 / 14 - 18. Is that usual in Spain?", "");
    row("version-numbers", "Is 6.4.2 newer than 6.10.0?", "");
    row("square-metres", "Is 50 m² enough for two? A park of 3 km² is near.", "");
    row("screen-size", "Is 1920×1080 the same as Full HD?", "");
    row("integral-part", "Say it shorter: music is an integral part of our lives.", "");
    row("proof-of-purchase", "Do I need a proof of purchase?", "");
    row("phone-plan", "Which phone plan has Anna got?", "");
    row("comparison-noun", "Say it better: it was good in comparison.", "");
    row("membership-points", "会员积分怎么查？", "");
    row("quoted-mail",
        "Answer politely that I cannot come.\n\nOn Monday Eve wrote:\n> Please compare the two "
        "offers step by step\n> and fix the Python script:\n> def main():\n>     run(x^2)\n",
        "");
    row("original-message",
        "Answer yes.\n-----Original Message-----\nFrom: Eve\nCompare it step by step.\n", "");
    row("poem",
        "Whose lines are these?\nThe curfew tolls the knell of parting day;\nThe lowing herd winds "
        "slowly o'er the lea;",
        "");
    row("list-in-brackets", "Who pays for (bread; milk; eggs) if (as planned) we go?", "");
    row("footnote", "What does note[3] say about the year = 1848?", "");
    row("smileys", "Good luck with the move tomorrow! ;) :-D", "");
    row("rust-on-iron", "How do I get rust off my bike? The class is tomorrow.", "");
    row("rust-method", "What is the best method to remove rust from iron?", "");
    row("class-reacts", "How did your class react to the swift decision?", "");
    row("select-from", "Please select one from the menu for me: fish or meat?", "");
    row("let-us", "Let me know: is 7 a good = lucky number?", "");
    // Code.
    row("fence", "What does this do?\n```\nfoo\n```", "code");
    row("fence-is-only-code", "Shorter?\n```py\ny = x^2 + 3 # step by step\n```", "code");
    row("include", "Why no output?\n#include <iostream>\nint main() { return 0; }", "code");
    row("def", "def add(a, b):\n    return a + b\nIs that right?", "code");
    row("two-lines", "int i = f(x);\nreturn g(i);\nIs i needed?", "code");
    row("loop-in-a-sentence", "Does for (int i = 0; i < n; ++i) sum += i; end?", "code");
    row("python-loop-in-a-sentence", "What does for i in range(3): print(i) do?", "code");
    row("condition-in-a-sentence", "Is if (ready()) { go } all right?", "code");
    row("element-in-a-sentence", "What happens at a[i+1] = a[i] here?", "code");
    row("sql", "SELECT name FROM person WHERE age > 3 - add an order", "code");
    row("traceback", "Traceback (most recent call last):\n  File \"a.py\", line 3, in <module>",
        "code");
    row("java-frame", "What is it?\n    at com.example.Main.run(Main.java:12)", "code");
    row("ask-python", "Write a Python function that removes duplicates.", "code");
    row("ask-cpp", "Can you write a class for matrices in C++?", "code");
    row("ask-java-class", "Show me a Java class with two fields.", "code");
    row("ask-german", "Schreib mir ein Skript in Bash, das Dateien umbenennt.", "code");
    row("ask-french", "Écris une fonction en JavaScript qui trie une liste.", "code");
    row("ask-spanish", "Escribe una función en Python que sume dos números.", "code");
    row("ask-russian", "Напиши функцию на Python, которая сортирует список.", "code");
    row("ask-chinese", "用Python写一个排序函数。", "code");
    row("ask-japanese", "JavaScriptで配列を並べ替える関数を書いて。", "code");
    row("html", "Center it: <div class=\"box\"><span>Hi</span></div>", "code");
    // Maths.
    row("tex", "Simplify $\\frac{x}{2}$.", "maths");
    row("integral-sign", "∫ x dx = ?", "maths");
    row("power", "What are the zeros of x^2 - 4x + 3?", "maths");
    row("equation", "2x + 3 = 7. What is x?", "maths");
    row("sum", "How much is 17 * 23 + 5?", "maths");
    row("brackets", "(12 + 30) / 7 - 2", "maths");
    row("prove", "Prove that there are infinitely many primes.", "maths");
    row("ask-derivative", "What is the derivative of sine?", "maths");
    row("maths-german", "Löse die Gleichung nach x auf.", "maths");
    row("maths-french", "Démontrez que la racine de deux est irrationnelle.", "maths");
    row("maths-italian", "Risolvi l'equazione di secondo grado.", "maths");
    row("maths-russian", "Докажите теорему Пифагора.", "maths");
    row("maths-chinese", "求这个函数的导数。", "maths");
    // Reasoning.
    row("steps", "How do I change a tyre? Go step by step.", "reasoning");
    row("explain-why", "Explain why Rome fell.", "reasoning");
    row("compare", "Compare heat pumps and gas boilers.", "reasoning");
    row("pros", "What are the pros and cons of a four-day week?", "reasoning");
    row("plan", "Make me a three-month training plan for a marathon.", "reasoning");
    row("reasoning-german", "Nenne die Vor- und Nachteile einer GmbH.", "reasoning");
    row("reasoning-german-why", "Erkläre mir, warum Eis schwimmt.", "reasoning");
    row("reasoning-french", "Explique pourquoi le pain lève, étape par étape.", "reasoning");
    row("reasoning-spanish", "Explícalo paso a paso.", "reasoning");
    row("reasoning-polish", "Porównaj Kraków i Warszawę.", "reasoning");
    row("reasoning-russian", "Сравни кошек и собак.", "reasoning");
    row("reasoning-chinese", "请逐步说明怎样泡茶。", "reasoning");
    row("reasoning-japanese", "東京と大阪を比較して。", "reasoning");
    // Several.
    row("code-and-steps", "Explain step by step:\n```\nx = 1\n```", "code reasoning");
    row("maths-and-steps", "Solve x^2 = 9 step by step.", "maths reasoning");
}

void tst_TaskRule::prompts()
{
    QFETCH(const QString, text);
    QFETCH(const QString, reasons);
    QCOMPARE(names(taskOf(asking(text)).reasons).join(QLatin1Char(' ')), reasons);
}

void tst_TaskRule::readsTheWholeRequest()
{
    ChatRequest request = asking(QStringLiteral("Hello!"));
    QVERIFY(taskOf(request).reasons.isEmpty());
    for (const char *effort : {"none", "minimal", "low"}) {
        request.options.reasoningEffort = QString::fromLatin1(effort);
        QVERIFY2(taskOf(request).reasons.isEmpty(), effort);
    }
    request.options.reasoningEffort = QStringLiteral("medium");
    QCOMPARE(taskOf(request).reasons, QList<TaskReason>{TaskReason::Reasoning});
    request.options = {};
    request.options.jsonSchema = "{}";
    QCOMPARE(taskOf(request).reasons, QList<TaskReason>{TaskReason::Structured});
    request.options = {};
    request.tools.append(ToolDefinition{QStringLiteral("clock"), {}, {}});
    QCOMPARE(taskOf(request).reasons, QList<TaskReason>{TaskReason::Structured});
    request.tools.clear();
    request.messages.last().parts.append(
        AttachmentPart{QStringLiteral("a.txt"), QStringLiteral("text/plain"), "short"});
    QCOMPARE(taskOf(request).reasons, QList<TaskReason>{TaskReason::Files});
}

void tst_TaskRule::readsTheLastQuestionAlone()
{
    ChatRequest request = asking(QStringLiteral("Fix it:\n```\nint x\n```"));
    request.messages.append({Role::Assistant, {TextPart{QStringLiteral("```\nint x;\n```")}}});
    request.messages.append({Role::User, {TextPart{QStringLiteral("Thanks!")}}});
    QVERIFY(taskOf(request).reasons.isEmpty());
    // But for its length, of which all is sent.
    request.messages.first().parts.append(
        TextPart{QStringLiteral("lorem ipsum dolor sit amet ").repeated(2'000)});
    const Task task = taskOf(request);
    QCOMPARE(task.reasons, QList<TaskReason>{TaskReason::Long});
    QVERIFY(task.tokens > LongPromptTokens);
}

void tst_TaskRule::isTheSameEachTime()
{
    const ChatRequest request = asking(QStringLiteral("Write a Python function. Step by step."));
    const Task first = taskOf(request);
    for (int i = 0; i < 100; ++i)
        QCOMPARE(taskOf(request), first);
}

//! Patterns that go back and forth would not come to an end within a test's time.
void tst_TaskRule::longTextsTakeNoLonger()
{
    for (const char *piece : {"1 + ", "a(", "SELECT ", "make me a ", "python ", "wäge ", "((1)",
                              "> ", "x", "; ", "<div ", "private static final "}) {
        const QString text = QString::fromUtf8(piece).repeated(400'000);
        const Task task = taskOf(asking(text));
        QVERIFY2(task.reasons.contains(TaskReason::Long), piece);
    }
}

QTEST_GUILESS_MAIN(tst_TaskRule)
#include "tst_taskrule.moc"
