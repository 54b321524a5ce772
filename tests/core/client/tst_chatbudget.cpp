#include "core/client/continuation.h"
#include "core/client/tokenestimate.h"
#include "tests/core/client/engine.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using core::Consent;
using core::ErrorKind;
using core::LimitPeriod;
using core::LimitUnit;
using core::PicoUsd;
using namespace tests;

namespace {

constexpr std::int64_t OutputToken = 4'000'000; // pico-USD, by the tests' prices

core::Shortfall dayIsShort(std::int64_t left, LimitUnit unit = LimitUnit::Money)
{
    core::Shortfall shortfall;
    shortfall.unit = unit;
    shortfall.period = LimitPeriod::Day;
    shortfall.budgetId = 9;
    shortfall.left = left;
    return shortfall;
}

std::optional<int> sentMaximum(const core::LoopbackRequest &request)
{
    const QJsonValue maximum = QJsonDocument::fromJson(request.body)
                                   .object()
                                   .value(QStringLiteral("max_completion_tokens"));
    const QJsonValue old =
        QJsonDocument::fromJson(request.body).object().value(QStringLiteral("max_tokens"));
    const QJsonValue &said = maximum.isUndefined() ? old : maximum;
    return said.isUndefined() ? std::nullopt : std::optional(said.toInt());
}

} // namespace

//! What budgets and caps make of a request: not sent, shorter, or as it was.
class tst_ChatBudget : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void worstCaseIsSetAside();
    void unknownPriceIsNeverFree();
    void countedPromptSetsLessAside();
    void continuationSetsItsInstructionAside();
    void refusedOpeningSendsNothing();
    void answerThatWouldFit_data();
    void answerThatWouldFit();
    void hardBudgetGoesIntoTheRequest();
    void modelsOwnMaximumIsNotPassed_data();
    void modelsOwnMaximumIsNotPassed();
    void softBudgetLeavesTheRequestAlone();
    void capShortensTheAnswer();
    void capIsSharedByRetries();
    void capCountsWhatHasNoPrice();
    void capWithoutRoomSendsNothing();
    void capDoesNotBindPractice();
    void termsAreHandedOn();
};

