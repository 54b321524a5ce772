// Any two texts give profiles with different names, each found again by its name; what counts as
// keys is what the signer takes for such.
#include "core/providers/awskey.h"
#include "core/secrets/awsprofiles.h"
#include "tests/fuzz/fuzzinput.h"

#include <QSet>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    fuzz::Input input(data, size);
    const QByteArrayView text = input.bytes();
    const qsizetype cut = input.choose(text.size());
    const QByteArrayView credentials = text.first(cut);
    const QByteArrayView config = text.sliced(cut);
    QSet<QString> names;
    for (const core::AwsProfile &listed : core::awsProfilesIn(credentials, config)) {
        REQUIRE(!names.contains(listed.name));
        REQUIRE(listed.keys.isEmpty());
        names.insert(listed.name);
        const auto found = core::awsProfileIn(credentials, config, listed.name);
        REQUIRE(found);
        REQUIRE(found->kind == listed.kind);
        const bool hasKeys = found->kind == core::AwsProfile::Kind::Keys;
        REQUIRE(hasKeys == !found->keys.isEmpty());
        REQUIRE(!hasKeys || core::awsCredentialsFrom(found->keys));
        if (names.size() > 20)
            break; // each look reads both texts
    }
    return 0;
}
