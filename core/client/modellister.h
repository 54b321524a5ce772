#pragma once

#include "core/base/clock.h"
#include "core/net/httptransport.h"
#include "core/providers/providerregistry.h"
#include "core/secrets/keystore.h"

#include <QFuture>
#include <QObject>

namespace core {

//! Whether the service's row tells that \p id cannot chat there: lists, of the service and of
//! prices, often have no other sign.
[[nodiscard]] bool isHiddenModel(const ProviderInfo &provider, const QString &id);

//! Asks a service which models it has: a free call with the account's key, so also the test of a
//! connection: where lists are open to everybody the key is proven first, by a free call, too.
//! Pages are followed until MostModels are there. Main thread.
class ModelLister : public QObject
{
    Q_OBJECT
public:
    ModelLister(HttpTransport &transport, const ProviderRegistry &providers, KeyStore &keys,
                const Clock &clock, QObject *parent = nullptr);

    //! Models in the service's own order. Errors as of a chat: AuthenticationFailed,
    //! ConnectionFailed, ... Never retried: a person asked, and sees the answer.
    [[nodiscard]] QFuture<Result<QList<ModelInfo>>> list(const Account &account);

private:
    HttpTransport &m_transport;
    const ProviderRegistry &m_providers;
    KeyStore &m_keys;
    const Clock &m_clock;
};

} // namespace core
