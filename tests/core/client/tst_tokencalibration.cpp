#include "core/client/calibrationfeed.h"
#include "core/client/costforecast.h"
#include "core/client/tokenestimate.h"
#include "core/providers/builtinproviders.h"
#include "tests/core/client/engine.h"
#include "tests/core/store/storefixture.h"
#include "tests/support/teststatestore.h"

#include <QJsonArray>

#include <cmath>
#include <limits>

using core::TokenCalibration;
using namespace tests;

namespace {

const QString Provider = QStringLiteral("one");
const QString Model = QStringLiteral("gpt-test");

//! \p times the same ratio, in percent.
void feed(TokenCalibration &calibration, int percent, int times = 1)
{
    for (int i = 0; i < times; ++i)
        calibration.note(Provider, Model, 1'000, 10 * std::int64_t(percent));
}

core::ChatRequest longQuestion(const QString &more = {})
{
    core::ChatRequest request;
    request.messages = {
        {core::Role::User,
         {core::TextPart{QStringLiteral("The farthing was the smallest British coin and bore a "
                                        "wren on its back. ")
                             .repeated(12) +
                         more}}}};
    request.options.maxOutputTokens = 1'000;
    return request;
}

std::int64_t nearCount(const core::ChatRequest &request)
{
    core::TextCounts counts;
    return core::likelyInput(core::estimateInput(request, core::countNear(counts)), request);
}

int billed(const core::ChatRequest &request, double factor)
{
    return static_cast<int>(std::lround(static_cast<double>(nearCount(request)) * factor));
}

Answer answerWith(const QByteArray &usage)
{
    return Answer::stream({started(), delta("Yes"), stopped(), usage, done()});
}

//! The engine, and what it learns.
struct LearningEngine
{
    Engine engine;
    TestStateStore states{engine.clock};
    TokenCalibration calibration{states};
    core::CalibrationFeed feed{engine.client, calibration, std::make_shared<core::TextCounts>(),
                               nullptr};

    //! Asks, and waits for what is counted in the pool.
    [[nodiscard]] bool ask(const core::ChatRequest &request, const QByteArray &usage,
                           const QString &model = Model)
    {
        engine.one.enqueue(answerWith(usage));
        core::Route route = engine.route();
        route.targets.first().model = model;
        Watched watched(engine.send(request, route, &engine));
        const bool answered = engine.run(watched) && watched.reply->result();
        QThreadPool::globalInstance()->waitForDone();
        QCoreApplication::processEvents(); // what the pool found comes to this thread
        return answered;
    }
    [[nodiscard]] qsizetype learnt(const QString &model = Model) const
    {
        const auto saved = states.state({QStringLiteral("calibration"), Provider, 0, {}});
        const QJsonArray models =
            saved ? saved->value[QStringLiteral("models")].toArray() : QJsonArray();
        for (const QJsonValue &one : models) {
            if (one[QStringLiteral("model")] == model)
                return one[QStringLiteral("ratios")].toArray().size();
        }
        return 0;
    }
    [[nodiscard]] core::Forecast forecast(const core::ChatRequest &request,
                                          const QString &model = Model) const
    {
        auto registry = core::ProviderRegistry::fromJson(core::builtInProviders());
        core::ProviderInfo info;
        info.id = Provider;
        info.protocol = QStringLiteral("openai-chat");
        info.priceProvider = QStringLiteral("test");
        registry->add(info);
        const auto prices = core::PriceCatalogue::fromJson(pricesJson());
        core::Target target = engine.target(Provider);
        target.model = model;
        const auto told =
            core::CostForecast(*registry, *prices, std::make_shared<core::TextCounts>(),
                               engine.clock, nullptr, &calibration)
                .of({{request, target}}, {});
        return QTest::qWaitFor([&told] { return told.isFinished(); }, 20'000)
                   ? told.result().first()
                   : core::Forecast{};
    }
};

} // namespace

//! What services report of prompts that we can only count near, and what is made of it.
class tst_TokenCalibration : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void saysNothingTooEarly();
    void converges();
    void oneOutlierMovesOnlyTheBounds();
    void oldRatiosGo();
    void modelsAreBounded();
    void nonsenseIsNotNoted_data();
    void nonsenseIsNotNoted();
    void spoiltStateIsRefused_data();
    void spoiltStateIsRefused();
    void outlivesTheProgram();
    void processesKeepEachOthers();
    void forecastLearns();
    void picturesStayWide();
    void notLearntFrom_data();
    void notLearntFrom();
    void setAsideIsNotLowered();
};

void tst_TokenCalibration::saysNothingTooEarly()
{
    const FakeClock clock;
    TestStateStore states(clock);
    TokenCalibration calibration(states);
    for (int i = 0; i < TokenCalibration::FewestRatios; ++i) {
        QCOMPARE(calibration.spread(Provider, Model), std::nullopt);
        feed(calibration, 130);
    }
    QVERIFY(calibration.spread(Provider, Model));
    QCOMPARE(calibration.spread(Provider, QStringLiteral("another")), std::nullopt);
    QCOMPARE(calibration.spread(QStringLiteral("two"), Model), std::nullopt);
}

void tst_TokenCalibration::converges()
{
    const FakeClock clock;
    TestStateStore states(clock);
    TokenCalibration calibration(states);
    SeededRandom random(3);
    for (int i = 0; i < 40; ++i)
        feed(calibration, 120 + static_cast<int>(random.bits() % 21));
    const auto spread = calibration.spread(Provider, Model);
    QVERIFY(spread);
    QVERIFY2(std::abs(spread->likely - 1.3) < 0.03, qPrintable(QString::number(spread->likely)));
    QVERIFY(spread->low >= 1.2 && spread->low < 1.25);
    QVERIFY(spread->high <= 1.4 && spread->high > 1.35);
}

void tst_TokenCalibration::oneOutlierMovesOnlyTheBounds()
{
    const FakeClock clock;
    TestStateStore states(clock);
    TokenCalibration calibration(states);
    feed(calibration, 130, 9);
    feed(calibration, 700);
    QCOMPARE(calibration.spread(Provider, Model),
             std::optional(TokenCalibration::Spread{1.3, 1.3, 7.0}));
}

void tst_TokenCalibration::oldRatiosGo()
{
    const FakeClock clock;
    TestStateStore states(clock);
    TokenCalibration calibration(states);
    feed(calibration, 300, 10);
    feed(calibration, 90, static_cast<int>(TokenCalibration::MostRatios));
    QCOMPARE(calibration.spread(Provider, Model),
             std::optional(TokenCalibration::Spread{0.9, 0.9, 0.9}));
}

void tst_TokenCalibration::modelsAreBounded()
{
    const FakeClock clock;
    TestStateStore states(clock);
    TokenCalibration calibration(states);
    feed(calibration, 130, 5);
    const auto other = [&calibration](qsizetype number) {
        calibration.note(Provider, QStringLiteral("other-%1").arg(number), 1'000, 900);
    };
    for (qsizetype i = 1; i < TokenCalibration::MostModels; ++i)
        other(i);
    QVERIFY(calibration.spread(Provider, Model));
    feed(calibration, 130); // used again: another one is the oldest now
    other(TokenCalibration::MostModels);
    QVERIFY(calibration.spread(Provider, Model));
    for (qsizetype i = 1; i < TokenCalibration::MostModels; ++i)
        other(100 + i);
    other(200);
    QCOMPARE(calibration.spread(Provider, Model), std::nullopt);
}

void tst_TokenCalibration::nonsenseIsNotNoted_data()
{
    QTest::addColumn<qint64>("estimate");
    QTest::addColumn<qint64>("actual");
    QTest::newRow("no-estimate") << qint64(0) << qint64(100);
    QTest::newRow("negative-estimate") << qint64(-100) << qint64(-130);
    QTest::newRow("short-prompt") << qint64(8) << qint64(9);
    QTest::newRow("nothing-counted") << qint64(1'000) << qint64(0);
    QTest::newRow("negative-count") << qint64(1'000) << qint64(-1'300);
    QTest::newRow("too-few") << qint64(1'000) << qint64(100);
    QTest::newRow("too-many") << qint64(1'000) << qint64(9'000);
    QTest::newRow("huge") << qint64(1'000) << std::numeric_limits<qint64>::max();
}

void tst_TokenCalibration::nonsenseIsNotNoted()
{
    QFETCH(const qint64, estimate);
    QFETCH(const qint64, actual);
    const FakeClock clock;
    TestStateStore states(clock);
    TokenCalibration calibration(states);
    for (int i = 0; i < 10; ++i)
        calibration.note(Provider, Model, estimate, actual);
    QCOMPARE(calibration.spread(Provider, Model), std::nullopt);
    QCOMPARE(states.keys(QStringLiteral("calibration")), QList<core::StateKey>());
}

void tst_TokenCalibration::spoiltStateIsRefused_data()
{
    QTest::addColumn<QJsonValue>("ratio");
    QTest::newRow("nan") << QJsonValue(std::numeric_limits<double>::quiet_NaN());
    QTest::newRow("infinite") << QJsonValue(std::numeric_limits<double>::infinity());
    QTest::newRow("negative") << QJsonValue(-1.3);
    QTest::newRow("zero") << QJsonValue(0);
    QTest::newRow("huge") << QJsonValue(1e300);
    QTest::newRow("text") << QJsonValue(QStringLiteral("1.3"));
    QTest::newRow("null") << QJsonValue();
    QTest::newRow("array") << QJsonValue(QJsonArray{1.3});
}

void tst_TokenCalibration::spoiltStateIsRefused()
{
    QFETCH(const QJsonValue, ratio);
    const FakeClock clock;
    TestStateStore states(clock);
    TokenCalibration calibration(states);
    QJsonArray ratios;
    for (int i = 0; i < 10; ++i)
        ratios.append(ratio);
    const auto saveWith = [&states](const QJsonValue &models) {
        states.save({QStringLiteral("calibration"), Provider, 0, {}},
                    {{QStringLiteral("models"), models}});
    };
    const auto model = [](const QJsonArray &of) {
        return QJsonObject{{QStringLiteral("model"), Model}, {QStringLiteral("ratios"), of}};
    };
    saveWith(QJsonArray{model(ratios), 7, QJsonArray()});
    QCOMPARE(calibration.spread(Provider, Model), std::nullopt);
    saveWith(ratio);
    QCOMPARE(calibration.spread(Provider, Model), std::nullopt);
    // Among good ones it is passed over.
    for (int i = 0; i < 5; ++i)
        ratios.append(1.5);
    saveWith(QJsonArray{model(ratios)});
    QCOMPARE(calibration.spread(Provider, Model),
             std::optional(TokenCalibration::Spread{1.5, 1.5, 1.5}));
    // A long list is cut, and what is noted next is kept with the good ones alone.
    for (int i = 0; i < 1'000; ++i)
        ratios.append(1.5);
    saveWith(QJsonArray{model(ratios)});
    feed(calibration, 150);
    const auto saved = states.state({QStringLiteral("calibration"), Provider, 0, {}});
    QCOMPARE(saved->value[QStringLiteral("models")][0][QStringLiteral("ratios")].toArray().size(),
             TokenCalibration::MostRatios);
}

void tst_TokenCalibration::outlivesTheProgram()
{
    StoreFixture fixture;
    {
        const auto store = fixture.open();
        TokenCalibration calibration(store->states());
        feed(calibration, 130, 4);
        feed(calibration, 140);
    }
    const auto store = fixture.open();
    const TokenCalibration calibration(store->states());
    QCOMPARE(calibration.spread(Provider, Model),
             std::optional(TokenCalibration::Spread{1.3, 1.3, 1.4}));
}

//! `farthing ask` beside an open window.
void tst_TokenCalibration::processesKeepEachOthers()
{
    StoreFixture fixture;
    {
        const auto window = fixture.open();
        TokenCalibration calibration(window->states());
        feed(calibration, 130, 2);
        QVERIFY(awaited(window->journal().drained()));
        {
            const auto verb = fixture.open(core::SessionKind::Verb);
            TokenCalibration other(verb->states());
            feed(other, 140, 2);
        }
        feed(calibration, 150);
    }
    const auto store = fixture.open();
    QCOMPARE(TokenCalibration(store->states()).spread(Provider, Model),
             std::optional(TokenCalibration::Spread{1.3, 1.4, 1.5}));
}

void tst_TokenCalibration::forecastLearns()
{
    LearningEngine learning;
    const core::ChatRequest request = longQuestion();
    const core::Forecast before = learning.forecast(request);
    QVERIFY(!before.counted);
    QCOMPARE(before.inputTokens, nearCount(request));
    for (int i = 0; i < 6; ++i) {
        const core::ChatRequest asked = longQuestion(QStringLiteral("Again. ").repeated(i * 10));
        QVERIFY(learning.ask(asked, usage(billed(asked, 1.3), 2)));
        QCOMPARE(learning.learnt(), i + 1);
    }
    const core::Forecast after = learning.forecast(request);
    QVERIFY(!after.counted); // an estimate all the same
    const std::int64_t right = billed(request, 1.3);
    QVERIFY2(std::abs(after.inputTokens - right) <= 1,
             qPrintable(QStringLiteral("%1, not %2").arg(after.inputTokens).arg(right)));
    QVERIFY(after.inputLow <= right && after.inputHigh >= right);
    QCOMPARE(after.inputLeast, before.inputLow); // what is sure stays what it was
    QVERIFY(after.inputHigh - after.inputLow < (before.inputHigh - before.inputLow) / 4);
    QVERIFY(after.cost.low > before.cost.low && after.cost.high < before.cost.high);
    QVERIFY(after.cost.low < after.cost.high);

    // One that was counted quite differently is in the range from now on.
    QVERIFY(learning.ask(request, usage(billed(request, 2.5), 2)));
    const core::Forecast wider = learning.forecast(request);
    QCOMPARE(wider.inputTokens, after.inputTokens);
    QVERIFY(wider.inputHigh >= billed(request, 2.5));
}

void tst_TokenCalibration::picturesStayWide()
{
    LearningEngine learning;
    for (int i = 0; i < 5; ++i)
        learning.calibration.note(Provider, Model, 1'000, 1'300);
    core::ChatRequest request = longQuestion();
    const core::Forecast words = learning.forecast(request);
    request.messages.first().parts.append(
        core::AttachmentPart{QStringLiteral("a.png"), QStringLiteral("image/png"), "x"});
    const core::Forecast both = learning.forecast(request);
    QCOMPARE(both.inputLow - words.inputLow, core::LeastImageTokens);
    QVERIFY(both.inputHigh - words.inputHigh > 5'000);
}

void tst_TokenCalibration::notLearntFrom_data()
{
    QTest::addColumn<core::ContentPart>("more");
    QTest::addColumn<QByteArray>("usage");
    QTest::addColumn<QString>("model");
    QTest::addColumn<int>("learnt");
    const core::ContentPart text = core::TextPart{QStringLiteral("And?")};
    const auto file = [](const char *type) -> core::ContentPart {
        return core::AttachmentPart{QStringLiteral("a"), QString::fromLatin1(type), "x"};
    };
    QTest::newRow("words") << text << usage(300, 2) << Model << 1;
    QTest::newRow("text-file") << file("text/plain") << usage(300, 2) << Model << 1;
    QTest::newRow("picture") << file("image/png") << usage(300, 2) << Model << 0;
    QTest::newRow("document") << file("application/pdf") << usage(300, 2) << Model << 0;
    QTest::newRow("reasoning") << core::ContentPart(
                                      core::ReasoningPart{QStringLiteral("Hm."), {}, {}, {}})
                               << usage(300, 2) << Model << 0;
    QTest::newRow("no-usage") << text << QByteArray() << Model << 0;
    QTest::newRow("known-tokenizer") << text << usage(300, 2) << QStringLiteral("gpt-4o") << 0;
    // OpenAI's input holds what was read from the cache: the sum is what counts.
    QTest::newRow("cached") << text
                            << QByteArray(R"(data: {"choices":[],"usage":{"prompt_tokens":300,)"
                                          R"("completion_tokens":2,"total_tokens":302,)"
                                          R"("prompt_tokens_details":{"cached_tokens":256}}})"
                                          "\n\n")
                            << Model << 1;
}

void tst_TokenCalibration::notLearntFrom()
{
    QFETCH(const core::ContentPart, more);
    QFETCH(const QByteArray, usage);
    QFETCH(const QString, model);
    QFETCH(const int, learnt);
    LearningEngine learning;
    core::ChatRequest request = longQuestion();
    request.messages.first().parts.append(more);
    QVERIFY(learning.ask(request, usage, model));
    QCOMPARE(learning.learnt(model), learnt);
    if (learnt == 0)
        return;
    const auto saved = learning.states.state({QStringLiteral("calibration"), Provider, 0, {}});
    const double ratio =
        saved->value[QStringLiteral("models")][0][QStringLiteral("ratios")][0].toDouble();
    QCOMPARE(ratio, 300.0 / static_cast<double>(nearCount(request)));
}

//! A hard budget holds whatever was seen before: the most stays that of any tokenizer.
void tst_TokenCalibration::setAsideIsNotLowered()
{
    LearningEngine learning;
    const core::ChatRequest request = longQuestion();
    for (int i = 0; i < 7; ++i)
        QVERIFY(learning.ask(request, usage(billed(request, 0.7), 2)));
    const core::Forecast forecast = learning.forecast(request);
    QVERIFY(forecast.inputTokens < nearCount(request));
    const core::Reservation first = learning.engine.journal.openings().first().reservation;
    const core::Reservation last = learning.engine.journal.openings().last().reservation;
    QCOMPARE(last.tokens, first.tokens);
    QCOMPARE(last.money, first.money);
    QCOMPARE(last.tokens, core::estimateInput(request).high() + 1'000);
    QVERIFY(last.money > forecast.cost.high);
}

QTEST_GUILESS_MAIN(tst_TokenCalibration)
#include "tst_tokencalibration.moc"
