// However a stream is cut into pieces, the same frames come out, and the cap holds.
#include "core/net/sseparser.h"
#include "tests/fuzz/fuzzinput.h"

namespace {

struct Seen
{
    QList<std::pair<QByteArray, QByteArray>> frames;
    QByteArray stray;
    bool operator==(const Seen &) const = default;
};

Seen parse(const QList<QByteArrayView> &pieces)
{
    Seen seen;
    core::SseParser parser;
    const auto take = [&seen](const core::SseFrame &frame) {
        REQUIRE(frame.data.size() <= core::SseParser::MostEventBytes);
        seen.frames.append({frame.event.toByteArray(), frame.data.toByteArray()});
    };
    bool good = true;
    for (const QByteArrayView piece : pieces)
        good = good && parser.feed(QByteArray(piece.data(), piece.size()), take);
    parser.finish(take);
    seen.stray = parser.stray().toByteArray();
    REQUIRE(seen.stray.size() <= core::SseParser::MostStrayBytes);
    return seen;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    fuzz::Input input(data, size);
    REQUIRE(parse({input.bytes()}) == parse(input.pieces()));
    return 0;
}
