#pragma once

#include "core/secrets/environmentkeystore.h"
#include "core/secrets/sessionkeystore.h"

namespace core {

//! When the environment's keys are used without having been picked.
enum class EnvironmentKeys {
    WhenPicked, //!< The window: only for accounts whose source is Environment.
    First       //!< Verbs: before the keychain.
};

//! Finds each account's key where the account says it lives. \p keychain may be null (a demo, no
//! keychain wanted): then its accounts have no key. Main thread.
class AccountKeyStore final : public KeyStore
{
public:
    AccountKeyStore(KeyStore *keychain, SessionKeyStore &session, EnvironmentKeyStore &environment,
                    EnvironmentKeys policy);

    [[nodiscard]] QFuture<Result<SecretString>> read(const Account &account,
                                                     const QString &origin) override;
    [[nodiscard]] QFuture<Result<Done>> write(const Account &account, const QString &origin,
                                              const SecretString &key) override;
    [[nodiscard]] QFuture<Result<Done>> remove(const Account &account,
                                               const QString &origin) override;

private:
    [[nodiscard]] KeyStore *storeOf(const Account &account) const;

    KeyStore *m_keychain;
    SessionKeyStore &m_session;
    EnvironmentKeyStore &m_environment;
    EnvironmentKeys m_policy;
};

} // namespace core
