#include "core/client/answermeter.h"

#include "core/base/whenready.h"
#include "core/client/chatreply.h"

#include <algorithm>
#include <cmath>

namespace core {

namespace {

bool isReasoning(const ContentPart &part)
{
    return std::holds_alternative<ReasoningPart>(part);
}

//! What \p part has after its first \p counted characters (of a tool call: bytes) goes to \p take;
//! the length of all of it.
template <typename Take>
qsizetype countRest(const ContentPart &part, qsizetype counted, Take take)
{
    const auto rest = [&](auto view) {
        if (view.size() > counted)
            take(view.sliced(counted));
        return view.size();
    };
    if (const auto *text = std::get_if<TextPart>(&part))
        return rest(QStringView(text->text));
    if (const auto *reasoning = std::get_if<ReasoningPart>(&part))
        return rest(QStringView(reasoning->text));
    if (const auto *call = std::get_if<ToolCallPart>(&part))
        return rest(QByteArrayView(call->arguments));
    return 0;
}

//! A moment after the first token a rate would be a guess.
std::optional<double> rateOf(std::int64_t tokens, const AttemptTimes &times)
{
    constexpr std::chrono::milliseconds Telling{500};
    if (!times.firstVisible || times.end - *times.firstVisible < Telling)
        return std::nullopt;
    const std::chrono::duration<double> streaming = times.end - *times.firstVisible;
    return static_cast<double>(tokens) / streaming.count();
}

} // namespace

AnswerMeter::AnswerMeter(const CostForecast &forecast, const ChatReply &reply, ChatRequest request,
                         QList<ContentPart> before)
    : m_forecast(forecast)
    , m_reply(reply)
    , m_request(std::move(request))
    , m_before(std::move(before))
{
}

void AnswerMeter::begin(std::int64_t attempt)
{
    m_attempt = attempt;
    m_prompt.reset();
    m_text.reset();
    m_reasoning.reset();
    m_counted.clear();
    for (const ContentPart &part : std::as_const(m_before))
        m_counted.append(countRest(part, 0, [](auto) {}));
    const Target target = m_reply.target();
    whenReady(this, m_forecast.of({{m_request, target}}, {}),
              [this, attempt](const QList<Forecast> &prompt) {
                  if (attempt == m_attempt)
                      m_prompt = prompt.value(0);
              });
    whenReady(this, m_forecast.counterFor(target),
              [this, attempt](const std::optional<AnswerCounter> &counter) {
                  if (attempt == m_attempt)
                      m_text = m_reasoning = counter;
              });
}

void AnswerMeter::countNew()
{
    const QList<ContentPart> &parts = m_reply.parts();
    m_counted.resize(parts.size());
    for (qsizetype i = 0; i < parts.size(); ++i) {
        AppendableCount &counted = (isReasoning(parts.at(i)) ? m_reasoning : m_text)->counted;
        m_counted[i] = countRest(parts.at(i), m_counted.at(i),
                                 [&counted](auto rest) { counted.append(rest); });
    }
}

std::int64_t AnswerMeter::asModel(const AppendableCount &counted) const
{
    return static_cast<std::int64_t>(
        std::llround(static_cast<double>(counted.count()) * m_text->factor));
}

std::optional<AnswerReading> AnswerMeter::read()
{
    constexpr int Ok = 200;
    const std::optional<AttemptRecord> attempt = m_reply.runningAttempt();
    if (!attempt)
        return std::nullopt;
    if (attempt->id != m_attempt)
        begin(attempt->id);
    if (!m_prompt || !m_text || attempt->httpStatus != Ok)
        return std::nullopt;
    countNew();

    const std::optional<std::int64_t> told = attempt->usage.count(UsageKind::Input);
    AnswerReading reading;
    reading.inputTokens = told.value_or(m_prompt->inputTokens);
    reading.reasoningTokens = asModel(m_reasoning->counted);
    reading.outputTokens = std::max(attempt->usage.count(UsageKind::Output).value_or(0),
                                    asModel(m_text->counted) + reading.reasoningTokens);
    reading.atLeast = told.has_value() && m_text->exact;
    reading.local = m_prompt->local;
    Usage usage = attempt->usage;
    usage.tokens.insert(UsageKind::Input, reading.inputTokens);
    usage.tokens.insert(UsageKind::Output, reading.outputTokens);
    usage.basis = UsageBasis::Counted; // what is not known yet is not missing
    reading.cost = m_forecast.costOf(attempt->target, usage);
    reading.tokensPerSecond =
        rateOf(reading.outputTokens - reading.reasoningTokens, attempt->times);
    return reading;
}

} // namespace core
