#include "ui/compare/laneroom.h"

#include "core/base/errortext.h"
#include "core/base/whenready.h"
#include "core/conversation/turnroom.h"

#include <QPointer>

namespace ui {

void LaneRoom::setContextLimit(ContextLimit limit)
{
    m_limit = std::move(limit);
}

void LaneRoom::setForecastSource(SendForecast::Answer answer)
{
    m_forecast = std::move(answer);
}

std::optional<std::int64_t> LaneRoom::limitOf(const core::Target &target) const
{
    return m_limit ? m_limit(target) : std::nullopt;
}

QHash<int, core::HeldTurn> LaneRoom::lacking(const core::Comparison &comparison,
                                             const QString &text,
                                             const QList<core::Forecast> &forecasts) const
{
    QHash<int, core::HeldTurn> held;
    const QList<core::Conversation *> &lanes = comparison.lanes();
    if (forecasts.size() != lanes.size())
        return held;
    for (qsizetype i = 0; i < lanes.size(); ++i) {
        core::HeldTurn turn;
        turn.text = text;
        const core::ChatRequest request = lanes.at(i)->requestFor(text);
        turn.target = lanes.at(i)->targetFor(request);
        if (const auto lack = core::lackOf(forecasts.at(i), limitOf(turn.target),
                                           request.options.maxOutputTokens)) {
            turn.need = *lack;
            held.insert(static_cast<int>(i), turn);
        }
    }
    return held;
}

void LaneRoom::ask(core::Comparison &comparison, int lane)
{
    const auto held = comparison.heldTurn(lane);
    if (!held)
        return;
    if (!m_forecast)
        return send(comparison, lane);
    const core::Conversation *conversation = comparison.lanes().at(lane);
    core::HeldTurn again = *held;
    const core::ChatRequest request = conversation->requestFor(held->text);
    again.target = conversation->targetFor(request);
    again.isWindowKnown = true;
    core::whenReady(
        this, m_forecast({{request, again.target}}),
        [this, of = QPointer(&comparison), lane, held, again,
         maxOutput = request.options.maxOutputTokens](const QList<core::Forecast> &told) {
            if (!of || of->heldTurn(lane) != held)
                return; // it was left out, or asked, meanwhile
            const auto lack = told.size() == 1
                                  ? core::lackOf(told.first(), limitOf(again.target), maxOutput)
                                  : std::nullopt;
            if (!lack)
                return send(*of, lane);
            core::HeldTurn tooLong = again;
            tooLong.need = *lack;
            of->holdAgain(lane, tooLong);
        });
}

void LaneRoom::makeFit(core::Comparison &comparison, int lane)
{
    if (const core::Conversation *conversation = comparison.lanes().value(lane))
        comparison.holdRefused(lane, limitOf(conversation->record().target));
}

void LaneRoom::send(core::Comparison &comparison, int lane)
{
    if (const auto sent = comparison.sendHeld(lane); !sent)
        Q_EMIT refused(core::userText(sent.error()));
}

} // namespace ui
