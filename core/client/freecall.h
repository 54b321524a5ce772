#pragma once

#include "core/net/httptransport.h"
#include "core/providers/provideradapter.h"
#include "core/secrets/keystore.h"

#include <functional>

namespace core {

//! Whether \p provider is asked without a key where none could be read, for \p why: it may want
//! none, and none is known to be saved. That a machine has no keychain is no obstacle then.
[[nodiscard]] bool mayGoWithoutKey(const ProviderInfo &provider, const Account &account,
                                   const Error &why);

//! Asks \p keys for the key that \p account has for \p endpoint and calls \p done once; never if \p
//! owner is gone. A service that needs no key is given none. Errors: the key store's.
void readCredential(KeyStore &keys, const Account &account, const Endpoint &endpoint,
                    QObject *owner, std::function<void(const Result<Credential> &)> done);

//! Sends a call that costs nothing (a list, a count) and calls \p done once with the body that came
//! with status 200; never if \p owner is gone, which closes the socket. Sent once: not retried.
//! Errors as of a chat.
void sendFreeCall(HttpTransport &transport, const ProviderAdapter &adapter,
                  const Endpoint &endpoint, const WireRequest &wire, QObject *owner,
                  std::function<void(const Result<QByteArray> &)> done);

} // namespace core
