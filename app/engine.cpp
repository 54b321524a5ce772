#include "app/engine.h"

#include "app/coresettings.h"
#include "app/engineparts.h"
#include "core/net/urlpolicy.h"
#include "core/providers/builtinproviders.h"

#include <QThreadPool>

namespace app {

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
    auto parts = std::make_unique<EngineParts>(options, std::move(providers).value(),
                                               std::move(prices).value());
    if (const auto taken = parts->takeOverrides(); !taken)
        return taken.error();
    parts->priceRefresh.restore();
    parts->awsKeys.setProcesses(processes(parts->settings));
    if (const auto opened = parts->openStore(); !opened)
        return opened.error();
    parts->makeAccounts();
    parts->makeClient();
    parts->makeConversations();

    std::unique_ptr<Engine> engine(new Engine(std::move(parts)));
    if (options.demo) {
        if (const auto started = engine->startPractice(); !started)
            return started.error();
    } else if (options.session == core::SessionKind::Window) {
        engine->offerPractice();
    }
    return engine;
}

Engine::Engine(std::unique_ptr<EngineParts> parts)
    : d(std::move(parts))
{
}

Engine::~Engine()
{
    // What is counted and read beside us: its threads are gone well before the program is, which
    // waits for what they do anyway.
    QThreadPool::globalInstance()->waitForDone();
}

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
