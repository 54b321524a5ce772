#pragma once

#include "core/conversation/conversationbook.h"
#include "core/pricing/pricecatalogue.h"
#include "core/providers/builtinproviders.h"
#include "core/store/fileresponsecache.h"
#include "core/store/store.h"
#include "tests/support/scriptedserver.h"

#include <QTest>

namespace tests {

//! The same made-up key for every account that wants one.
class OneKey final : public core::KeyStore
{
public:
    QFuture<core::Result<core::SecretString>> read(const core::Account &, const QString &) override
    {
        return QtFuture::makeReadyFuture(
            core::Result<core::SecretString>(core::SecretString("made-up-key")));
    }
    QFuture<core::Result<core::Done>> write(const core::Account &, const QString &,
                                            const core::SecretString &) override
    {
        return QtFuture::makeReadyFuture(core::Result<core::Done>(core::Done{}));
    }
    QFuture<core::Result<core::Done>> remove(const core::Account &, const QString &) override
    {
        return QtFuture::makeReadyFuture(core::Result<core::Done>(core::Done{}));
    }
};

class TargetsAccounts final : public core::AccountBook
{
public:
    [[nodiscard]] core::Account account(const core::Target &target) const override
    {
        core::Account account;
        account.provider = target.provider;
        account.baseUrl = target.baseUrl;
        account.keySource = target.provider == QLatin1StringView("custom")
                                ? core::KeySource::None
                                : core::KeySource::Keychain;
        return account;
    }
};

//! The real engine on a real database, as app/ wires it.
struct ConversationBench
{
    explicit ConversationBench(const QString &directory)
        : registry(core::ProviderRegistry::fromJson(core::builtInProviders()))
        , catalogue(core::PriceCatalogue::fromJson(core::builtInPrices()))
        , costs(*catalogue)
        , transport(clock, {})
        , traffic(clock, random, *registry)
        , cache(directory + QStringLiteral("/answers"), clock)
    {
        core::StoreOptions options;
        options.directory = directory;
        store = std::move(core::Store::open(options, clock, ids)).value();
        client = std::make_unique<core::ChatClient>(
            core::ChatClient::Parts{transport, clock, random, ids, *registry, keys, accounts,
                                    store->journal(), costs, traffic, nullptr, nullptr, &cache},
            core::ClientOptions{});
        book = std::make_unique<core::ConversationBook>(
            core::Conversation::Parts{*client, store->conversations(), ids, clock,
                                      store->sessionId(), store->defaultWorkspace()});
    }

    void drain()
    {
        QFuture<core::Result<core::Done>> drained = store->journal().drained();
        QTRY_VERIFY(drained.isFinished());
    }

    [[nodiscard]] static core::Target target(const ScriptedServer &server)
    {
        core::Target target;
        target.provider = QStringLiteral("custom");
        target.model = QStringLiteral("drip");
        target.baseUrl = server.url(u"/v1");
        return target;
    }

    core::SystemClock clock;
    core::SystemRandom random;
    core::IdSource ids{clock, random};
    core::Result<core::ProviderRegistry> registry;
    core::Result<core::PriceCatalogue> catalogue;
    core::CostCalculator costs;
    core::HttpTransport transport;
    core::TrafficControl traffic;
    core::FileResponseCache cache;
    OneKey keys;
    TargetsAccounts accounts;
    std::unique_ptr<core::Store> store;
    std::unique_ptr<core::ChatClient> client;
    std::unique_ptr<core::ConversationBook> book;
};

} // namespace tests
