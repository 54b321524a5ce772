#pragma once

#include "core/base/result.h"
#include "core/base/secretstring.h"
#include "core/chat/target.h"

#include <QFuture>

namespace core {

//! Keeps keys. Every call returns at once; the future ends in the main thread. Errors: KeyMissing
//! (there is none), KeyUnavailable (there should be one: locked, lost, denied, no keychain; detail
//! says which). A key is bound to its origin: asking for another origin gives KeyMissing. A failed
//! read never deletes or overwrites anything.
class KeyStore
{
public:
    virtual ~KeyStore() = default;
    //! The key of \p account for \p origin ("https://host[:port]").
    [[nodiscard]] virtual QFuture<Result<SecretString>> read(const Account &account,
                                                             const QString &origin) = 0;
    [[nodiscard]] virtual QFuture<Result<Done>> write(const Account &account, const QString &origin,
                                                      const SecretString &key) = 0;
    [[nodiscard]] virtual QFuture<Result<Done>> remove(const Account &account,
                                                       const QString &origin) = 0;

    //! What read() gives for \p account, so that it goes into the right header.
    [[nodiscard]] virtual CredentialKind kindOf(const Account &account) const
    {
        return account.auth == AuthMethod::EntraSignIn ? CredentialKind::AccessToken
                                                       : CredentialKind::Key;
    }
    //! Forgets a short-lived credential that the service refused. True: read() may give another.
    [[nodiscard]] virtual bool renew(const Account &account)
    {
        Q_UNUSED(account);
        return false;
    }
};

//! What a store of keys fails with: \p kind, about the key of \p account.
[[nodiscard]] inline Error keyError(ErrorKind kind, const Account &account,
                                    const QString &detail = {})
{
    return makeError(kind, detail, account.provider);
}

} // namespace core
