#include "app/engine.h"

#include "app/authorities.h"
#include "app/coresettings.h"
#include "app/keyplaces.h"
#include "app/proxypassword.h"
#include "core/base/random.h"
#include "core/base/sleepwatch.h"
#include "core/client/accountnotes.h"
#include "core/client/accountsetup.h"
#include "core/client/activecheck.h"
#include "core/client/calibrationfeed.h"
#include "core/client/costforecast.h"
#include "core/client/keptwords.h"
#include "core/client/modellister.h"
#include "core/client/tokencounter.h"
#include "core/ledger/budget.h"
#include "core/net/urlpolicy.h"
#include "core/practice/practiceprovider.h"
#include "core/providers/builtinproviders.h"
#include "core/secrets/awsprofilekeystore.h"
#include "core/secrets/credentialstore.h"
#include "core/secrets/entrakeystore.h"
#include "core/secrets/keychainkeystore.h"
#include "core/stats/health.h"
#include "core/store/fileresponsecache.h"

#include <algorithm>

namespace app {

//! In the order they are made; the last goes first.
struct Engine::Parts
{
    explicit Parts(const EngineOptions &o, core::ProviderRegistry &&registry,
                   core::PriceCatalogue &&catalogue)
        : options(o)
        , settings(o.profile.configFile())
        , providers(std::move(registry))
        , prices(std::move(catalogue), o.profile.priceFile())
        , costs(prices.catalogue())
        , environmentKeys(environmentEntries(providers, o.confirmedOrigins))
        , keychain(o.profile.keychainService(), clock)
        , accountKeys(o.demo ? nullptr : &keychain, sessionKeys, environmentKeys,
                      environmentPolicy(o.session))
        , signInTokens(o.demo ? nullptr : &keychain, sessionKeys, environmentKeys,
                       core::EnvironmentKeys::WhenPicked)
        , proxyPassword(settings, accountKeys)
        , transport(clock, {})
        , priceRefresh(prices, prices.base(), o.profile.priceArchive(), transport, clock)
        , awsKeys(clock, ownOrigins(providers, o.confirmedOrigins))
        , entra(transport, clock)
        , signIns(entra, signInTokens, clock, ownOrigins(providers, o.confirmedOrigins))
        , keys({accountKeys, awsKeys, signIns, environmentKeys}, environmentPolicy(o.session),
               o.demo ? QSet<QString>() : awsProviders(providers))
    {
    }

    //! Tells the transport what changed for later requests.
    void applyNetwork()
    {
        core::NetworkOptions now = networkOptions(settings);
        now.authorityFiles = accountNotes->authorityFiles();
        now.authorityFiles.insert(authoritiesOfRun(authorityOfRun, options.named, providers));
        if (now == network) // open connections stay warm
            return;
        network = now;
        transport.setOptions(network);
    }
    //! From now on, also when an account gets another authority or address, or the proxy another
    //! password.
    void followNetwork()
    {
        applyNetwork();
        transport.setProxyLogins(
            [this](const QString &proxy) { return proxyPassword.read(proxy); });
        QObject::connect(&proxyPassword, &ProxyPassword::changed, &transport,
                         &core::HttpTransport::forgetProxyLogins);
        core::AccountNotes *notes = accountNotes.get();
        QObject::connect(notes, &core::AccountNotes::authorityChanged, notes,
                         [this] { applyNetwork(); });
        QObject::connect(accounts.get(), &core::AccountSetup::changed, notes,
                         [this] { applyNetwork(); });
    }

