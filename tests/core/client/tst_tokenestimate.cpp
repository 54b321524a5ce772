#include "core/chat/attachment.h"
#include "core/client/costforecast.h"
#include "core/client/tokenestimate.h"
#include "core/providers/builtinproviders.h"

#include <QTest>

using core::TokenEstimate;

class tst_TokenEstimate : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void enclosesRealCounts_data();
    void enclosesRealCounts();
    void piecesAddUp();
    void wholeRequestIsCounted();
    void countedTextIsExact();
    void largePicturesHaveRoom();
    void templateIsOfTheFamily();
    void forecasts_data();
    void forecasts();
    void serviceCountIsTaken_data();
    void serviceCountIsTaken();
};

//! Counted with o200k_base and cl100k_base (npm tiktoken 1.0, 2026-11-23).
void tst_TokenEstimate::enclosesRealCounts_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("o200k");
    QTest::addColumn<int>("cl100k");
    QTest::newRow("nothing") << QString() << 0 << 0;
    QTest::newRow("english") << QStringLiteral("The farthing was the smallest British coin and "
                                               "bore a wren on its back; it was withdrawn "
                                               "in 1960.")
                             << 25 << 25;
    QTest::newRow("long-words") << QStringLiteral("international understanding representation "
                                                  "communication organization responsibility")
                                << 6 << 6;
    QTest::newRow("code")
        << QStringLiteral(
               "for (qsizetype i = 0; i < parts.size(); ++i) {\n    if (parts.at(i).isEmpty())\n"
               "        return false;\n}\n")
        << 34 << 33;
    QTest::newRow("digits") << QStringLiteral("31415926535897932384626433832795028841971693993751")
                            << 17 << 17;
    QTest::newRow("base64")
        << QStringLiteral(
               "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7Zm9vYmFyYmF6cXV4")
        << 40 << 45;
    QTest::newRow("punctuation") << QStringLiteral("!?!?;;::--==++//\\\\||&&%%$$##@@") << 16 << 16;
    QTest::newRow("blanks") << QString(64, QLatin1Char(' ')) << 1 << 1;
    QTest::newRow("german") << QStringLiteral("Die Verhältnismäßigkeitsprüfung der "
                                              "Donaudampfschifffahrtsgesellschaft erübrigt sich.")
                            << 23 << 31;
    QTest::newRow("chinese") << QStringLiteral("请用一句话解释什么是人工智能，以及它为什么重要。")
                             << 14 << 29;
    QTest::newRow("japanese") << QStringLiteral("人工知能とは何か、一文で説明してください。") << 12
                              << 18;
    QTest::newRow("hindi") << QStringLiteral("कृत्रिम बुद्धिमत्ता क्या है, एक वाक्य में समझाइए।") << 19 << 50;
    QTest::newRow("arabic") << QStringLiteral("ما هو الذكاء الاصطناعي؟ اشرحه في جملة واحدة.") << 18
                            << 34;
    QTest::newRow("emoji") << QStringLiteral("👩‍🚀🏳️‍🌈👍🏽🇩🇪") << 18
                           << 29;
}

void tst_TokenEstimate::enclosesRealCounts()
{
    QFETCH(const QString, text);
    QFETCH(const int, o200k);
    QFETCH(const int, cl100k);
    TokenEstimate units, bytes;
    units.add(text);
    bytes.addBytes(text.toUtf8());
    for (const TokenEstimate &estimate : {units, bytes}) {
        QVERIFY2(estimate.low() <= std::min(o200k, cl100k),
                 qPrintable(QString::number(estimate.low())));
        QVERIFY2(estimate.high() >= std::max(o200k, cl100k),
                 qPrintable(QString::number(estimate.high())));
    }
    QCOMPARE(units.high(), bytes.high());
}

void tst_TokenEstimate::piecesAddUp()
{
    const QString text = QStringLiteral("One two  three, 四 five");
    TokenEstimate whole;
    whole.add(text);
    for (qsizetype cut = 0; cut <= text.size(); ++cut) {
        TokenEstimate pieces;
        pieces.add(QStringView(text).first(cut));
        pieces.add(QStringView(text).sliced(cut));
        QCOMPARE(pieces.low(), whole.low());
        QCOMPARE(pieces.high(), whole.high());
    }
    QCOMPARE(whole.low(), 5);
}

