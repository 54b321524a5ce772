#include "core/providers/builtinproviders.h"
#include "core/providers/providerregistry.h"
#include "tests/core/providers/requesttable.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace core;
using test::requestOf;
using test::wireOf;

//! How each model is told how much to reason: in its own way, and what it cannot be told is said.
class tst_ReasoningBodies : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void bedrockBudgetIsBelowTheLimit_data();
    void bedrockBudgetIsBelowTheLimit();
    void reasoningIsSealedWhereThereIsSome_data();
    void reasoningIsSealedWhereThereIsSome();
    void geminisThinkByTheirKind_data();
    void geminisThinkByTheirKind();
    void claudesReasonByBudgetOrTheirOwnWay_data();
    void claudesReasonByBudgetOrTheirOwnWay();
    void reasoningChoosesItsTools_data();
    void reasoningChoosesItsTools();
    void claudeThinksAsItsModelDoes_data();
    void claudeThinksAsItsModelDoes();
    void samplingYieldsToThinking_data();
    void samplingYieldsToThinking();
    void effortsGoWhereTheyAreTaken_data();
    void effortsGoWhereTheyAreTaken();
    void changedEffortIsTold_data();
    void changedEffortIsTold();

private:
    std::optional<ProviderRegistry> m_registry;
};

void tst_ReasoningBodies::initTestCase()
{
    auto registry = ProviderRegistry::fromJson(builtInProviders());
    QVERIFY(registry);
    m_registry = *registry;
}

