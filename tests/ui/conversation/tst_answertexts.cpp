#include "ui/conversation/answertexts.h"

#include <QTest>

using core::AnswerFigures;
using core::PicoUsd;
using Bound = core::AnswerFigures::Bound;
using namespace std::chrono_literals;

namespace {

//! 9,810 in, 48 out, $0.0067 of the first of \p attempts.
AnswerFigures figures(Bound bound, int attempts = 1)
{
    const PicoUsd cost(6'700'000'000);
    AnswerFigures of;
    of.bound = bound;
    of.inputTokens = 9'810;
    of.outputTokens = 48;
    of.cost = {cost, cost, bound != Bound::AtLeast};
    of.costKnown = true;
    of.attempts = attempts;
    of.firstToken = 620ms;
    of.tokensPerSecond = 71;
    return of;
}

AnswerFigures unpriced(Bound bound)
{
    AnswerFigures of = figures(bound);
    of.cost = {PicoUsd(), PicoUsd(), false};
    return of;
}

AnswerFigures waitingAfter(PicoUsd spent)
{
    AnswerFigures of;
    of.bound = Bound::AtLeast;
    of.attempts = 2;
    of.cost = {spent, spent, false};
    return of;
}

AnswerFigures atHome()
{
    AnswerFigures of = figures(Bound::About);
    of.cost = {};
    of.local = true;
    return of;
}

AnswerFigures practice()
{
    AnswerFigures of = figures(Bound::About);
    of.simulated = true;
    return of;
}

QString texts(const QList<ui::FooterSegment> &footer)
{
    QStringList all;
    for (const ui::FooterSegment &segment : footer)
        all.append(segment.text);
    return all.join(QStringLiteral(" | "));
}

} // namespace

//! What a person reads of an answer's figures.
class tst_AnswerTexts : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void soFar_data();
    void soFar();
    void cost_data();
    void cost();
    void footerOfARunningAnswer();
    void footerOfAnAnswer();
    void reasoning_data();
    void reasoning();
    void possibleAgain_data();
    void possibleAgain();
    void possibleAgainInWords_data();
    void possibleAgainInWords();
};

