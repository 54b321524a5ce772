#pragma once

#include "core/client/chatclient.h"
#include "core/client/costforecast.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakereachability.h"
#include "tests/support/scriptedserver.h"
#include "tests/support/seededrandom.h"
#include "tests/support/testjournal.h"
#include "tests/support/testkeystore.h"

#include <memory>

namespace tests {

//! Everything that a reply said, in the order in which it was said.
class Watched final : public QObject
{
    Q_OBJECT
public:
    explicit Watched(core::ChatReply *reply);

    //! What the running attempt has read of its body; -1 before its headers, or if none runs. A
    //! test that moves time waits for this first: what is still on its way would come later then.
    [[nodiscard]] qint64 bytesRead() const;

    QPointer<core::ChatReply> reply;
    int finished = 0;
    core::StreamEvents events;
    QList<int> batches; //!< Events a signal.
    QList<core::ReplyState> states;
    QList<core::AttemptInfo> started;
    QList<core::AttemptRecord> ended;
    QList<std::chrono::milliseconds> delays;
    QList<core::Decision> decisions;
    QStringList warnings;
    QStringList log; //!< "started", "events", "ended", "retry", "finished".
};

//! The engine on real parts: loopback HTTP, the real adapters and prices; time, chance, keys and
//! the journal are the test's. Two services, each a scripted server: "one" and "two".
class Engine final : public QObject
{
    Q_OBJECT
public:
    explicit Engine(core::ModelBook *models = nullptr); //!< Which must outlive it.
    ~Engine() override; //!< Replies that still run go before what they use.

    [[nodiscard]] core::Target target(const QString &provider) const;
    [[nodiscard]] core::Route route(const QStringList &providers = {QStringLiteral("one")}) const;
    [[nodiscard]] static core::ChatRequest question(); //!< "Say hello.", 1,000 tokens at most.
    [[nodiscard]] core::ChatReply *send(const core::ChatRequest &request, const core::Route &route,
                                        QObject *owner, core::Urgency urgency = core::Urgency::Chat,
                                        const core::SpendTerms &terms = {});
    [[nodiscard]] core::ChatReply *send(const core::Route &route, QObject *owner,
                                        core::Urgency urgency = core::Urgency::Chat)
    {
        return send(question(), route, owner, urgency);
    }
    [[nodiscard]] core::ChatReply *send(const core::Route &route, QObject *owner,
                                        const core::SpendTerms &terms)
    {
        return send(question(), route, owner, core::Urgency::Chat, terms);
    }
    [[nodiscard]] core::ChatReply *send() { return send(route(), this); }

    //! Runs until the reply has finished, letting time pass only through the engine's own waits.
    //! False if it does not end, or if a request came before its wait was over.
    [[nodiscard]] bool run(Watched &watched);
    //! Forecasts by what the engine knows; counts for itself.
    [[nodiscard]] core::CostForecast
    forecast(const core::TokenCalibration *calibration = nullptr) const;
    //! Requests that any server has seen.
    [[nodiscard]] qsizetype requests() const;

    ScriptedServer one, two, three;
    FakeClock clock;
    SeededRandom random{7};
    core::IdSource ids{clock, random};
    TestKeyStore keys;
    TestJournal journal;
    core::TextCounts counts;
    FakeReachability network;

private:
    class Accounts final : public core::AccountBook
    {
    public:
        [[nodiscard]] core::Account account(const core::Target &target) const override;
    };
    class Prices;

    core::HttpTransport m_transport;
    core::ProviderRegistry m_registry;
    std::shared_ptr<const Prices> m_prices;
    Accounts m_accounts;

public:
    core::TrafficControl traffic;
    core::ChatClient client;
};

//! gpt-test: a dollar a million tokens in, ten cents from the cache, four out; gpt-double and
//! gpt-dear cost two and three times as much.
[[nodiscard]] QByteArray pricesJson();

// Bodies as OpenAI's chat completions stream them.
[[nodiscard]] QByteArray started();
[[nodiscard]] QByteArray delta(const QByteArray &text);
[[nodiscard]] QByteArray toolCall();
[[nodiscard]] QByteArray stopped();
[[nodiscard]] QByteArray usage(int prompt, int completion);
[[nodiscard]] QByteArray done();
[[nodiscard]] Answer hello(); //!< A whole answer: "Hello world", 12 tokens in, 2 out.
[[nodiscard]] Answer refusal(int status, const QByteArray &type, const QByteArray &code = {});

} // namespace tests
