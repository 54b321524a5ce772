#pragma once

#include "core/secrets/accountkeystore.h"

#include <QObject>
#include <QSet>

#include <cstdint>
#include <utility>

namespace core {

//! Finds each account's credential by the way in which it proves itself: a stored key, a profile of
//! AWS's files, a sign-in. A verb takes the environment's keys first, then what is stored, then the
//! environment's AWS profile. Main thread.
class CredentialStore final : public QObject, public KeyStore
{
    Q_OBJECT
public:
    struct Parts
    {
        KeyStore &stored;
        KeyStore &awsProfiles;
        KeyStore &signIns;
        const EnvironmentKeyStore &environment;
    };
    //! \p awsProviders: those to which profiles of AWS's files may prove the user.
    CredentialStore(const Parts &parts, EnvironmentKeys policy, QSet<QString> awsProviders,
                    QObject *parent = nullptr);

    [[nodiscard]] QFuture<Result<SecretString>> read(const Account &account,
                                                     const QString &origin) override;
    [[nodiscard]] QFuture<Result<Done>> write(const Account &account, const QString &origin,
                                              const SecretString &key) override;
    [[nodiscard]] QFuture<Result<Done>> remove(const Account &account,
                                               const QString &origin) override;
    [[nodiscard]] CredentialKind kindOf(const Account &account) const override;
    [[nodiscard]] bool renew(const Account &account) override;

private:
    [[nodiscard]] bool environmentHolds(const Account &account) const;
    [[nodiscard]] KeyStore &storeOf(const Account &account) const;
    [[nodiscard]] KeyStore &sourceOf(const Account &account) const; //!< Where read() looks.
    [[nodiscard]] QFuture<Result<SecretString>> readStoredElseProfile(const Account &account,
                                                                      const QString &origin);

    Parts m_parts;
    EnvironmentKeys m_policy;
    QSet<QString> m_awsProviders;
    //! Provider and id of accounts without a key, for which the environment's profile answered.
    QSet<std::pair<QString, std::int64_t>> m_byProfile;
};

} // namespace core
