#include "core/practice/practicerequest.h"

namespace core {

namespace {

constexpr qsizetype LongestToken = 7;
const auto AsksForTheRest = QLatin1StringView("Your last message was cut off.");
constexpr qint64 TurnMarks = 4; // tokens that a turn costs beside its text

} // namespace

QStringList practiceTokens(const QString &text)
{
    QStringList tokens;
    qsizetype start = 0;
    for (qsizetype i = 1; i <= text.size(); ++i) {
        const bool end = i == text.size();
        const bool wordBegins = !end && text.at(i - 1).isSpace() && !text.at(i).isSpace();
        const bool inPair = !end && text.at(i).isLowSurrogate() && text.at(i - 1).isHighSurrogate();
        if (end || ((wordBegins || i - start >= LongestToken) && !inPair)) {
            tokens.append(text.sliced(start, i - start));
            start = i;
        }
    }
    return tokens;
}

void addUserTurn(PracticeRequest &request, const QString &text, int attachments)
{
    if (request.hasQuestion && text.startsWith(AsksForTheRest)) {
        request.continues = request.said;
        return addOtherTurn(request, text);
    }
    request.continues.clear();
    if (!request.question.isEmpty())
        request.earlier.append(request.question);
    request.hasQuestion = true;
    request.question = text;
    request.attachments = attachments;
    addOtherTurn(request, text);
    request.askedTokens = request.promptTokens;
}

void addOtherTurn(PracticeRequest &request, const QString &text)
{
    request.said = text;
    request.promptTokens += practiceTokens(text).size() + TurnMarks;
}

} // namespace core