void tst_ChatBudget::worstCaseIsSetAside()
{
    Engine engine;
    engine.one.enqueue(hello());
    Watched watched(engine.send());
    QVERIFY(engine.run(watched));
    const core::AttemptOpening &opening = engine.journal.openings().first();
    QCOMPARE(opening.reservation.money, opening.worstCase.high);
    QVERIFY(opening.reservation.money.count() > 1'000 * OutputToken);
    QVERIFY(opening.reservation.tokens > 1'000);
    QCOMPARE(opening.reservation.provider, QStringLiteral("one"));
    QVERIFY(engine.journal.closedAttempts().first().cost.total.high <= opening.reservation.money);
}

void tst_ChatBudget::unknownPriceIsNeverFree()
{
    Engine engine;
    engine.one.enqueue(hello());
    core::Route route = engine.route();
    route.targets.first().model = QStringLiteral("nobody-knows-it");
    Watched watched(engine.send(route, &engine));
    QVERIFY(engine.run(watched));
    const core::AttemptOpening &opening = engine.journal.openings().first();
    QVERIFY(!opening.worstCase.complete);
    QVERIFY(opening.reservation.money.count() >= 1'000 * OutputToken); // as the dearest known
    // The answer names a model that is known after all; what has no price is estimated by tokens.
    const core::AttemptRecord &closed = engine.journal.closedAttempts().first();
    QVERIFY(closed.cost.total.complete || closed.mostItCost);
}

void tst_ChatBudget::countedPromptSetsLessAside()
{
    Engine engine;
    core::Route route = engine.route();
    route.targets.first().model = QStringLiteral("gpt-4o");
    const auto reserved = [&] {
        engine.one.enqueue(hello());
        Watched watched(engine.send(route, &engine));
        return engine.run(watched) ? engine.journal.openings().last().reservation.tokens : -1;
    };
    const std::int64_t guessed = reserved();
    QVERIFY(engine.counts.count(core::EncodingId::O200kBase, u"loads it"));
    const std::int64_t counted = reserved();
    QVERIFY2(counted > 1'000 && counted < guessed, qPrintable(QString::number(counted)));
    route.targets.first().model = QStringLiteral("nobody-knows-its-tokenizer");
    QCOMPARE(reserved(), guessed);
}

//! The sentence that asks for the rest goes along and costs.
void tst_ChatBudget::continuationSetsItsInstructionAside()
{
    Engine engine;
    engine.one.enqueue(hello());
    core::RequestContext context;
    context.answer.id = engine.ids.next();
    context.answer.parts = {core::TextPart{QStringLiteral("Hel")}};
    context.answer.pieces.append({engine.ids.next(), engine.target(QStringLiteral("one")), 3});
    Watched watched(engine.client.send(Engine::question(), engine.route(), context, &engine));
    QVERIFY(engine.run(watched));
    const core::ChatRequest sent =
        core::asInstruction(core::withAnswerSoFar(Engine::question(), context.answer.parts));
    QCOMPARE(engine.journal.openings().first().reservation.tokens,
             core::estimateInput(sent, {}, QStringLiteral("gpt-test")).high() + 1'000);
}

void tst_ChatBudget::refusedOpeningSendsNothing()
{
    Engine engine;
    engine.journal.refuseOpens(dayIsShort(1'000));
    Watched watched(engine.send());
    QVERIFY(engine.run(watched));
    QCOMPARE(watched.finished, 1);
    QCOMPARE(watched.started.size(), 0);
    QVERIFY(!watched.reply->result());
    const core::Error &error = watched.reply->result().error();
    QCOMPARE(error.kind, ErrorKind::BudgetExceeded);
    QCOMPARE(error.shortfall->budgetId, 9);
    QVERIFY(!error.shortfall->fittingOutput); // not even the question fits
    QCOMPARE(engine.requests(), 0);
    QCOMPARE(engine.journal.imbalance(), QString());
}

void tst_ChatBudget::answerThatWouldFit_data()
{
    QTest::addColumn<LimitUnit>("unit");
    QTest::addColumn<qint64>("left");
    QTest::addColumn<int>("least");
    QTest::addColumn<int>("most");
    QTest::newRow("money") << LimitUnit::Money << qint64(300 * OutputToken) << 280 << 299;
    QTest::newRow("money-for-all")
        << LimitUnit::Money << qint64(9'000 * OutputToken) << 1'000 << 1'000;
    QTest::newRow("tokens") << LimitUnit::Tokens << qint64(500) << 400 << 495;
}

void tst_ChatBudget::answerThatWouldFit()
{
    QFETCH(const LimitUnit, unit);
    QFETCH(const qint64, left);
    QFETCH(const int, least);
    QFETCH(const int, most);
    Engine engine;
    engine.journal.refuseOpens(dayIsShort(left, unit));
    Watched refused(engine.send());
    QVERIFY(engine.run(refused));
    const auto fitting = refused.reply->result().error().shortfall->fittingOutput;
    QVERIFY(fitting);
    QVERIFY2(*fitting >= least && *fitting <= most, qPrintable(QString::number(*fitting)));

    // Sent with that limit it does fit, and the service is told the limit.
    engine.journal.refuseOpens({});
    engine.one.enqueue(hello());
    core::SpendTerms terms;
    terms.maxOutputTokens = *fitting;
    Watched sent(engine.send(engine.route(), &engine, terms));
    QVERIFY(engine.run(sent));
    QVERIFY(sent.reply->result());
    QCOMPARE(sentMaximum(engine.one.requests().first()), *fitting);
    const core::Reservation &reservation = engine.journal.openings().last().reservation;
    QVERIFY((unit == LimitUnit::Money ? reservation.money.count() : reservation.tokens) <= left);
}

void tst_ChatBudget::hardBudgetGoesIntoTheRequest()
{
    Engine engine;
    engine.journal.limitOutput();
    engine.one.enqueue(hello());
    core::ChatRequest request;
    request.messages = {{core::Role::User, {core::TextPart{QStringLiteral("Say hello.")}}}};
    Watched watched(engine.client.send(request, engine.route(), {}, &engine));
    QVERIFY(engine.run(watched));
    // Nobody asked for a maximum, but this is what was set aside.
    QCOMPARE(sentMaximum(engine.one.requests().first()),
             std::optional(static_cast<int>(engine.client.options().assumedMaxOutput)));
}

void tst_ChatBudget::modelsOwnMaximumIsNotPassed_data()
{
    QTest::addColumn<std::optional<qint64>>("most"); // as the service lists it
    QTest::addColumn<std::optional<int>>("asked");
    QTest::addColumn<int>("sent");
    using Most = std::optional<qint64>;
    using Asked = std::optional<int>;
    QTest::newRow("shorter-than-assumed") << Most(4'096) << Asked() << 4'096;
    QTest::newRow("longer-than-assumed") << Most(64'000) << Asked() << 8'192;
    QTest::newRow("not-told") << Most() << Asked() << 8'192;
    QTest::newRow("the-users-own-word") << Most(4'096) << Asked(6'000) << 6'000;
}

//! A request that names more than its model has is refused, though nobody asked for so much.
void tst_ChatBudget::modelsOwnMaximumIsNotPassed()
{
    QFETCH(const std::optional<qint64>, most);
    QFETCH(const std::optional<int>, asked);
    QFETCH(const int, sent);
    class Listed final : public core::ModelBook
    {
    public:
        explicit Listed(std::optional<qint64> longest) { m_info.maxOutput = longest; }
        QString modelBehind(const core::Target &target) const override { return target.model; }
        core::ModelInfo infoOf(const core::Target &) const override { return m_info; }
        void learn(const core::Target &, const QString &) override {}

    private:
        core::ModelInfo m_info;
    };
    Listed models(most);
    Engine engine(&models);
    engine.journal.limitOutput();
    engine.one.enqueue(hello());
    core::ChatRequest request = Engine::question();
    request.options.maxOutputTokens = asked;
    Watched watched(engine.send(request, engine.route(), &engine));
    QVERIFY(engine.run(watched));
    QCOMPARE(sentMaximum(engine.one.requests().first()), std::optional(sent));
    const core::Reservation reserved = engine.journal.openings().first().reservation;
    QVERIFY(reserved.money.count() >= sent * OutputToken);
    QVERIFY(reserved.money.count() < (sent + 1'000) * OutputToken);
}

void tst_ChatBudget::softBudgetLeavesTheRequestAlone()
{
    Engine engine;
    engine.one.enqueue(hello());
    core::ChatRequest request;
    request.messages = {{core::Role::User, {core::TextPart{QStringLiteral("Say hello.")}}}};
    Watched watched(engine.client.send(request, engine.route(), {}, &engine));
    QVERIFY(engine.run(watched));
    QCOMPARE(sentMaximum(engine.one.requests().first()), std::nullopt);
}

void tst_ChatBudget::capShortensTheAnswer()
{
    Engine engine;
    engine.one.enqueue(hello());
    core::SpendTerms terms;
    terms.cap = PicoUsd(200 * OutputToken);
    Watched watched(engine.send(engine.route(), &engine, terms));
    QVERIFY(engine.run(watched));
    QVERIFY(watched.reply->result());
    const auto maximum = sentMaximum(engine.one.requests().first());
    QVERIFY(maximum && *maximum > 150 && *maximum < 200);
    QVERIFY(engine.journal.openings().first().reservation.money <= *terms.cap);
}

void tst_ChatBudget::capIsSharedByRetries()
{
    Engine engine;
    // The first one breaks off after headers: it may have cost its worst case, so nothing is left
    // for another one.
    engine.one.enqueue(Answer::stream({started()}).reset());
    engine.one.enqueue(hello());
    core::SpendTerms terms;
    terms.cap = PicoUsd(200 * OutputToken);
    Watched watched(engine.send(engine.route(), &engine, terms));
    QVERIFY(engine.run(watched));
    QCOMPARE(watched.finished, 1);
    PicoUsd most;
    for (const core::AttemptRecord &attempt : engine.journal.closedAttempts())
        most = core::saturatingSum(most, attempt.cost.total.high);
    QVERIFY(most <= *terms.cap);
    QVERIFY(!watched.reply->result());
    QCOMPARE(watched.reply->result().error().kind, ErrorKind::BudgetExceeded);
    QCOMPARE(watched.reply->result().error().shortfall->period, LimitPeriod::Message);
    QCOMPARE(engine.requests(), 1);

    // A refusal costs nothing: all of the cap is there for the retry.
    engine.one.enqueue(refusal(429, "rate_limit_error"));
    engine.one.enqueue(hello());
    Watched second(engine.send(engine.route(), &engine, terms));
    QVERIFY(engine.run(second));
    QVERIFY(second.reply->result());
}

//! What an attempt without a price may have cost is gone from the cap as well.
void tst_ChatBudget::capCountsWhatHasNoPrice()
{
    Engine engine;
    engine.one.enqueue(Answer::stream({started()}).reset());
    engine.one.enqueue(hello());
    core::Route route = engine.route();
    route.targets.first().model = QStringLiteral("nobody-knows-it");
    core::SpendTerms terms;
    terms.cap = PicoUsd(400 * OutputToken);
    Watched watched(engine.send(route, &engine, terms));
    QVERIFY(engine.run(watched));
    QVERIFY(!watched.reply->costSoFar().complete);
    QVERIFY(!watched.reply->result());
    QCOMPARE(watched.reply->result().error().kind, ErrorKind::BudgetExceeded);
    QCOMPARE(engine.requests(), 1);
}

void tst_ChatBudget::capWithoutRoomSendsNothing()
{
    Engine engine;
    core::SpendTerms terms;
    terms.cap = PicoUsd(1'000);
    Watched watched(engine.send(engine.route(), &engine, terms));
    QVERIFY(engine.run(watched));
    QCOMPARE(watched.reply->result().error().kind, ErrorKind::BudgetExceeded);
    QCOMPARE(watched.reply->result().error().shortfall->left, 1'000);
    QCOMPARE(engine.requests(), 0);
    QCOMPARE(engine.journal.calls(), QStringList());
}

void tst_ChatBudget::capDoesNotBindPractice()
{
    Engine engine;
    engine.one.enqueue(hello());
    core::SpendTerms terms;
    terms.cap = PicoUsd(1);
    core::Route route = engine.route();
    route.targets.first().simulated = true;
    Watched watched(engine.send(route, &engine, terms));
    QVERIFY(engine.run(watched));
    QVERIFY(watched.reply->result());
}

void tst_ChatBudget::termsAreHandedOn()
{
    Engine engine;
    engine.one.enqueue(hello());
    core::SpendTerms terms;
    terms.consent = Consent::Once;
    Watched watched(engine.send(engine.route(), &engine, terms));
    QVERIFY(engine.run(watched));
    QCOMPARE(engine.journal.openings().first().reservation.consent, Consent::Once);
}

QTEST_GUILESS_MAIN(tst_ChatBudget)
#include "tst_chatbudget.moc"
