#include "core/client/modeldirectory.h"
#include "core/client/modelstate.h"
#include "core/net/urlpolicy.h"
#include "core/secrets/sessionkeystore.h"
#include "tests/core/client/modelbench.h"

#include <QJsonArray>
#include <QSignalSpy>

using namespace core;
using namespace tests;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

//! Lists of models between runs: kept, shown however old, listed anew when old; deployments.
class tst_ModelLists : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void stateComesBackWhole();
    void spoiltStateGivesWhatIsRight();
    void listIsKeptForTheNextRun();
    void otherAddressHasAnotherList();
    void lateListLeavesTheNewAddressAlone();
    void failureKeepsTheOldList();
    void practiceIsNotKept();
    void oldListsAreAskedAgain();
    void listOfTheFutureIsOld();
    void localListsAreAskedSooner();
    void onlyReadyAccountsAreAsked();
    void deploymentsAreKept();
    void deploymentsBelongToTheResource();
    void answersTellWhatIsBehind();
    void choicesJoinPriceAndList();
    void setupMayGoBeforeTheKeychainAnswers();
    void movedKeysLeaveNoneBehind();
    void untickedModelsAreNotOffered();
    void unknownContextHidesNoModel();

private:
    [[nodiscard]] static QByteArray twoModels()
    {
        return R"({"data":[{"id":"gpt-4o"},{"id":"gpt-9","context_length":9}]})";
    }
    [[nodiscard]] static QStringList ids(const ModelLists &lists, const QString &provider)
    {
        QStringList ids;
        for (const ModelInfo &model : lists.models(provider))
            ids.append(model.id);
        return ids;
    }
    const QString m_groq = u"groq"_s;
};

void tst_ModelLists::init()
{
    QTest::failOnWarning(QRegularExpression(u".?"_s));
}

void tst_ModelLists::stateComesBackWhole()
{
    ModelInfo full;
    full.id = u"eu.a.b"_s;
    full.name = u"A B"_s;
    full.behind = u"a.b"_s;
    full.contextWindow = 200'000;
    full.maxOutput = 8'192;
    full.images = true;
    full.documents = false;
    full.tools = true;
    full.reasoning = false;
    ModelInfo bare;
    bare.id = u"m"_s;
    const QList<ModelInfo> models{full, bare};
    QVERIFY(modelsFrom(stateFrom(models)) == models);
    QVERIFY(modelsFrom({}).isEmpty());
}

