#include "app/replyjson.h"

#include "app/jsonwriter.h"
#include "core/base/errortext.h"
#include "core/base/redactor.h"
#include "core/providers/geminidecoder.h"

#include <QJsonDocument>

#include <algorithm>

namespace app {

using namespace Qt::StringLiterals;
using core::UsageKind;

namespace {

JsonWriter begin(const char *event)
{
    JsonWriter json;
    json.member("event"_L1, QString::fromLatin1(event));
    return json;
}

//! Null: no HTTP answer came.
void addStatus(JsonWriter &json, int httpStatus)
{
    json.member("status_code"_L1,
                httpStatus ? std::optional<std::int64_t>(httpStatus) : std::nullopt);
}

QString strings(const QStringList &texts)
{
    QStringList quoted;
    for (const QString &text : texts)
        quoted.append(JsonWriter::quoted(text));
    return JsonWriter::array(quoted);
}

QString costLineJson(const core::CostLine &line)
{
    constexpr std::int64_t Thousand = 1000;
    JsonWriter json;
    // What is charged by the piece is kept per thousand: here every line has one scale.
    const bool isFee = core::feeUnitOf(line.kind).has_value();
    const auto perMillion =
        isFee && line.perMillion ? line.perMillion->scaled(Thousand) : line.perMillion;
    json.member("kind"_L1, line.kind)
        .member("quantity"_L1, line.quantity)
        .member("rate_per_million"_L1, perMillion);
    if (line.multiplier != QStringLiteral("1"))
        json.member("multiplier"_L1, line.multiplier);
    json.member("amount"_L1, line.amount).raw("flags"_L1, strings(line.flags));
    return json.toString();
}

//! need and left: dollars as text, else counts.
void addShortfall(JsonWriter &json, const core::Shortfall &shortfall)
{
    const auto amount = [&](QLatin1StringView name, std::int64_t count) {
        if (shortfall.unit == core::LimitUnit::Money)
            json.member(name, std::optional(core::PicoUsd(count)));
        else
            json.member(name, count);
    };
    json.member("unit"_L1, shortfall.unit == core::LimitUnit::Money ? QStringLiteral("USD")
                           : shortfall.unit == core::LimitUnit::Tokens
                               ? QStringLiteral("tokens")
                               : QStringLiteral("requests"));
    amount("need"_L1, shortfall.need);
    amount("left"_L1, shortfall.left);
    json.member("period"_L1,
                shortfall.period == core::LimitPeriod::Message ? QStringLiteral("message")
                : shortfall.period == core::LimitPeriod::Day   ? QStringLiteral("day")
                : shortfall.period == core::LimitPeriod::Month ? QStringLiteral("month")
                                                               : QStringLiteral("session"));
    json.member("hard"_L1, shortfall.hard);
    json.member("max_output_tokens"_L1, shortfall.fittingOutput
                                            ? std::optional<std::int64_t>(*shortfall.fittingOutput)
                                            : std::nullopt);
}

QString detailsJson(const core::Error &error, const QString &provider, const QString &model,
                    const QList<core::AttemptRecord> &failedTargets)
{
    JsonWriter json;
    json.textOrNull("provider"_L1, provider).textOrNull("model"_L1, model);
    addStatus(json, error.httpStatus);
    json.textOrNull("provider_code"_L1, error.providerCode)
        .textOrNull("request_id"_L1, error.requestId);
    json.textOrNull("raw_error"_L1, core::redacted(error.rawBody))
        .textOrNull("detail"_L1, core::redacted(error.detail));
    if (error.shortfall)
        addShortfall(json, *error.shortfall);
    if (!failedTargets.isEmpty()) {
        QStringList targets;
        for (const core::AttemptRecord &attempt : failedTargets) {
            JsonWriter target;
            target.member("provider"_L1, attempt.target.provider)
                .member("model"_L1, attempt.target.model);
            target.textOrNull("error_code"_L1,
                              attempt.error ? core::errorCode(attempt.error->kind) : QString());
            addStatus(target, attempt.httpStatus);
            targets.append(target.toString());
        }
        json.raw("targets"_L1, JsonWriter::array(targets));
    }
    return json.toString();
}

} // namespace

QString attemptStartedLine(const core::AttemptInfo &info)
{
    JsonWriter json = begin("attempt_started");
    json.member("attempt"_L1, std::int64_t(info.number))
        .member("cause"_L1, core::attemptCauseName(info.cause));
    json.member("provider"_L1, info.target.provider).member("model"_L1, info.target.model);
    json.member("base_url"_L1, info.target.baseUrl.toString())
        .member("simulated"_L1, info.target.simulated);
    return json.toString();
}

QString attemptEndedLine(const core::AttemptRecord &record)
{
    JsonWriter json = begin("attempt_ended");
    json.member("attempt"_L1, std::int64_t(record.number))
        .member("outcome"_L1, core::attemptOutcomeName(record.outcome));
    json.textOrNull("error_code"_L1,
                    record.error ? core::errorCode(record.error->kind) : QString());
    addStatus(json, record.httpStatus);
    json.member("ttft_ms"_L1, record.times.firstVisible)
        .member("duration_ms"_L1, std::optional(record.times.end));
    return json.toString();
}

QString retryScheduledLine(int attempt, std::chrono::milliseconds delay, const core::Error &cause)
{
    JsonWriter json = begin("retry_scheduled");
    json.member("attempt"_L1, std::int64_t(attempt)).member("delay_ms"_L1, std::optional(delay));
    json.member("error_code"_L1, core::errorCode(cause.kind));
    return json.toString();
}

QString usageJson(const core::Usage &usage)
{
    JsonWriter json;
    json.member("input"_L1, usage.count(UsageKind::Input))
        .member("cache_read"_L1, usage.count(UsageKind::CacheRead));
    json.member("cache_write"_L1, usage.count(UsageKind::CacheWrite))
        .member("output"_L1, usage.count(UsageKind::Output));
    json.member("reasoning"_L1, usage.count(UsageKind::OutputReasoning));
    for (auto at = usage.tokens.constBegin(); at != usage.tokens.constEnd(); ++at) {
        static constexpr std::array Told{UsageKind::Input, UsageKind::CacheRead,
                                         UsageKind::CacheWrite, UsageKind::Output,
                                         UsageKind::OutputReasoning};
        if (std::find(Told.begin(), Told.end(), at.key()) == Told.end())
            json.member(QLatin1StringView(core::usageKindName(at.key()).toLatin1()), at.value());
    }
    json.member("basis"_L1, core::usageBasisName(usage.basis));
    return json.toString();
}

namespace {

//! low, high, complete, ..., lines: what both forms of a cost share.
void addCost(JsonWriter &json, const core::CostBreakdown &cost)
{
    // A cost without one known part is unknown; with an unknown part it has a lower end only.
    const bool anyKnown = cost.total.complete || std::any_of(cost.lines.begin(), cost.lines.end(),
                                                             [](const core::CostLine &line) {
                                                                 return line.amount.has_value();
                                                             });
    QStringList lines;
    for (const core::CostLine &line : cost.lines)
        lines.append(costLineJson(line));
    json.member("low"_L1, anyKnown ? std::optional(cost.total.low) : std::nullopt);
    json.member("high"_L1, cost.total.complete ? std::optional(cost.total.high) : std::nullopt);
    json.member("complete"_L1, cost.total.complete).textOrNull("rate_card"_L1, cost.rateCard);
    json.raw("flags"_L1, strings(cost.flags)).raw("lines"_L1, JsonWriter::array(lines));
}

} // namespace

QString costJson(const core::CostBreakdown &cost, bool simulated)
{
    JsonWriter json;
    json.member("currency"_L1, QStringLiteral("USD")).member("simulated"_L1, simulated);
    addCost(json, cost);
    return json.toString();
}

QString priceJson(const core::CostBreakdown &cost)
{
    JsonWriter json;
    addCost(json, cost);
    return json.toString();
}

QStringList EventLines::lines(const core::StreamEvents &events)
{
    QStringList result;
    QString text, reasoning;
    const auto flushTexts = [&] {
        if (!reasoning.isEmpty())
            result.append(begin("reasoning")
                              .member("text"_L1, std::exchange(reasoning, QString()))
                              .toString());
        if (!text.isEmpty())
            result.append(
                begin("text").member("text"_L1, std::exchange(text, QString())).toString());
    };
    for (const core::StreamEvent &event : events) {
        if (const auto *started = std::get_if<core::ReplyStarted>(&event)) {
            JsonWriter json = begin("reply_started");
            json.textOrNull("model"_L1, started->model)
                .textOrNull("request_id"_L1, started->requestId);
            if (!started->warnings.isEmpty())
                json.raw("warnings"_L1, strings(started->warnings));
            result.append(json.toString());
        } else if (const auto *delta = std::get_if<core::TextDelta>(&event)) {
            if (!reasoning.isEmpty())
                flushTexts();
            text += delta->text;
            m_text += delta->text;
        } else if (const auto *thought = std::get_if<core::ReasoningDelta>(&event)) {
            if (!text.isEmpty())
                flushTexts();
            reasoning += thought->text;
        } else if (const auto *call = std::get_if<core::ToolCallDelta>(&event)) {
            auto known = std::find_if(m_toolCalls.begin(), m_toolCalls.end(),
                                      [&](const ToolCall &c) { return c.index == call->index; });
            if (known == m_toolCalls.end()) {
                m_toolCalls.append({call->index, call->id, call->name, {}});
                known = std::prev(m_toolCalls.end());
            }
            // A name may come behind its id.
            if (known->id.isEmpty())
                known->id = call->id;
            if (known->name.isEmpty())
                known->name = call->name;
            known->arguments += call->arguments;
        }
    }
    flushTexts();
    return result;
}

void EventLines::dropCutCalls()
{
    m_toolCalls.removeIf(
        [](const ToolCall &call) { return !QJsonDocument::fromJson(call.arguments).isObject(); });
}

QStringList EventLines::flush()
{
    QStringList result;
    for (const ToolCall &call : std::exchange(m_toolCalls, {})) {
        JsonWriter json = begin("tool_call");
        json.textOrNull("id"_L1, core::isMadeUpCallId(call.id) ? QString() : call.id)
            .member("name"_L1, call.name)
            .member("arguments"_L1, QString::fromUtf8(call.arguments));
        result.append(json.toString());
    }
    return result;
}

QString FinishedLine::toString() const
{
    JsonWriter json = begin("finished");
    json.member("success"_L1, finish.has_value()).member("text"_L1, text);
    if (finish) {
        json.member("finish_reason"_L1, core::finishReasonName(finish->reason))
            .textOrNull("finish_reason_raw"_L1, finish->raw);
        json.textOrNull("provider"_L1, provider).textOrNull("model"_L1, model);
    } else {
        json.member("error_code"_L1, core::errorCode(error.kind))
            .member("error_message"_L1, core::redacted(core::userText(error)));
        json.member("retry_after"_L1,
                    error.retryAfter
                        ? std::optional(static_cast<double>(error.retryAfter->count()) / 1000.0)
                        : std::optional<double>());
        json.raw("details"_L1, detailsJson(error, provider, model, failedTargets));
    }
    json.raw("usage"_L1, usageJson(usage));
    if (cost)
        json.raw("cost"_L1, costJson(*cost, simulated));
    else
        json.null("cost"_L1);
    if (attempts)
        json.member("attempts"_L1, std::int64_t(*attempts));
    json.member("ttft_ms"_L1, firstToken).member("duration_ms"_L1, duration);
    return json.toString();
}

} // namespace app
