#include "core/secrets/entrakeystore.h"

#include "core/base/whenready.h"

#include <QPromise>

#include <utility>

namespace core {

namespace {

using Secret = Result<SecretString>;
using namespace std::chrono_literals;

//! A token this near to its end is renewed first.
constexpr std::chrono::seconds Margin = 5min;

//! The account as the store of its refresh token is to see it.
Account entryOf(const Account &account)
{
    Account entry = account;
    entry.auth = AuthMethod::Key;
    entry.keySource = account.signInSource;
    entry.keySaved = account.signedIn;
    entry.keyOrigin = entraOrigin(account.entra);
    return entry;
}

QString nameOf(const Account &account)
{
    return QStringList{account.provider, QString::number(account.id),
                       account.entra.authority.toString(), account.entra.tenant,
                       account.entra.clientId}
        .join(u'\n');
}

} // namespace

EntraKeyStore::EntraKeyStore(EntraClient &client, KeyStore &stored, Clock &clock,
                             QHash<QString, OwnOrigins> origins, QObject *parent)
    : QObject(parent)
    , m_client(client)
    , m_stored(stored)
    , m_clock(clock)
    , m_origins(std::move(origins))
{
}

EntraKeyStore::Grant &EntraKeyStore::grantOf(const Account &account)
{
    return m_grants[nameOf(account)];
}

QFuture<Secret> EntraKeyStore::read(const Account &account, const QString &origin)
{
    if (account.grantOrigin != origin && !m_origins.value(account.provider).contains(origin))
        return QtFuture::makeReadyFuture(
            Secret(keyError(ErrorKind::KeyMissing, account,
                            QStringLiteral("The sign-in is not for %1.").arg(origin))));
    if (!account.signedIn)
        return QtFuture::makeReadyFuture(Secret(
            keyError(ErrorKind::KeyMissing, account,
                     QStringLiteral("Nobody is signed in. Sign in in Settings, Providers."))));
    Grant &grant = grantOf(account);
    if (!grant.accessToken.isEmpty() && m_clock.utcNow() < grant.renewAt)
        return QtFuture::makeReadyFuture(Secret(grant.accessToken));
    QPromise<Secret> promise;
    promise.start();
    QFuture<Secret> future = promise.future();
    grant.waiting.push_back(std::move(promise));
    if (grant.waiting.size() == 1)
        readRefreshToken(account);
    return future;
}

void EntraKeyStore::readRefreshToken(const Account &account)
{
    const Grant &grant = grantOf(account);
    if (!grant.refreshToken.isEmpty())
        return refresh(account, grant.refreshToken);
    const Account entry = entryOf(account);
    whenReady(this, m_stored.read(entry, entry.keyOrigin),
              [this, account, generation = grant.generation](const Secret &token) {
                  if (generation != grantOf(account).generation)
                      return;
                  if (token)
                      refresh(account, *token);
                  else
                      answer(account, token.error());
              });
}

void EntraKeyStore::refresh(const Account &account, const SecretString &refreshToken)
{
    whenReady(this, m_client.refresh(account.entra, refreshToken),
              [this, account, generation = grantOf(account).generation](
                  const Result<EntraTokens> &tokens) { takeTokens(account, generation, tokens); });
}

void EntraKeyStore::takeTokens(const Account &account, int generation,
                               const Result<EntraTokens> &tokens)
{
    Grant &grant = grantOf(account);
    if (generation != grant.generation)
        return;
    const UtcTime now = m_clock.utcNow();
    if (!tokens) {
        Error error = tokens.error();
        error.provider = account.provider;
        // What could not be renewed early may still be good.
        const bool stillGood = !grant.accessToken.isEmpty() && now < grant.expires;
        return answer(account, stillGood ? Secret(grant.accessToken) : Secret(error));
    }
    grant.accessToken = tokens->accessToken;
    grant.expires = now + tokens->lifetime;
    grant.renewAt = grant.expires - std::min(Margin, tokens->lifetime / 2);
    if (!tokens->refreshToken.isEmpty()) {
        grant.refreshToken = tokens->refreshToken;
        const Account entry = entryOf(account);
        whenReady(this, m_stored.write(entry, entry.keyOrigin, tokens->refreshToken),
                  [this, account, generation](const Result<Done> &written) {
                      if (written && generation == grantOf(account).generation)
                          grantOf(account).refreshToken = {};
                  });
    }
    answer(account, tokens->accessToken);
}

void EntraKeyStore::answer(const Account &account, const Secret &result)
{
    for (QPromise<Secret> &promise : std::exchange(grantOf(account).waiting, {})) {
        promise.addResult(result);
        promise.finish();
    }
}

void EntraKeyStore::forget(const Account &account)
{
    Grant &grant = grantOf(account);
    ++grant.generation;
    grant.accessToken = {};
    grant.refreshToken = {};
    answer(account, keyError(ErrorKind::Cancelled, account));
}

QFuture<Result<Done>> EntraKeyStore::write(const Account &account, const QString &,
                                           const SecretString &refreshToken)
{
    forget(account);
    const Account entry = entryOf(account);
    return m_stored.write(entry, entry.keyOrigin, refreshToken);
}

QFuture<Result<Done>> EntraKeyStore::remove(const Account &account, const QString &)
{
    forget(account);
    const Account entry = entryOf(account);
    return m_stored.remove(entry, entry.keyOrigin);
}

bool EntraKeyStore::renew(const Account &account)
{
    Grant &grant = grantOf(account);
    const bool hadToken = !grant.accessToken.isEmpty();
    grant.accessToken = {};
    return hadToken;
}

} // namespace core