void tst_ModelLists::spoiltStateGivesWhatIsRight()
{
    QJsonArray rows{QJsonObject{{u"id"_s, u"good"_s},
                                {u"context"_s, u"big"_s},
                                {u"images"_s, 1},
                                {u"max_output"_s, -4}},
                    QJsonObject{{u"name"_s, u"no id"_s}}, 7, QJsonValue(),
                    QJsonObject{{u"id"_s, QString(201, u'x')}}};
    const QList<ModelInfo> models = modelsFrom({{u"models"_s, rows}});
    QCOMPARE(models.size(), 1);
    QCOMPARE(models.first().id, u"good"_s);
    QCOMPARE(models.first().contextWindow, std::nullopt);
    QCOMPARE(models.first().maxOutput, std::nullopt);
    QCOMPARE(models.first().images, std::nullopt);
    for (int i = 0; i < 5'001; ++i)
        rows.append(QJsonObject{{u"id"_s, QString::number(i)}});
    QCOMPARE(modelsFrom({{u"models"_s, rows}}).size(), MostModels);
}

void tst_ModelLists::listIsKeptForTheNextRun()
{
    ModelBench bench;
    bench.setUp(m_groq);
    QVERIFY(bench.lists.models(m_groq).isEmpty());
    QCOMPARE(bench.lists.listedAt(m_groq), std::nullopt);
    QCOMPARE(bench.lists.lastCheck(m_groq).has_value(), false);
    QSignalSpy changed(&bench.lists, &ModelLists::changed);
    bench.server.enqueue(Answer::whole(200, twoModels()));
    const UtcTime then = bench.clock.utcNow();
    QVERIFY(ModelBench::awaited(bench.lists.list(m_groq)));
    QCOMPARE(changed.count(), 1);
    QCOMPARE(ids(bench.lists, m_groq), QStringList({u"gpt-4o"_s, u"gpt-9"_s}));
    QVERIFY(bench.lists.lastCheck(m_groq) && !bench.lists.lastCheck(m_groq)->error);

    bench.clock.advance(300h);
    const ModelLists next(bench.setup, bench.lister, bench.states, bench.clock);
    QCOMPARE(ids(next, m_groq), QStringList({u"gpt-4o"_s, u"gpt-9"_s}));
    QCOMPARE(next.models(m_groq).last().contextWindow, std::optional<qint64>(9));
    QCOMPARE(next.listedAt(m_groq), std::optional(then));
    QVERIFY(!next.lastCheck(m_groq)); // of this run
}

void tst_ModelLists::otherAddressHasAnotherList()
{
    ModelBench bench;
    bench.setUp(m_groq);
    bench.server.enqueue(Answer::whole(200, twoModels()));
    QVERIFY(ModelBench::awaited(bench.lists.list(m_groq)));
    QVERIFY(bench.setup.setBaseUrl(m_groq, u"https://proxy.example/v1"_s));
    QVERIFY(bench.lists.models(m_groq).isEmpty());
    QVERIFY(bench.setup.setBaseUrl(m_groq, bench.server.url(u"/v1").toString()));
    QCOMPARE(bench.lists.models(m_groq).size(), 2);
    // What was listed at an address that is used no more goes with the next list.
    QVERIFY(bench.setup.setBaseUrl(m_groq, bench.server.url(u"/v2").toString()));
    bench.server.enqueue(Answer::whole(200, twoModels()));
    QVERIFY(ModelBench::awaited(bench.lists.list(m_groq)));
    QCOMPARE(bench.states.keys(u"models"_s).size(), 1);
}

void tst_ModelLists::lateListLeavesTheNewAddressAlone()
{
    ModelBench bench;
    bench.setUp(m_groq);
    const QUrl now = bench.server.url(u"/v2");
    QVERIFY(bench.setup.setBaseUrl(m_groq, now.toString()));
    bench.server.enqueue(Answer::whole(200, twoModels()));
    QVERIFY(ModelBench::awaited(bench.lists.list(m_groq)));
    QVERIFY(bench.setup.setBaseUrl(m_groq, bench.server.url(u"/v1").toString()));
    bench.server.enqueue(Answer::whole(200, twoModels()));
    const auto late = bench.lists.list(m_groq);
    QVERIFY(bench.setup.setBaseUrl(m_groq, now.toString()));
    QVERIFY(ModelBench::awaited(late));
    const auto kept = bench.states.keys(u"models"_s);
    QCOMPARE(kept.size(), 1);
    QCOMPARE(kept.first().baseUrl, bench.setup.accountOf(m_groq).baseUrl);
}

void tst_ModelLists::failureKeepsTheOldList()
{
    ModelBench bench;
    bench.setUp(m_groq);
    QList<std::optional<core::ErrorKind>> told;
    connect(&bench.lists, &ModelLists::asked, this,
            [&](const core::Target &target, const std::optional<core::Error> &error) {
                QCOMPARE(target.provider, m_groq);
                QCOMPARE(target.baseUrl, bench.setup.accountOf(m_groq).baseUrl);
                told.append(error ? std::optional(error->kind) : std::nullopt);
            });
    bench.server.enqueue(Answer::whole(200, twoModels()));
    QVERIFY(ModelBench::awaited(bench.lists.list(m_groq)));
    bench.server.enqueue(Answer::whole(401, R"({"error":{"message":"no"}})"));
    QVERIFY(!ModelBench::awaited(bench.lists.list(m_groq)));
    QCOMPARE(bench.lists.models(m_groq).size(), 2);
    QCOMPARE(bench.lists.lastCheck(m_groq)->error->kind, ErrorKind::AuthenticationFailed);
    const QList<std::optional<core::ErrorKind>> expected{std::nullopt,
                                                         ErrorKind::AuthenticationFailed};
    QCOMPARE(told, expected);
}

void tst_ModelLists::practiceIsNotKept()
{
    ModelBench bench;
    ProviderInfo row = *bench.registry->provider(m_groq);
    row.id = u"practice"_s;
    row.simulated = true;
    bench.registry->add(row);
    bench.setUp(u"practice"_s);
    bench.server.enqueue(Answer::whole(200, twoModels()));
    QVERIFY(ModelBench::awaited(bench.lists.list(u"practice"_s)));
    QCOMPARE(bench.lists.models(u"practice"_s).size(), 2);
    QVERIFY(bench.states.keys(u"models"_s).isEmpty());
}

void tst_ModelLists::oldListsAreAskedAgain()
{
    ModelBench bench;
    bench.setUp(u"anthropic"_s);
    // Not on this computer, by its address; nobody answers there in this test.
    Account account = bench.setup.accountOf(u"anthropic"_s);
    account.baseUrl = QUrl(u"https://anthropic.invalid"_s);
    account.keyOrigin = u"https://anthropic.invalid"_s;
    bench.accounts.save(account);
    bench.keys.holdReads(); // the call stands here
    const auto asked = [&bench] {
        return bench.keys.origins().count(u"https://anthropic.invalid"_s);
    };
    const StateKey key{u"models"_s, u"anthropic"_s, account.id, account.baseUrl};
    ModelInfo model;
    model.id = u"claude"_s;
    bench.states.save(key, stateFrom({model}));
    bench.clock.advance(24h);
    bench.lists.refreshOld();
    QCOMPARE(asked(), 0);
    bench.clock.advance(1s);
    bench.lists.refreshOld();
    QCOMPARE(asked(), 1);
    bench.lists.refreshOld(); // still on its way
    bench.clock.advance(11min);
    bench.lists.refreshOld();
    QCOMPARE(asked(), 1);
    QCOMPARE(ids(bench.lists, u"anthropic"_s), QStringList{u"claude"_s}); // shown meanwhile
}

//! The clock was a year ahead when it came, and has been set right since.
void tst_ModelLists::listOfTheFutureIsOld()
{
    ModelBench bench;
    bench.setUp(m_groq);
    bench.server.enqueue(Answer::whole(200, twoModels()));
    const UtcTime now = bench.clock.utcNow();
    bench.clock.setUtcNow(now + 365 * 24h);
    QVERIFY(ModelBench::awaited(bench.lists.list(m_groq)));
    bench.clock.setUtcNow(now);
    bench.clock.advance(11min);
    bench.keys.holdReads(); // the call stands here
    const auto before = bench.lists.lastAsked(m_groq);
    bench.lists.refreshOld();
    QVERIFY(bench.lists.lastAsked(m_groq) != before);
}

void tst_ModelLists::localListsAreAskedSooner()
{
    ModelBench bench;
    bench.setUp(u"ollama"_s);
    for (const QString &other : {u"lmstudio"_s, u"llamacpp"_s, u"vllm"_s})
        bench.setUp(other); // the usual ports of this computer are no part of the test
    int lists = 0;
    bench.server.setChooser([&lists](const LoopbackRequest &) {
        ++lists;
        return Answer::whole(200, twoModels());
    });
    QSignalSpy changed(&bench.lists, &ModelLists::changed);
    bench.lists.refreshOld();
    QTRY_COMPARE(changed.count(), 4);
    QCOMPARE(lists, 4);
    QCOMPARE(bench.lists.models(u"ollama"_s).size(), 2);
    bench.clock.advance(59s);
    bench.lists.refreshOld();
    QCOMPARE(bench.keys.origins().size(), 2); // llama.cpp and vLLM, once each
    bench.clock.advance(2s);
    bench.lists.refreshOld();
    QTRY_COMPARE(changed.count(), 8);
    QCOMPARE(lists, 8);
}

void tst_ModelLists::onlyReadyAccountsAreAsked()
{
    ModelBench bench;
    for (const QString &local : {u"ollama"_s, u"lmstudio"_s, u"llamacpp"_s, u"vllm"_s})
        bench.setUp(local);
    bench.server.setChooser(
        [](const LoopbackRequest &) { return Answer::whole(200, R"({"data":[]})"); });
    // Its host was changed and not confirmed; another has deployments; all others have no key.
    bench.setUp(m_groq);
    QVERIFY(bench.setup.setBaseUrl(m_groq, u"https://proxy.example/v1"_s));
    bench.setUp(u"azure"_s);
    QSignalSpy changed(&bench.lists, &ModelLists::changed);
    bench.lists.refreshOld();
    QTRY_COMPARE(changed.count(), 4);
    for (const QString &origin : bench.keys.origins())
        QVERIFY2(origin.startsWith(u"http://127.0.0.1:"_s), qPrintable(origin));
    for (const LoopbackRequest &request : bench.server.requests())
        QVERIFY(!request.target.contains("openai")); // Azure's path
}

void tst_ModelLists::deploymentsAreKept()
{
    const QString azure = u"azure"_s;
    ModelBench bench;
    bench.setUp(azure);
    QVERIFY(bench.lists.deployments(azure).isEmpty());
    QSignalSpy changed(&bench.lists, &ModelLists::changed);
    bench.lists.setDeployments(azure, {{u" prod "_s, u"gpt-4o"_s},
                                       {u"prod"_s, u"gpt-5"_s},
                                       {QString(), u"gpt-5"_s},
                                       {u"new"_s, QString()}});
    QCOMPARE(changed.count(), 1);
    const QList<Deployment> expected{{u"prod"_s, u"gpt-4o"_s}, {u"new"_s, QString()}};
    QVERIFY(bench.lists.deployments(azure) == expected);
    QCOMPARE(ids(bench.lists, azure), QStringList({u"prod"_s, u"new"_s}));
    const ModelLists next(bench.setup, bench.lister, bench.states, bench.clock);
    QVERIFY(next.deployments(azure) == expected);

    // A test of the connection lists base models, which are not what can be asked.
    bench.server.enqueue(Answer::whole(200, twoModels()));
    QVERIFY(ModelBench::awaited(bench.lists.list(azure)));
    QCOMPARE(ids(bench.lists, azure), QStringList({u"prod"_s, u"new"_s}));
}

void tst_ModelLists::deploymentsBelongToTheResource()
{
    const QString azure = u"azure"_s;
    ModelBench bench;
    QVERIFY(bench.setup.setBaseUrl(azure, u"https://one.openai.azure.com"_s));
    bench.lists.setDeployments(azure, {{u"prod"_s, u"gpt-4o"_s}});
    QVERIFY(bench.setup.setBaseUrl(azure, u"https://one.openai.azure.com/openai/v1"_s));
    QCOMPARE(bench.lists.deployments(azure).size(), 1);
    QVERIFY(bench.setup.setBaseUrl(azure, u"https://two.openai.azure.com"_s));
    QVERIFY(bench.lists.deployments(azure).isEmpty());
}

void tst_ModelLists::answersTellWhatIsBehind()
{
    const QString azure = u"azure"_s;
    ModelBench bench;
    bench.setUp(azure);
    const Target prod = bench.setup.target(azure, u"prod"_s);
    const Target mine = bench.setup.target(azure, u"mine"_s);
    QCOMPARE(bench.lists.modelBehind(prod), u"prod"_s);
    bench.lists.learn(prod, QString());
    QVERIFY(bench.lists.deployments(azure).isEmpty());
    bench.lists.learn(prod, u"gpt-4o-2024-08-06"_s);
    QCOMPARE(bench.lists.modelBehind(prod), u"gpt-4o-2024-08-06"_s);
    QVERIFY(bench.lists.deployments(azure).first().learned);
    bench.lists.learn(prod, u"gpt-5"_s); // it was deployed anew
    QCOMPARE(bench.lists.modelBehind(prod), u"gpt-5"_s);
    bench.lists.setDeployments(azure, {{u"mine"_s, u"gpt-4.1"_s}});
    bench.lists.learn(mine, u"gpt-4.1-2025-04-14"_s); // what the user said stands
    QCOMPARE(bench.lists.modelBehind(mine), u"gpt-4.1"_s);
    QSignalSpy changed(&bench.lists, &ModelLists::changed);
    bench.lists.learn(bench.setup.target(m_groq, u"m"_s), u"other"_s); // no deployments there
    QCOMPARE(bench.lists.modelBehind(bench.setup.target(m_groq, u"m"_s)), u"m"_s);
    QCOMPARE(changed.count(), 0);
}

void tst_ModelLists::choicesJoinPriceAndList()
{
    const auto prices = PriceCatalogue::fromJson(builtInPrices());
    QVERIFY(prices);
    ModelBench bench;
    bench.clock.setUtcNow(UtcTime(std::chrono::milliseconds(1'790'000'000'000)));
    const ModelDirectory directory(bench.setup, bench.lists, *prices, bench.clock);
    const QString azure = u"azure"_s;
    QVERIFY(directory.choicesOf(azure).isEmpty()); // base models cannot be asked
    bench.setUp(azure);
    bench.lists.setDeployments(azure, {{u"prod"_s, u"gpt-4o"_s}, {u"new"_s, QString()}});
    const QList<ModelChoice> choices = directory.choicesOf(azure);
    QCOMPARE(choices.size(), 2);
    QCOMPARE(choices.first().target.model, u"prod"_s);
    QCOMPARE(choices.first().behind, u"gpt-4o"_s);
    QVERIFY2(choices.first().name.startsWith(u"prod ("_s), qPrintable(choices.first().name));
    QVERIFY(choices.first().inputPerMillion && choices.first().outputPerMillion);
    QVERIFY(choices.first().cachedPerMillion < choices.first().inputPerMillion);
    QCOMPARE(choices.first().priceFrom, PriceOrigin::OtherProvider); // Azure follows OpenAI
    QVERIFY(choices.first().contextTokens);
    QCOMPARE(directory.contextLimitOf(choices.first().target), choices.first().contextTokens);
    QVERIFY(!choices.last().inputPerMillion);
    QCOMPARE(choices.last().priceFrom, PriceOrigin::Nowhere);
    QCOMPARE(directory.nameOf(choices.first().target), choices.first().name);

    bench.setUp(u"openrouter"_s);
    bench.server.enqueue(Answer::whole(200, R"({"data":{"label":"key"}})"));
    bench.server.enqueue(Answer::whole(200, R"({"data":[{"id":"x/y","context_length":7,
        "architecture":{"input_modalities":["text","image"]},
        "top_provider":{"max_completion_tokens":5},"supported_parameters":["tools"]}]})"));
    QVERIFY(ModelBench::awaited(bench.lists.list(u"openrouter"_s)));
    const ModelChoice listed = directory.choicesOf(u"openrouter"_s).first();
    QCOMPARE(directory.choiceOf(listed.target), listed);
    // One that was typed has its price as well, if there is one.
    const auto typed = [&](const QString &model) {
        return directory.choiceOf(bench.setup.target(u"openrouter"_s, model));
    };
    QVERIFY(typed(u"openai/gpt-4o"_s).inputPerMillion);
    QCOMPARE(typed(u"openai/gpt-4o"_s).target.model, u"openai/gpt-4o"_s);
    QVERIFY(!typed(u"nobody/knows"_s).inputPerMillion);
    QCOMPARE(listed.contextTokens, std::optional<std::int64_t>(7));
    QCOMPARE(listed.maxOutputTokens, std::optional<std::int64_t>(5));
    QCOMPARE(listed.images, std::optional(true));
    QCOMPARE(listed.documents, std::optional(false));
    QCOMPARE(listed.tools, std::optional(true));
    QCOMPARE(listed.reasoning, std::optional(false));
    QCOMPARE(listed.state, AccountState::Ready);
    QCOMPARE(bench.lists.infoOf(listed.target).documents, std::optional(false));
    Target unlisted = listed.target;
    unlisted.model = u"x/z"_s;
    QCOMPARE(bench.lists.infoOf(unlisted), ModelInfo());
}

