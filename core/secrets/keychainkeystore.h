#pragma once

#include "core/base/clock.h"
#include "core/secrets/keystore.h"

#include <QObject>

namespace core {

//! Keys in the system's keychain, by QtKeychain without its insecure fallback. One entry a key:
//! account id and origin. Absent, locked, denied and slow keychains all give KeyUnavailable; after
//! \p patience a read is given up, whatever the service does later. QtKeychain 0.13 answers
//! EntryNotFound for a key that exists while the keyring is locked: with Account::keySaved that is
//! KeyUnavailable, never KeyMissing. Main thread.
class KeychainKeyStore final : public QObject, public KeyStore
{
    Q_OBJECT
public:
    KeychainKeyStore(const QString &service, Clock &clock, QObject *parent = nullptr);

    [[nodiscard]] QFuture<Result<SecretString>> read(const Account &account,
                                                     const QString &origin) override;
    [[nodiscard]] QFuture<Result<Done>> write(const Account &account, const QString &origin,
                                              const SecretString &key) override;
    [[nodiscard]] QFuture<Result<Done>> remove(const Account &account,
                                               const QString &origin) override;

    //! Whether a keychain answers at all: looks for an entry that nobody made.
    [[nodiscard]] QFuture<Result<Done>> probe();

    void setPatience(std::chrono::milliseconds patience) { m_patience = patience; }

private:
    QString m_service;
    Clock &m_clock;
    std::chrono::milliseconds m_patience{30'000};
};

} // namespace core
