#include "ui/compare/laneroom.h"

#include "core/base/errortext.h"
#include "ui/conversation/roomcheck.h"

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
    core::Conversation *conversation = comparison.lanes().at(lane);
    core::HeldTurn again = *held;
    const core::ChatRequest request = conversation->requestFor(held->text);
    again.target = conversation->targetFor(request);
    again.isWindowKnown = true;
    whenLackKnown(this, {request, again.target}, limitOf(again.target), m_forecast,
                  [this, of = QPointer(&comparison), asked = QPointer(conversation), held,
                   again](const std::optional<core::ContextNeed> &lack) {
                      // One before it may have been taken out meanwhile.
                      const int place = of ? static_cast<int>(of->lanes().indexOf(asked)) : -1;
                      if (place < 0 || of->heldTurn(place) != held)
                          return; // it was left out, or asked
                      if (!lack)
                          return send(*of, place);
                      core::HeldTurn tooLong = again;
                      tooLong.need = *lack;
                      of->holdAgain(place, tooLong);
                  });
}

void LaneRoom::askAgain(core::Comparison &comparison, int lane, std::int64_t answerId,
                        core::Conversation::Again how)
{
    using Again = core::Conversation::Again;
    core::Conversation *conversation = comparison.lanes().value(lane);
    if (!conversation)
        return;
    const core::Target target =
        conversation->targetFor(conversation->requestAgain(answerId, Again::Whole));
    whenLackKnown(this, {conversation->requestAgain(answerId, how), target}, limitOf(target),
                  m_forecast,
                  [this, of = QPointer(&comparison), asked = QPointer(conversation), answerId,
                   how](const std::optional<core::ContextNeed> &lack) {
                      const qsizetype place = of ? of->lanes().indexOf(asked) : -1;
                      if (place < 0)
                          return; // it was taken out meanwhile
                      if (lack && how == Again::Rest)
                          return Q_EMIT refused(tr("The model has no room for the rest of this "
                                                   "answer. Choose another one, or retry."));
                      if (lack)
                          return of->holdAnswer(static_cast<int>(place), answerId, *lack);
                      if (const auto sent = asked->askAgain(answerId, how); !sent)
                          Q_EMIT refused(core::userText(sent.error()));
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
