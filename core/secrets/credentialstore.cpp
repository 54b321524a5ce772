#include "core/secrets/credentialstore.h"

#include "core/base/continued.h"

namespace core {

namespace {

using Secret = Result<SecretString>;

} // namespace

CredentialStore::CredentialStore(const Parts &parts, EnvironmentKeys policy,
                                 QSet<QString> awsProviders, QObject *parent)
    : QObject(parent)
    , m_parts(parts)
    , m_policy(policy)
    , m_awsProviders(std::move(awsProviders))
{
}

bool CredentialStore::environmentHolds(const Account &account) const
{
    return m_policy == EnvironmentKeys::First && m_parts.environment.hasKey(account.provider);
}

KeyStore &CredentialStore::storeOf(const Account &account) const
{
    switch (account.auth) {
    case AuthMethod::AwsProfile:
        return m_parts.awsProfiles;
    case AuthMethod::EntraSignIn:
        return m_parts.signIns;
    case AuthMethod::Key:
        break;
    }
    return m_parts.stored;
}

KeyStore &CredentialStore::sourceOf(const Account &account) const
{
    return environmentHolds(account) ? m_parts.stored : storeOf(account); // it looks there first
}

QFuture<Secret> CredentialStore::read(const Account &account, const QString &origin)
{
    const bool tryProfile = m_policy == EnvironmentKeys::First && !environmentHolds(account) &&
                            account.auth == AuthMethod::Key &&
                            m_awsProviders.contains(account.provider);
    return tryProfile ? readStoredElseProfile(account, origin)
                      : sourceOf(account).read(account, origin);
}

QFuture<Secret> CredentialStore::readStoredElseProfile(const Account &account,
                                                       const QString &origin)
{
    return continued(this, m_parts.stored.read(account, origin),
                     [this, account, origin](const Secret &stored) -> QFuture<Secret> {
                         m_byProfile.remove({account.provider, account.id});
                         if (stored || stored.error().kind != ErrorKind::KeyMissing)
                             return QtFuture::makeReadyFuture(stored);
                         return continued(
                             this, m_parts.awsProfiles.read(account, origin),
                             [this, account](const Secret &profile) -> Secret {
                                 if (profile) {
                                     m_byProfile.insert({account.provider, account.id});
                                     return profile;
                                 }
                                 Error error = profile.error();
                                 error.detail =
                                     QStringLiteral("No key is in the environment, and none is "
                                                    "stored for this address. ") +
                                     error.detail;
                                 return error;
                             });
                     });
}

QFuture<Result<Done>> CredentialStore::write(const Account &account, const QString &origin,
                                             const SecretString &key)
{
    return storeOf(account).write(account, origin, key);
}

QFuture<Result<Done>> CredentialStore::remove(const Account &account, const QString &origin)
{
    return storeOf(account).remove(account, origin);
}

CredentialKind CredentialStore::kindOf(const Account &account) const
{
    return environmentHolds(account) ? CredentialKind::Key : KeyStore::kindOf(account);
}

bool CredentialStore::renew(const Account &account)
{
    const bool byProfile = !environmentHolds(account) && account.auth == AuthMethod::Key &&
                           m_byProfile.contains({account.provider, account.id});
    return byProfile ? m_parts.awsProfiles.renew(account) : sourceOf(account).renew(account);
}

} // namespace core
