#pragma once

#include "core/client/modellists.h"
#include "core/providers/builtinproviders.h"
#include "tests/support/fakeclock.h"
#include "tests/support/scriptedserver.h"
#include "tests/support/testkeystore.h"
#include "tests/support/teststatestore.h"

#include <QTest>

namespace tests {

//! Accounts in memory, as the store keeps them.
class TestAccounts final : public core::AccountRepository
{
public:
    [[nodiscard]] QList<core::Account> list() const override { return m_accounts; }
    std::int64_t save(const core::Account &account) override
    {
        core::Account saved = account;
        if (saved.id == 0)
            saved.id = ++m_lastId;
        remove(saved.id);
        m_accounts.append(saved);
        return saved.id;
    }
    void remove(std::int64_t id) override
    {
        m_accounts.removeIf([id](const core::Account &account) { return account.id == id; });
    }

private:
    QList<core::Account> m_accounts;
    std::int64_t m_lastId = 0;
};

//! Accounts, lists and their calls on real parts, but for time, keys and the disk; one server.
struct ModelBench
{
    ModelBench()
        : registry(core::ProviderRegistry::fromJson(core::builtInProviders()))
        , transport(clock, {})
        , lister(transport, *registry, keys, clock)
        , setup(accounts, keys, *registry)
        , lists(setup, lister, states, clock)
    {
    }

    //! Gives \p provider a key and the server's address.
    void setUp(const QString &provider)
    {
        core::Account account = setup.accountOf(provider);
        account.baseUrl = server.url(u"/v1");
        account.keyOrigin = QStringLiteral("http://127.0.0.1:%1").arg(server.port());
        account.keySaved = true;
        const std::int64_t id = accounts.save(account);
        keys.setKey(id, "key-0123456789abcdef");
    }

    //! The answer, waited for by the event loop.
    template <typename T>
    [[nodiscard]] static core::Result<T> awaited(const QFuture<core::Result<T>> &future)
    {
        if (!QTest::qWaitFor([&future] { return future.isFinished(); }, 30'000) ||
            future.resultCount() == 0) {
            core::Error error;
            error.detail = QStringLiteral("no answer");
            return error;
        }
        return future.result();
    }

    ScriptedServer server;
    FakeClock clock;
    TestKeyStore keys;
    TestAccounts accounts;
    TestStateStore states{clock};
    core::Result<core::ProviderRegistry> registry;
    core::HttpTransport transport;
    core::ModelLister lister;
    core::AccountSetup setup;
    core::ModelLists lists;
};

} // namespace tests
