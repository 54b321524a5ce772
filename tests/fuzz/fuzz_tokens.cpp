// A text's tokens give back the text, however it is counted they are as many, and never more than
// its bytes.
#include "core/tokens/appendablecount.h"
#include "core/tokens/encodings.h"
#include "core/tokens/utf8repair.h"
#include "tests/fuzz/fuzzinput.h"

namespace {

core::Encodings &encodings()
{
    static core::Encodings all; // loading is slower than an input
    return all;
}

std::string repaired(QByteArrayView bytes)
{
    std::string text;
    if (core::appendRepaired(text, {bytes.data(), static_cast<std::size_t>(bytes.size())}) > 0)
        text.append(core::ReplacementCharacter);
    return text;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    fuzz::Input input(data, size);
    const std::string text = repaired(input.bytes());
    const auto pieces = input.pieces();
    for (const core::EncodingId id : core::allEncodings()) {
        const auto encoding = encodings().get(id);
        REQUIRE(encoding);
        const QList<core::TokenId> tokens = encoding->encode(input.bytes());
        REQUIRE(encoding->decode(tokens).toStdString() == text);
        REQUIRE(encoding->count(input.bytes()) == tokens.size());
        REQUIRE(static_cast<std::size_t>(tokens.size()) <= text.size());
        core::AppendableCount count(encoding);
        for (const QByteArrayView piece : pieces)
            count.append(piece);
        count.finish();
        REQUIRE(count.count() == tokens.size());
    }
    return 0;
}
