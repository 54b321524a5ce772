// An address that is taken obeys the rules; a link that is asked about cannot hide what it is.
#include "core/net/urlpolicy.h"
#include "tests/fuzz/fuzzinput.h"
#include "ui/widgets/links.h"

#include <algorithm>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const fuzz::Input input(data, size);
    const QString text = QString::fromUtf8(input.bytes());
    if (const auto url = core::parseBaseUrl(text)) {
        REQUIRE(url->scheme() == QStringLiteral("https") ||
                (url->scheme() == QStringLiteral("http") && core::isLoopback(*url)));
        REQUIRE(!url->host().isEmpty());
        REQUIRE(url->userInfo().isEmpty() && !url->hasQuery() && !url->hasFragment());
        REQUIRE(bool(core::checkRequestUrl(*url)));
        REQUIRE(!core::originOf(*url).isEmpty());
    }
    if (const auto link = ui::linkQuestion(text, text.left(20))) {
        const QString scheme = link->url.scheme();
        REQUIRE(scheme == QStringLiteral("http") || scheme == QStringLiteral("https") ||
                scheme == QStringLiteral("mailto"));
        REQUIRE(!link->host.isEmpty());
        REQUIRE(std::all_of(link->fullUrl.begin(), link->fullUrl.end(),
                            [](QChar c) { return c > QChar(0x20) && c < QChar(0x7f); }));
    }
    return 0;
}
