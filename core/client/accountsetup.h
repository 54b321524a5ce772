#pragma once

#include "core/client/chatclient.h"
#include "core/ledger/accountrepository.h"
#include "core/secrets/keystore.h"

#include <QFuture>
#include <QHash>
#include <QObject>

namespace core {

//! How ready a provider is to be asked.
enum class AccountState {
    Ready,      //!< A key is stored or none is needed.
    NoKey,      //!< A key is needed and none was given.
    Unconfirmed //!< The base URL was changed: its host must be confirmed before the key goes there.
};

//! Providers and the user's accounts with them, as Settings shows and changes them: one account a
//! provider. Also tells the engine which account a target uses. Keys pass through to the KeyStore
//! and are not kept. Main thread.
class AccountSetup : public QObject, public AccountBook
{
    Q_OBJECT
public:
    AccountSetup(AccountRepository &accounts, KeyStore &keys, const ProviderRegistry &providers,
                 QObject *parent = nullptr);

    [[nodiscard]] const QList<ProviderInfo> &providers() const { return m_providers.providers(); }
    [[nodiscard]] const ProviderInfo *provider(const QString &id) const
    {
        return m_providers.provider(id);
    }

    //! The stored account of \p provider, else the one it would get. Rows that share an account get
    //! the same.
    [[nodiscard]] Account accountOf(const QString &provider) const;
    [[nodiscard]] Account account(const Target &target) const override;
    [[nodiscard]] AccountState state(const QString &provider) const;
    //! The origins that the account's requests go to; none while it has no address.
    [[nodiscard]] QStringList origins(const QString &provider) const;
    //! The target for \p model at \p provider, with the account's base URL.
    [[nodiscard]] Target target(const QString &provider, const QString &model) const;

    //! Stores \p key for the account's present origin; the account then remembers that it has one.
    [[nodiscard]] QFuture<Result<Done>> setKey(const QString &provider, const SecretString &key,
                                               KeySource source);
    //! Also takes away what a move to another host left behind.
    [[nodiscard]] QFuture<Result<Done>> removeKey(const QString &provider);
    //! Uses the key that the provider's environment variable holds, in this and later runs; nothing
    //! is copied.
    void useEnvironment(const QString &provider);
    //! The variable that holds a key or its first part; empty: none does.
    [[nodiscard]] QString environmentVariable(const QString &provider) const;
    [[nodiscard]] bool environmentHasKey(const QString &provider) const
    {
        return !environmentVariable(provider).isEmpty();
    }

    //! Goes back to the stored key, to the profile used before or to the sign-in; nothing is asked
    //! or lost.
    void useMethod(const QString &provider, AuthMethod method);
    //! Uses a profile of AWS's files. \p region, where one is known, becomes the address unless
    //! that is the user's own host.
    void useProfile(const QString &provider, const QString &name, const QString &region);
    //! The region that the account's address names; empty: it is another host, or there are none.
    [[nodiscard]] QString region(const QString &provider) const;
    //! A region's address is its provider's own, so the key goes there without being asked. Errors:
    //! InputRejected.
    [[nodiscard]] QFuture<Result<Done>> setRegion(const QString &provider, const QString &region);

    //! Where to sign in. A change signs out: the old token is no use there. Errors: InputRejected.
    [[nodiscard]] Result<Done> setDirectory(const QString &provider,
                                            const EntraDirectory &directory);
    //! Stores what a sign-in gave, and uses it from then on.
    [[nodiscard]] QFuture<Result<Done>> signIn(const QString &provider,
                                               const SecretString &refreshToken, KeySource source);
    [[nodiscard]] QFuture<Result<Done>> signOut(const QString &provider);

    //! Takes back a change of settings: \p before is as accountOf() gave it. A sign-in at another
    //! directory does not come back.
    void restore(const Account &before);

    //! Empty \p text: back to the provider's own. Errors: InputRejected, with the rule that was
    //! broken. A key stays bound to the origin that it was given for: state() is Unconfirmed until
    //! confirmOrigin().
    [[nodiscard]] Result<Done> setBaseUrl(const QString &provider, const QString &text);
    //! The user agreed that the key goes to the account's present host: it is copied to that
    //! origin. The one before keeps it until the next move, so that restore() finds it.
    [[nodiscard]] QFuture<Result<Done>> confirmOrigin(const QString &provider);

Q_SIGNALS:
    void changed(const QString &provider); //!< Account or state.

private:
    [[nodiscard]] QString owner(const QString &provider) const; //!< The row whose account it uses.
    void store(Account account);
    void removeEntry(Account entry); //!< From the store of keys.
    [[nodiscard]] Account keyed(Account account, const SecretString &key) const;

    AccountRepository &m_accounts;
    KeyStore &m_keys;
    const ProviderRegistry &m_providers;
    QHash<QString, QList<Account>> m_left; //!< By provider: whose keys lie where none is used.
};

} // namespace core
