#include "core/conversation/turnsequence.h"

namespace core {

TurnSequence::TurnSequence(Conversation &conversation, const QList<Turn> &turns, QObject *parent)
    : QObject(parent)
    , m_conversation(&conversation)
    , m_unsent(turns)
    , m_count(static_cast<int>(turns.size()))
{
    connect(&conversation, &Conversation::runningChanged, this, &TurnSequence::look);
    connect(&conversation, &QObject::destroyed, this, [this] { end(); });
}

void TurnSequence::start()
{
    if (m_answer == 0)
        sendNext();
}

void TurnSequence::stop()
{
    end();
}

void TurnSequence::sendNext()
{
    if (m_isEnded || !m_conversation)
        return;
    if (m_unsent.isEmpty())
        return end();
    const Turn turn = m_unsent.takeFirst();
    const ContextStart startBefore = m_conversation->record().contextStart;
    if (turn.startsContext)
        m_conversation->setContextStart(ContextStart::atNextQuestion());
    // Cleared first: a refusal may be told before send() returns.
    m_answer = 0;
    const Result<Done> sent = m_conversation->send(turn.text, turn.attachments);
    if (!sent) {
        m_unsent.prepend(turn);
        m_conversation->setContextStart(startBefore);
        return end(sent.error());
    }
    m_asked = turn;
    m_answer = m_conversation->runningMessage();
    Q_EMIT advanced();
}

void TurnSequence::look()
{
    if (m_isEnded || m_answer == 0 || !m_conversation)
        return;
    if (m_conversation->isRunning()) {
        if (m_conversation->runningMessage() != m_answer)
            end(); // somebody else asked
        return;
    }
    const MessageRecord *answer = m_conversation->message(m_answer);
    if (!answer || answer->state != MessageState::Complete)
        return end();
    if (m_asked.isContextFromThen)
        m_conversation->setContextStart(ContextStart::at(answer->parentId));
    // Not from inside the conversation's own signal: others are to see this answer end first.
    QMetaObject::invokeMethod(this, &TurnSequence::sendNext, Qt::QueuedConnection);
    m_answer = 0;
}

void TurnSequence::end(const std::optional<Error> &error)
{
    if (m_isEnded)
        return;
    m_isEnded = true;
    Q_EMIT ended(error);
}

} // namespace core
