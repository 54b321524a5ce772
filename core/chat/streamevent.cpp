#include "core/chat/streamevent.h"

#include <array>
#include <utility>

namespace core {

namespace {

constexpr std::array<std::pair<FinishReason, const char *>, 6> Names{{
    {FinishReason::Stop, "stop"},
    {FinishReason::Length, "length"},
    {FinishReason::ToolCalls, "tool_calls"},
    {FinishReason::ContentFilter, "content_filter"},
    {FinishReason::Refusal, "refusal"},
    {FinishReason::Other, "other"},
}};

} // namespace

QString finishReasonName(FinishReason reason)
{
    for (const auto &[known, name] : Names) {
        if (known == reason)
            return QString::fromLatin1(name);
    }
    return {};
}

std::optional<FinishReason> finishReasonOf(const QString &name)
{
    for (const auto &[reason, known] : Names) {
        if (name == QLatin1StringView(known))
            return reason;
    }
    return std::nullopt;
}

} // namespace core
