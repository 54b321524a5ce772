#pragma once

#include "core/chat/messagerecord.h"
#include "core/store/records.h"
#include "ui/transcript/transcriptmessage.h"

#include <QList>
#include <QString>

namespace ui {

//! The action of the footer's chip that counts attempts.
inline constexpr QLatin1StringView AttemptsAction{"attempts"};
//! Of a card: what to do about a prompt that was too long.
inline constexpr QLatin1StringView FitAction{"fit"};

//! The figures under an answer, in the order of product.md: tokens, cost, first token, tokens/s,
//! attempts.
[[nodiscard]] QList<FooterSegment> answerFooter(const core::AnswerFigures &figures, bool running);

//! "Claude Sonnet 4.5, after GPT-5 (503)" from names and what failed before.
[[nodiscard]] QString answeredBy(const QString &name,
                                 const QList<std::pair<QString, QString>> &failedBefore);

//! The card for an answer that ended with an error; no card for one that the user stopped or keeps
//! as it is. \p canContinue: see core::Conversation.
[[nodiscard]] std::optional<ErrorCard> errorCard(const core::MessageRecord &message,
                                                 const core::Error &named, bool canContinue);

//! How far an answer has come, in the transcript's terms.
[[nodiscard]] MessageState shownState(core::MessageState state);

} // namespace ui
