// Signing never fails, is stable, and what is signed names every header once, sorted.
#include "core/net/sigv4.h"
#include "core/providers/awskey.h"
#include "tests/fuzz/fuzzinput.h"

#include <algorithm>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    fuzz::Input input(data, size);
    const qsizetype length = input.bytes().size();
    const qsizetype path = input.choose(length);
    const qsizetype query = path + input.choose(length - path);
    const qsizetype head = query + input.choose(length - query);
    core::SigningInput request;
    request.method = "POST";
    request.path = '/' + input.bytes().first(path).toByteArray();
    request.query = input.bytes().sliced(path, query - path).toByteArray();
    request.headers = {{"Host", "example.com"},
                       {"X-Test", input.bytes().sliced(query, head - query).toByteArray()},
                       {"x-test", "again"}};
    request.bodyHash = core::sha256Hex(input.bytes().sliced(head).toByteArray());
    const QByteArray canonical = core::canonicalRequest(request, {});
    REQUIRE(canonical == core::canonicalRequest(request, {}));
    REQUIRE(core::signedHeaderNames(request) == "host;x-test");
    // Path and query lines are pure ASCII, whatever came in.
    const QByteArray lines = canonical.first(canonical.indexOf("\nhost:"));
    REQUIRE(std::all_of(lines.begin(), lines.end(),
                        [](char c) { return c == '\n' || (c > 0x20 && c < 0x7f); }));
    const auto credentials = core::awsCredentialsFrom(core::SecretString(input.copy()));
    REQUIRE(!credentials || input.copy().startsWith(credentials->accessKeyId + ':'));
    return 0;
}
