#include "app/authorities.h"

#include "core/client/accountnotes.h"
#include "core/settings/settings.h"

namespace app {

void adoptOldAuthority(const QString &file, core::Settings &settings,
                       const core::AccountSetup &accounts, core::AccountNotes &notes)
{
    if (file.isEmpty())
        return;
    bool isAdopted = false;
    for (const core::ProviderInfo &row : accounts.providers()) {
        const core::Account account = accounts.accountOf(row.id);
        const bool isUsed = account.id != 0 || accounts.environmentHasKey(row.id);
        if (row.simulated || !isUsed || account.baseUrl.scheme() != QStringLiteral("https"))
            continue;
        if (notes.authorityFile(row.id).isEmpty())
            notes.setAuthorityFile(row.id, file);
        isAdopted = true;
    }
    // Settings that cannot be written say so when the user changes one; until then this is done
    // anew at each start.
    if (isAdopted)
        (void)settings.setValue(core::settings::CaFile, QString());
}

QHash<QString, QString> authoritiesOfRun(const QString &file, const QList<TargetSpec> &named,
                                         const core::ProviderRegistry &providers)
{
    QHash<QString, QString> files;
    if (file.isEmpty())
        return files;
    for (const TargetSpec &spec : named) {
        const auto target = resolveTarget(spec, providers);
        if (!target)
            continue;
        const core::ProviderInfo *row = providers.provider(target->provider);
        if (const core::ProviderAdapter *adapter = providers.adapter(row->protocol)) {
            for (const QString &origin : adapter->origins(target->baseUrl))
                files.insert(origin, file);
        }
    }
    return files;
}

} // namespace app
