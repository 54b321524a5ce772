#include "app/awsregion.h"

#include "app/commandline.h"
#include "app/engine.h"
#include "app/verbs/await.h"
#include "core/net/regionurl.h"
#include "core/secrets/awsprofilekeystore.h"

namespace app {

namespace {

QString regionOfProfile(const QString &name)
{
    const auto profiles = await(core::AwsProfileKeyStore::profiles());
    if (!profiles)
        return {}; // who needs the file is told when its key is read
    for (const core::AwsProfile &profile : *profiles) {
        if (profile.name == name)
            return profile.region;
    }
    return {};
}

} // namespace

core::Result<QUrl> regionalAddress(const QString &provider, Engine &engine)
{
    const core::ProviderInfo *row = engine.providers().provider(provider);
    if (!row || row->regionUrl.isEmpty())
        return QUrl();
    const core::AwsEnvironment environment = core::AwsEnvironment::current();
    QString region = environment.region;
    const core::Account account = engine.accounts().accountOf(provider);
    if (region.isEmpty() && account.id != 0)
        region = core::regionOf(row->regionUrl, account.baseUrl);
    if (region.isEmpty())
        region = regionOfProfile(environment.profile);
    if (region.isEmpty())
        return QUrl();
    const auto url = core::regionUrl(row->regionUrl, region);
    if (!url)
        return usageError(QStringLiteral("'%1' is no region of AWS. Set AWS_REGION to one such as "
                                         "eu-west-1.")
                              .arg(region));
    return *url;
}

} // namespace app
