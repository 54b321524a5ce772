#include "core/practice/practiceanswer.h"

#include "core/practice/practicesample.h"
#include "core/practice/practicetopics.h"

#include <QRegularExpression>

#include <algorithm>

namespace core {

namespace {

constexpr qsizetype LongestQuote = 400;
constexpr int MostWords = 20'000;

QStringList wordsOf(const QString &text)
{
    // "c++" is a word here.
    static const QRegularExpression word(QStringLiteral("[\\p{L}\\p{N}_]+(?:\\+\\+)?"));
    QStringList words;
    for (auto it = word.globalMatch(text.toLower()); it.hasNext();)
        words.append(it.next().captured());
    return words;
}

bool hasAny(const QStringList &words, std::initializer_list<const char *> wanted)
{
    return std::any_of(wanted.begin(), wanted.end(),
                       [&](const char *word) { return words.contains(QLatin1StringView(word)); });
}

QString shortened(const QString &text)
{
    if (text.size() <= LongestQuote)
        return text;
    return text.first(LongestQuote - (text.at(LongestQuote).isLowSurrogate() ? 1 : 0)) +
           QStringLiteral(" …");
}

QString quoted(const QString &question)
{
    QString text = shortened(question.trimmed());
    // A space between the mark and the text, so that a question made of marks stays quoted text.
    return QStringLiteral("> ") + text.replace(QLatin1Char('\n'), QLatin1StringView("\n> ")) +
           QStringLiteral("\n\n");
}

//! Topics of Farthing that the question calls, the best match first; at most three.
QList<const PracticeTopic *> topicsFor(const QStringList &words)
{
    const QString joined = QLatin1Char('-') + words.join(QLatin1Char('-')) + QLatin1Char('-');
    const auto isCalled = [&joined](const QString &phrase) {
        return joined.contains(QLatin1Char('-') + phrase + QLatin1Char('-'));
    };
    QList<std::pair<qsizetype, const PracticeTopic *>> called;
    for (const PracticeTopic &topic : practiceTopics()) {
        const qsizetype hits = std::count_if(topic.words.begin(), topic.words.end(), isCalled);
        if (hits > 0)
            called.append({hits, &topic});
    }
    std::stable_sort(called.begin(), called.end(),
                     [](const auto &a, const auto &b) { return a.first > b.first; });
    QList<const PracticeTopic *> topics;
    for (const auto &[hits, topic] : called.first(std::min<qsizetype>(called.size(), 3)))
        topics.append(topic);
    return topics;
}

QString figures(const PracticeRequest &request, const QStringList &words)
{
    QString table =
        QStringLiteral("| about your message | |\n|---|---:|\n"
                       "| words | %1 |\n| characters | %2 |\n| tokens sent, all turns | %3 |\n")
            .arg(words.size())
            .arg(request.question.size())
            .arg(request.askedTokens);
    if (!request.earlier.isEmpty())
        table +=
            QStringLiteral("| earlier questions in this chat | %1 |\n").arg(request.earlier.size());
    if (request.attachments > 0)
        table += QStringLiteral("| attachments | %1 |\n").arg(request.attachments);
    return table + QLatin1Char('\n');
}

QString steps()
{
    return QStringLiteral("## Steps to a good question\n\n"
                          "1. Say what you have and what you want.\n"
                          "2. Give one example of a good result.\n"
                          "   - its form (list, table, code)\n"
                          "   - its length\n"
                          "3. Ask for what is uncertain to be named.\n\n"
                          "- [x] question received\n"
                          "- [x] answered by the practice provider\n"
                          "- [ ] asked again with a real model\n\n");
}

//! The question again, in a form that serves a real model better.
QString betterPrompt(const QString &question)
{
    QString topic = shortened(question.simplified());
    topic.replace(QLatin1StringView("```"), QLatin1StringView("'''"));
    return QStringLiteral("To get it from a real model, add a key and send this:\n\n"
                          "```text\n%1\n\nAnswer for someone who knows the basics. Begin with the "
                          "conclusion,\nthen give the reasons as a list. Name what you are not "
                          "sure of.\n```\n\n")
        .arg(topic);
}

//! Sections about Farthing, again and again, until \p count words are there.
QString atLength(int count)
{
    QString text;
    int words = 0;
    for (int section = 1; words < count; ++section) {
        const PracticeTopic &topic = practiceTopics().at((section - 1) % practiceTopics().size());
        const QString part =
            QStringLiteral("## %1. %2\n\n%3\n").arg(section).arg(topic.heading, topic.text);
        words += int(wordsOf(part).size());
        text += part;
    }
    return text;
}

int wordsAskedFor(const QString &question)
{
    static const QRegularExpression count(QStringLiteral("\\b(\\d{2,5})\\s+words\\b"));
    const QRegularExpressionMatch match = count.match(question.toLower());
    return match.hasMatch() ? std::min(match.captured(1).toInt(), MostWords) : 0;
}

QString body(const PracticeRequest &request, const QStringList &words)
{
    QString text;
    const QList<const PracticeTopic *> topics = topicsFor(words);
    for (const PracticeTopic *topic : topics)
        text += QStringLiteral("## %1\n\n%2\n").arg(topic->heading, topic->text);
    QString code = practiceCode(words);
    if (code.isEmpty() && hasAny(words, {"code", "program", "function", "script", "programming"}))
        code = practiceCode({QStringLiteral("python")});
    if (!code.isEmpty())
        text += QStringLiteral("## Code\n\nA small complete example:\n\n%1\n").arg(code);
    if (hasAny(words, {"list", "steps", "step", "plan", "todo", "tasks", "task", "checklist"}))
        text += steps();
    if (hasAny(words, {"table", "figures", "count", "counts", "long"}) || request.attachments > 0 ||
        topics.isEmpty())
        text += figures(request, words);
    // A long question that names "key" or "file" is hardly about Farthing alone.
    if (topics.isEmpty() || words.size() > 12)
        text += betterPrompt(request.question);
    if (const int count = wordsAskedFor(request.question); count > 0)
        text += atLength(count);
    return text;
}

} // namespace

namespace {

PracticeAnswer wholeAnswer(const PracticeRequest &request)
{
    const QStringList words = wordsOf(request.question);
    PracticeAnswer answer;
    if (!request.schema.isEmpty()) {
        answer.reasoning = QStringLiteral("The answer is to be JSON by a schema. I fill in what "
                                          "each part of it allows; I am no language model.");
        answer.text = practiceSample(request.schema, request.question);
        return answer;
    }
    answer.reasoning =
        QStringLiteral("The question has %1 words. I look for words that I know: about Farthing, "
                       "about code, about lists and tables. Then I quote the question, answer "
                       "what I can, and say plainly that I am no language model.")
            .arg(words.size());
    if (hasAny(words + wordsOf(request.system), {"brief", "briefly", "short", "concise"})) {
        answer.text =
            quoted(request.question) +
            QStringLiteral("In short: this is the practice provider of Farthing, and your "
                           "request of %1 tokens arrived whole. Ask *What can you do?* for more.\n")
                .arg(request.askedTokens);
        return answer;
    }
    answer.text = quoted(request.question) +
                  QStringLiteral("This answer is composed by rules inside Farthing, not by a "
                                 "language model; its cost is simulated.\n\n") +
                  body(request, words) +
                  QStringLiteral("---\n\nTry *What happens when a provider fails?*, *Show me a "
                                 "function in Rust* or *Write 500 words*.\n");
    return answer;
}

} // namespace

PracticeAnswer practiceAnswer(const PracticeRequest &request)
{
    PracticeAnswer answer = wholeAnswer(request);
    if (!request.continues.isEmpty()) {
        answer.reasoning.clear();
        answer.text.remove(0, request.continues.size());
    }
    return answer;
}

} // namespace core
