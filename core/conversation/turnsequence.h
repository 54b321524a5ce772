#pragma once

#include "core/conversation/conversation.h"

#include <QObject>
#include <QPointer>

namespace core {

//! Turns of one conversation that go out one after the other, each when the one before was
//! answered in full. Ends early when an answer fails, is stopped or is refused, or when somebody
//! else asks something meanwhile: what was not sent is handed back. Main thread.
class TurnSequence : public QObject
{
    Q_OBJECT
public:
    struct Turn
    {
        QString text;
        QList<AttachmentPart> attachments = {};
        //! What stands before it in the chat is not sent, now and later.
        bool startsContext = false;
        //! The same, but from its answer on: it is asked with all that stands before.
        bool isContextFromThen = false;
        bool operator==(const Turn &) const = default;
    };

    TurnSequence(Conversation &conversation, const QList<Turn> &turns, QObject *parent = nullptr);

    void start(); //!< Sends the first. Signals may come before it returns.
    void stop();  //!< Sends no more; the answer that runs goes on. Emits ended().
    [[nodiscard]] const QList<Turn> &unsent() const { return m_unsent; }
    [[nodiscard]] int count() const { return m_count; }

Q_SIGNALS:
    void advanced(); //!< Another one was sent.
    //! All were answered, or no more will be sent: unsent() tells. \p error: of a refusal by
    //! send().
    void ended(const std::optional<core::Error> &error);

private:
    void sendNext();
    void look();
    void end(const std::optional<Error> &error = {});

    QPointer<Conversation> m_conversation;
    QList<Turn> m_unsent;
    Turn m_asked;
    int m_count;
    std::int64_t m_answer = 0; //!< The one that is waited for.
    bool m_isEnded = false;
};

} // namespace core
