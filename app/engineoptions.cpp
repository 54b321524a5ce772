#include "app/engineoptions.h"

#include "core/net/urlpolicy.h"

namespace app {

EngineOptions engineOptions(const CommandLine &line, const Profile &profile,
                            core::SessionKind session)
{
    EngineOptions options;
    options.profile = profile;
    options.overrides = line.all(QStringLiteral("--set"));
    options.demo = line.has(QStringLiteral("--demo"));
    options.session = session;
    // A base URL given in --target is the user's word that the key may go there.
    for (const QString &text : line.all(QStringLiteral("--target"))) {
        const auto spec = parseTargetSpec(text);
        if (!spec)
            continue;
        options.named.append(*spec);
        if (spec->baseUrl.isEmpty())
            continue;
        if (const auto url = core::parseBaseUrl(spec->baseUrl))
            options.confirmedOrigins[spec->provider].append(core::originOf(*url));
    }
    return options;
}

} // namespace app
