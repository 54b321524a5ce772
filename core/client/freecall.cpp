#include "core/client/freecall.h"

#include "core/base/whenready.h"
#include "core/net/urlpolicy.h"

#include <memory>

namespace core {

namespace {

using namespace std::chrono_literals;

//! What came back, and what must not be forgotten until it did.
struct Reception
{
    QByteArray body;
    QList<SecretString> secrets; //!< So that the Redactor knows them while the body is read.
};

} // namespace

bool mayGoWithoutKey(const ProviderInfo &provider, const Account &account, const Error &why)
{
    return !provider.keyRequired && (why.kind == ErrorKind::KeyMissing || !account.keySaved);
}

void readCredential(KeyStore &keys, const Account &account, const Endpoint &endpoint,
                    QObject *owner, std::function<void(const Result<Credential> &)> done)
{
    if (endpoint.provider.authHeader.isEmpty())
        return done(Credential());
    whenReady(owner, keys.read(account, originOf(endpoint.baseUrl)),
              [done = std::move(done), provider = endpoint.provider, account,
               kind = keys.kindOf(account)](const Result<SecretString> &key) {
                  // Servers at home often want no key: ask without one and let them say so.
                  if (!key && !mayGoWithoutKey(provider, account, key.error()))
                      done(key.error());
                  else
                      done(Credential{key ? *key : SecretString(), kind});
              });
}

void sendFreeCall(HttpTransport &transport, const ProviderAdapter &adapter,
                  const Endpoint &endpoint, const WireRequest &wire, QObject *owner,
                  std::function<void(const Result<QByteArray> &)> done)
{
    if (const auto checked = checkOrigin(adapter, endpoint, wire); !checked)
        return done(checked.error());
    const auto reception = std::make_shared<Reception>(Reception{{}, wire.secrets});
    HttpExchange *exchange = transport.send(wire.http, smallCallDeadlines(60s), owner);
    QObject::connect(exchange, &HttpExchange::bodyReceived, owner,
                     [reception](const QByteArray &slice) { reception->body += slice; });
    QObject::connect(
        exchange, &HttpExchange::finished, owner,
        [exchange, reception, &adapter, provider = endpoint.provider.id, done = std::move(done)] {
            exchange->deleteLater();
            if (!exchange->error() && exchange->status() == 200)
                return done(reception->body);
            Error error =
                exchange->error()
                    ? *exchange->error()
                    : adapter.readError(exchange->status(), exchange->headers(), reception->body);
            error.provider = provider;
            done(error);
        });
}

} // namespace core
