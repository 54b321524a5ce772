#pragma once

#include "core/secrets/entraclient.h"
#include "core/secrets/keystore.h"
#include "core/secrets/ownorigins.h"

#include <QHash>
#include <QPromise>

#include <map>
#include <vector>

namespace core {

//! Access tokens of accounts that signed in with Entra ID. The refresh token lies in \p stored, in
//! an entry of its own that is bound to the authority's origin; access tokens live in memory and
//! are renewed before they end. Callers who ask meanwhile share one exchange: a server may take a
//! refresh token once only. Tokens go to the origin that the user allowed, and to those that were
//! confirmed for this run. Main thread.
class EntraKeyStore final : public QObject, public KeyStore
{
    Q_OBJECT
public:
    //! \p origins by provider id.
    EntraKeyStore(EntraClient &client, KeyStore &stored, Clock &clock,
                  QHash<QString, OwnOrigins> origins, QObject *parent = nullptr);

    //! An access token. Errors: KeyMissing (not signed in, or the sign-in has ended),
    //! KeyUnavailable, and what a call can meet.
    [[nodiscard]] QFuture<Result<SecretString>> read(const Account &account,
                                                     const QString &origin) override;
    //! Stores a refresh token, whatever \p origin.
    [[nodiscard]] QFuture<Result<Done>> write(const Account &account, const QString &origin,
                                              const SecretString &refreshToken) override;
    //! Forgets both tokens.
    [[nodiscard]] QFuture<Result<Done>> remove(const Account &account,
                                               const QString &origin) override;
    [[nodiscard]] bool renew(const Account &account) override;

private:
    //! What is known of one account's sign-in.
    struct Grant
    {
        SecretString accessToken;
        UtcTime expires{};
        UtcTime renewAt{};
        SecretString refreshToken; //!< The newest, where it could not be stored.
        int generation = 0; //!< Counts sign-ins and sign-outs: an answer to an earlier one is
                            //!< dropped.
        std::vector<QPromise<Result<SecretString>>> waiting;
    };

    void readRefreshToken(const Account &account);
    void refresh(const Account &account, const SecretString &refreshToken);
    void takeTokens(const Account &account, int generation, const Result<EntraTokens> &tokens);
    void answer(const Account &account, const Result<SecretString> &result);
    void forget(const Account &account);
    [[nodiscard]] Grant &grantOf(const Account &account);

    EntraClient &m_client;
    KeyStore &m_stored;
    Clock &m_clock;
    QHash<QString, OwnOrigins> m_origins;
    std::map<QString, Grant> m_grants; //!< By provider, account and directory.
};

} // namespace core
