// The framing of AWS's event stream: pieces change nothing, damage is final, what is kept is
// bounded.
#include "core/net/eventstreamparser.h"
#include "tests/fuzz/eventstreamwriter.h"
#include "tests/fuzz/fuzzinput.h"

namespace {

struct Parsed
{
    QList<QByteArray> payloads;
    bool failed = false;
    bool leftover = false;
    bool operator==(const Parsed &) const = default;
};

Parsed parse(const QList<QByteArrayView> &pieces)
{
    core::EventStreamParser parser;
    Parsed parsed;
    for (const QByteArrayView piece : pieces) {
        const auto fault = parser.feed(piece, [&parsed](const core::EventStreamFrame &frame) {
            REQUIRE(!parsed.failed);
            parsed.payloads.append(frame.payload.toByteArray());
        });
        parsed.failed = parsed.failed || fault;
    }
    parsed.leftover = parser.hasLeftover();
    return parsed;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    fuzz::Input raw(data, size);
    const Parsed whole = parse({raw.bytes()});
    REQUIRE(parse(raw.pieces()) == whole);
    const QByteArray framed = fuzz::eventStreamOf(raw.copy());
    const Parsed good = parse({framed});
    REQUIRE(!good.failed && !good.leftover);
    REQUIRE(good.payloads.size() == raw.copy().count('\n') + 1);
    if (framed.isEmpty())
        return 0;
    QByteArray damaged = framed; // one bit: some checksum must tell
    const qsizetype at = raw.choose(framed.size() - 1);
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << raw.choose(7)));
    const Parsed bad = parse({damaged});
    REQUIRE(bad.failed || bad.leftover);
    return 0;
}
