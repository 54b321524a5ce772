#include "app/keyplaces.h"

#include "core/net/urlpolicy.h"

namespace app {

namespace {

//! Adds the origins of \p row, and those of its regions.
void addRow(core::OwnOrigins &own, const core::ProviderInfo &row,
            const QHash<QString, QStringList> &confirmed)
{
    if (!row.baseUrl.isEmpty())
        own.origins.append(core::originOf(row.baseUrl));
    own.origins += confirmed.value(row.id);
    own.regionUrl = row.regionUrl;
}

} // namespace

QHash<QString, core::EnvironmentKeyStore::Entry>
environmentEntries(const core::ProviderRegistry &providers,
                   const QHash<QString, QStringList> &confirmed)
{
    QHash<QString, core::EnvironmentKeyStore::Entry> entries;
    for (const core::ProviderInfo &row : providers.providers()) {
        if (row.keyEnv.isEmpty())
            continue;
        const QString account = row.accountOf.isEmpty() ? row.id : row.accountOf;
        core::EnvironmentKeyStore::Entry &entry = entries[account];
        entry.variable = row.keyEnv.toLatin1();
        for (const QString &part : row.keyEnvParts)
            entry.parts.append(part.toLatin1());
        addRow(entry.own, row, confirmed);
    }
    return entries;
}

QHash<QString, core::OwnOrigins> ownOrigins(const core::ProviderRegistry &providers,
                                            const QHash<QString, QStringList> &confirmed)
{
    QHash<QString, core::OwnOrigins> origins;
    for (const core::ProviderInfo &row : providers.providers())
        addRow(origins[row.id], row, confirmed);
    return origins;
}

QSet<QString> awsProviders(const core::ProviderRegistry &providers)
{
    QSet<QString> ids;
    for (const core::ProviderInfo &row : providers.providers()) {
        if (row.awsProfiles)
            ids.insert(row.id);
    }
    return ids;
}

core::EnvironmentKeys environmentPolicy(core::SessionKind session)
{
    return session == core::SessionKind::Verb ? core::EnvironmentKeys::First
                                              : core::EnvironmentKeys::WhenPicked;
}

} // namespace app
