#pragma once

#include "core/secrets/keystore.h"

#include <QHash>

namespace core {

//! Keys in memory until the program quits: where there is no keychain and the user agreed. Main
//! thread.
class SessionKeyStore final : public KeyStore
{
public:
    [[nodiscard]] QFuture<Result<SecretString>> read(const Account &account,
                                                     const QString &origin) override;
    [[nodiscard]] QFuture<Result<Done>> write(const Account &account, const QString &origin,
                                              const SecretString &key) override;
    [[nodiscard]] QFuture<Result<Done>> remove(const Account &account,
                                               const QString &origin) override;

private:
    QHash<QString, SecretString> m_keys; //!< By provider, account and origin.
};

} // namespace core
