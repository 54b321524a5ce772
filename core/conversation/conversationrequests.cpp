// What a conversation would ask: of the next question, a new version, an answer made again.
#include "core/client/continuation.h"
#include "core/conversation/conversation.h"
#include "core/conversation/messagecap.h"
#include "core/conversation/turnroute.h"

namespace core {

QList<std::int64_t> Conversation::sentMessages(std::int64_t editedId) const
{
    if (const MessageRecord *edited = editedId ? message(editedId) : nullptr)
        return m_tree.sentUpTo(edited->parentId, m_record.contextStart);
    return m_record.contextStart.isAtNextQuestion()
               ? QList<std::int64_t>()
               : m_tree.sentUpTo(m_record.activeLeaf, m_record.contextStart);
}

ChatRequest Conversation::requestUpTo(std::int64_t questionId) const
{
    ChatRequest request;
    request.options = m_record.options;
    for (const std::int64_t id : m_tree.sentUpTo(questionId, m_record.contextStart)) {
        const MessageRecord *sent = message(id);
        request.messages.append({sent->role, replayable(*sent)});
    }
    return request;
}

ChatRequest Conversation::requestFor(const QString &typed, const QList<AttachmentPart> &attachments,
                                     std::int64_t editedId) const
{
    const MessageRecord *edited = editedId ? message(editedId) : nullptr;
    const bool isFirst = !edited && m_record.contextStart.isAtNextQuestion();
    ChatRequest request = requestUpTo(edited    ? edited->parentId
                                      : isFirst ? 0
                                                : m_record.activeLeaf);
    Message question{Role::User, {}};
    for (const AttachmentPart &attachment : attachments)
        question.parts.append(attachment);
    for (qsizetype i = 0; edited && i < edited->parts.size(); ++i) {
        if (!std::holds_alternative<TextPart>(edited->parts.at(i)))
            question.parts.append(edited->parts.at(i));
    }
    const auto capped = withoutCap(typed);
    question.parts.append(TextPart{capped ? capped->text : typed});
    request.messages.append(question);
    return request;
}

Target Conversation::targetFor(const ChatRequest &request) const
{
    const auto choice = choiceFor(m_record, m_route, request);
    return choice ? choice->target : m_record.target;
}

QList<std::int64_t> Conversation::messagesOfAnswer(std::int64_t answerId) const
{
    const MessageRecord *answer = message(answerId);
    return answer && answer->role == Role::Assistant
               ? m_tree.sentUpTo(answer->parentId, m_record.contextStart)
               : QList<std::int64_t>();
}

ChatRequest Conversation::requestAgain(std::int64_t answerId, Again how) const
{
    const MessageRecord *answer = message(answerId);
    if (!answer || answer->role != Role::Assistant)
        return {};
    const ChatRequest request = requestUpTo(answer->parentId);
    return how == Again::Rest ? withAnswerSoFar(request, answer->parts) : request;
}

} // namespace core