void tst_ModelLists::setupMayGoBeforeTheKeychainAnswers()
{
    ModelBench bench;
    bench.setUp(m_groq);
    TestKeyStore keys;
    auto setup = std::make_unique<AccountSetup>(bench.accounts, keys, *bench.registry);
    const std::int64_t id = setup->accountOf(m_groq).id;
    keys.setKey(id, "key-0123456789abcdef");
    keys.holdReads(); // a keychain that is locked
    QVERIFY(setup->setBaseUrl(m_groq, u"https://proxy.example/v1"_s));
    QSignalSpy changed(setup.get(), &AccountSetup::changed);
    const QFuture<Result<Done>> confirmed = setup->confirmOrigin(m_groq);
    const QFuture<Result<Done>> stored = setup->setKey(m_groq, SecretString("key-2"), {});
    QVERIFY(!confirmed.isFinished());
    setup.reset();
    QVERIFY(confirmed.isFinished() && confirmed.isCanceled());
    QVERIFY(stored.isFinished());
    keys.releaseReads();
    QTest::qWait(0);
    QCOMPARE(changed.count(), 0);
    QCOMPARE(bench.accounts.list().constFirst().keyOrigin,
             u"http://127.0.0.1:%1"_s.arg(bench.server.port())); // as nobody agreed
}

