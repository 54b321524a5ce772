#include "core/providers/bedrock.h"
#include "tests/fuzz/decoderproperties.h"
#include "tests/fuzz/eventstreamwriter.h"

// Random bytes never have the right checksums: the input is what messages hold, framed here.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const core::BedrockAdapter adapter;
    const fuzz::Input input(data, size);
    QByteArray framed(input.copy().first(std::min<qsizetype>(2, input.copy().size())));
    framed += fuzz::eventStreamOf(input.copy());
    fuzz::checkDecoder(adapter,
                       fuzz::Input(reinterpret_cast<const std::uint8_t *>(framed.constData()),
                                   static_cast<std::size_t>(framed.size())),
                       "application/vnd.amazon.eventstream");
    fuzz::checkDecoder(adapter, input, "application/vnd.amazon.eventstream");
    (void)adapter.readModelList(input.copy());
    return 0;
}
