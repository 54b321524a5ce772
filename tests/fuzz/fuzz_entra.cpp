// Whatever a token endpoint answers gives a token that can stand in a header, or none; what it says
// is short and has no control characters.
#include "core/secrets/entraclient.h"
#include "tests/fuzz/fuzzinput.h"

#include <algorithm>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    fuzz::Input input(data, size);
    const int status = input.choose(1) == 0 ? 200 : 400;
    const auto tokens = core::entraTokensFrom(status, input.copy());
    if (tokens) {
        const QByteArrayView token = tokens->accessToken.reveal();
        REQUIRE(status == 200 && !token.isEmpty());
        REQUIRE(
            std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < '\x7f'; }));
        REQUIRE(tokens->lifetime.count() >= 0);
    } else {
        const QString &detail = tokens.error().detail;
        REQUIRE(detail.size() < 1'000);
        REQUIRE(std::none_of(detail.begin(), detail.end(),
                             [](QChar c) { return c.category() == QChar::Other_Control; }));
    }
    return 0;
}