//! Going back needs the key where it was; who removes it wants it gone from everywhere.
void tst_ModelLists::movedKeysLeaveNoneBehind()
{
    ModelBench bench;
    SessionKeyStore keys; // keeps keys by origin, as a keychain does
    AccountSetup setup(bench.accounts, keys, *bench.registry);
    const QString own = originOf(setup.accountOf(m_groq).baseUrl);
    const auto hasKey = [&keys, &setup, this](const QString &origin) {
        return keys.read(setup.accountOf(m_groq), origin).result().hasValue();
    };
    const auto move = [&setup, this](const QString &origin) {
        return setup.setBaseUrl(m_groq, origin + u"/v1"_s) &&
               ModelBench::awaited(setup.confirmOrigin(m_groq));
    };
    const QString one = u"https://one.example"_s;
    const QString two = u"https://two.example"_s;
    const auto give = [&setup, this] {
        return ModelBench::awaited(setup.setKey(m_groq, SecretString("key-1"), {})).hasValue();
    };
    QVERIFY(give());
    const Account before = setup.accountOf(m_groq);
    QVERIFY(move(one));
    QVERIFY(hasKey(own) && hasKey(one));
    setup.restore(before);
    QCOMPARE(setup.state(m_groq), AccountState::Ready);
    QVERIFY(move(two));
    QVERIFY(!hasKey(one));
    QVERIFY(hasKey(own) && hasKey(two));
    QVERIFY(move(one));
    QVERIFY(!hasKey(own));
    QVERIFY(hasKey(two) && hasKey(one));
    QVERIFY(ModelBench::awaited(setup.removeKey(m_groq)));
    QVERIFY(!hasKey(own) && !hasKey(one) && !hasKey(two));

    QVERIFY(setup.setBaseUrl(m_groq, {}));
    QVERIFY(give());
    QVERIFY(move(one));
    AccountSetup later(bench.accounts, keys, *bench.registry); // another run
    QVERIFY(ModelBench::awaited(later.removeKey(m_groq)));
    QVERIFY(!hasKey(own) && !hasKey(one));
}

