#include "ui/conversation/roomcheck.h"

#include "core/base/whenready.h"
#include "core/client/tokenestimate.h"

namespace ui {

void whenLackKnown(QObject *context, const core::ForecastQuestion &question,
                   std::optional<std::int64_t> window, const SendForecast::Answer &forecast,
                   const std::function<void(const std::optional<core::ContextNeed> &)> &then)
{
    const std::optional<int> maxOutput = question.request.options.maxOutputTokens;
    const bool isOpen =
        forecast && window &&
        core::estimateInput(question.request).high() + maxOutput.value_or(0) > *window;
    if (!isOpen)
        return then(std::nullopt);
    core::whenReady(context, forecast({question}),
                    [then, window, maxOutput](const QList<core::Forecast> &told) {
                        then(told.size() == 1 ? core::lackOf(told.first(), window, maxOutput)
                                              : std::nullopt);
                    });
}

} // namespace ui
