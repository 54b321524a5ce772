#include "core/providers/openaiusage.h"

#include "core/providers/usagenumbers.h"

#include <initializer_list>

namespace core {

namespace {

//! The first of \p names that holds a count.
std::optional<std::int64_t> countOf(const JsonElement &object,
                                    std::initializer_list<std::string_view> names)
{
    for (const std::string_view name : names) {
        if (const auto count = countMember(object, name))
            return count;
    }
    return std::nullopt;
}

std::optional<JsonElement> eitherOf(const JsonElement &object, std::string_view first,
                                    std::string_view second)
{
    const auto one = member(object, first);
    return one ? one : member(object, second);
}

} // namespace

std::optional<Usage> openAiUsage(const JsonElement &json)
{
    Usage usage;
    usage.basis = UsageBasis::Provider;
    usage.raw = rawJson(json);
    // The second names are those of Responses, which some gateways put here.
    auto input = countOf(json, {"prompt_tokens", "input_tokens"});
    auto output = countOf(json, {"completion_tokens", "output_tokens"});
    const auto total = countMember(json, "total_tokens");
    const auto inputDetails = eitherOf(json, "prompt_tokens_details", "input_tokens_details");
    const auto outputDetails = eitherOf(json, "completion_tokens_details", "output_tokens_details");
    if (input && member(json, "cache_read_input_tokens") && !member(json, "prompt_tokens"))
        return std::nullopt; // Anthropic's, which count what was cached beside the input
    std::optional<std::int64_t> cached, reasoning;
    if (inputDetails) {
        cached = countMember(*inputDetails, "cached_tokens");
        // OpenAI and OpenRouter; DashScope; LiteLLM
        setCount(usage, UsageKind::CacheWrite,
                 countOf(*inputDetails, {"cache_write_tokens", "cache_creation_input_tokens",
                                         "cache_creation_tokens"}));
        if (const auto audio = countMember(*inputDetails, "audio_tokens"); audio && *audio > 0)
            usage.tokens.insert(UsageKind::InputAudio, *audio);
    }
    if (!cached) // DeepSeek, Mistral, Moonshot
        cached = countOf(json, {"prompt_cache_hit_tokens", "num_cached_tokens", "cached_tokens"});
    if (outputDetails) {
        reasoning = countMember(*outputDetails, "reasoning_tokens");
        if (const auto audio = countMember(*outputDetails, "audio_tokens"); audio && *audio > 0)
            usage.tokens.insert(UsageKind::OutputAudio, *audio);
    }
    const auto uncached = input;
    if (input && cached && *cached > *input) // xAI: then prompt_tokens are the uncached ones
        *input += *cached;
    // xAI leaves reasoning out of completion_tokens: its total tells.
    if (input && output && total && reasoning && *reasoning > 0 &&
        (*total == *uncached + *output + *reasoning || *total == *input + *output + *reasoning))
        *output += *reasoning;
    setCount(usage, UsageKind::Input, input);
    setCount(usage, UsageKind::CacheRead, cached);
    setCount(usage, UsageKind::Output, output);
    setCount(usage, UsageKind::OutputReasoning, reasoning);
    if (const auto sources = countMember(json, "num_sources_used"); sources && *sources > 0)
        usage.fees.insert(FeeUnit::WebSearch, *sources); // xAI
    usage.reportedCost = reportedCost(json);
    return usage.tokens.isEmpty() && !usage.reportedCost ? std::nullopt : std::optional(usage);
}

} // namespace core
