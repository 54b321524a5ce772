#include "core/client/continuation.h"

namespace core {

ChatRequest withAnswerSoFar(ChatRequest request, const QList<ContentPart> &soFar)
{
    request.messages.append({Role::Assistant, {TextPart{textOf(soFar)}}});
    return request;
}

bool thinksFirst(const ChatRequest &request)
{
    const QString &effort = request.options.reasoningEffort;
    return !effort.isEmpty() && effort != QLatin1StringView("none");
}

ChatRequest asPrefill(ChatRequest request)
{
    // Anthropic refuses a last turn that ends with white space; the model writes it again.
    QString text = textOf(request.messages.constLast().parts);
    while (!text.isEmpty() && text.back().isSpace())
        text.chop(1);
    request.messages.last().parts = {TextPart{text}};
    return request;
}

ChatRequest asInstruction(ChatRequest request)
{
    // English: it is addressed to the model, which keeps to the answer's own language. The practice
    // provider knows its first sentence.
    const QString instruction = QStringLiteral(
        "Your last message was cut off. Continue it exactly where it stopped, beginning with the "
        "very next character. Repeat nothing of it and add no introduction or remark.");
    request.messages.append({Role::User, {TextPart{instruction}}});
    return request;
}

} // namespace core
