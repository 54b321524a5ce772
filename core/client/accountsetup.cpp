#include "core/client/accountsetup.h"

#include "core/base/continued.h"
#include "core/net/regionurl.h"
#include "core/net/urlpolicy.h"
#include "core/providers/awskey.h"
#include "core/secrets/entraclient.h"

#include <algorithm>

namespace core {

namespace {

//! Whether the account has what its method needs.
bool hasCredential(const Account &account)
{
    switch (account.auth) {
    case AuthMethod::AwsProfile:
        return !account.awsProfile.isEmpty();
    case AuthMethod::EntraSignIn:
        return account.signedIn;
    case AuthMethod::Key:
        break;
    }
    return account.keySaved || account.keySource == KeySource::Environment;
}

const QString &allowedOrigin(const Account &account)
{
    return account.auth == AuthMethod::Key ? account.keyOrigin : account.grantOrigin;
}

//! For the store of sign-ins, whatever is used just now.
Account asSignedIn(Account account)
{
    account.auth = AuthMethod::EntraSignIn;
    return account;
}

//! Whether both name one key of the store of keys.
bool isSameEntry(const Account &one, const Account &other)
{
    return one.keySource == other.keySource && one.keyOrigin == other.keyOrigin;
}

} // namespace

AccountSetup::AccountSetup(AccountRepository &accounts, KeyStore &keys,
                           const ProviderRegistry &providers, QObject *parent)
    : QObject(parent)
    , m_accounts(accounts)
    , m_keys(keys)
    , m_providers(providers)
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
    const bool hasKey = row->simulated || hasCredential(account);
    if (hasKey && allowedOrigin(account) != originOf(account.baseUrl))
        return AccountState::Unconfirmed;
    return hasKey || !row->keyRequired ? AccountState::Ready : AccountState::NoKey;
}

QStringList AccountSetup::origins(const QString &provider) const
{
    const ProviderInfo *row = m_providers.provider(provider);
    const ProviderAdapter *adapter = row ? m_providers.adapter(row->protocol) : nullptr;
    const QUrl baseUrl = accountOf(provider).baseUrl;
    return adapter && !baseUrl.isEmpty() ? adapter->origins(baseUrl) : QStringList();
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
    const Account before = accountOf(account.provider);
    if (account.keySaved) {
        m_left[account.provider].removeIf(
            [&account](const Account &entry) { return isSameEntry(entry, account); });
    }
    if (before.keySaved && !isSameEntry(before, account))
        m_left[account.provider].append(before);
    account.id = m_accounts.save(account);
    Q_EMIT changed(account.provider);
}

void AccountSetup::removeEntry(Account entry)
{
    entry.auth = AuthMethod::Key; // whatever is used just now
    (void)m_keys.remove(entry, entry.keyOrigin);
}

QFuture<Result<Done>> AccountSetup::setKey(const QString &provider, const SecretString &key,
                                           KeySource source)
{
    Account account = accountOf(provider);
    account.keySource = source;
    account.auth = AuthMethod::Key;
    if (account.id == 0)
        account.id = m_accounts.save(account); // the keychain's entry is named after the id
    const QString origin = originOf(account.baseUrl);
    const Account described = keyed(account, key);
    return continued(
        this, m_keys.write(account, origin, key),
        [this, provider, origin, described](const Result<Done> &written) -> Result<Done> {
            if (!written)
                return written;
            Account now = accountOf(provider); // its address may have changed meanwhile
            now.auth = AuthMethod::Key;
            now.keySource = described.keySource;
            now.keySaved = true;
            now.keyOrigin = origin;
            now.lastFour = described.lastFour;
            now.keyIsPair = described.keyIsPair;
            store(now);
            return Done{};
        });
}

Account AccountSetup::keyed(Account account, const SecretString &key) const
{
    const ProviderInfo *row = m_providers.provider(account.provider);
    const auto pair = row && row->keyPair ? awsCredentialsFrom(key) : std::nullopt;
    account.keyIsPair = pair.has_value();
    account.lastFour = pair ? QString::fromLatin1(pair->accessKeyId.right(4)) : key.lastFour();
    return account;
}

