// A hint is positive and not absurd, or there is none.
#include "core/net/retryafter.h"
#include "tests/fuzz/fuzzinput.h"

namespace {

void check(const std::optional<std::chrono::milliseconds> &hint)
{
    REQUIRE(!hint || (hint->count() > 0 && *hint <= core::MaxHint));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    fuzz::Input input(data, size);
    const QByteArray text = input.copy();
    const char *names[] = {"retry-after", "retry-after-ms", "date"};
    core::HttpHeaders headers{{"date", "Mon, 23 Nov 2026 12:00:00 GMT"}};
    headers.set(names[input.choose(2)], text);
    headers.add("retry-after", text);
    check(core::retryAfterHint(headers));
    check(core::parseDuration(text));
    check(core::untilRfc3339(text, core::UtcTime(std::chrono::milliseconds(1'790'000'000'000))));
    (void)core::parseHttpDate(text);
    headers.set("x-should-retry", text);
    (void)core::shouldRetryHint(headers);
    return 0;
}
