#include "core/conversation/turnroom.h"

#include "core/client/tokenestimate.h"
#include "core/conversation/conversation.h"

#include <algorithm>

namespace core {

std::optional<ContextNeed> lackOf(const Forecast &forecast, std::optional<std::int64_t> window,
                                  std::optional<int> maxOutput)
{
    const std::int64_t prompt = forecast.counted ? forecast.inputTokens : forecast.inputLeast;
    const std::int64_t answer = maxOutput.value_or(0);
    if (!window || prompt + answer <= *window)
        return std::nullopt;
    return ContextNeed{forecast.inputTokens, *window, prompt <= *window ? answer : 0};
}

ContextNeed needAfterRefusal(const ChatRequest &request, std::optional<std::int64_t> window)
{
    const TokenEstimate estimate = estimateInput(request);
    const std::int64_t guess = (estimate.low() + estimate.high()) / 2;
    return {std::max(guess, window.value_or(0)), window.value_or(guess / 2)};
}

std::optional<Omission> oldestToLeaveOut(const Conversation &conversation,
                                         const ChatRequest &request, const ContextNeed &need,
                                         std::int64_t editedId)
{
    const std::int64_t room = need.room(conversation.record().options.maxOutputTokens);
    const auto dropped = messagesToDrop(request, need.prompt, room);
    if (!dropped || *dropped == 0)
        return std::nullopt;
    const QList<std::int64_t> sent = conversation.sentMessages(editedId);
    if (editedId && *dropped >= sent.size())
        return std::nullopt; // there is no beginning at a version that is yet to be made
    return Omission{*dropped, *dropped < sent.size() ? ContextStart::at(sent.at(*dropped))
                                                     : ContextStart::atNextQuestion()};
}

std::optional<Omission> oldestToLeaveOutAgain(const Conversation &conversation,
                                              const ChatRequest &request, const ContextNeed &need,
                                              std::int64_t answerId)
{
    const std::int64_t room = need.room(conversation.record().options.maxOutputTokens);
    const auto dropped = messagesToDrop(request, need.prompt, room);
    const QList<std::int64_t> sent = conversation.messagesOfAnswer(answerId);
    if (!dropped || *dropped == 0 || *dropped >= sent.size())
        return std::nullopt;
    return Omission{*dropped, ContextStart::at(sent.at(*dropped))};
}

} // namespace core
