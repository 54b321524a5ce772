#include "app/targetspec.h"

#include "app/commandline.h"
#include "core/net/urlpolicy.h"

#include <QStringList>

namespace app {

core::Result<TargetSpec> parseTargetSpec(const QString &text)
{
    const qsizetype slash = text.indexOf(QLatin1Char('/'));
    if (slash <= 0)
        return usageError(
            QStringLiteral(
                "'%1' is not PROVIDER/MODEL. Example: --target anthropic/claude-sonnet-4-5")
                .arg(text));
    TargetSpec spec;
    spec.provider = text.left(slash);
    spec.model = text.mid(slash + 1);
    const qsizetype url = spec.model.lastIndexOf(QStringLiteral("@http"));
    if (url >= 0) {
        spec.baseUrl = spec.model.mid(url + 1);
        spec.model.truncate(url);
    }
    if (spec.model.isEmpty())
        return usageError(
            QStringLiteral("'%1' names no model. Example: --target anthropic/claude-sonnet-4-5")
                .arg(text));
    return spec;
}

QString specOf(const core::Target &target)
{
    return target.provider + QLatin1Char('/') + target.model;
}

core::Result<core::Target> resolveTarget(const TargetSpec &spec,
                                         const core::ProviderRegistry &providers)
{
    const core::ProviderInfo *provider = providers.provider(spec.provider);
    if (!provider) {
        QStringList ids;
        for (const core::ProviderInfo &known : providers.providers())
            ids.append(known.id);
        return usageError(QStringLiteral("There is no provider '%1'. Known: %2.")
                              .arg(spec.provider, ids.join(QStringLiteral(", "))));
    }
    core::Target target;
    target.provider = provider->id;
    target.model = spec.model;
    target.simulated = provider->simulated;
    target.baseUrl = provider->baseUrl;
    if (!spec.baseUrl.isEmpty()) {
        const core::Result<QUrl> url = core::parseBaseUrl(spec.baseUrl);
        if (!url)
            return usageError(url.error().detail);
        target.baseUrl = *url;
    }
    if (target.baseUrl.isEmpty())
        return usageError(
            QStringLiteral("Provider '%1' has no address of its own: add @BASE_URL to the target.")
                .arg(provider->id));
    return target;
}

} // namespace app
