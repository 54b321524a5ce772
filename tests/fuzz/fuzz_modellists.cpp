// Whatever a service answers, a list of models or a count comes out whole, or an error does.
#include "core/providers/anthropic.h"
#include "core/providers/bedrock.h"
#include "core/providers/cohere.h"
#include "core/providers/gemini.h"
#include "core/providers/openaichat.h"
#include "tests/fuzz/fuzzinput.h"

namespace {

void check(const core::ProviderAdapter &adapter, const QByteArray &body)
{
    const auto page = adapter.readModelList(body);
    REQUIRE(page || !page.error().detail.isEmpty());
    if (page) {
        for (const core::ModelInfo &model : adapter.joined(page->models)) {
            REQUIRE(model.contextWindow.value_or(1) >= 0);
            REQUIRE(model.maxOutput.value_or(1) >= 0);
        }
    }
    const auto count = adapter.readTokenCount(body);
    REQUIRE(count ? count->tokens >= 0 : !count.error().detail.isEmpty());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    fuzz::Input input(data, size);
    const QByteArray body = input.bytes().toByteArray();
    check(core::OpenAiChatAdapter(), body);
    check(core::AnthropicAdapter(), body);
    check(core::BedrockAdapter(), body);
    check(core::CohereAdapter(), body);
    check(core::GeminiAdapter(), body);
    return 0;
}
