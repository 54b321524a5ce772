#include "app/proxypassword.h"

#include "core/base/continued.h"

namespace app {

namespace keys = core::settings;

namespace {

//! No account has it: those of the store are counted from 1 on.
constexpr std::int64_t KeychainId = -1;

QString originOfProxy(const QString &proxy)
{
    return QStringLiteral("proxy://") + proxy;
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
    core::Account account;
    account.id = KeychainId;
    account.provider = QStringLiteral("proxy");
    account.keySource =
        m_sessionProxy.isEmpty() ? core::KeySource::Keychain : core::KeySource::Session;
    account.keySaved = !proxy().isEmpty();
    account.keyOrigin = originOfProxy(proxy());
    return account;
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
    core::Account described = account();
    if (const QString former = this->proxy(); !former.isEmpty() && former != proxy)
        (void)m_keys.remove(described, originOfProxy(former)); // nobody asks for it any more
    described.keySource = source;
    return core::continued(this, m_keys.write(described, originOfProxy(proxy), password),
                           [this, proxy, source](const core::Result<core::Done> &written) {
                               if (!written)
                                   return written;
                               const bool isKept = source == core::KeySource::Keychain;
                               m_sessionProxy = isKept ? QString() : proxy;
                               const core::Result<core::Done> noted =
                                   isKept ? m_settings.setValue(keys::ProxyPasswordFor, proxy)
                                          : written;
                               Q_EMIT changed();
                               return noted;
                           });
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
