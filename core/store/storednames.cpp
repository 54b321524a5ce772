#include "core/store/storednames.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <array>
#include <utility>

namespace core {

namespace {

template <typename E, std::size_t N>
using Names = std::array<std::pair<E, const char *>, N>;

constexpr Names<Role, 4> Roles{{{Role::User, "user"},
                                {Role::System, "system"},
                                {Role::Assistant, "assistant"},
                                {Role::Tool, "tool"}}};
constexpr Names<MessageState, 5> MessageStates{{{MessageState::Incomplete, "incomplete"},
                                                {MessageState::Complete, "complete"},
                                                {MessageState::Streaming, "streaming"},
                                                {MessageState::Failed, "failed"},
                                                {MessageState::Cancelled, "cancelled"}}};
constexpr Names<ConversationKind, 3> ConversationKinds{{{ConversationKind::Chat, "chat"},
                                                        {ConversationKind::Lane, "lane"},
                                                        {ConversationKind::Ask, "ask"}}};
constexpr Names<KeySource, 4> KeySources{{{KeySource::None, "none"},
                                          {KeySource::Keychain, "keychain"},
                                          {KeySource::Session, "session"},
                                          {KeySource::Environment, "environment"}}};
constexpr Names<AuthMethod, 3> AuthMethods{{{AuthMethod::Key, "key"},
                                            {AuthMethod::AwsProfile, "aws_profile"},
                                            {AuthMethod::EntraSignIn, "entra"}}};
constexpr Names<SavedBy, 3> SavingCaches{{{SavedBy::Nothing, ""},
                                          {SavedBy::PromptCache, "prompt"},
                                          {SavedBy::ResponseCache, "response"}}};
constexpr Names<CostBasis, 14> CostBases{{{CostBasis::None, ""},
                                          {CostBasis::Exact, "exact"},
                                          {CostBasis::Estimated, "estimated"},
                                          {CostBasis::Partial, "partial"},
                                          {CostBasis::Cancelled, "cancelled"},
                                          {CostBasis::InputOnly, "input_only"},
                                          {CostBasis::Unanswered, "unanswered"},
                                          {CostBasis::NotCharged, "not_charged"},
                                          {CostBasis::NotSent, "not_sent"},
                                          {CostBasis::Local, "local"},
                                          {CostBasis::Cached, "cached"},
                                          {CostBasis::Draining, "draining"},
                                          {CostBasis::Drained, "drained"},
                                          {CostBasis::Interrupted, "interrupted"}}};
constexpr Names<RouteKind, 2> RouteKinds{
    {{RouteKind::InOrder, "in_order"}, {RouteKind::ByTask, "by_task"}}};
constexpr Names<TaskReason, 6> TaskReasons{{{TaskReason::Long, "long"},
                                            {TaskReason::Code, "code"},
                                            {TaskReason::Maths, "maths"},
                                            {TaskReason::Reasoning, "reasoning"},
                                            {TaskReason::Files, "files"},
                                            {TaskReason::Structured, "structured"}}};
constexpr Names<BudgetScope, 3> BudgetScopes{{{BudgetScope::All, "all"},
                                              {BudgetScope::Workspace, "workspace"},
                                              {BudgetScope::Provider, "provider"}}};
constexpr Names<LimitPeriod, 3> LimitPeriods{
    {{LimitPeriod::Session, "session"}, {LimitPeriod::Day, "day"}, {LimitPeriod::Month, "month"}}};
constexpr Names<LimitUnit, 3> LimitUnits{{{LimitUnit::Money, "money"},
                                          {LimitUnit::Tokens, "tokens"},
                                          {LimitUnit::Requests, "requests"}}};
constexpr Names<AttemptCause, 4> AttemptCauses{{{AttemptCause::First, "first"},
                                                {AttemptCause::Retry, "retry"},
                                                {AttemptCause::Fallback, "fallback"},
                                                {AttemptCause::Continue, "continue"}}};
constexpr Names<AttemptOutcome, 5> AttemptOutcomes{{{AttemptOutcome::Open, "open"},
                                                    {AttemptOutcome::Completed, "completed"},
                                                    {AttemptOutcome::Failed, "failed"},
                                                    {AttemptOutcome::Cancelled, "cancelled"},
                                                    {AttemptOutcome::Interrupted, "interrupted"}}};
constexpr Names<RequestState, 5> RequestStates{{{RequestState::Open, "open"},
                                                {RequestState::Completed, "completed"},
                                                {RequestState::Failed, "failed"},
                                                {RequestState::Cancelled, "cancelled"},
                                                {RequestState::Interrupted, "interrupted"}}};

template <typename E, std::size_t N>
QString nameIn(const Names<E, N> &names, E value)
{
    for (const auto &[known, name] : names) {
        if (known == value)
            return QString::fromLatin1(name);
    }
    return {};
}

//! The first of the list stands for unknown words.
template <typename E, std::size_t N>
E valueIn(const Names<E, N> &names, const QString &word)
{
    for (const auto &[known, name] : names) {
        if (word == QLatin1StringView(name))
            return known;
    }
    return names.front().first;
}

QString compact(const QJsonObject &object)
{
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

QJsonObject objectFrom(const QString &json)
{
    return QJsonDocument::fromJson(json.toUtf8()).object();
}

void insertText(QJsonObject &object, const QString &key, const QString &text)
{
    if (!text.isEmpty())
        object.insert(key, text);
}

} // namespace

QString storedName(Role role)
{
    return nameIn(Roles, role);
}

QString storedName(MessageState state)
{
    return nameIn(MessageStates, state);
}

QString storedName(ConversationKind kind)
{
    return nameIn(ConversationKinds, kind);
}

QString storedName(KeySource source)
{
    return nameIn(KeySources, source);
}

QString storedName(AuthMethod method)
{
    return nameIn(AuthMethods, method);
}

QString storedName(SavedBy cache)
{
    return nameIn(SavingCaches, cache);
}

QString storedName(CostBasis basis)
{
    return nameIn(CostBases, basis);
}

QString storedName(RouteKind kind)
{
    return nameIn(RouteKinds, kind);
}

QString storedName(TaskReason reason)
{
    return nameIn(TaskReasons, reason);
}

QString storedName(BudgetScope scope)
{
    return nameIn(BudgetScopes, scope);
}

QString storedName(LimitPeriod period)
{
    return nameIn(LimitPeriods, period);
}

QString storedName(LimitUnit unit)
{
    return nameIn(LimitUnits, unit);
}

QString storedName(AttemptCause cause)
{
    return nameIn(AttemptCauses, cause);
}

QString storedName(AttemptOutcome outcome)
{
    return nameIn(AttemptOutcomes, outcome);
}

QString storedName(RequestState state)
{
    return nameIn(RequestStates, state);
}

Role roleFrom(const QString &name)
{
    return valueIn(Roles, name);
}

MessageState messageStateFrom(const QString &name)
{
    return valueIn(MessageStates, name);
}

ConversationKind conversationKindFrom(const QString &name)
{
    return valueIn(ConversationKinds, name);
}

KeySource keySourceFrom(const QString &name)
{
    return valueIn(KeySources, name);
}

AuthMethod authMethodFrom(const QString &name)
{
    return valueIn(AuthMethods, name);
}

SavedBy savedByFrom(const QString &name)
{
    return valueIn(SavingCaches, name);
}

CostBasis costBasisFrom(const QString &name)
{
    return valueIn(CostBases, name);
}

RouteKind routeKindFrom(const QString &name)
{
    return valueIn(RouteKinds, name);
}

std::optional<TaskReason> taskReasonFrom(const QString &name)
{
    for (const auto &[reason, known] : TaskReasons) {
        if (name == QLatin1StringView(known))
            return reason;
    }
    return std::nullopt;
}

BudgetScope budgetScopeFrom(const QString &name)
{
    return valueIn(BudgetScopes, name);
}

LimitPeriod limitPeriodFrom(const QString &name)
{
    return valueIn(LimitPeriods, name);
}

LimitUnit limitUnitFrom(const QString &name)
{
    return valueIn(LimitUnits, name);
}

AttemptCause attemptCauseFrom(const QString &name)
{
    return valueIn(AttemptCauses, name);
}

RequestState requestStateFrom(const QString &name)
{
    return valueIn(RequestStates, name);
}

AttemptOutcome attemptOutcomeFrom(const QString &name)
{
    return valueIn(AttemptOutcomes, name);
}

QVariant errorValue(const std::optional<Error> &error, ServiceWords words)
{
    if (!error)
        return {};
    QJsonObject object{{QStringLiteral("kind"), errorCode(error->kind)}};
    if (words == ServiceWords::Keep || error->httpStatus == 0) // nobody answered: they are ours
        insertText(object, QStringLiteral("detail"), error->detail);
    insertText(object, QStringLiteral("provider"), error->provider);
    insertText(object, QStringLiteral("code"), error->providerCode);
    insertText(object, QStringLiteral("request"), error->requestId);
    if (error->httpStatus != 0)
        object.insert(QStringLiteral("status"), error->httpStatus);
    if (error->retryAfter)
        object.insert(QStringLiteral("retry_after_ms"), qint64(error->retryAfter->count()));
    if (error->phase != Phase::None)
        object.insert(QStringLiteral("phase"), static_cast<int>(error->phase));
    if (error->shouldRetry)
        object.insert(QStringLiteral("should_retry"), *error->shouldRetry);
    if (words == ServiceWords::Keep)
        insertText(object, QStringLiteral("body"), error->rawBody);
    return compact(object);
}

std::optional<Error> errorFrom(const QVariant &value)
{
    if (value.isNull())
        return std::nullopt;
    const QJsonObject object = objectFrom(value.toString());
    Error error;
    error.kind =
        errorKindOf(object.value(QStringLiteral("kind")).toString()).value_or(ErrorKind::Internal);
    error.detail = object.value(QStringLiteral("detail")).toString();
    error.provider = object.value(QStringLiteral("provider")).toString();
    error.providerCode = object.value(QStringLiteral("code")).toString();
    error.requestId = object.value(QStringLiteral("request")).toString();
    error.httpStatus = object.value(QStringLiteral("status")).toInt();
    if (const QJsonValue wait = object.value(QStringLiteral("retry_after_ms")); wait.isDouble())
        error.retryAfter = std::chrono::milliseconds(wait.toInteger());
    const int phase = object.value(QStringLiteral("phase")).toInt();
    if (phase > 0 && phase <= static_cast<int>(Phase::Sleep))
        error.phase = static_cast<Phase>(phase);
    if (const QJsonValue retry = object.value(QStringLiteral("should_retry")); retry.isBool())
        error.shouldRetry = retry.toBool();
    error.rawBody = object.value(QStringLiteral("body")).toString();
    return error;
}

QString optionsValue(const ChatOptions &options)
{
    QJsonObject object;
    insertText(object, QStringLiteral("system"), options.system);
    if (options.maxOutputTokens)
        object.insert(QStringLiteral("max_output_tokens"), *options.maxOutputTokens);
    if (options.temperature)
        object.insert(QStringLiteral("temperature"), *options.temperature);
    if (options.topP)
        object.insert(QStringLiteral("top_p"), *options.topP);
    if (!options.stop.isEmpty())
        object.insert(QStringLiteral("stop"), QJsonArray::fromStringList(options.stop));
    insertText(object, QStringLiteral("reasoning_effort"), options.reasoningEffort);
    insertText(object, QStringLiteral("json_schema"), QString::fromUtf8(options.jsonSchema));
    if (options.reuseAnswers)
        object.insert(QStringLiteral("reuse_answers"), true);
    if (options.messageCap)
        object.insert(QStringLiteral("message_cap"), options.messageCap->toDecimal());
    return compact(object);
}

ChatOptions optionsFrom(const QString &json)
{
    const QJsonObject object = objectFrom(json);
    ChatOptions options;
    options.system = object.value(QStringLiteral("system")).toString();
    if (const QJsonValue most = object.value(QStringLiteral("max_output_tokens")); most.isDouble())
        options.maxOutputTokens = most.toInt();
    if (const QJsonValue value = object.value(QStringLiteral("temperature")); value.isDouble())
        options.temperature = value.toDouble();
    if (const QJsonValue value = object.value(QStringLiteral("top_p")); value.isDouble())
        options.topP = value.toDouble();
    for (const QJsonValue stop : object.value(QStringLiteral("stop")).toArray())
        options.stop.append(stop.toString());
    options.reasoningEffort = object.value(QStringLiteral("reasoning_effort")).toString();
    options.jsonSchema = object.value(QStringLiteral("json_schema")).toString().toUtf8();
    options.reuseAnswers = object.value(QStringLiteral("reuse_answers")).toBool();
    options.messageCap =
        PicoUsd::fromDecimal(object.value(QStringLiteral("message_cap")).toString());
    return options;
}

QString listValue(const QStringList &list)
{
    return QString::fromUtf8(
        QJsonDocument(QJsonArray::fromStringList(list)).toJson(QJsonDocument::Compact));
}

QStringList listFrom(const QString &json)
{
    QStringList list;
    for (const QJsonValue value : QJsonDocument::fromJson(json.toUtf8()).array())
        list.append(value.toString());
    return list;
}

QString countsValue(const QMap<QString, std::int64_t> &counts)
{
    QJsonObject object;
    for (auto it = counts.begin(); it != counts.end(); ++it)
        object.insert(it.key(), qint64(it.value()));
    return compact(object);
}

QMap<QString, std::int64_t> countsFrom(const QString &json)
{
    QMap<QString, std::int64_t> counts;
    const QJsonObject object = objectFrom(json);
    for (auto it = object.begin(); it != object.end(); ++it)
        counts.insert(it.key(), it.value().toInteger());
    return counts;
}

} // namespace core