void tst_AnswerTexts::soFar_data()
{
    QTest::addColumn<AnswerFigures>("of");
    QTest::addColumn<QString>("text");
    QTest::newRow("at-least") << figures(Bound::AtLeast)
                              << QStringLiteral("9,810 in · 48 out · ≥ $0.0067 so far");
    QTest::newRow("about") << figures(Bound::About)
                           << QStringLiteral("≈ 9,810 in · 48 out · $0.0067 so far");
    QTest::newRow("practice") << practice()
                              << QStringLiteral("≈ 9,810 in · 48 out · $0.0067 simulated so far");
    QTest::newRow("no-price") << unpriced(Bound::About)
                              << QStringLiteral("≈ 9,810 in · 48 out · cost unknown so far");
    QTest::newRow("at-home") << atHome() << QStringLiteral("≈ 9,810 in · 48 out so far");
    QTest::newRow("waiting-after-a-paid-one")
        << waitingAfter(PicoUsd(3'600'000'000)) << QStringLiteral("≥ $0.0036 so far");
    QTest::newRow("waiting-after-a-free-one") << waitingAfter(PicoUsd()) << QString();
}

void tst_AnswerTexts::soFar()
{
    QFETCH(const AnswerFigures, of);
    QTEST(ui::soFarText(of), "text");
}

void tst_AnswerTexts::cost_data()
{
    QTest::addColumn<AnswerFigures>("of");
    QTest::addColumn<QString>("text");
    QTest::newRow("told") << figures(Bound::Told) << QStringLiteral("$0.0067");
    QTest::newRow("at-least") << figures(Bound::AtLeast) << QStringLiteral("≥ $0.0067");
    QTest::newRow("about") << figures(Bound::About) << QStringLiteral("≈ $0.0067");
    AnswerFigures tiny = figures(Bound::About);
    tiny.cost = {PicoUsd(1), PicoUsd(1), true};
    QTest::newRow("about-next-to-nothing") << tiny << QStringLiteral("<$0.0001");
    QTest::newRow("no-price") << unpriced(Bound::About) << QStringLiteral("cost unknown");
}

void tst_AnswerTexts::cost()
{
    QFETCH(const AnswerFigures, of);
    QTEST(ui::answerCost(of, ui::MoneyMark::None), "text");
}

//! Tokens and cost of what runs stand in one place, and not here; but a cap is told with its cost.
void tst_AnswerTexts::footerOfARunningAnswer()
{
    AnswerFigures of = figures(Bound::About);
    QCOMPARE(texts(ui::answerFooter(of, true)), QStringLiteral("first token 0.62 s"));
    of.cap = PicoUsd(50'000'000'000);
    QCOMPARE(texts(ui::answerFooter(of, true)),
             QStringLiteral("≈ $0.0067 of $0.0500 | first token 0.62 s"));
    QCOMPARE(texts(ui::answerFooter(figures(Bound::About, 2), true)),
             QStringLiteral("first token 0.62 s | 2 attempts"));
}

void tst_AnswerTexts::footerOfAnAnswer()
{
    QCOMPARE(texts(ui::answerFooter(figures(Bound::Told), false)),
             QStringLiteral("9,810 in | 48 out | $0.0067 | first token 0.62 s | 71 tok/s"));
    // Cut short: what is known is the least.
    QCOMPARE(texts(ui::answerFooter(figures(Bound::AtLeast), false)),
             QStringLiteral("≥ 9,810 in | ≥ 48 out | ≥ $0.0067 | first token 0.62 s | ≥ 71 tok/s"));
    QCOMPARE(texts(ui::answerFooter(unpriced(Bound::Told), false)),
             QStringLiteral("9,810 in | 48 out | cost unknown | first token 0.62 s | 71 tok/s"));
}

void tst_AnswerTexts::reasoning_data()
{
    using Milliseconds = std::optional<std::chrono::milliseconds>;
    QTest::addColumn<AnswerFigures>("of");
    QTest::addColumn<bool>("thinks");
    QTest::addColumn<QString>("text");
    const auto thought = [](Milliseconds duration, std::optional<std::int64_t> tokens,
                            Bound bound = Bound::Told) {
        AnswerFigures of = figures(bound);
        of.thinking = duration;
        of.reasoningTokens = tokens;
        return of;
    };
    QTest::newRow("told") << thought(4200ms, 1812) << false
                          << QStringLiteral("Reasoned for 4.20 s, 1,812 tokens");
    QTest::newRow("while-it-thinks") << thought(4200ms, 812, Bound::About) << true
                                     << QStringLiteral("Reasoning for 4.20 s, ≈ 812 tokens");
    QTest::newRow("tokens-not-told")
        << thought(4200ms, std::nullopt) << false << QStringLiteral("Reasoned for 4.20 s");
    QTest::newRow("told-as-none") << thought(4200ms, 0) << false
                                  << QStringLiteral("Reasoned for 4.20 s");
    QTest::newRow("from-the-cache")
        << thought(std::nullopt, 812) << false << QStringLiteral("Reasoning, 812 tokens");
    QTest::newRow("nothing-known") << thought(std::nullopt, std::nullopt) << true << QString();
}

void tst_AnswerTexts::reasoning()
{
    QFETCH(const AnswerFigures, of);
    QFETCH(const bool, thinks);
    QTEST(ui::reasoningText(of, thinks), "text");
}

void tst_AnswerTexts::possibleAgain_data()
{
    QTest::addColumn<int>("hint");   // seconds; -1: none
    QTest::addColumn<int>("lasted"); // as well
    QTest::addColumn<bool>("continued");
    QTest::addColumn<int>("expected"); // after the answer was begun; -1: nothing to tell
    QTest::newRow("no-hint") << -1 << 3 << false << -1;
    QTest::newRow("a-moment") << 120 << 3 << false << -1;
    QTest::newRow("longer") << 121 << 3 << false << 124;
    QTest::newRow("end-unknown") << 121 << -1 << false << -1;
    QTest::newRow("continued") << 121 << 3 << true << -1;
}

void tst_AnswerTexts::possibleAgain()
{
    QFETCH(const int, hint);
    QFETCH(const int, lasted);
    QFETCH(const bool, continued);
    QFETCH(const int, expected);
    const auto known = [](int seconds) -> std::optional<std::chrono::milliseconds> {
        return seconds < 0
                   ? std::nullopt
                   : std::optional<std::chrono::milliseconds>(std::chrono::seconds(seconds));
    };
    core::MessageRecord message;
    message.createdAt = core::UtcTime(std::chrono::hours(480'000));
    message.error = core::Error();
    message.error->retryAfter = known(hint);
    if (continued)
        message.pieces.append(core::AnswerPiece());
    const auto at = ui::possibleAgain(message, known(lasted));
    QCOMPARE(at.has_value(), expected >= 0);
    if (at)
        QVERIFY(*at == message.createdAt + std::chrono::seconds(expected));
}

void tst_AnswerTexts::possibleAgainInWords_data()
{
    QTest::addColumn<QString>("at"); // it is 23:10 of 30 November
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const char *at, const char *expected) {
        QTest::newRow(name) << QString::fromLatin1(at)
                            << QStringLiteral("Possible again ") + QString::fromLatin1(expected);
    };
    row("today", "2026-11-30T23:32:00", "at 23:32.");
    row("never-before", "2026-11-30T23:32:01", "at 23:33.");
    row("next-minute-is-tomorrow", "2026-11-30T23:59:30", "tomorrow at 00:00.");
    row("tomorrow", "2026-12-01T14:05:00", "tomorrow at 14:05.");
    row("later", "2026-12-05T07:00:00", "on 5 Dec at 07:00.");
}

void tst_AnswerTexts::possibleAgainInWords()
{
    QFETCH(const QString, at);
    QFETCH(const QString, expected);
    const auto time = [](const QString &text) { return QDateTime::fromString(text, Qt::ISODate); };
    QCOMPARE(ui::possibleAgainText(time(at), time(QStringLiteral("2026-11-30T23:10:00"))),
             expected);
}

QTEST_GUILESS_MAIN(tst_AnswerTexts)
#include "tst_answertexts.moc"
