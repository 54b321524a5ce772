// What the next question takes: as expected, and as services count it when they are asked to.
#include "core/base/errortext.h"
#include "ui/compare/comparescreen.h"
#include "ui/conversation/exactcount.h"
#include "ui/conversation/promptcheck.h"
#include "ui/transcript/composer.h"

#include <algorithm>

namespace ui {

void CompareScreen::connectCount()
{
    connect(m_check, &PromptCheck::confirmed, this,
            [this](const QString &text, PromptCheck::Use use) {
                if (use == PromptCheck::Use::Count)
                    countExactly();
                else
                    send(text);
            });
    connect(m_composer, &Composer::hintActionRequested, this, &CompareScreen::countExactly);
    connect(m_exact, &ExactCount::changed, this, [this] {
        m_forecast->refreshSoon();
        refreshHint();
    });
    connect(m_exact, &ExactCount::failed, this, &CompareScreen::tellUncounted);
}

QList<core::ForecastQuestion> CompareScreen::nextQuestions() const
{
    const QString text = m_composer->text();
    QList<core::ForecastQuestion> questions;
    if (!m_comparison || QStringView(text).trimmed().isEmpty())
        return questions;
    for (const core::Conversation *lane : m_comparison->lanes()) {
        const core::ChatRequest request = lane->requestFor(text);
        core::ForecastQuestion question{request, lane->targetFor(request)};
        question.counted = m_exact->countOf(question);
        questions.append(question);
    }
    return questions;
}

core::OutgoingPrompt CompareScreen::outgoing(const QString &text) const
{
    core::OutgoingPrompt prompt{text, {}, {}};
    for (const core::Conversation *lane : m_comparison->lanes()) {
        const core::ChatOptions &options = lane->record().options;
        if (!prompt.systems.contains(options.system))
            prompt.systems.append(options.system);
        if (const QString schema = QString::fromUtf8(options.jsonSchema);
            !prompt.schemas.contains(schema))
            prompt.schemas.append(schema);
    }
    return prompt;
}

void CompareScreen::refreshHint()
{
    if (!m_comparison)
        return;
    refreshCount();
    const QList<core::Conversation *> &lanes = m_comparison->lanes();
    if (const int running = m_comparison->runningLanes(); running > 0)
        return m_composer->setHint(tr("%1 of %2 still running").arg(running).arg(lanes.size()));
    const QString forecast = forecastText(m_forecast->forecasts());
    const bool isSimulated =
        std::all_of(lanes.cbegin(), lanes.cend(),
                    [](const core::Conversation *lane) { return lane->record().target.simulated; });
    m_composer->setHint(forecast.isEmpty() && isSimulated ? tr("practice, simulated cost")
                                                          : forecast);
}

//! Offered where some lane's service counts and has not; what came stands in every lane beside the
//! estimates of the others, so that the lanes stay aligned.
void CompareScreen::refreshCount()
{
    const QList<core::Forecast> &forecasts = m_forecast->forecasts();
    // Those that the forecasts are of: a request a lane is too much to be built at each change.
    const QList<core::ForecastQuestion> questions =
        m_comparison->isRunning() ? QList<core::ForecastQuestion>() : m_forecast->asked();
    const bool isKnown = questions.size() == m_lanes.size() && forecasts.size() == m_lanes.size();
    const bool isCounted =
        isKnown && m_exact->hasCount() &&
        std::any_of(forecasts.cbegin(), forecasts.cend(),
                    [](const core::Forecast &forecast) { return forecast.byService; });
    bool isOffered = false;
    for (qsizetype i = 0; i < m_lanes.size(); ++i) {
        QString expected;
        if (isKnown) {
            const core::Target &target = questions.at(i).target;
            const core::Forecast &forecast = forecasts.at(i);
            isOffered = isOffered ||
                        (m_exact->canCount(target) && !(m_exact->hasCount() && forecast.byService));
            if (isCounted)
                expected = forecastText({forecast}, m_names.provider(target.provider));
        }
        m_lanes.at(i)->setExpected(expected);
    }
    m_composer->setHintAction(!isOffered              ? QString()
                              : m_exact->isCounting() ? tr("Counting\u2026")
                                                      : tr("Count exactly"),
                              !m_exact->isCounting());
}

//! The draft leaves this computer before Send, for every service that counts.
void CompareScreen::countExactly()
{
    m_composer->setFocus(Qt::OtherFocusReason);
    const QList<core::ForecastQuestion> questions = nextQuestions();
    if (questions.isEmpty())
        return;
    m_uncounted.clear();
    m_lacksModel = false;
    if (!hasRefused()) // whose question stays
        m_composer->hideNotice();
    if (m_check->passes(outgoing(m_composer->text()), PromptCheck::Use::Count))
        m_exact->count(questions);
}

//! One lane's failure takes nothing from the others.
void CompareScreen::tellUncounted(const core::Target &target, const core::Error &error)
{
    m_uncounted.append(m_names.model(target));
    m_composer->showNotice(Tone::Warning,
                           tr("The tokens were not counted for %1. %2")
                               .arg(m_uncounted.join(QStringLiteral(", ")), core::userText(error)));
}

void CompareScreen::setTokenCounter(core::TokenCounter *counter)
{
    m_exact->setCounter(counter);
}

} // namespace ui