void tst_ModelLists::untickedModelsAreNotOffered()
{
    const auto prices = PriceCatalogue::fromJson(builtInPrices());
    QVERIFY(prices);
    ModelBench bench;
    const ModelDirectory directory(bench.setup, bench.lists, *prices, bench.clock);
    const auto offered = [&directory, this] {
        QStringList ids;
        for (const ModelChoice &choice : directory.choices()) {
            if (choice.target.provider == m_groq)
                ids.append(choice.target.model);
        }
        return ids;
    };
    const QString before = directory.choicesOf(m_groq).first().target.model;
    bench.lists.setWanted(m_groq, before, false); // of the catalogue, without an account
    QVERIFY(!offered().contains(before));
    bench.setUp(m_groq);
    bench.server.enqueue(Answer::whole(200, R"({"data":[{"id":"a"},{"id":"b"}]})"));
    QVERIFY(ModelBench::awaited(bench.lists.list(m_groq)));
    QSignalSpy changed(&bench.lists, &ModelLists::changed);
    bench.lists.setWanted(m_groq, u"a"_s, false);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(offered(), QStringList{u"b"_s});
    QCOMPARE(directory.choicesOf(m_groq).size(), 2); // its page shows it, to be ticked again
    QVERIFY(!directory.choicesOf(m_groq).first().wanted);
    QCOMPARE(bench.setup.target(m_groq, u"a"_s).model, u"a"_s); // and one may type it

    // New ones are offered; the next run knows what is not.
    bench.server.enqueue(Answer::whole(200, R"({"data":[{"id":"a"},{"id":"b"},{"id":"c"}]})"));
    QVERIFY(ModelBench::awaited(bench.lists.list(m_groq)));
    QCOMPARE(offered(), QStringList({u"b"_s, u"c"_s}));
    const ModelLists later(bench.setup, bench.lister, bench.states, bench.clock);
    QCOMPARE(later.unwanted(m_groq), QSet<QString>({before, u"a"_s}));
    QVERIFY(later.unwanted(u"openai"_s).isEmpty());
    bench.lists.setWanted(m_groq, u"a"_s, true);
    bench.lists.setWanted(m_groq, before, true);
    QCOMPARE(offered().size(), 3);
    QVERIFY(bench.states.keys(u"unwanted"_s).isEmpty());
}

