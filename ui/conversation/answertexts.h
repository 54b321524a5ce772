#pragma once

#include "core/chat/messagerecord.h"
#include "core/store/records.h"
#include "ui/transcript/transcriptmessage.h"
#include "ui/widgets/figures.h"

#include <QDateTime>
#include <QList>
#include <QString>

namespace ui {

//! The action of the footer's chip that counts attempts.
inline constexpr QLatin1StringView AttemptsAction{"attempts"};
//! Of a card: what to do about a prompt that was too long.
inline constexpr QLatin1StringView FitAction{"fit"};
//! Of a card: to be told when it is possible again.
inline constexpr QLatin1StringView RemindAction{"remind"};

//! The figures under an answer, in this order: tokens, cost, first token, tokens/s, attempts. While
//! it runs, tokens and cost stand elsewhere (soFarText()), but for a cost that has a cap.
[[nodiscard]] QList<FooterSegment> answerFooter(const core::AnswerFigures &figures, bool running);

//! What a running answer has taken: "9,810 in · 48 out · ≥ $0.0067 so far", or all of it about:
//! "≈ 57 in · …". Empty: nothing has come that costs.
[[nodiscard]] QString soFarText(const core::AnswerFigures &figures);
//! A figure that is near, or the least, is marked: "≈ 412", "≥ 412".
[[nodiscard]] QString boundedText(const QString &figure, core::AnswerFigures::Bound bound);
//! The cost of an answer, "≈ $0.0012" or "≥ $0.0067" while it runs.
[[nodiscard]] QString answerCost(const core::AnswerFigures &figures, MoneyMark mark);

//! What stands on an answer's folded reasoning: "Reasoned for 4.2 s, 812 tokens"; while it still
//! \p thinks "Reasoning for 4.2 s, ≈ 812 tokens". Empty: nothing is known of it.
[[nodiscard]] QString reasoningText(const core::AnswerFigures &figures, bool thinks);

//! "Claude Sonnet 4.5, after GPT-5 (503)" from names and what failed before.
[[nodiscard]] QString answeredBy(const QString &name,
                                 const QList<std::pair<QString, QString>> &failedBefore);

//! The card for an answer that ended with an error; no card for one that the user stopped or keeps
//! as it is. \p canContinue: see core::Conversation.
[[nodiscard]] std::optional<ErrorCard> errorCard(const core::MessageRecord &message,
                                                 const core::Error &named, bool canContinue);

//! When a service that refused \p message wants to be asked again, \p lasted after it was begun.
//! None: it did not say, or so short a pause that no clock is needed, or its end is not known.
[[nodiscard]] std::optional<core::UtcTime>
possibleAgain(const core::MessageRecord &message,
              const std::optional<std::chrono::milliseconds> &lasted);
//! "Possible again at 14:32.", "... tomorrow at 14:32.", "... on 5 Dec at 14:32.": never before \p
//! at, as \p now would tell it. Both in the reader's zone.
[[nodiscard]] QString possibleAgainText(const QDateTime &at, const QDateTime &now);
//! Says \p when on the card of an error of \p kind, in place of advice to wait a moment.
void addPossibleAgain(ErrorCard &card, core::ErrorKind kind, const QString &when);

//! How far an answer has come, in the transcript's terms.
[[nodiscard]] MessageState shownState(core::MessageState state);

} // namespace ui
