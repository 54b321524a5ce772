#pragma once

#include "core/chat/message.h"

#include <QList>
#include <QRegularExpression>
#include <QString>
#include <QStringList>

namespace core {

//! Something in a prompt that its writer may not want to send.
struct PromptConcern
{
    enum class Kind {
        PrivateKey,  //!< A PEM block.
        ServiceKey,  //!< A key of a known service, by its shape.
        AccessToken, //!< A signed token (JWT), or what follows "Bearer".
        Password,    //!< In an address: scheme://user:password@host.
        Blocked      //!< One of the user's own patterns.
    };
    Kind kind = Kind::ServiceKey;
    qsizetype position = 0; //!< In UTF-16 units.
    qsizetype length = 0;
    QString what; //!< For people: the service, or the pattern. Never the secret.
    bool operator==(const PromptConcern &) const = default;
};

//! What leaves with one message, as far as it is words.
struct OutgoingPrompt
{
    QString text;                //!< As typed.
    QList<AttachmentPart> files; //!< Those that go as text are looked through. Names as to be told.
    QStringList systems;         //!< System prompts of the chats that it is for.
    QStringList schemas = {};    //!< For their answers, likewise.
    bool operator==(const OutgoingPrompt &) const = default;
};

//! Looks through a prompt before it is sent: secrets that were pasted along, and what the user
//! never wants to send. It only tells; who shows the prompt asks. Plain value, any thread; linear
//! in the text.
class PromptGuard
{
public:
    //! \p blocked are patterns of the user's, one an entry: text to be found in any case, or a
    //! regular expression between slashes. One that is no valid expression is taken as text.
    explicit PromptGuard(const QStringList &blocked = {});

    //! In the order of the text; at most 20.
    [[nodiscard]] QList<PromptConcern> concernsOf(const QString &text) const;
    //! What was found in \p prompt, a sentence for each place; empty: nothing.
    [[nodiscard]] QString warningOn(const OutgoingPrompt &prompt) const;

private:
    struct Blocked
    {
        QString name;
        QRegularExpression expression;
    };
    QList<Blocked> m_blocked;
};

//! One sentence about \p concerns: what was found, and how much more. \p place: where, as the
//! sentence begins; empty: the message.
[[nodiscard]] QString concernText(const QList<PromptConcern> &concerns, const QString &place = {});

//! Whether \p entry, one of a PromptGuard's patterns, is meant as an expression and is none: why,
//! in PCRE's words; empty: it can be used as it is meant.
[[nodiscard]] QString patternFault(const QString &entry);

} // namespace core
