// Whatever a failing service sends, an error of bounded size comes out, with a sane wait or none.
#include "core/net/retryafter.h"
#include "core/providers/anthropic.h"
#include "core/providers/azure.h"
#include "core/providers/bedrock.h"
#include "core/providers/cohere.h"
#include "core/providers/gemini.h"
#include "core/providers/openaichat.h"
#include "tests/fuzz/fuzzinput.h"

namespace {

void check(const core::ProviderAdapter &adapter, int status, const core::HttpHeaders &headers,
           const QByteArray &body)
{
    constexpr qsizetype LongestBody = 500;
    const core::Error error = adapter.readError(status, headers, body);
    REQUIRE(error.httpStatus == status);
    REQUIRE(error.rawBody.size() <= LongestBody);
    REQUIRE(!error.retryAfter ||
            (error.retryAfter->count() > 0 && *error.retryAfter <= core::MaxHint));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    fuzz::Input input(data, size);
    constexpr int Statuses[] = {400, 401, 402, 403, 404, 408, 409, 413, 418,
                                422, 429, 500, 502, 503, 504, 529, 599};
    const int status = Statuses[input.choose(std::size(Statuses) - 1)];
    const qsizetype head = input.choose(std::min<qsizetype>(40, input.bytes().size()));
    core::HttpHeaders headers{{"content-type", "application/json"}};
    headers.add("retry-after", input.bytes().first(head).toByteArray());
    headers.add("x-request-id", input.bytes().first(head).toByteArray());
    const QByteArray body = input.bytes().sliced(head).toByteArray();
    check(core::OpenAiChatAdapter(), status, headers, body);
    check(core::AnthropicAdapter(), status, headers, body);
    check(core::AzureAdapter(), status, headers, body);
    check(core::BedrockAdapter(), status, headers, body);
    check(core::CohereAdapter(), status, headers, body);
    check(core::GeminiAdapter(), status, headers, body);
    return 0;
}
