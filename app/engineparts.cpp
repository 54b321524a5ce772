#include "app/engineparts.h"

#include "app/authorities.h"
#include "app/coresettings.h"
#include "app/keyplaces.h"
#include "core/client/keptwords.h"
#include "core/ledger/budget.h"

namespace app {

EngineParts::EngineParts(const EngineOptions &o, core::ProviderRegistry &&registry,
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

core::Result<core::Done> EngineParts::takeOverrides()
{
    authorityKept = settings.value(core::settings::CaFile);
    for (const QString &assignment : options.overrides) {
        if (const auto set = settings.setOverride(assignment); !set)
            return set.error();
    }
    if (const QString file = settings.value(core::settings::CaFile); file != authorityKept)
        authorityOfRun = file;
    return core::Done{};
}

core::Result<core::Done> EngineParts::openStore()
{
    core::StoreOptions storeOptions;
    storeOptions.directory = options.profile.dataDirectory();
    storeOptions.session = options.session;
    storeOptions.priceKeptWords = [words = core::KeptWords(providers, prices.catalogue(), counts)](
                                      core::AttemptRecord &attempt, const QString &text) {
        words.price(attempt, text);
    };
    auto opened = core::Store::open(storeOptions, clock, ids);
    if (!opened)
        return opened.error();
    store = std::move(opened).value();

    const auto further = furtherBudgets(settings);
    if (!further)
        return further.error();
    store->setFurtherBudgets(*further);
    return core::Done{};
}

void EngineParts::makeAccounts()
{
    traffic = std::make_unique<core::TrafficControl>(clock, random, providers, &store->states());
    lister = std::make_unique<core::ModelLister>(transport, providers, keys, clock);
    accounts = std::make_unique<core::AccountSetup>(store->accounts(), keys, providers);
    routes = std::make_unique<core::RouteBook>(store->routes(), *accounts);
    // A key that was set, or an account that answered a test, is worth asking again.
    QObject::connect(accounts.get(), &core::AccountSetup::changed, traffic.get(),
                     &core::TrafficControl::reviveProvider);
    accountNotes = std::make_unique<core::AccountNotes>(*accounts, store->states());
    core::bindOwnLimits(*accountNotes, *accounts, *traffic);
    if (!store->isReadOnly())
        adoptOldAuthority(authorityKept, settings, *accounts, *accountNotes);
    followNetwork();
}

void EngineParts::makeClient()
{
    modelLists = std::make_unique<core::ModelLists>(*accounts, *lister, store->states(), clock);
    activeCheck = std::make_unique<core::ActiveCheck>(*accounts, *modelLists, clock);
    QObject::connect(modelLists.get(), &core::ModelLists::asked, traffic.get(),
                     &core::TrafficControl::noteFreeCall);
    activeCheck->setEnabled(settings.value(core::settings::ActiveCheck));
    health = std::make_unique<core::Health>(*store, clock);
    const core::ChatClient::Parts clientParts{transport,
                                              clock,
                                              random,
                                              ids,
                                              providers,
                                              keys,
                                              *accounts,
                                              store->journal(),
                                              costs,
                                              *traffic,
                                              modelLists.get(),
                                              counts.get(),
                                              &answerCache,
                                              options.reachability};
    client = std::make_unique<core::ChatClient>(clientParts, clientOptions(settings));
    calibration = std::make_unique<core::TokenCalibration>(store->states());
    calibrationFeed =
        std::make_unique<core::CalibrationFeed>(*client, *calibration, counts, modelLists.get());
    forecast = std::make_unique<core::CostForecast>(providers, prices.catalogue(), counts, clock,
                                                    modelLists.get(), calibration.get());
    tokenCounter =
        std::make_unique<core::TokenCounter>(transport, providers, keys, *accounts, clock);
    QObject::connect(client.get(), &core::ChatClient::busyChanged, &sleepWatch,
                     &core::SleepWatch::setOn);
    QObject::connect(&sleepWatch, &core::SleepWatch::woke, client.get(),
                     &core::ChatClient::noteSleep);
}

void EngineParts::makeConversations()
{
    const core::Conversation::Parts conversationParts{
        *client,       store->conversations(),          ids,
        clock,         0 /* each send's own session */, store->defaultWorkspace(),
        forecast.get()};
    conversations = std::make_unique<core::ConversationBook>(conversationParts);
    comparisons =
        std::make_unique<core::ComparisonBook>(*conversations, store->conversations(), ids, clock);
    workspaces = std::make_unique<core::WorkspaceBook>(store->workspaces(), *conversations,
                                                       store->defaultWorkspace());
}

void EngineParts::applyNetwork()
{
    core::NetworkOptions now = networkOptions(settings);
    now.authorityFiles = accountNotes->authorityFiles();
    now.authorityFiles.insert(authoritiesOfRun(authorityOfRun, options.named, providers));
    if (now == network) // open connections stay warm
        return;
    network = now;
    transport.setOptions(network);
}

void EngineParts::followNetwork()
{
    applyNetwork();
    transport.setProxyLogins([this](const QString &proxy) { return proxyPassword.read(proxy); });
    QObject::connect(&proxyPassword, &ProxyPassword::changed, &transport,
                     &core::HttpTransport::forgetProxyLogins);
    core::AccountNotes *notes = accountNotes.get();
    QObject::connect(notes, &core::AccountNotes::authorityChanged, notes,
                     [this] { applyNetwork(); });
    QObject::connect(accounts.get(), &core::AccountSetup::changed, notes,
                     [this] { applyNetwork(); });
}

} // namespace app