void tst_ReasoningBodies::bedrockBudgetIsBelowTheLimit_data()
{
    QTest::addColumn<QString>("effort");
    QTest::addColumn<std::optional<int>>("limit");
    QTest::addColumn<int>("budget"); //!< 0: it is left out, with a warning.
    QTest::newRow("no-limit") << u"high"_s << std::optional<int>() << 16'384;
    QTest::newRow("far-away") << u"medium"_s << std::optional(8'192) << 4'096;
    QTest::newRow("nearer") << u"high"_s << std::optional(8'192) << 8'191;
    QTest::newRow("equal") << u"medium"_s << std::optional(4'096) << 4'095;
    QTest::newRow("least") << u"low"_s << std::optional(1'025) << 1'024;
    QTest::newRow("no-room") << u"low"_s << std::optional(1'024) << 0;
    QTest::newRow("one-word") << u"high"_s << std::optional(1) << 0;
}

//! Anthropic: at least 1024, and less than max_tokens; anything else is a 400.
void tst_ReasoningBodies::bedrockBudgetIsBelowTheLimit()
{
    QFETCH(const QString, effort);
    QFETCH(const std::optional<int>, limit);
    QFETCH(const int, budget);
    const ProviderInfo *row = m_registry->provider(u"bedrock"_s);
    ChatRequest request = requestOf(u"plain"_s, {});
    request.options.reasoningEffort = effort;
    request.options.maxOutputTokens = limit;
    const auto wire = wireOf(*m_registry, *row, u"us.anthropic.claude-sonnet-4-5"_s, request);
    QVERIFY(wire);
    const QJsonObject body = QJsonDocument::fromJson(wire->http.body).object();
    const QJsonValue thinking = body[u"additionalModelRequestFields"_s][u"thinking"_s];
    QCOMPARE(thinking[u"budget_tokens"_s].toInt(), budget);
    QCOMPARE(thinking.isUndefined(), budget == 0);
    QCOMPARE(wire->warnings.size(), budget == 0 ? 1 : 0);
}

void tst_ReasoningBodies::reasoningIsSealedWhereThereIsSome_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("effort");
    QTest::addColumn<bool>("isSealed");
    const auto row = [](const char *model, const char *effort, bool isSealed) {
        QTest::addRow("%s-%s", model, effort)
            << QString::fromLatin1(model) << QString::fromLatin1(effort) << isSealed;
    };
    for (const char *model : {"o1", "o3-mini", "o4-mini-2025-04-16", "gpt-5", "gpt-5.1-codex"})
        row(model, "", true);
    for (const char *model : {"gpt-4.1", "gpt-4o-mini", "chatgpt-4o-latest", "gpt-5-chat-latest",
                              "gpt-5.3-chat-latest"})
        row(model, "", false);
    row("another", "low", true);
    row("another", "none", false);
}

//! Models without reasoning answer the wish to have it sealed with 400.
void tst_ReasoningBodies::reasoningIsSealedWhereThereIsSome()
{
    QFETCH(const QString, model);
    QFETCH(const QString, effort);
    QFETCH(const bool, isSealed);
    const ProviderInfo *row = m_registry->provider(u"openai"_s);
    ChatRequest request = requestOf(u"plain"_s, {});
    request.options.reasoningEffort = effort;
    const auto wire = wireOf(*m_registry, *row, model, request);
    QVERIFY(wire);
    QCOMPARE(wire->http.body.contains("reasoning.encrypted_content"), isSealed);
}

void tst_ReasoningBodies::geminisThinkByTheirKind_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("effort");
    QTest::addColumn<QByteArray>("thinking"); //!< thinkingConfig.
    QTest::addColumn<int>("warnings");
    const auto row = [](const char *model, const char *effort, const char *thinking, int warnings) {
        QTest::addRow("%s-%s", model, effort)
            << QString::fromLatin1(model) << QString::fromLatin1(effort) << QByteArray(thinking)
            << warnings;
    };
    const char *low = R"({"includeThoughts":true,"thinkingLevel":"low"})";
    const char *medium = R"({"includeThoughts":true,"thinkingLevel":"medium"})";
    const char *high = R"({"includeThoughts":true,"thinkingLevel":"high"})";
    row("gemini-1.5-pro", "high", "{}", 1);
    row("gemini-2.0-flash", "low", "{}", 1);
    row("gemini-2.0-flash", "none", "{}", 0);
    row("gemini-2.5-flash-lite", "none", R"({"thinkingBudget":0})", 0);
    row("gemini-2.5-pro", "none", R"({"thinkingBudget":128})", 1);
    row("models/gemini-2.5-pro", "low", R"({"includeThoughts":true,"thinkingBudget":1024})", 0);
    row("gemini-3-pro-preview", "none", R"({"thinkingLevel":"low"})", 1);
    row("gemini-3-pro-preview", "minimal", low, 1);
    row("gemini-3-pro-preview", "medium", high, 1);
    row("gemini-3.1-pro-preview", "minimal", low, 1);
    row("gemini-3.1-pro-preview", "medium", medium, 0);
    row("gemini-3.7-flash", "minimal", low, 1);
    row("gemini-3.6-flash", "minimal", R"({"includeThoughts":true,"thinkingLevel":"minimal"})", 0);
    row("gemini-flash-latest", "medium", medium, 0);
}

//! Anything else is answered with 400.
void tst_ReasoningBodies::geminisThinkByTheirKind()
{
    QFETCH(const QString, model);
    QFETCH(const QString, effort);
    QFETCH(const QByteArray, thinking);
    QFETCH(const int, warnings);
    const ProviderInfo *row = m_registry->provider(u"google"_s);
    ChatRequest request = requestOf(u"plain"_s, {});
    request.options.reasoningEffort = effort;
    const auto wire = wireOf(*m_registry, *row, model, request);
    QVERIFY(wire);
    const QJsonValue config =
        QJsonDocument::fromJson(wire->http.body).object()[u"generationConfig"_s];
    QCOMPARE(QJsonDocument(config[u"thinkingConfig"_s].toObject()).toJson(QJsonDocument::Compact),
             thinking);
    QCOMPARE(config[u"thinkingConfig"_s].isUndefined(), thinking == "{}");
    QCOMPARE(wire->warnings.size(), warnings);
}

void tst_ReasoningBodies::claudesReasonByBudgetOrTheirOwnWay_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("effort");
    QTest::addColumn<std::optional<int>>("limit");
    QTest::addColumn<QString>("thinking"); //!< Its type; empty: the member is not sent.
    QTest::addColumn<int>("budget");
    QTest::addColumn<int>("most"); //!< max_tokens.
    const auto row = [](const char *model, const char *effort, std::optional<int> limit,
                        const char *thinking, int budget, int most) {
        QTest::addRow("%s-%s-%d", model, effort, limit.value_or(0))
            << QString::fromLatin1(model) << QString::fromLatin1(effort) << limit
            << QString::fromLatin1(thinking) << budget << most;
    };
    for (const char *model :
         {"claude-3-7-sonnet-latest", "claude-sonnet-4-20250514", "claude-sonnet-4-5-20250929",
          "claude-haiku-4-5", "claude-opus-4-1", "claude-opus-4-5-20251101"})
        row(model, "medium", {}, "enabled", 4'096, 12'288);
    for (const char *model : {"claude-opus-4-6", "claude-sonnet-4-6", "claude-opus-4-7",
                              "claude-fable-5-1", "claude-of-tomorrow"})
        row(model, "medium", {}, "adaptive", 0, 8'192);
    row("claude-sonnet-4-5", "high", 20'000, "enabled", 16'384, 20'000);
    row("claude-sonnet-4-5", "high", 8'192, "enabled", 8'191, 8'192);
    row("claude-sonnet-4-5", "low", 1'025, "enabled", 1'024, 1'025);
    row("claude-sonnet-4-5", "low", 1'024, "", 0, 1'024); // no room: it is told
    row("claude-sonnet-4-6", "low", 100, "adaptive", 0, 100);
}

//! Anthropic takes a budget of at least 1024 and below max_tokens, or adaptive.
void tst_ReasoningBodies::claudesReasonByBudgetOrTheirOwnWay()
{
    QFETCH(const QString, model);
    QFETCH(const QString, effort);
    QFETCH(const std::optional<int>, limit);
    QFETCH(const QString, thinking);
    QFETCH(const int, budget);
    QFETCH(const int, most);
    const ProviderInfo *row = m_registry->provider(u"anthropic"_s);
    ChatRequest request = requestOf(u"plain"_s, {});
    request.options.reasoningEffort = effort;
    request.options.maxOutputTokens = limit;
    const auto wire = wireOf(*m_registry, *row, model, request);
    QVERIFY(wire);
    const QJsonObject body = QJsonDocument::fromJson(wire->http.body).object();
    QCOMPARE(body[u"thinking"_s][u"type"_s].toString(), thinking);
    QCOMPARE(body[u"thinking"_s][u"budget_tokens"_s].toInt(), budget);
    QCOMPARE(body[u"max_tokens"_s].toInt(), most);
    // Only those that decide for themselves know the word.
    QCOMPARE(body[u"output_config"_s][u"effort"_s].toString(),
             thinking == u"adaptive"_s ? effort : QString());
    QCOMPARE(wire->warnings.size(), thinking.isEmpty() ? 1 : 0);
}

void tst_ReasoningBodies::reasoningChoosesItsTools_data()
{
    QTest::addColumn<QString>("choice");
    QTest::addColumn<QString>("effort");
    QTest::addColumn<QString>("sent"); //!< Type of the choice; empty: none.
    QTest::newRow("any") << u"required"_s << QString() << u"any"_s;
    QTest::newRow("named") << u"weather"_s << u"none"_s << u"tool"_s;
    QTest::newRow("any-and-reasoning") << u"required"_s << u"low"_s << QString();
    QTest::newRow("named-and-reasoning") << u"weather"_s << u"low"_s << QString();
    QTest::newRow("auto-and-reasoning") << u"auto"_s << u"low"_s << u"auto"_s;
    QTest::newRow("none-and-reasoning") << u"none"_s << u"low"_s << u"none"_s;
}

//! A 400 else: thinking may not go with a tool that must be used.
void tst_ReasoningBodies::reasoningChoosesItsTools()
{
    QFETCH(const QString, choice);
    QFETCH(const QString, effort);
    QFETCH(const QString, sent);
    const ProviderInfo *row = m_registry->provider(u"anthropic"_s);
    ChatRequest request = requestOf(u"tools"_s, {});
    request.toolChoice = choice;
    request.options.reasoningEffort = effort;
    const auto wire = wireOf(*m_registry, *row, u"claude-sonnet-4-6"_s, request);
    QVERIFY(wire);
    const QJsonObject body = QJsonDocument::fromJson(wire->http.body).object();
    QVERIFY(body.contains(u"tools"_s));
    QCOMPARE(body[u"tool_choice"_s][u"type"_s].toString(), sent);
    QCOMPARE(wire->warnings.size(), sent.isEmpty() ? 1 : 0);
}

void tst_ReasoningBodies::claudeThinksAsItsModelDoes_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("effort");
    QTest::addColumn<QString>("expected"); //!< Type, budget or effort.
    QTest::addColumn<int>("warnings");
    const auto row = [](const char *model, const char *effort, const char *expected,
                        int warnings = 0) {
        QTest::addRow("%s-%s", model, effort)
            << QString::fromLatin1(model) << QString::fromLatin1(effort)
            << QString::fromLatin1(expected) << warnings;
    };
    row("claude-3-5-haiku-latest", "low", "", 1);
    row("claude-3-5-haiku-latest", "none", "");
    row("claude-3-7-sonnet-latest", "low", "enabled 1024");
    row("claude-sonnet-4-20250514", "medium", "enabled 4096");
    row("claude-sonnet-4-5-20250929", "high", "enabled 16384");
    row("claude-opus-4-5", "medium", "enabled 4096");
    row("claude-haiku-4-5", "none", "");
    row("claude-sonnet-4-6", "medium", "adaptive medium");
    row("claude-sonnet-4-6", "none", "disabled");
    row("claude-opus-4-6", "max", "adaptive max");
    row("claude-opus-4-7", "minimal", "adaptive low", 1);
    row("claude-opus-4-7", "none", "");
    row("claude-sonnet-5", "xhigh", "adaptive xhigh");
    row("claude-fable-5-1", "high", "adaptive high");
    row("claude-fable-5-1", "none", "", 1);
    row("claude-moonrise-9", "low", "adaptive low");
}

//! With Anthropic and with Bedrock.
void tst_ReasoningBodies::claudeThinksAsItsModelDoes()
{
    QFETCH(const QString, model);
    QFETCH(const QString, effort);
    QFETCH(const QString, expected);
    QFETCH(const int, warnings);
    for (const QString &provider : {u"anthropic"_s, u"bedrock"_s}) {
        const bool isBedrock = provider == "bedrock"_L1;
        const ProviderInfo *row = m_registry->provider(provider);
        ChatRequest request = requestOf(u"plain"_s, provider);
        request.options.reasoningEffort = effort;
        const QString id = isBedrock ? u"us.anthropic."_s + model : model;
        const auto wire = wireOf(*m_registry, *row, id, request);
        QVERIFY(wire);
        const QJsonObject body = QJsonDocument::fromJson(wire->http.body).object();
        const QJsonObject told =
            isBedrock ? body.value("additionalModelRequestFields"_L1).toObject() : body;
        QStringList words{told.value("thinking"_L1)["type"_L1].toString(),
                          told.value("output_config"_L1)["effort"_L1].toString()};
        if (const int budget = told.value("thinking"_L1)["budget_tokens"_L1].toInt(); budget > 0)
            words.append(QString::number(budget));
        words.removeAll(QString());
        QCOMPARE(words.join(u' '), expected);
        QCOMPARE(wire->warnings.size(), warnings);
    }
}

void tst_ReasoningBodies::samplingYieldsToThinking_data()
{
    QTest::addColumn<QString>("effort");
    QTest::addColumn<double>("temperature");
    QTest::addColumn<double>("topP");
    QTest::addColumn<int>("warnings");
    QTest::newRow("not-thinking") << QString() << 0.5 << 0.9 << 0;
    QTest::newRow("told-not-to") << u"none"_s << 0.5 << 0.9 << 0;
    QTest::newRow("both") << u"low"_s << 0.5 << 0.9 << 2;
    QTest::newRow("what-it-takes") << u"low"_s << 1.0 << 0.95 << 0;
    QTest::newRow("one") << u"high"_s << 1.0 << 0.5 << 1;
}

//! Claude answers 400 to any other temperature while it thinks.
void tst_ReasoningBodies::samplingYieldsToThinking()
{
    QFETCH(const QString, effort);
    QFETCH(const double, temperature);
    QFETCH(const double, topP);
    QFETCH(const int, warnings);
    for (const QString &provider : {u"anthropic"_s, u"bedrock"_s}) {
        const ProviderInfo *row = m_registry->provider(provider);
        ChatRequest request = requestOf(u"plain"_s, provider);
        request.options.reasoningEffort = effort;
        request.options.temperature = temperature;
        request.options.topP = topP;
        const auto wire = wireOf(*m_registry, *row, u"anthropic.claude-sonnet-4-6"_s, request);
        QVERIFY(wire);
        QCOMPARE(wire->warnings.size(), warnings);
        const bool isThinking = !effort.isEmpty() && effort != "none"_L1;
        QCOMPARE(wire->http.body.contains("\"temperature\""), !isThinking || temperature == 1.0);
        QCOMPARE(wire->http.body.contains("\"top_p\"") || wire->http.body.contains("\"topP\""),
                 !isThinking || topP >= 0.95);
    }
}

void tst_ReasoningBodies::effortsGoWhereTheyAreTaken_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("effort");
    QTest::addColumn<bool>("isSent");
    QTest::addColumn<int>("warnings");
    const auto row = [](const char *provider, const char *model, const char *effort, bool isSent,
                        int warnings) {
        QTest::addRow("%s-%s-%s", provider, model, effort)
            << QString::fromLatin1(provider) << QString::fromLatin1(model)
            << QString::fromLatin1(effort) << isSent << warnings;
    };
    for (const char *provider : {"openai", "openai-chat"}) {
        row(provider, "gpt-5.5", "low", true, 0);
        row(provider, "o3-mini", "high", true, 0);
        row(provider, "gpt-4o-mini", "low", false, 1);
        row(provider, "chatgpt-4o-latest", "low", false, 1);
        row(provider, "gpt-3.5-turbo", "high", false, 1);
        row(provider, "gpt-5-chat-latest", "low", false, 1);
        row(provider, "gpt-4.1", "none", false, 0); // as it would be
    }
    row("azure", "gpt-4", "low", true, 0); // a deployment's name tells nothing
    row("ollama", "qwen3", "low", false, 1);
    row("ollama", "qwen3", "none", false, 1); // it may reason all the same
}

void tst_ReasoningBodies::effortsGoWhereTheyAreTaken()
{
    QFETCH(const QString, provider);
    QFETCH(const QString, model);
    QFETCH(const QString, effort);
    QFETCH(const bool, isSent);
    QFETCH(const int, warnings);
    const ProviderInfo *row = m_registry->provider(provider);
    ChatRequest request = requestOf(u"plain"_s, provider);
    request.options.reasoningEffort = effort;
    const auto wire = wireOf(*m_registry, *row, model, request);
    QVERIFY(wire);
    QCOMPARE(wire->http.body.contains('"' + effort.toUtf8() + '"'), isSent);
    QCOMPARE(wire->warnings.size(), warnings);
}

void tst_ReasoningBodies::changedEffortIsTold_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("effort");
    QTest::addColumn<bool>("isChanged");
    const auto rows = [](const char *provider, const char *model, const QStringList &changed) {
        for (const char *effort : {"minimal", "low", "medium", "high", "xhigh", "max"})
            QTest::addRow("%s-%s-%s", provider, model, effort)
                << QString::fromLatin1(provider) << QString::fromLatin1(model)
                << QString::fromLatin1(effort) << changed.contains(QString::fromLatin1(effort));
    };
    rows("anthropic", "claude-opus-4-7", {u"minimal"_s});
    // Recorded: "does not support effort level 'xhigh'. Supported levels: high, low, max, medium."
    rows("anthropic", "claude-sonnet-4-6", {u"minimal"_s, u"xhigh"_s});
    rows("anthropic", "claude-sonnet-4-5", {u"minimal"_s, u"xhigh"_s, u"max"_s});
    rows("anthropic", "claude-haiku-4-5", {u"minimal"_s, u"xhigh"_s, u"max"_s});
    rows("bedrock", "us.anthropic.claude-opus-4-7", {u"minimal"_s});
    rows("google", "gemini-2.5-flash", {u"xhigh"_s, u"max"_s});
    rows("google", "gemini-3-flash-preview", {u"xhigh"_s, u"max"_s});
    rows("google", "gemini-3-pro-preview", {u"minimal"_s, u"medium"_s, u"xhigh"_s, u"max"_s});
    rows("google", "gemini-3.1-pro-preview", {u"minimal"_s, u"xhigh"_s, u"max"_s});
    rows("bedrock", "us.anthropic.claude-sonnet-4-5", {u"minimal"_s, u"xhigh"_s, u"max"_s});
    rows("openai", "gpt-5", {});
    rows("openai-chat", "gpt-5", {});
}

void tst_ReasoningBodies::changedEffortIsTold()
{
    QFETCH(const QString, provider);
    QFETCH(const QString, model);
    QFETCH(const QString, effort);
    QFETCH(const bool, isChanged);
    const ProviderInfo *row = m_registry->provider(provider);
    ChatRequest request = requestOf(u"plain"_s, provider);
    request.options.reasoningEffort = effort;
    const auto wire = wireOf(*m_registry, *row, model, request);
    QVERIFY(wire);
    QCOMPARE(wire->warnings.size(), isChanged ? 1 : 0);
    QVERIFY(!isChanged || wire->warnings.constFirst().contains(effort));
}

QTEST_GUILESS_MAIN(tst_ReasoningBodies)
#include "tst_reasoningbodies.moc"
