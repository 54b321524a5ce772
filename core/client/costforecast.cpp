#include "core/client/costforecast.h"

#include "core/chat/attachment.h"
#include "core/chat/imagesize.h"
#include "core/client/attemptcost.h"
#include "core/client/sellers.h"
#include "core/tokens/imagetokens.h"
#include "core/tokens/modelencoding.h"

#include <QtConcurrentRun>

#include <algorithm>
#include <cmath>

namespace core {

namespace {

//! One question with all that is looked up in the main thread.
struct Task
{
    ForecastQuestion question;
    ProviderInfo provider;
    QString model;                                  //!< That has the price and the tokenizer.
    std::optional<TokenCalibration::Spread> spread; //!< What its model is known to count.
    std::int64_t maxOutput = 0;
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
    file.cost =
        costs.cost(sellerOf(task.provider, task.question.target.model), task.model, usage, at)
            .total;
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

//! Tokens of a prompt as far as they can be told.
struct InputCount
{
    TokenEstimate range;
    TokenEstimate reserved;  //!< As the engine sets it aside, whatever was learnt.
    std::int64_t likely = 0; //!< May be out of the range, whose ends know more of pictures.
    bool counted = false;
};

std::int64_t scaled(std::int64_t tokens, double factor, double (*round)(double))
{
    return static_cast<std::int64_t>(round(static_cast<double>(tokens) * factor));
}

//! What the service counted is so; what it left out is as for anybody.
InputCount countedInput(const TokenCount &counted, const TokenEstimate &reserved,
                        const TokenEstimate &near)
{
    InputCount input;
    input.reserved = reserved;
    input.likely = counted.tokens;
    input.counted = true;
    input.range.addTokens(counted.tokens,
                          counted.tokens + (counted.whole ? 0 : near.high() - near.low()));
    return input;
}

InputCount countInput(const Task &task, TextCounts &counts)
{
    const ChatRequest &request = task.question.request;
    InputCount input;
    if (const auto encoding = encodingOf(task.model)) {
        const CountText exact = [&counts, encoding](QStringView text) {
            return counts.count(*encoding, text);
        };
        const PromptCount count = countPrompt(request, exact, task.model);
        input.range = count.tokens;
        input.counted = count.isCounted;
        input.reserved = input.range;
        input.likely = likelyInput(input.range, request, task.model);
        return task.question.counted
                   ? countedInput(*task.question.counted, input.reserved, input.range)
                   : input;
    }
    input.reserved = estimateInput(request, {}, task.model); // of any tokenizer
    const TokenEstimate near = estimateInput(request, countNear(counts), task.model);
    if (task.question.counted)
        return countedInput(*task.question.counted, input.reserved, near);
    if (!task.spread) {
        input.range = input.reserved;
        input.likely = likelyInput(near, request, task.model);
        return input;
    }
    // Only words were ever compared: the rest stays as wide as it is.
    const TokenEstimate words = estimateInput(wordsOf(request), countNear(counts), task.model);
    const TokenCalibration::Spread &spread = *task.spread;
    const std::int64_t leastRest = near.low() - words.low();
    input.range.addTokens(scaled(words.low(), spread.low, std::floor) + leastRest,
                          scaled(words.high(), spread.high, std::ceil) + near.high() -
                              words.high());
    input.likely =
        scaled(likelyInput(words, request, task.model), spread.likely, std::round) + leastRest;
    return input;
}

Forecast forecastOf(const Task &task, const CostCalculator &costs, TextCounts &counts, UtcTime at,
                    const ClientOptions &options)
{
    const ChatRequest &request = task.question.request;
    const InputCount input = countInput(task, counts);
    Forecast forecast;
    forecast.counted = input.counted;
    forecast.inputLow = input.range.low();
    forecast.inputHigh = input.range.high();
    forecast.inputLeast = input.reserved.low();
    forecast.byService = task.question.counted.has_value();
    forecast.byServiceWhole = forecast.byService && task.question.counted->whole;
    const std::int64_t images = forecast.byService ? 0 : knownImageTokens(request, task.model);
    forecast.inputTokens = std::clamp(input.likely + images, forecast.inputLow,
                                      std::max(forecast.inputLow, forecast.inputHigh));
    forecast.local = task.provider.local;
    forecast.files = fileForecasts(task, costs, counts, at);
    forecast.simulated = task.question.target.simulated;
    AttemptCost cost(costs, input.reserved, task.maxOutput);
    const PricedCall call{task.provider, task.question.target.model, task.model, at};
    cost.setWritesCache(options.promptCache && cost.cachePays(request, call));
    cost.setInput(input.range);
    if (!forecast.local)
        forecast.cost = cost.expected(call);
    return forecast;
}

} // namespace

ProviderInfo CostForecast::providerOf(const Target &target) const
{
    const ProviderInfo *provider = m_providers.provider(target.provider);
    return provider ? providerAt(*provider, target) : ProviderInfo{};
}

QString CostForecast::modelOf(const Target &target) const
{
    return m_models ? m_models->modelBehind(target) : target.model;
}

QFuture<std::optional<AnswerCounter>> CostForecast::counterFor(const Target &target) const
{
    const QString model = modelOf(target);
    const std::optional<EncodingId> encoding = encodingOf(model);
    const auto spread =
        m_calibration && !encoding ? m_calibration->spread(target.provider, model) : std::nullopt;
    return QtConcurrent::run([counts = m_counts, encoding, factor = spread ? spread->likely : 1.0] {
        // As countNear() counts where the tokenizer is not published.
        auto growing = counts->growing(encoding.value_or(EncodingId::O200kBase));
        return growing
                   ? std::optional(AnswerCounter{std::move(*growing), encoding.has_value(), factor})
                   : std::nullopt;
    });
}

Cost CostForecast::costOf(const Target &target, const Usage &usage) const
{
    const ProviderInfo provider = providerOf(target);
    if (provider.local)
        return {};
    return CostCalculator(m_prices)
        .cost(sellerOf(provider, target.model), modelOf(target), usage, m_clock.utcNow())
        .total;
}

QFuture<QList<Forecast>> CostForecast::of(const QList<ForecastQuestion> &questions,
                                          const ClientOptions &options) const
{
    QList<Task> tasks;
    for (const ForecastQuestion &question : questions) {
        const QString model = modelOf(question.target);
        const ModelInfo info = m_models ? m_models->infoOf(question.target) : ModelInfo();
        tasks.append(
            {question, providerOf(question.target), model,
             m_calibration ? m_calibration->spread(question.target.provider, model) : std::nullopt,
             longestAnswer(question.request, info, options.assumedMaxOutput)});
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