void tst_TokenEstimate::wholeRequestIsCounted()
{
    core::ChatRequest request;
    auto grown = [&request, last = core::estimateInput({}).high()]() mutable {
        const auto now = core::estimateInput(request).high();
        return now > std::exchange(last, now);
    };
    request.options.system = QStringLiteral("Be brief.");
    QVERIFY(grown());
    request.messages.append({core::Role::User, {core::TextPart{QStringLiteral("Hello")}}});
    QVERIFY(grown());
    request.messages.first().parts.append(
        core::AttachmentPart{QStringLiteral("a.png"), QStringLiteral("image/png"), "x"});
    QVERIFY(grown());
    request.messages.first().parts.append(
        core::AttachmentPart{QStringLiteral("a.txt"), QStringLiteral("text/plain"), "a b c"});
    QVERIFY(grown());
    request.messages.append({core::Role::Assistant,
                             {core::ToolCallPart{QStringLiteral("1"), QStringLiteral("f"), "{}"}}});
    QVERIFY(grown());
    request.messages.append(
        {core::Role::Tool,
         {core::ToolResultPart{QStringLiteral("1"), QStringLiteral("42"), false}}});
    QVERIFY(grown());
    request.tools.append({QStringLiteral("f"), QStringLiteral("Finds."), "{}"});
    QVERIFY(grown());
    request.options.jsonSchema = "{\"type\":\"object\"}";
    QVERIFY(grown());
}

