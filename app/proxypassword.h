#pragma once

#include "core/net/proxylogin.h"
#include "core/secrets/keystore.h"
#include "core/settings/settings.h"

namespace app {

//! The user's name and password for the system's proxy. The name is a setting; the password lies in
//! the keychain, or in memory until the program quits, and belongs to the proxy ("host:port") that
//! it was given for. Main thread.
class ProxyPassword final : public QObject
{
    Q_OBJECT
public:
    //! Both must outlive it.
    ProxyPassword(core::Settings &settings, core::KeyStore &keys, QObject *parent = nullptr);

    //! Of which proxy a password was given; empty: of none.
    [[nodiscard]] QString proxy() const;
    //! As of core::ProxyLoginSource. The keychain is opened for that proxy alone.
    [[nodiscard]] QFuture<core::Result<core::ProxyLogin>> read(const QString &proxy);
    //! \p source: Keychain or Session. The one before goes when this one is stored; one in the
    //! keychain stays beside that of a session, for later starts.
    [[nodiscard]] QFuture<core::Result<core::Done>>
    save(const QString &proxy, const core::SecretString &password, core::KeySource source);
    [[nodiscard]] QFuture<core::Result<core::Done>> remove();

Q_SIGNALS:
    void changed(); //!< What was told to a proxy no longer counts.

private:
    [[nodiscard]] core::Account account() const; //!< As the key store knows it.
    void forget(const QString &proxy, core::KeySource source);

    core::Settings &m_settings;
    core::KeyStore &m_keys;
    QString m_sessionProxy; //!< Of the password that is in memory alone.
};

} // namespace app
