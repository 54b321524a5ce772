#pragma once

#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <optional>

namespace core {

//! What a chat request asked, whichever protocol it came in.
struct PracticeRequest
{
    QString model;
    QString system;
    QString question;        //!< Text of the last user turn.
    QStringList earlier;     //!< Text of the user turns before it.
    QString said;            //!< Text of the last turn of another side.
    QString continues;       //!< The answer that is to go on where it was cut; empty: none.
    int attachments = 0;     //!< Images and documents in the last user turn.
    qint64 promptTokens = 0; //!< Everything that was sent, in pieces of practiceTokens().
    qint64 askedTokens = 0;  //!< Of these, what came up to the question.
    std::optional<qint64> maxTokens;
    QJsonObject schema;       //!< That the answer is to follow; empty: it is free text.
    bool hasQuestion = false; //!< There is a user's turn, if only an empty one.
    bool stream = false;
    bool includeUsage = true; //!< openai-chat sends usage in a stream only when asked.
};

//! \p text cut into what the practice provider counts and streams as tokens: words with the space
//! after them, long words in parts. Joined they are the text again; no code point is split.
[[nodiscard]] QStringList practiceTokens(const QString &text);

//! Adds a turn of the user, the latest one so far, with what it costs. A turn that asks for the
//! rest of an answer that was cut off is no question of its own.
void addUserTurn(PracticeRequest &request, const QString &text, int attachments);
//! Adds another side's turn: only its tokens matter.
void addOtherTurn(PracticeRequest &request, const QString &text);

} // namespace core