QFuture<Result<Done>> AccountSetup::removeKey(const QString &provider)
{
    const Account account = accountOf(provider);
    const auto forget = [this, provider] {
        Account now = accountOf(provider); // its address may have changed meanwhile
        now.keySaved = false;
        now.keyIsPair = false;
        now.lastFour.clear();
        now.keySource = KeySource::Keychain;
        now.keyOrigin = originOf(now.baseUrl);
        store(now);
        const QList<Account> left = m_left.take(now.provider);
        for (const Account &entry : left)
            removeEntry(entry);
    };
    if (account.keySource == KeySource::Environment) {
        forget();
        return QtFuture::makeReadyFuture(Result<Done>(Done{}));
    }
    Account entry = account;
    entry.auth = AuthMethod::Key; // whatever is used just now
    return continued(this, m_keys.remove(entry, account.keyOrigin),
                     [this, forget, entry](const Result<Done> &removed) {
                         if (!removed && removed.error().kind != ErrorKind::KeyMissing)
                             return removed;
                         forget();
                         // An earlier run may have moved it from there.
                         const ProviderInfo *row = m_providers.provider(entry.provider);
                         Account own = entry;
                         own.keyOrigin = row ? originOf(row->baseUrl) : QString();
                         if (!own.keyOrigin.isEmpty() && own.keyOrigin != entry.keyOrigin)
                             removeEntry(own);
                         return removed;
                     });
}

QString AccountSetup::environmentVariable(const QString &provider) const
{
    constexpr qsizetype NeededParts = 2;
    const auto isSet = [](const QString &name) {
        return !name.isEmpty() && !qEnvironmentVariableIsEmpty(name.toLatin1().constData());
    };
    const ProviderInfo *row = m_providers.provider(provider);
    if (!row)
        return {};
    if (isSet(row->keyEnv))
        return row->keyEnv;
    const QStringList needed = row->keyEnvParts.mid(0, NeededParts);
    return !needed.isEmpty() && std::all_of(needed.begin(), needed.end(), isSet)
               ? needed.constFirst()
               : QString();
}

void AccountSetup::useEnvironment(const QString &provider)
{
    const ProviderInfo *row = m_providers.provider(provider);
    if (!row)
        return;
    Account account = accountOf(provider);
    account.auth = AuthMethod::Key;
    account.keySource = KeySource::Environment;
    account.keySaved = false;
    account.keyIsPair = false;
    account.lastFour.clear();
    // The environment's key is for the provider's own origins.
    if (regionOf(row->regionUrl, account.baseUrl).isEmpty())
        account.keyOrigin = originOf(row->baseUrl);
    else
        account.keyOrigin = originOf(account.baseUrl);
    store(account);
}

void AccountSetup::useMethod(const QString &provider, AuthMethod method)
{
    Account account = accountOf(provider);
    account.auth = method;
    store(account);
}

void AccountSetup::useProfile(const QString &provider, const QString &name, const QString &region)
{
    const ProviderInfo *row = m_providers.provider(provider);
    if (!row)
        return;
    Account account = accountOf(provider);
    account.auth = AuthMethod::AwsProfile;
    account.awsProfile = name;
    const auto regional = regionUrl(row->regionUrl, region);
    if (regional && !regionOf(row->regionUrl, account.baseUrl).isEmpty())
        account.baseUrl = *regional;
    account.grantOrigin = originOf(account.baseUrl);
    store(account);
}

QString AccountSetup::region(const QString &provider) const
{
    const ProviderInfo *row = m_providers.provider(provider);
    return row ? regionOf(row->regionUrl, accountOf(provider).baseUrl) : QString();
}

QFuture<Result<Done>> AccountSetup::setRegion(const QString &provider, const QString &region)
{
    const ProviderInfo *row = m_providers.provider(provider);
    const auto url = regionUrl(row ? row->regionUrl : QString(), region.trimmed());
    if (!url)
        return QtFuture::makeReadyFuture(
            Result<Done>(rejected(QStringLiteral("This is no region of AWS, such as eu-west-1."))));
    Account account = accountOf(provider);
    account.baseUrl = *url;
    if (!account.keySaved)
        account.keyOrigin = originOf(*url);
    store(account);
    if (state(provider) != AccountState::Unconfirmed)
        return QtFuture::makeReadyFuture(Result<Done>(Done{}));
    return confirmOrigin(provider);
}

