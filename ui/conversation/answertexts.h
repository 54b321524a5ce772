#pragma once

#include "core/chat/messagerecord.h"
#include "core/store/records.h"
#include "ui/transcript/transcriptmessage.h"
#include "ui/widgets/figures.h"

#include <QList>
#include <QString>

namespace ui {

//! The action of the footer's chip that counts attempts.
inline constexpr QLatin1StringView AttemptsAction{"attempts"};
//! Of a card: what to do about a prompt that was too long.
inline constexpr QLatin1StringView FitAction{"fit"};

//! The figures under an answer, in the order of product.md: tokens, cost, first token, tokens/s,
//! attempts. While it runs, tokens and cost stand elsewhere (soFarText()), but for a cost that has
//! a cap.
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

//! How far an answer has come, in the transcript's terms.
[[nodiscard]] MessageState shownState(core::MessageState state);

} // namespace ui
