#include "ui/settings/providerrow.h"

#include "ui/settings/durations.h"
#include "ui/settings/healthtexts.h"

namespace ui {

namespace {

QString keyText(const core::ProviderInfo &row, const core::AccountSetup &accounts)
{
    const core::Account account = accounts.accountOf(row.id);
    if (row.local)
        return account.baseUrl.authority();
    const QString variable = accounts.environmentVariable(row.id);
    const QString proof =
        proofText(account, variable.isEmpty() ? row.keyEnv : variable, accounts.region(row.id));
    if (!proof.isEmpty())
        return proof;
    if (account.baseUrl.isEmpty())
        return ProviderPage::tr("No address yet");
    return row.keyRequired ? ProviderPage::tr("No key yet") : ProviderPage::tr("Needs no key");
}

//! The newest there is to say; empty: nothing.
QString newsText(const core::ProviderInfo &row, const ProviderPageParts &parts)
{
    if (const QString failure = lastFailureText(parts.health.provider(row.id), parts.clock.zone());
        !failure.isEmpty())
        return failure;
    const auto count = static_cast<int>(parts.models.lists().models(row.id).size());
    if (row.deployments && count > 0)
        return ProviderPage::tr("%n deployment(s)", nullptr, count);
    if (row.local && count > 0)
        return ProviderPage::tr("%n model(s)", nullptr, count);
    const auto check = parts.models.lists().lastCheck(row.id);
    if (!check)
        return {};
    const QString when = agoText(check->at, parts.clock.utcNow());
    return check->error ? ProviderPage::tr("check failed %1").arg(when)
                        : ProviderPage::tr("checked %1").arg(when);
}

} // namespace

SettingsRow providerRow(const core::ProviderInfo &provider, const ProviderPageParts &parts)
{
    SettingsRow row;
    row.id = provider.id;
    row.title = provider.name;
    row.detail = keyText(provider, parts.accounts);
    const core::AccountState state = parts.accounts.state(provider.id);
    if (state == core::AccountState::Unconfirmed) {
        row.tone = Tone::Warning;
        row.status = ProviderPage::tr("Host changed");
        return row;
    }
    if (const QString news = newsText(provider, parts); !news.isEmpty())
        row.detail += QStringLiteral(" \u00b7 ") + news;
    const core::HealthVerdict verdict = parts.health.provider(provider.id).verdict();
    // What has no key was not used, or long ago; what needs none is there without being wanted.
    const bool isMeant = state == core::AccountState::Ready && provider.keyRequired;
    if (isMeant || verdict != core::HealthVerdict::NotUsed) {
        const HealthWord word = healthWord(verdict);
        row.tone = word.tone;
        row.status = word.text;
    }
    return row;
}

} // namespace ui
