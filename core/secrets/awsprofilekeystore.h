#pragma once

#include "core/secrets/awsprofiles.h"
#include "core/secrets/credentialprocess.h"
#include "core/secrets/keystore.h"
#include "core/secrets/ownorigins.h"

#include <QObject>
#include <QPromise>
#include <QSet>

#include <memory>

namespace core {

//! Keys in AWS's shared files: read at each use, on another thread, never copied anywhere, never
//! written. An account that names no profile uses the environment's (AWS_PROFILE, else "default").
//! They go to the origins of their provider and to the one that the user allowed. Main thread.
class AwsProfileKeyStore final : public QObject, public KeyStore
{
    Q_OBJECT
public:
    enum class Processes { Refused, Allowed };

    //! \p origins by provider id.
    AwsProfileKeyStore(Clock &clock, QHash<QString, OwnOrigins> origins, QObject *parent = nullptr);

    //! Whether profiles may name a program that is run (credential_process). Refused at first.
    void setProcesses(Processes processes) { m_processes = processes; }

    //! Errors also: KeyMissing for profiles that are not there, hold no keys or want what we do not
    //! do; KeyUnavailable where a file or a program fails.
    [[nodiscard]] QFuture<Result<SecretString>> read(const Account &account,
                                                     const QString &origin) override;
    //! InputRejected: the files are the user's to change.
    [[nodiscard]] QFuture<Result<Done>> write(const Account &account, const QString &origin,
                                              const SecretString &key) override;
    [[nodiscard]] QFuture<Result<Done>> remove(const Account &account,
                                               const QString &origin) override;
    //! Forgets what the account's profile gave: a file may have changed, a program gives anew.
    [[nodiscard]] bool renew(const Account &account) override;

    //! What there is to choose from, without keys; also the region of each.
    [[nodiscard]] static QFuture<Result<QList<AwsProfile>>> profiles();

private:
    void takeProfile(const Account &account, const Result<AwsProfile> &profile,
                     const std::shared_ptr<QPromise<Result<SecretString>>> &promise);

    QHash<QString, OwnOrigins> m_origins;
    CredentialProcess m_process;
    QHash<QString, QString> m_commands; //!< Last run for a profile.
    QSet<QString> m_given;              //!< Profiles whose last read gave keys.
    Processes m_processes = Processes::Refused;
};

} // namespace core
