#include "core/client/answermeter.h"
#include "tests/core/client/engine.h"
#include "tests/support/teststatestore.h"

#include <QTest>

using core::AnswerMeter;
using core::AnswerReading;
using namespace std::chrono_literals;
using namespace tests;

namespace {

constexpr std::int64_t PicoPerInput = 1'000'000; // gpt-test: a dollar a million in, four out
constexpr std::int64_t PicoPerOutput = 4'000'000;

//! Cut inside words.
const QStringList Pieces{QStringLiteral("The wren"), QStringLiteral(" sat on a far"),
                         QStringLiteral("thing. int f("), QStringLiteral("); \u6700\u5c0f")};

std::int64_t countOf(const QString &text)
{
    static core::TextCounts counts;
    return counts.count(core::EncodingId::O200kBase, text).value_or(-1);
}

core::Route routeTo(Engine &engine, const QString &model, const QString &provider = {})
{
    core::Route route = engine.route();
    route.targets.first().model = model;
    if (!provider.isEmpty())
        route.targets.first().provider = provider;
    return route;
}

Answer piecesThenHold()
{
    Answer answer = Answer::stream({started(), delta(Pieces.first().toUtf8())});
    for (const QString &piece : Pieces.mid(1))
        answer.hold().write(delta(piece.toUtf8()));
    return answer.hold().write(stopped()).write(usage(12, 30)).write(done());
}

//! A running reply and what is read of it.
struct Metered
{
    explicit Metered(Engine &engine, const core::Route &route,
                     const QList<core::ContentPart> &before = {},
                     const core::TokenCalibration *calibration = nullptr)
        : forecast(engine.forecast(calibration))
        , watched(engine.send(route, &engine))
        , meter(forecast, *watched.reply, Engine::question(), before)
    {
    }

    //! The first reading; none if nothing can be read for long.
    [[nodiscard]] std::optional<AnswerReading> read()
    {
        std::optional<AnswerReading> reading;
        (void)QTest::qWaitFor([&] { return (reading = meter.read()).has_value(); }, 20'000);
        return reading;
    }

    core::CostForecast forecast;
    Watched watched;
    AnswerMeter meter;
};

} // namespace

//! What an answer has taken while it streams, before its service says so.
class tst_AnswerMeter : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void countsWhatHasCome_data();
    void countsWhatHasCome();
    void whatTheServiceToldCounts_data();
    void whatTheServiceToldCounts();
    void nothingIsReadBeforeAnAnswerBegins();
    void anotherAttemptBeginsAnew();
    void whatStoodBeforeIsNotCountedAgain();
    void thinkingAndToolCallsAreOutput();
    void speedIsOfWhatTheReaderSees();
    void modelsCountAsTheyDidBefore();
};

void tst_AnswerMeter::countsWhatHasCome_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("provider");
    QTest::addColumn<bool>("priced");
    QTest::addColumn<bool>("local");
    QTest::newRow("near") << "gpt-test" << QString() << true << false;
    QTest::newRow("own-encoding-no-price") << "gpt-4o" << QString() << false << false;
    QTest::newRow("at-home") << "gpt-test"
                             << "local" << true << true;
}

void tst_AnswerMeter::countsWhatHasCome()
{
    QFETCH(const QString, model);
    QFETCH(const QString, provider);
    Engine engine;
    engine.one.enqueue(piecesThenHold());
    Metered metered(engine, routeTo(engine, model, provider));
    QString text;
    for (const QString &piece : Pieces) {
        text += piece;
        QTRY_COMPARE(metered.watched.reply->text(), text);
        const auto reading = metered.read();
        QVERIFY(reading);
        QVERIFY(reading->inputTokens > 2); // "Say hello." and what stands around it
        QVERIFY(reading->inputTokens < 20);
        QCOMPARE(reading->outputTokens, countOf(text));
        QCOMPARE(reading->reasoningTokens, 0);
        QVERIFY(!reading->atLeast); // nobody has told what the prompt has
        QTEST(reading->local, "local");
        QTEST(reading->cost.complete, "priced");
        const std::int64_t cost =
            reading->inputTokens * PicoPerInput + reading->outputTokens * PicoPerOutput;
        const bool isPaid = reading->cost.complete && !reading->local;
        QCOMPARE(reading->cost.low.count(), isPaid ? cost : 0);
        QCOMPARE(reading->cost.high, reading->cost.low);
        QTRY_COMPARE(engine.one.held(), 1);
        engine.one.release();
    }
    QTRY_COMPARE(metered.watched.finished, 1);
    QVERIFY(!metered.meter.read()); // the ledger's figures hold from now on
}

void tst_AnswerMeter::whatTheServiceToldCounts_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<int>("output");
    QTest::addColumn<bool>("toldOutput");
    QTest::addColumn<bool>("atLeast");
    QTest::newRow("near-told-more") << "gpt-test" << 200 << true << false;
    QTest::newRow("near-told-less") << "gpt-test" << 1 << false << false;
    QTest::newRow("own-encoding") << "gpt-4o" << 1 << false << true;
}

