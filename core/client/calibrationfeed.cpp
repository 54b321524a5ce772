#include "core/client/calibrationfeed.h"

#include "core/base/whenready.h"
#include "core/client/tokenestimate.h"
#include "core/tokens/modelencoding.h"

#include <QtConcurrentRun>

namespace core {

CalibrationFeed::CalibrationFeed(const ChatClient &client, TokenCalibration &calibration,
                                 std::shared_ptr<TextCounts> counts, const ModelBook *models,
                                 QObject *parent)
    : QObject(parent)
    , m_calibration(calibration)
    , m_counts(std::move(counts))
    , m_models(models)
{
    connect(&client, &ChatClient::answered, this, &CalibrationFeed::learn);
}

void CalibrationFeed::learn(const ChatRequest &request, const AttemptRecord &attempt)
{
    const QString model = m_models ? m_models->modelBehind(attempt.target) : attempt.target.model;
    const auto actual = attempt.usage.count(UsageKind::Input); // holds what was cached, too
    // Iterations of the service count the prompt again and what its own tools found.
    const bool isOnePass = attempt.usage.parts.isEmpty() && attempt.usage.fees.isEmpty();
    if (attempt.usage.basis != UsageBasis::Provider || !actual || !isOnePass || encodingOf(model) ||
        !isAllWords(request))
        return;
    const auto counted = QtConcurrent::run([request, counts = m_counts, model] {
        return likelyInput(estimateInput(request, countNear(*counts)), request, model);
    });
    whenReady(
        this, counted,
        [this, provider = attempt.target.provider, model, actual = *actual](std::int64_t estimate) {
            m_calibration.note(provider, model, estimate, actual);
        });
}

} // namespace core