void tst_ModelLists::unknownContextHidesNoModel()
{
    const auto prices = PriceCatalogue::fromJson(builtInPrices());
    QVERIFY(prices);
    ModelBench bench;
    bench.clock.setUtcNow(UtcTime(std::chrono::milliseconds(1'790'000'000'000)));
    const ModelDirectory directory(bench.setup, bench.lists, *prices, bench.clock);
    const auto find = [&directory](const QString &provider, const QString &model) {
        for (const ModelChoice &choice : directory.choicesOf(provider)) {
            if (choice.target.model == model)
                return std::optional(choice);
        }
        return std::optional<ModelChoice>();
    };
    for (const auto &[provider, model] :
         {std::pair(u"google"_s, u"gemini-2.5-pro"_s), std::pair(u"cohere"_s, u"command-a"_s),
          std::pair(u"groq"_s, u"llama-3.3-70b-versatile"_s)}) {
        const auto found = find(provider, model);
        QVERIFY2(found, qPrintable(model));
        QVERIFY(!found->contextTokens); // unknown, not none
        QVERIFY(found->outputPerMillion);
    }
    // What cannot chat is still left out, and what stands for other models.
    for (const auto &[provider, model] :
         {std::pair(u"google"_s, u"gemini-embedding-001"_s), std::pair(u"openai"_s, u"davinci"_s),
          std::pair(u"openai"_s, u"ada"_s), std::pair(u"openai"_s, u"text-davinci-003"_s),
          std::pair(u"openai"_s, u"gpt-5-image"_s), std::pair(u"openai"_s, u"ft:gpt-4o"_s),
          std::pair(u"openai"_s, u"gpt-4o-mini-2024-07-18.ft-"_s),
          std::pair(u"bedrock"_s, u"amazon.nova-sonic-v1:0"_s),
          std::pair(u"openrouter"_s, u"claude-3-opus"_s)})
        QVERIFY2(!find(provider, model), qPrintable(model));
    QVERIFY(find(u"openrouter"_s, u"anthropic/claude-3-opus"_s));
}

QTEST_GUILESS_MAIN(tst_ModelLists)
#include "tst_modellists.moc"