void tst_TokenEstimate::countedTextIsExact()
{
    const core::CountText characters = [](QStringView text) { return std::optional(text.size()); };
    core::ChatRequest request;
    request.options.system = QStringLiteral("12345");
    const core::AttachmentPart file{QStringLiteral("a.txt"), QStringLiteral("text/plain"), "123"};
    request.messages.append({core::Role::User, {core::TextPart{QStringLiteral("1234567")}, file}});
    core::PromptCount count = core::countPrompt(request, characters);
    QVERIFY(count.isCounted);
    QCOMPARE(count.tokens.low(), 5 + 7 + core::promptText(file).size() + 1); // its name goes along
    QVERIFY(count.tokens.high() < count.tokens.low() + 30); // the template around the turns
    request.messages.first().parts.append(
        core::AttachmentPart{QStringLiteral("a.png"), QStringLiteral("image/png"), "x"});
    count = core::countPrompt(request, characters);
    QVERIFY(!count.isCounted);
    QVERIFY(count.tokens.high() > 1'000);
}

//! GPT-4o mini counts a picture as six times what is guessed of any: it is set aside.
void tst_TokenEstimate::largePicturesHaveRoom()
{
    core::ChatRequest request;
    request.messages.append(
        {core::Role::User,
         {core::AttachmentPart{QStringLiteral("a.png"), QStringLiteral("image/png"),
                               QByteArray::fromHex("89504e470d0a1a0a0000000d49484452000004b0000003"
                                                   "200802000000")}}}); // 1,200 x 800
    const auto most = [&](const char *model) {
        return core::estimateInput(request, {}, QString::fromLatin1(model)).high();
    };
    QVERIFY(most("") < 6'100);
    QVERIFY(most("gpt-4o") < 6'100); // its own is less
    QVERIFY(most("gpt-4o-mini") >= 2'833 + 6 * 5'667);
}

void tst_TokenEstimate::templateIsOfTheFamily()
{
    core::ChatRequest request;
    request.options.system = QStringLiteral("Be brief.");
    request.messages = {{core::Role::User, {core::TextPart{QStringLiteral("a")}}},
                        {core::Role::Assistant, {core::TextPart{QStringLiteral("b")}}},
                        {core::Role::User, {core::TextPart{QStringLiteral("c")}}}};
    const core::CountText characters = [](QStringView text) { return std::optional(text.size()); };
    const auto around = [&](const char *model) {
        const QString id = QString::fromLatin1(model);
        const TokenEstimate estimate = core::estimateInput(request, characters, id);
        const std::int64_t likely = core::likelyInput(estimate, request, id);
        return likely <= estimate.high() ? likely - 9 - 3 : -1;
    };
    QCOMPARE(around("gpt-4o"), 3 * 4 + 4 + 3);
    QCOMPARE(around("claude-haiku-4-5"), 3 * 4 + 5);
    QCOMPARE(around("gemini-2.5-flash"), 3);
    QCOMPARE(around("mistral-large-2407"), 2 * 2 + 1 + 1);
    QCOMPARE(around("gpt-oss:20b"), 3 * 4 + 7 + 63);
    request.tools.append(core::ToolDefinition());
    QCOMPARE(around("claude-haiku-4-5"), 3 * 4 + 5 + 346);
}

void tst_TokenEstimate::forecasts_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QString>("model");
    QTest::addColumn<bool>("counted");
    QTest::addColumn<int>("around");  // tokens of the family's template
    QTest::addColumn<QString>("low"); // empty: no price is known
    QTest::addColumn<QString>("high");
    // 25 tokens of text, from 1 to 24 around them; 1,000 out. GPT-4o: $2.50 and $10.
    QTest::newRow("counted") << QStringLiteral("openai") << QStringLiteral("gpt-4o") << true
                             << 4 + 3 << QStringLiteral("0.000065") << QStringLiteral("0.0101225");
    // 19 words, 105 bytes. Claude Haiku 4.5: $1 and $5.
    QTest::newRow("guessed") << QStringLiteral("anthropic") << QStringLiteral("claude-haiku-4-5")
                             << false << 4 + 5 << QStringLiteral("0.00002")
                             << QStringLiteral("0.005089");
    QTest::newRow("unpriced") << QStringLiteral("openai") << QStringLiteral("gpt-5-of-tomorrow-x")
                              << true << 4 + 3 << QString() << QString();
    QTest::newRow("local") << QStringLiteral("ollama") << QStringLiteral("qwen3:8b") << false
                           << 4 + 3 << QStringLiteral("0") << QStringLiteral("0");
}

void tst_TokenEstimate::forecasts()
{
    QFETCH(const QString, provider);
    QFETCH(const QString, model);
    QFETCH(const bool, counted);
    QFETCH(const int, around);
    QFETCH(const QString, low);
    QFETCH(const QString, high);
    const auto registry = core::ProviderRegistry::fromJson(core::builtInProviders());
    const auto prices = core::PriceCatalogue::fromJson(core::builtInPrices());
    QVERIFY(registry && prices);
    const core::SystemClock clock;
    core::ForecastQuestion question;
    question.target.provider = provider;
    question.target.model = model;
    question.request.options.maxOutputTokens = 1'000;
    question.request.messages.append(
        {core::Role::User,
         {core::TextPart{
             QStringLiteral("The farthing was the smallest British coin and bore a wren "
                            "on its back; it was withdrawn in 1960.")}}});
    QFuture<QList<core::Forecast>> future =
        core::CostForecast(*registry, *prices, std::make_shared<core::TextCounts>(), clock, nullptr)
            .of({question, question}, {});
    QTRY_VERIFY(future.isFinished());
    QCOMPARE(future.result().size(), 2);
    const core::Forecast forecast = future.result().first();
    QCOMPARE(future.result().last(), forecast);
    QCOMPARE(forecast.counted, counted);
    QCOMPARE(forecast.inputTokens, 25 + around); // by o200k_base, exact or not
    QVERIFY(forecast.inputLow <= forecast.inputTokens);
    QVERIFY(forecast.inputHigh >= forecast.inputTokens);
    QCOMPARE(forecast.cost.complete, !low.isEmpty());
    if (!low.isEmpty()) {
        QCOMPARE(forecast.cost.low.toDecimal(), low);
        QCOMPARE(forecast.cost.high.toDecimal(), high);
    }
}

void tst_TokenEstimate::serviceCountIsTaken_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<bool>("whole");
    for (const char *model : {"claude-haiku-4-5", "gpt-4o"}) {
        for (const bool whole : {true, false})
            QTest::addRow("%s-%s", model, whole ? "whole" : "text")
                << QString::fromLatin1(model) << whole;
    }
}

//! With a picture, whose tokens the service knows and we do not.
void tst_TokenEstimate::serviceCountIsTaken()
{
    QFETCH(const QString, model);
    QFETCH(const bool, whole);
    const auto registry = core::ProviderRegistry::fromJson(core::builtInProviders());
    const auto prices = core::PriceCatalogue::fromJson(core::builtInPrices());
    const core::SystemClock clock;
    core::ForecastQuestion question;
    question.target.provider =
        model.startsWith(u'g') ? QStringLiteral("openai") : QStringLiteral("anthropic");
    question.target.model = model;
    question.request.messages.append(
        {core::Role::User,
         {core::TextPart{QStringLiteral("What is this?")},
          core::AttachmentPart{QStringLiteral("a.png"), QStringLiteral("image/png"), "x"}}});
    core::ForecastQuestion counted = question;
    counted.counted = core::TokenCount{1'500, whole};
    const auto future =
        core::CostForecast(*registry, *prices, std::make_shared<core::TextCounts>(), clock, nullptr)
            .of({question, counted}, {});
    QTRY_VERIFY(future.isFinished());
    const core::Forecast guess = future.result().first();
    const core::Forecast told = future.result().last();
    QVERIFY(!guess.byService && told.byService);
    QCOMPARE(told.byServiceWhole, whole);
    QCOMPARE(told.inputTokens, 1'500);
    QCOMPARE(told.inputLow, 1'500);
    QCOMPARE(told.inputHigh == told.inputLow, whole); // else the picture may come on top
    QCOMPARE(told.inputLeast, guess.inputLeast);
    QVERIFY(told.cost.complete && told.cost.low > guess.cost.low);
}

QTEST_GUILESS_MAIN(tst_TokenEstimate)
#include "tst_tokenestimate.moc"
