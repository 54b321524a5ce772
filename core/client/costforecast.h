#pragma once

#include "core/client/clientparts.h"
#include "core/client/tokencalibration.h"
#include "core/pricing/pricecatalogue.h"
#include "core/tokens/textcounts.h"

#include <QFuture>

namespace core {

//! What would be sent, and to whom.
struct ForecastQuestion
{
    ChatRequest request;
    Target target;
    std::optional<TokenCount> counted = {}; //!< By the service itself, of this very request.
};

//! What one attached file adds to a request.
struct FileForecast
{
    //! Counted by the model's own encoding or its maker's rule; else nobody knows, and the most
    //! that it may be stands in tokens.
    bool known = false;
    bool counted = false; //!< As the model counts; else near.
    std::int64_t tokens = 0;
    Cost cost; //!< Of these tokens as plain input.
    bool operator==(const FileForecast &) const = default;
};

//! What a request may take, told before it is sent.
struct Forecast
{
    std::int64_t inputTokens = 0; //!< The likeliest.
    //! Without the model's own encoding: of any tokenizer, or, once the model has answered often
    //! enough, as far from our count as it ever was (TokenCalibration). No bound of what is billed.
    std::int64_t inputLow = 0, inputHigh = 0;
    std::int64_t inputLeast = 0; //!< No tokenizer makes less of it.
    //! Every text was counted by the model's own encoding; only the template around it is a guess.
    bool counted = false;
    //! Whether the service counted it (ForecastQuestion::counted), and if so, all of it.
    bool byService = false, byServiceWhole = false;
    Cost cost; //!< From the prompt alone to the longest answer. A missing price: incomplete.
    bool local = false;
    bool simulated = false;
    QList<FileForecast> files; //!< Of the last turn, in its order.
    bool operator==(const Forecast &) const = default;
};

//! Counts a text as a model does, while it grows.
struct AnswerCounter
{
    AppendableCount counted;
    bool exact = false; //!< By the model's own encoding; else near.
    double factor = 1;  //!< What the model is known to count, per token of a near count.
};

//! Says what requests may take, as the engine reserves it. Main thread; counts in the pool.
class CostForecast
{
public:
    //! Each must outlive this; what is under way needs none of them. Without \p calibration nothing
    //! is learnt.
    CostForecast(const ProviderRegistry &providers, const PriceCatalogue &prices,
                 std::shared_ptr<TextCounts> counts, const Clock &clock, const ModelBook *models,
                 const TokenCalibration *calibration = nullptr)
        : m_providers(providers)
        , m_prices(prices)
        , m_counts(std::move(counts))
        , m_clock(clock)
        , m_models(models)
        , m_calibration(calibration)
    {
    }

    //! One for each of \p questions, in their order, as \p options would have them sent.
    [[nodiscard]] QFuture<QList<Forecast>> of(const QList<ForecastQuestion> &questions,
                                              const ClientOptions &options) const;

    //! For an answer from \p target. Nothing only if the program's own resources are damaged.
    [[nodiscard]] QFuture<std::optional<AnswerCounter>> counterFor(const Target &target) const;
    //! What \p usage costs at \p target by the prices of now; nothing where it runs at home.
    [[nodiscard]] Cost costOf(const Target &target, const Usage &usage) const;

private:
    [[nodiscard]] ProviderInfo providerOf(const Target &target) const;
    [[nodiscard]] QString modelOf(const Target &target) const;

    const ProviderRegistry &m_providers;
    const PriceCatalogue &m_prices;
    std::shared_ptr<TextCounts> m_counts;
    const Clock &m_clock;
    const ModelBook *m_models;
    const TokenCalibration *m_calibration;
};

} // namespace core