void AccountSetup::restore(const Account &before)
{
    const Account now = accountOf(before.provider);
    Account restored = before;
    restored.id = now.id; // it may have been stored for the first time
    restored.signedIn = before.signedIn && now.signedIn; // who signed out has no token any more
    if (now.entra != before.entra) {
        restored.signedIn = false;
        if (now.signedIn)
            (void)m_keys.remove(asSignedIn(now), entraOrigin(now.entra));
    }
    store(restored);
}

Result<Done> AccountSetup::setDirectory(const QString &provider, const EntraDirectory &directory)
{
    EntraDirectory whole = directory;
    if (whole.clientId.isEmpty())
        whole.clientId = QStringLiteral("any"); // it may be entered last
    if (const auto checked = checkDirectory(whole); !checked)
        return checked.error();
    Account account = accountOf(provider);
    if (account.entra == directory)
        return Done{};
    // The old token is of no use there, and nobody would find it again.
    if (account.signedIn)
        (void)m_keys.remove(asSignedIn(account), entraOrigin(account.entra));
    account.signedIn = false;
    account.entra = directory;
    store(account);
    return Done{};
}

QFuture<Result<Done>> AccountSetup::signIn(const QString &provider,
                                           const SecretString &refreshToken, KeySource source)
{
    Account account = accountOf(provider);
    account.signInSource = source;
    if (account.id == 0)
        account.id = m_accounts.save(account); // the keychain's entry is named after the id
    return continued(
        this, m_keys.write(asSignedIn(account), entraOrigin(account.entra), refreshToken),
        [this, account](const Result<Done> &written) -> Result<Done> {
            if (!written)
                return written;
            Account now = accountOf(account.provider); // its address may have changed meanwhile
            if (now.entra != account.entra)
                return rejected(QStringLiteral("The directory was changed. Sign in again."));
            now.auth = AuthMethod::EntraSignIn;
            now.signInSource = account.signInSource;
            now.signedIn = true;
            now.grantOrigin = originOf(now.baseUrl);
            store(now);
            return Done{};
        });
}

QFuture<Result<Done>> AccountSetup::signOut(const QString &provider)
{
    const Account account = accountOf(provider);
    return continued(this, m_keys.remove(asSignedIn(account), entraOrigin(account.entra)),
                     [this, provider](const Result<Done> &removed) -> Result<Done> {
                         if (!removed && removed.error().kind != ErrorKind::KeyMissing)
                             return removed;
                         Account now = accountOf(provider);
                         now.signedIn = false;
                         store(now);
                         return Done{};
                     });
}

Result<Done> AccountSetup::setBaseUrl(const QString &provider, const QString &text)
{
    Account account = accountOf(provider);
    const bool hadAddress = !account.baseUrl.isEmpty();
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
    if (!hadAddress)
        account.grantOrigin = originOf(account.baseUrl); // who signed in first meant this one
    store(account);
    return Done{};
}

QFuture<Result<Done>> AccountSetup::confirmOrigin(const QString &provider)
{
    const Account account = accountOf(provider);
    const QString origin = originOf(account.baseUrl);
    const auto agree = [this, account, origin] {
        Account now = accountOf(account.provider);
        if (originOf(now.baseUrl) != origin) {
            // The address was changed meanwhile: that is another question.
            Account copied = account;
            copied.keyOrigin = origin;
            if (account.auth == AuthMethod::Key && !isSameEntry(copied, now))
                m_left[now.provider].append(copied);
            return;
        }
        (account.auth == AuthMethod::Key ? now.keyOrigin : now.grantOrigin) = origin;
        store(now);
        QList<Account> &left = m_left[now.provider];
        while (left.size() > 1) // the last is where an undo goes back to
            removeEntry(left.takeFirst());
    };
    if (account.keySource == KeySource::Environment || account.auth != AuthMethod::Key) {
        agree();
        return QtFuture::makeReadyFuture(Result<Done>(Done{}));
    }
    return continued(
        this, m_keys.read(account, account.keyOrigin),
        [this, account, origin, agree](const Result<SecretString> &key) -> QFuture<Result<Done>> {
            if (!key)
                return QtFuture::makeReadyFuture(Result<Done>(key.error()));
            return continued(this, m_keys.write(account, origin, *key),
                             [agree](const Result<Done> &written) {
                                 if (written)
                                     agree();
                                 return written;
                             });
        });
}

} // namespace core
