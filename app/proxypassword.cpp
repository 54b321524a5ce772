#include "app/proxypassword.h"

#include "core/base/continued.h"

#include <utility>

namespace app {

namespace keys = core::settings;

namespace {

//! No account has it: those of the store are counted from 1 on.
constexpr std::int64_t KeychainId = -1;

QString originOfProxy(const QString &proxy)
{
    return QStringLiteral("proxy://") + proxy;
}

//! The password of \p proxy, as the key store knows it.
core::Account entryOf(const QString &proxy, core::KeySource source)
{
    core::Account account;
    account.id = KeychainId;
    account.provider = QStringLiteral("proxy");
    account.keySource = source;
    account.keySaved = !proxy.isEmpty();
    account.keyOrigin = originOfProxy(proxy);
    return account;
}

} // namespace

ProxyPassword::ProxyPassword(core::Settings &settings, core::KeyStore &keyStore, QObject *parent)
    : QObject(parent)
    , m_settings(settings)
    , m_keys(keyStore)
{
    connect(&settings, &core::Settings::changed, this, [this](const QString &key) {
        if (key == keys::ProxyUser.name())
            Q_EMIT changed();
    });
}

QString ProxyPassword::proxy() const
{
    return m_sessionProxy.isEmpty() ? m_settings.value(keys::ProxyPasswordFor) : m_sessionProxy;
}

core::Account ProxyPassword::account() const
{
    return entryOf(proxy(),
                   m_sessionProxy.isEmpty() ? core::KeySource::Keychain : core::KeySource::Session);
}

QFuture<core::Result<core::ProxyLogin>> ProxyPassword::read(const QString &asking)
{
    const QString user = m_settings.value(keys::ProxyUser);
    if (user.isEmpty() || asking != proxy()) {
        return QtFuture::makeReadyFuture(
            core::Result<core::ProxyLogin>(core::makeError(core::ErrorKind::KeyMissing)));
    }
    return core::continued(this, m_keys.read(account(), originOfProxy(asking)),
                           [user, asking](const core::Result<core::SecretString> &password)
                               -> core::Result<core::ProxyLogin> {
                               if (!password)
                                   return password.error();
                               return core::ProxyLogin{asking, user, *password};
                           });
}

QFuture<core::Result<core::Done>> ProxyPassword::save(const QString &proxy,
                                                      const core::SecretString &password,
                                                      core::KeySource source)
{
    return core::continued(
        this, m_keys.write(entryOf(proxy, source), originOfProxy(proxy), password),
        [this, proxy, source](const core::Result<core::Done> &written) {
            if (!written)
                return written;
            const bool isKept = source == core::KeySource::Keychain;
            const QString keptFor = m_settings.value(keys::ProxyPasswordFor);
            const QString inSession = std::exchange(m_sessionProxy, isKept ? QString() : proxy);
            const core::Result<core::Done> noted =
                isKept ? m_settings.setValue(keys::ProxyPasswordFor, proxy) : written;
            // Nobody asks for these any more. One in the keychain waits for the next start.
            if (!inSession.isEmpty() && inSession != m_sessionProxy)
                forget(inSession, core::KeySource::Session);
            if (isKept && noted && !keptFor.isEmpty() && keptFor != proxy)
                forget(keptFor, core::KeySource::Keychain);
            Q_EMIT changed();
            return noted;
        });
}

void ProxyPassword::forget(const QString &proxy, core::KeySource source)
{
    (void)m_keys.remove(entryOf(proxy, source), originOfProxy(proxy));
}

QFuture<core::Result<core::Done>> ProxyPassword::remove()
{
    return core::continued(this, m_keys.remove(account(), originOfProxy(proxy())),
                           [this](const core::Result<core::Done> &removed) {
                               if (!removed && removed.error().kind != core::ErrorKind::KeyMissing)
                                   return removed;
                               core::Result<core::Done> noted = core::Done{};
                               if (m_sessionProxy.isEmpty())
                                   noted = m_settings.setValue(keys::ProxyPasswordFor, QString());
                               m_sessionProxy.clear();
                               Q_EMIT changed();
                               return noted;
                           });
}

} // namespace app
