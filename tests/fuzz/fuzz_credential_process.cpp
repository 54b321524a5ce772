// Whatever a program prints gives keys that the signer takes for such, or none; a command's words
// hold no more than the command did.
#include "core/providers/awskey.h"
#include "core/secrets/credentialprocess.h"
#include "tests/fuzz/fuzzinput.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    fuzz::Input input(data, size);
    const QByteArray text = input.copy();
    if (const auto keys = core::processKeysFrom(text))
        REQUIRE(core::awsCredentialsFrom(keys->keys));
    const QString command = QString::fromUtf8(text);
    const auto words = core::commandWords(command);
    if (!words)
        return 0;
    REQUIRE(!words->isEmpty() && !words->constFirst().isEmpty());
    qsizetype length = 0;
    for (const QString &word : *words)
        length += word.size();
    REQUIRE(length <= command.size());
    return 0;
}