void tst_AnswerMeter::whatTheServiceToldCounts()
{
    QFETCH(const QString, model);
    QFETCH(const int, output);
    QFETCH(const bool, toldOutput);
    Engine engine;
    const QString text = Pieces.join(QString());
    engine.one.enqueue(
        Answer::stream({started(), usage(1'234, output), delta(text.toUtf8())}).stall());
    Metered metered(engine, routeTo(engine, model));
    QTRY_COMPARE(metered.watched.reply->text(), text);
    const auto reading = metered.read();
    QVERIFY(reading);
    QCOMPARE(reading->inputTokens, 1'234);
    QCOMPARE(reading->outputTokens, toldOutput ? output : countOf(text));
    QTEST(reading->atLeast, "atLeast");
}

void tst_AnswerMeter::nothingIsReadBeforeAnAnswerBegins()
{
    Engine engine;
    engine.one.enqueue(Answer::stream({}).stall());
    engine.one.enqueue(refusal(500, "server_error"));
    Metered metered(engine, engine.route());
    QTRY_COMPARE(metered.watched.reply->state(), core::ReplyState::WaitingForFirstToken);
    const auto reading = metered.read(); // the service works: its prompt will be billed
    QVERIFY(reading);
    QCOMPARE(reading->outputTokens, 0);

    Engine other;
    other.one.enqueue(refusal(500, "server_error"));
    Metered refused(other, other.route());
    QVERIFY(!refused.meter.read());
    QTRY_COMPARE(refused.watched.reply->state(), core::ReplyState::WaitingToRetry);
    QVERIFY(!refused.meter.read());
}

void tst_AnswerMeter::anotherAttemptBeginsAnew()
{
    Engine engine;
    engine.one.enqueue(refusal(503, "server_error"));
    engine.two.enqueue(Answer::stream({started(), delta("Hello world")}).stall());
    core::Route route = engine.route({QStringLiteral("one"), QStringLiteral("two")});
    Metered metered(engine, route);
    // Somebody watches all the time, through the first one's waits as well.
    QTRY_VERIFY_WITH_TIMEOUT(
        [&] {
            (void)metered.meter.read();
            if (metered.watched.reply->state() == core::ReplyState::WaitingToRetry)
                engine.clock.advance(100ms); // elsewhere a busy machine would meet deadlines
            return metered.watched.reply->text() == QStringLiteral("Hello world");
        }(),
        20'000);
    const auto reading = metered.read();
    QVERIFY(reading);
    QCOMPARE(reading->outputTokens, countOf(QStringLiteral("Hello world")));
    QCOMPARE(reading->cost.low.count(),
             reading->inputTokens * PicoPerInput + reading->outputTokens * PicoPerOutput);
}

void tst_AnswerMeter::whatStoodBeforeIsNotCountedAgain()
{
    Engine engine;
    engine.one.enqueue(Answer::stream({started(), delta("The wren sat")}).stall());
    Metered metered(engine, engine.route(), {core::TextPart{QStringLiteral("The wren")}});
    QTRY_COMPARE(metered.watched.reply->text(), QStringLiteral("The wren sat"));
    const auto reading = metered.read();
    QVERIFY(reading);
    QCOMPARE(reading->outputTokens, countOf(QStringLiteral(" sat")));
}

void tst_AnswerMeter::thinkingAndToolCallsAreOutput()
{
    Engine engine;
    const QByteArray thought =
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":\"Birds are small.\"}}]}"
        "\n\n";
    engine.one.enqueue(Answer::stream({started(), thought, delta("Yes"), toolCall()}).stall());
    Metered metered(engine, engine.route());
    QTRY_VERIFY(metered.watched.reply->parts().size() == 3);
    const auto reading = metered.read();
    QVERIFY(reading);
    QCOMPARE(reading->reasoningTokens, countOf(QStringLiteral("Birds are small.")));
    const auto call = std::get<core::ToolCallPart>(metered.watched.reply->parts().constLast());
    QVERIFY(!call.arguments.isEmpty());
    const std::int64_t seen = reading->outputTokens - reading->reasoningTokens;
    QVERIFY(seen > countOf(QStringLiteral("Yes")));
    QVERIFY(seen <= countOf(QStringLiteral("Yes")) + countOf(QString::fromUtf8(call.arguments)));
}

void tst_AnswerMeter::speedIsOfWhatTheReaderSees()
{
    Engine engine;
    engine.one.enqueue(Answer::stream({started(), delta("one two three four")}).stall());
    Metered metered(engine, engine.route());
    QTRY_COMPARE(metered.watched.reply->text(), QStringLiteral("one two three four"));
    const auto early = metered.read();
    QVERIFY(early);
    QVERIFY(!early->tokensPerSecond); // a moment later it says something
    engine.clock.advance(2s);
    const auto reading = metered.read();
    QVERIFY(reading && reading->tokensPerSecond);
    QCOMPARE(*reading->tokensPerSecond, 2.0); // four tokens in two seconds
}

void tst_AnswerMeter::modelsCountAsTheyDidBefore()
{
    Engine engine;
    TestStateStore states(engine.clock);
    core::TokenCalibration calibration(states);
    for (int i = 0; i < core::TokenCalibration::FewestRatios; ++i)
        calibration.note(QStringLiteral("one"), QStringLiteral("gpt-test"), 1'000, 1'500);
    const QString text = QStringLiteral("The farthing bore a wren on its back. ").repeated(20);
    engine.one.enqueue(Answer::stream({started(), delta(text.toUtf8())}).stall());
    Metered metered(engine, engine.route(), {}, &calibration);
    QTRY_COMPARE(metered.watched.reply->text(), text);
    const auto reading = metered.read();
    QVERIFY(reading);
    QCOMPARE(reading->outputTokens, std::llround(static_cast<double>(countOf(text)) * 1.5));
}

QTEST_GUILESS_MAIN(tst_AnswerMeter)
#include "tst_answermeter.moc"
