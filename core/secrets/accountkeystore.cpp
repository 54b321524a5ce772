#include "core/secrets/accountkeystore.h"

namespace core {

AccountKeyStore::AccountKeyStore(KeyStore *keychain, SessionKeyStore &session,
                                 EnvironmentKeyStore &environment, EnvironmentKeys policy)
    : m_keychain(keychain)
    , m_session(session)
    , m_environment(environment)
    , m_policy(policy)
{
}

KeyStore *AccountKeyStore::storeOf(const Account &account) const
{
    switch (account.keySource) {
    case KeySource::Keychain:
        return m_keychain;
    case KeySource::Session:
        return &m_session;
    case KeySource::Environment:
        return &m_environment;
    case KeySource::None:
        break;
    }
    return nullptr;
}

QFuture<Result<SecretString>> AccountKeyStore::read(const Account &account, const QString &origin)
{
    KeyStore *store = storeOf(account);
    if (m_policy == EnvironmentKeys::First && m_environment.hasKey(account.provider))
        store = &m_environment;
    // An account without an id was never stored: the keychain cannot hold its key, and need not be
    // woken.
    const bool pointless = store == m_keychain && store && account.id == 0;
    if (!store || pointless)
        return QtFuture::makeReadyFuture(
            Result<SecretString>(keyError(ErrorKind::KeyMissing, account)));
    return store->read(account, origin);
}

QFuture<Result<Done>> AccountKeyStore::write(const Account &account, const QString &origin,
                                             const SecretString &key)
{
    KeyStore *store = storeOf(account);
    if (store)
        return store->write(account, origin, key);
    return QtFuture::makeReadyFuture(
        Result<Done>(keyError(ErrorKind::KeyUnavailable, account,
                              QStringLiteral("The keychain is not used in this run."))));
}

QFuture<Result<Done>> AccountKeyStore::remove(const Account &account, const QString &origin)
{
    KeyStore *store = storeOf(account);
    return store ? store->remove(account, origin) : QtFuture::makeReadyFuture(Result<Done>(Done{}));
}

} // namespace core
