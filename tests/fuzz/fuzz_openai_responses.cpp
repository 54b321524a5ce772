#include "core/providers/openairesponses.h"
#include "tests/fuzz/decoderproperties.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const core::OpenAiResponsesAdapter adapter;
    const fuzz::Input input(data, size);
    fuzz::checkDecoder(adapter, input);
    (void)adapter.readModelList(input.copy());
    return 0;
}