    EngineOptions options;
    core::SystemClock clock;
    core::SleepWatch sleepWatch{clock};
    core::SystemRandom random;
    core::IdSource ids{clock, random};
    core::Settings settings;
    core::ProviderRegistry providers;
    core::PriceBook prices;
    core::CostCalculator costs;
    std::shared_ptr<core::TextCounts> counts = std::make_shared<core::TextCounts>();
    core::SessionKeyStore sessionKeys;
    core::EnvironmentKeyStore environmentKeys;
    core::KeychainKeyStore keychain;
    core::AccountKeyStore accountKeys;
    core::AccountKeyStore signInTokens; //!< Never the environment's: that holds keys.
    ProxyPassword proxyPassword;
    core::HttpTransport transport;
    core::PriceRefresh priceRefresh;
    core::NetworkOptions network; //!< As the transport has them.
    QString authorityOfRun;       //!< Given by --set.
    core::AwsProfileKeyStore awsKeys;
    core::EntraClient entra;
    core::EntraKeyStore signIns;
    core::CredentialStore keys;
    core::FileResponseCache answerCache{
        options.profile.cacheDirectory() + QStringLiteral("/answers"), clock};
    std::unique_ptr<core::Store> store;
    std::unique_ptr<core::TrafficControl> traffic;
    std::unique_ptr<core::ModelLister> lister;
    std::unique_ptr<core::AccountSetup> accounts;
    std::unique_ptr<core::AccountNotes> accountNotes;
    std::unique_ptr<core::RouteBook> routes;
    std::unique_ptr<core::ModelLists> modelLists;
    std::unique_ptr<core::ActiveCheck> activeCheck;
    std::unique_ptr<core::Health> health;
    std::unique_ptr<core::ChatClient> client;
    std::unique_ptr<core::TokenCalibration> calibration;
    std::unique_ptr<core::CalibrationFeed> calibrationFeed;
    std::unique_ptr<core::CostForecast> forecast;
    std::unique_ptr<core::TokenCounter> tokenCounter;
    std::unique_ptr<core::ConversationBook> conversations;
    std::unique_ptr<core::ComparisonBook> comparisons;
    std::unique_ptr<core::WorkspaceBook> workspaces;
    std::unique_ptr<core::PracticeProvider> practice;
};

EngineOptions engineOptions(const CommandLine &line, const Profile &profile,
                            core::SessionKind session)
{
    EngineOptions options;
    options.profile = profile;
    options.overrides = line.all(QStringLiteral("--set"));
    options.demo = line.has(QStringLiteral("--demo"));
    options.session = session;
    // A base URL given in --target is the user's word that the key may go there.
    for (const QString &text : line.all(QStringLiteral("--target"))) {
        const auto spec = parseTargetSpec(text);
        if (!spec)
            continue;
        options.named.append(*spec);
        if (spec->baseUrl.isEmpty())
            continue;
        if (const auto url = core::parseBaseUrl(spec->baseUrl))
            options.confirmedOrigins[spec->provider].append(core::originOf(*url));
    }
    return options;
}

PendingPrices readPrices()
{
    return std::async(std::launch::async,
                      [] { return core::PriceCatalogue::fromJson(core::builtInPrices()); });
}

core::Result<std::unique_ptr<Engine>> Engine::create(const EngineOptions &options,
                                                     PendingPrices pendingPrices)
{
    auto providers = core::ProviderRegistry::fromJson(core::builtInProviders());
    if (!providers)
        return providers.error();
    auto prices = pendingPrices.get();
    if (!prices)
        return prices.error();
    auto parts =
        std::make_unique<Parts>(options, std::move(providers).value(), std::move(prices).value());
    const QString oldAuthority = parts->settings.value(core::settings::CaFile);
    for (const QString &assignment : options.overrides) {
        if (const auto set = parts->settings.setOverride(assignment); !set)
            return set.error();
    }
    if (const QString file = parts->settings.value(core::settings::CaFile); file != oldAuthority)
        parts->authorityOfRun = file;
    parts->priceRefresh.restore();
    parts->awsKeys.setProcesses(processes(parts->settings));

    core::StoreOptions storeOptions;
    storeOptions.directory = options.profile.dataDirectory();
    storeOptions.session = options.session;
    storeOptions.priceKeptWords =
        [words = core::KeptWords(parts->providers, parts->prices.catalogue(), parts->counts)](
            core::AttemptRecord &attempt, const QString &text) { words.price(attempt, text); };
    auto store = core::Store::open(storeOptions, parts->clock, parts->ids);
    if (!store)
        return store.error();
    parts->store = std::move(store).value();

    const auto further = furtherBudgets(parts->settings);
    if (!further)
        return further.error();
    parts->store->setFurtherBudgets(*further);

    parts->traffic = std::make_unique<core::TrafficControl>(
        parts->clock, parts->random, parts->providers, &parts->store->states());
    parts->lister = std::make_unique<core::ModelLister>(parts->transport, parts->providers,
                                                        parts->keys, parts->clock);
    parts->accounts = std::make_unique<core::AccountSetup>(parts->store->accounts(), parts->keys,
                                                           parts->providers);
    parts->routes = std::make_unique<core::RouteBook>(parts->store->routes(), *parts->accounts);
    // A key that was set, or an account that answered a test, is worth asking again.
    QObject::connect(parts->accounts.get(), &core::AccountSetup::changed, parts->traffic.get(),
                     &core::TrafficControl::reviveProvider);
    parts->accountNotes =
        std::make_unique<core::AccountNotes>(*parts->accounts, parts->store->states());
    core::bindOwnLimits(*parts->accountNotes, *parts->accounts, *parts->traffic);
    if (!parts->store->isReadOnly())
        adoptOldAuthority(oldAuthority, parts->settings, *parts->accounts, *parts->accountNotes);
    parts->followNetwork();
    parts->modelLists = std::make_unique<core::ModelLists>(*parts->accounts, *parts->lister,
                                                           parts->store->states(), parts->clock);
    parts->activeCheck =
        std::make_unique<core::ActiveCheck>(*parts->accounts, *parts->modelLists, parts->clock);
    parts->activeCheck->setEnabled(parts->settings.value(core::settings::ActiveCheck));
    parts->health = std::make_unique<core::Health>(*parts->store, parts->clock);
    const core::ChatClient::Parts clientParts{
        parts->transport,   parts->clock,    parts->random,           parts->ids,
        parts->providers,   parts->keys,     *parts->accounts,        parts->store->journal(),
        parts->costs,       *parts->traffic, parts->modelLists.get(), parts->counts.get(),
        &parts->answerCache};
    parts->client = std::make_unique<core::ChatClient>(clientParts, clientOptions(parts->settings));
    parts->calibration = std::make_unique<core::TokenCalibration>(parts->store->states());
    parts->calibrationFeed = std::make_unique<core::CalibrationFeed>(
        *parts->client, *parts->calibration, parts->counts, parts->modelLists.get());
    parts->forecast = std::make_unique<core::CostForecast>(
        parts->providers, parts->prices.catalogue(), parts->counts, parts->clock,
        parts->modelLists.get(), parts->calibration.get());
    parts->tokenCounter = std::make_unique<core::TokenCounter>(
        parts->transport, parts->providers, parts->keys, *parts->accounts, parts->clock);
    QObject::connect(parts->client.get(), &core::ChatClient::busyChanged, &parts->sleepWatch,
                     &core::SleepWatch::setOn);
    QObject::connect(&parts->sleepWatch, &core::SleepWatch::woke, parts->client.get(),
                     &core::ChatClient::noteSleep);
    const core::Conversation::Parts conversationParts{
        *parts->client,       parts->store->conversations(),   parts->ids,
        parts->clock,         0 /* each send's own session */, parts->store->defaultWorkspace(),
        parts->forecast.get()};
    parts->conversations = std::make_unique<core::ConversationBook>(conversationParts);
    parts->comparisons = std::make_unique<core::ComparisonBook>(
        *parts->conversations, parts->store->conversations(), parts->ids, parts->clock);
    parts->workspaces = std::make_unique<core::WorkspaceBook>(
        parts->store->workspaces(), *parts->conversations, parts->store->defaultWorkspace());

    std::unique_ptr<Engine> engine(new Engine(std::move(parts)));
    if (options.demo) {
        if (const auto started = engine->startPractice(); !started)
            return started.error();
    } else if (options.session == core::SessionKind::Window) {
        engine->offerPractice();
    }
    return engine;
}

Engine::Engine(std::unique_ptr<Parts> parts)
    : d(std::move(parts))
{
}

Engine::~Engine() = default;

core::Settings &Engine::settings()
{
    return d->settings;
}

core::Clock &Engine::clock()
{
    return d->clock;
}

core::IdSource &Engine::ids()
{
    return d->ids;
}

const core::ProviderRegistry &Engine::providers() const
{
    return d->providers;
}

const core::PriceCatalogue &Engine::prices() const
{
    return d->prices.catalogue();
}

core::PriceBook &Engine::priceBook()
{
    return d->prices;
}

core::PriceRefresh &Engine::priceRefresh()
{
    return d->priceRefresh;
}

core::AccountSetup &Engine::accounts()
{
    return *d->accounts;
}

core::AccountNotes &Engine::accountNotes()
{
    return *d->accountNotes;
}

core::RouteBook &Engine::routes()
{
    return *d->routes;
}

core::WorkspaceBook &Engine::workspaces()
{
    return *d->workspaces;
}

core::ModelLists &Engine::modelLists()
{
    return *d->modelLists;
}

core::ResponseCache &Engine::answerCache()
{
    return d->answerCache;
}

core::Store &Engine::store()
{
    return *d->store;
}

ProxyPassword &Engine::proxyPassword()
{
    return d->proxyPassword;
}

core::EntraClient &Engine::entra()
{
    return d->entra;
}

QFuture<QList<core::Forecast>>
Engine::forecast(const QList<core::ForecastQuestion> &questions) const
{
    return d->forecast->of(questions, d->client->options());
}

core::TokenCounter &Engine::tokenCounter()
{
    return *d->tokenCounter;
}

core::Health &Engine::health()
{
    return *d->health;
}

core::ActiveCheck &Engine::activeCheck()
{
    return *d->activeCheck;
}

core::ChatClient &Engine::client()
{
    return *d->client;
}

core::ConversationBook &Engine::conversations()
{
    return *d->conversations;
}

core::ComparisonBook &Engine::comparisons()
{
    return *d->comparisons;
}

//! Chats with practice models are named and go on after a restart. Its server, the only thing that
//! listens, starts when one of them is asked; one that does not start fails that call.
void Engine::offerPractice()
{
    for (const core::ProviderInfo &row : core::PracticeProvider::rows())
        d->providers.add(row);
    const auto startFor = [this](const core::Target &target) {
        if (target.simulated)
            (void)startPractice();
    };
    QObject::connect(d->client.get(), &core::ChatClient::sending, d->client.get(),
                     [startFor](const core::Route &route) {
                         for (const core::Target &target : route.targets)
                             startFor(target);
                     });
    QObject::connect(d->tokenCounter.get(), &core::TokenCounter::asking, d->tokenCounter.get(),
                     startFor);
}

core::Result<core::Done> Engine::startPractice()
{
    if (!d->practice)
        d->practice = std::make_unique<core::PracticeProvider>(d->clock, d->random);
    d->practice->controls().setSpeed(d->settings.value(core::settings::PracticeTokensPerSecond));
    if (d->practice->isRunning())
        return core::Done{};
    if (const auto started = d->practice->start(); !started)
        return started.error();
    for (const core::ProviderInfo &row : d->practice->providers()) {
        d->providers.add(row);
        const auto kept = d->sessionKeys.write(d->accounts->accountOf(row.id),
                                               core::originOf(row.baseUrl), d->practice->token());
        Q_ASSERT(kept.isFinished()); // memory does not wait
    }
    return core::Done{};
}

core::PracticeProvider *Engine::practice()
{
    return d->practice.get();
}

core::Result<core::Done> Engine::applySettings()
{
    d->client->setOptions(clientOptions(d->settings));
    d->awsKeys.setProcesses(processes(d->settings));
    const auto further = furtherBudgets(d->settings);
    if (further)
        d->store->setFurtherBudgets(*further);
    d->activeCheck->setEnabled(d->settings.value(core::settings::ActiveCheck));
    d->applyNetwork();
    return further ? core::Result<core::Done>(core::Done{}) : further.error();
}

core::TrafficControl &Engine::traffic()
{
    return *d->traffic;
}

bool Engine::isDemo() const
{
    return d->options.demo;
}

core::Target Engine::defaultTarget() const
{
    if (d->options.demo)
        return d->accounts->target(QStringLiteral("practice"), QStringLiteral("practice-steady"));
    const auto spec = parseTargetSpec(d->settings.value(core::settings::LastTarget));
    if (!spec || !d->providers.provider(spec->provider))
        return {};
    return d->accounts->target(spec->provider, spec->model);
}

} // namespace app
