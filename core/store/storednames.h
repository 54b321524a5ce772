#pragma once

#include "core/base/error.h"
#include "core/chat/chatrequest.h"
#include "core/chat/messagerecord.h"
#include "core/ledger/attemptrecord.h"
#include "core/ledger/budget.h"
#include "core/store/records.h"

#include <QString>
#include <QVariant>

namespace core {

// How enums and small values stand in the database. The words are part of the schema: its CHECKs
// hold them. Reading an unknown word (a damaged row) gives the harmless value.

[[nodiscard]] QString storedName(Role role);
[[nodiscard]] QString storedName(MessageState state);
[[nodiscard]] QString storedName(ConversationKind kind);
[[nodiscard]] QString storedName(KeySource source);
[[nodiscard]] QString storedName(AuthMethod method);
[[nodiscard]] QString storedName(AttemptCause cause);
[[nodiscard]] QString storedName(AttemptOutcome outcome);
[[nodiscard]] QString storedName(RequestState state);
[[nodiscard]] QString storedName(SavedBy cache);
[[nodiscard]] QString storedName(CostBasis basis);
[[nodiscard]] QString storedName(RouteKind kind);
[[nodiscard]] QString storedName(TaskReason reason);
[[nodiscard]] QString storedName(BudgetScope scope);
[[nodiscard]] QString storedName(LimitPeriod period); //!< Empty for Message: no budget has it.
[[nodiscard]] QString storedName(LimitUnit unit);

[[nodiscard]] Role roleFrom(const QString &name);
[[nodiscard]] MessageState messageStateFrom(const QString &name);
[[nodiscard]] ConversationKind conversationKindFrom(const QString &name);
[[nodiscard]] KeySource keySourceFrom(const QString &name);
[[nodiscard]] AuthMethod authMethodFrom(const QString &name);
[[nodiscard]] AttemptCause attemptCauseFrom(const QString &name);
[[nodiscard]] AttemptOutcome attemptOutcomeFrom(const QString &name);
[[nodiscard]] RequestState requestStateFrom(const QString &name);
[[nodiscard]] SavedBy savedByFrom(const QString &name);
[[nodiscard]] CostBasis costBasisFrom(const QString &name);
[[nodiscard]] RouteKind routeKindFrom(const QString &name);
[[nodiscard]] std::optional<TaskReason> taskReasonFrom(const QString &name); //!< None is harmless.
[[nodiscard]] BudgetScope budgetScopeFrom(const QString &name);
[[nodiscard]] LimitPeriod limitPeriodFrom(const QString &name);
[[nodiscard]] LimitUnit limitUnitFrom(const QString &name);

enum class ServiceWords { Keep, LeaveOut };
//! JSON, or NULL for none. The ledger leaves out the body and what was read from an answer:
//! services echo prompts in both.
[[nodiscard]] QVariant errorValue(const std::optional<Error> &error, ServiceWords words);
[[nodiscard]] std::optional<Error> errorFrom(const QVariant &value);

[[nodiscard]] QString optionsValue(const ChatOptions &options);
[[nodiscard]] ChatOptions optionsFrom(const QString &json);

[[nodiscard]] QString listValue(const QStringList &list);
[[nodiscard]] QStringList listFrom(const QString &json);

//! Counts by name as a JSON object, exact to 63 bits.
[[nodiscard]] QString countsValue(const QMap<QString, std::int64_t> &counts);
[[nodiscard]] QMap<QString, std::int64_t> countsFrom(const QString &json);

} // namespace core
