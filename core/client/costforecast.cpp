#include "core/client/costforecast.h"

#include "core/chat/attachment.h"
#include "core/chat/imagesize.h"
#include "core/client/attemptcost.h"
#include "core/tokens/imagetokens.h"
#include "core/tokens/modelfamily.h"

#include <QtConcurrentRun>

#include <algorithm>

namespace core {

namespace {

// OpenAI's template as its cookbook describes it (num_tokens_from_messages, from memory): three
// tokens and the role around a turn, three to begin the answer.
constexpr std::int64_t TurnTokens = 4;
constexpr std::int64_t BeginningTokens = 3;

//! One question with all that is looked up in the main thread.
struct Task
{
    ForecastQuestion question;
    ProviderInfo provider;
    QString model; //!< That has the price and the tokenizer.
};

//! Tokens of an image by its maker's rule.
std::optional<std::int64_t> imageTokensOf(const AttachmentPart &part, const QString &model)
{
    const auto pixels = isImage(part) ? imageSize(part.data) : std::nullopt;
    return pixels ? imageTokens(model, *pixels) : std::nullopt;
}

//! What the images of \p request have more than the least that is guessed for each.
std::int64_t knownImageTokens(const ChatRequest &request, const QString &model)
{
    std::int64_t more = 0;
    for (const Message &message : request.messages) {
        for (const ContentPart &one : message.parts) {
            const auto *part = std::get_if<AttachmentPart>(&one);
            const auto tokens = part ? imageTokensOf(*part, model) : std::nullopt;
            more += tokens ? *tokens - LeastImageTokens : 0;
        }
    }
    return more;
}

FileForecast fileForecastOf(const AttachmentPart &part, const Task &task,
                            const CostCalculator &costs, TextCounts &counts, UtcTime at)
{
    FileForecast file;
    const std::optional<EncodingId> encoding = encodingOf(task.model);
    const auto words =
        isText(part) && encoding ? counts.count(*encoding, promptText(part)) : std::nullopt;
    const auto pixels = imageTokensOf(part, task.model);
    file.known = words || pixels;
    file.counted = words.has_value();
    if (file.known) {
        file.tokens = words ? *words : *pixels;
    } else {
        ChatRequest alone;
        alone.messages = {{Role::User, {part}}};
        file.tokens = estimateInput(alone).high();
    }
    if (task.provider.local)
        return file;
    Usage usage;
    usage.tokens = {{UsageKind::Input, file.tokens}, {UsageKind::Output, 0}};
    usage.basis = UsageBasis::Estimated;
    file.cost = costs.cost(task.provider.priceProvider, task.model, usage, at).total;
    return file;
}

QList<FileForecast> fileForecasts(const Task &task, const CostCalculator &costs, TextCounts &counts,
                                  UtcTime at)
{
    QList<FileForecast> files;
    if (task.question.request.messages.isEmpty())
        return files;
    for (const ContentPart &one : task.question.request.messages.constLast().parts) {
        if (const auto *part = std::get_if<AttachmentPart>(&one))
            files.append(fileForecastOf(*part, task, costs, counts, at));
    }
    return files;
}

Forecast forecastOf(const Task &task, const CostCalculator &costs, TextCounts &counts, UtcTime at,
                    const ClientOptions &options)
{
    const ChatRequest &request = task.question.request;
    const std::optional<EncodingId> encoding = encodingOf(task.model);
    // Of the tokenizers that are not published, most are near this one: the likeliest count, while
    // the range stays that of any tokenizer.
    const CountText near = [&](QStringView text) {
        return counts.count(encoding.value_or(EncodingId::O200kBase), text);
    };
    Forecast forecast;
    const TokenEstimate likely = estimateInput(request, near, &forecast.counted);
    forecast.counted = forecast.counted && encoding.has_value();
    const TokenEstimate range = encoding ? likely : estimateInput(request);
    forecast.inputLow = range.low();
    forecast.inputHigh = range.high();
    const std::int64_t turns = static_cast<std::int64_t>(request.messages.size());
    forecast.inputTokens =
        std::clamp(likely.low() - turns + turns * TurnTokens + BeginningTokens +
                       knownImageTokens(request, task.model),
                   forecast.inputLow, std::max(forecast.inputLow, forecast.inputHigh));
    forecast.local = task.provider.local;
    forecast.files = fileForecasts(task, costs, counts, at);
    forecast.simulated = task.question.target.simulated;
    AttemptCost cost(costs, range,
                     request.options.maxOutputTokens.value_or(options.assumedMaxOutput));
    cost.setWritesCache(options.promptCache &&
                        cost.cachePays(request, task.provider, task.model, at));
    if (!forecast.local)
        forecast.cost = cost.expected(task.provider, task.model, at);
    return forecast;
}

} // namespace

QFuture<QList<Forecast>> CostForecast::of(const QList<ForecastQuestion> &questions,
                                          const ClientOptions &options) const
{
    QList<Task> tasks;
    for (const ForecastQuestion &question : questions) {
        const ProviderInfo *provider = m_providers.provider(question.target.provider);
        tasks.append({question, provider ? *provider : ProviderInfo{},
                      m_models ? m_models->modelBehind(question.target) : question.target.model});
    }
    return QtConcurrent::run(
        [tasks, prices = m_prices, counts = m_counts, at = m_clock.utcNow(), options] {
            const CostCalculator costs(prices);
            QList<Forecast> forecasts;
            for (const Task &task : tasks)
                forecasts.append(forecastOf(task, costs, *counts, at, options));
            return forecasts;
        });
}

} // namespace core
