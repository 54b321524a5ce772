#include "core/client/accountsetup.h"

#include "core/net/urlpolicy.h"

namespace core {

AccountSetup::AccountSetup(AccountRepository &accounts, KeyStore &keys,
                           const ProviderRegistry &providers, ModelLister &lister, QObject *parent)
    : QObject(parent)
    , m_accounts(accounts)
    , m_keys(keys)
    , m_providers(providers)
    , m_lister(lister)
{
}

QString AccountSetup::owner(const QString &provider) const
{
    const ProviderInfo *row = m_providers.provider(provider);
    return row && !row->accountOf.isEmpty() ? row->accountOf : provider;
}

Account AccountSetup::accountOf(const QString &provider) const
{
    const QString name = owner(provider);
    const QList<Account> stored = m_accounts.list();
    for (const Account &account : stored) {
        if (account.provider == name)
            return account;
    }
    Account fresh;
    fresh.provider = name;
    if (const ProviderInfo *row = m_providers.provider(provider)) {
        fresh.baseUrl = row->baseUrl;
        fresh.keyOrigin = originOf(row->baseUrl);
        if (row->authHeader.isEmpty())
            fresh.keySource = KeySource::None;
        else if (row->simulated)
            fresh.keySource = KeySource::Session; // its token is new at each start
    }
    return fresh;
}

Account AccountSetup::account(const Target &target) const
{
    Account account = accountOf(target.provider);
    if (!target.baseUrl.isEmpty())
        account.baseUrl = target.baseUrl;
    return account;
}

AccountState AccountSetup::state(const QString &provider) const
{
    const ProviderInfo *row = m_providers.provider(provider);
    if (!row)
        return AccountState::NoKey;
    const Account account = accountOf(provider);
    const bool hasKey =
        account.keySaved || row->simulated || account.keySource == KeySource::Environment;
    if (hasKey && account.keyOrigin != originOf(account.baseUrl))
        return AccountState::Unconfirmed;
    return hasKey || !row->keyRequired ? AccountState::Ready : AccountState::NoKey;
}

Target AccountSetup::target(const QString &provider, const QString &model) const
{
    const Account account = accountOf(provider);
    Target target;
    target.provider = provider;
    target.accountId = account.id;
    target.baseUrl = account.baseUrl;
    target.model = model;
    if (const ProviderInfo *row = m_providers.provider(provider); row && row->simulated) {
        target.simulated = true;
        target.baseUrl.clear(); // its port is new at each start: the row knows it
    }
    return target;
}

void AccountSetup::store(Account account)
{
    account.id = m_accounts.save(account);
    Q_EMIT
    changed(account.provider);
}

QFuture<Result<Done>> AccountSetup::setKey(const QString &provider, const SecretString &key,
                                           KeySource source)
{
    Account account = accountOf(provider);
    account.keySource = source;
    if (account.id == 0)
        account.id = m_accounts.save(account); // the keychain's entry is named after the id
    const QString origin = originOf(account.baseUrl);
    return m_keys.write(account, origin, key)
        .then(this,
              [this, provider, source, origin,
               lastFour = key.lastFour()](const Result<Done> &written) -> Result<Done> {
                  if (!written)
                      return written;
                  Account keyed = accountOf(provider); // its address may have changed meanwhile
                  keyed.keySource = source;
                  keyed.keySaved = true;
                  keyed.keyOrigin = origin;
                  keyed.lastFour = lastFour;
                  store(keyed);
                  return Done{};
              });
}

QFuture<Result<Done>> AccountSetup::removeKey(const QString &provider)
{
    const Account account = accountOf(provider);
    const auto forget = [this, before = account] {
        Account changedAccount = before;
        changedAccount.keySaved = false;
        changedAccount.lastFour.clear();
        changedAccount.keySource = KeySource::Keychain;
        changedAccount.keyOrigin = originOf(changedAccount.baseUrl);
        store(changedAccount);
    };
    if (account.keySource == KeySource::Environment) {
        forget();
        return QtFuture::makeReadyFuture(Result<Done>(Done{}));
    }
    return m_keys.remove(account, account.keyOrigin)
        .then(this, [forget](const Result<Done> &removed) -> Result<Done> {
            if (removed || removed.error().kind == ErrorKind::KeyMissing)
                forget();
            return removed;
        });
}

bool AccountSetup::environmentHasKey(const QString &provider) const
{
    const ProviderInfo *row = m_providers.provider(provider);
    return row && !row->keyEnv.isEmpty() &&
           !qEnvironmentVariableIsEmpty(row->keyEnv.toLatin1().constData());
}

void AccountSetup::useEnvironment(const QString &provider)
{
    const ProviderInfo *row = m_providers.provider(provider);
    if (!row)
        return;
    Account account = accountOf(provider);
    account.keySource = KeySource::Environment;
    account.keySaved = false;
    account.lastFour.clear();
    account.keyOrigin =
        originOf(row->baseUrl); // the environment's key is for the provider's own origin
    store(account);
}

Result<Done> AccountSetup::setBaseUrl(const QString &provider, const QString &text)
{
    Account account = accountOf(provider);
    const ProviderInfo *row = m_providers.provider(provider);
    if (text.trimmed().isEmpty() && row) {
        account.baseUrl = row->baseUrl;
    } else {
        const Result<QUrl> url = parseBaseUrl(text.trimmed());
        if (!url)
            return url.error();
        account.baseUrl = *url;
    }
    if (!account.keySaved && account.keySource != KeySource::Environment)
        account.keyOrigin = originOf(account.baseUrl); // no key yet: none can go astray
    store(account);
    return Done{};
}

QFuture<Result<Done>> AccountSetup::confirmOrigin(const QString &provider)
{
    const Account account = accountOf(provider);
    const QString origin = originOf(account.baseUrl);
    const auto agree = [this, before = account, origin] {
        Account changedAccount = before;
        changedAccount.keyOrigin = origin;
        store(changedAccount);
    };
    if (account.keySource == KeySource::Environment) {
        agree();
        return QtFuture::makeReadyFuture(Result<Done>(Done{}));
    }
    return m_keys.read(account, account.keyOrigin)
        .then(this,
              [this, account, origin](const Result<SecretString> &key) -> QFuture<Result<Done>> {
                  return key ? m_keys.write(account, origin, *key)
                             : QtFuture::makeReadyFuture(Result<Done>(key.error()));
              })
        .unwrap()
        .then(this, [agree](const Result<Done> &written) -> Result<Done> {
            if (written)
                agree();
            return written;
        });
}

QFuture<Result<QList<ModelInfo>>> AccountSetup::test(const QString &provider)
{
    Account account = accountOf(provider);
    account.provider = provider; // rows that share an account have protocols of their own
    return m_lister.list(account).then(
        this, [this, provider](const Result<QList<ModelInfo>> &models) -> Result<QList<ModelInfo>> {
            if (models) {
                m_models.insert(provider, *models);
                Q_EMIT
                changed(provider);
            }
            return models;
        });
}

QList<ModelInfo> AccountSetup::models(const QString &provider) const
{
    return m_models.value(provider);
}

} // namespace core
