#include "core/client/answerparts.h"

#include <QTest>

using core::AnswerParts;
using core::ReasoningDelta;
using core::ReasoningPart;
using core::TextDelta;
using core::TextPart;
using core::ToolCallDelta;
using core::ToolCallPart;

class tst_AnswerParts : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void textGrows();
    void reasoningBlocksEndWithTheirSignature();
    void redactedReasoningStandsAlone();
    void toolCallsGrowByIndex();
    void figuresAreNoContent();
    void clearForgets();
};

void tst_AnswerParts::textGrows()
{
    AnswerParts answer;
    answer.add(TextDelta{QStringLiteral("Hel")});
    answer.add(TextDelta{QStringLiteral("lo")});
    QCOMPARE(answer.parts(), QList<core::ContentPart>{TextPart{QStringLiteral("Hello")}});
}

void tst_AnswerParts::reasoningBlocksEndWithTheirSignature()
{
    AnswerParts answer;
    answer.clear(QStringLiteral("anthropic"));
    answer.add(ReasoningDelta{QStringLiteral("Let me "), {}, {}});
    answer.add(ReasoningDelta{QStringLiteral("see."), {}, {}});
    answer.add(ReasoningDelta{{}, "c2ln", {}});
    answer.add(ReasoningDelta{QStringLiteral("More."), {}, {}});
    answer.add(TextDelta{QStringLiteral("So.")});
    const QString who = QStringLiteral("anthropic");
    const QList<core::ContentPart> expected{
        ReasoningPart{QStringLiteral("Let me see."), "c2ln", {}, who},
        ReasoningPart{QStringLiteral("More."), {}, {}, who}, TextPart{QStringLiteral("So.")}};
    QCOMPARE(answer.parts(), expected);
}

void tst_AnswerParts::redactedReasoningStandsAlone()
{
    AnswerParts answer;
    answer.add(ReasoningDelta{QStringLiteral("Open."), {}, {}});
    answer.add(ReasoningDelta{{}, {}, "b3BhcXVl"});
    answer.add(ReasoningDelta{{}, {}, "YWdhaW4="});
    const QList<core::ContentPart> expected{ReasoningPart{QStringLiteral("Open."), {}, {}, {}},
                                            ReasoningPart{{}, {}, "b3BhcXVl", {}},
                                            ReasoningPart{{}, {}, "YWdhaW4=", {}}};
    QCOMPARE(answer.parts(), expected);
}

void tst_AnswerParts::toolCallsGrowByIndex()
{
    AnswerParts answer;
    answer.add(TextDelta{QStringLiteral("I look.")});
    answer.add(ToolCallDelta{0, QStringLiteral("a"), QStringLiteral("look"), {}});
    answer.add(ToolCallDelta{1, QStringLiteral("b"), QStringLiteral("ask"), "{"});
    answer.add(ToolCallDelta{0, {}, {}, "{\"x\":"});
    answer.add(ToolCallDelta{1, {}, {}, "}"});
    answer.add(ToolCallDelta{0, {}, {}, "1}"});
    const QList<core::ContentPart> expected{
        TextPart{QStringLiteral("I look.")},
        ToolCallPart{QStringLiteral("a"), QStringLiteral("look"), "{\"x\":1}"},
        ToolCallPart{QStringLiteral("b"), QStringLiteral("ask"), "{}"}};
    QCOMPARE(answer.parts(), expected);
}

void tst_AnswerParts::figuresAreNoContent()
{
    AnswerParts answer;
    answer.add(core::ReplyStarted{});
    answer.add(core::UsageReport{});
    answer.add(core::Finish{});
    QVERIFY(answer.parts().isEmpty());
    QVERIFY(core::isVisible(TextDelta{QStringLiteral("a")}));
    QVERIFY(core::isVisible(ToolCallDelta{}));
    QVERIFY(!core::isVisible(ReasoningDelta{}));
    QVERIFY(!core::isVisible(core::ReplyStarted{}));
}

void tst_AnswerParts::clearForgets()
{
    AnswerParts answer;
    answer.add(ToolCallDelta{0, QStringLiteral("a"), QStringLiteral("look"), "{"});
    answer.clear(QStringLiteral("openai"));
    QVERIFY(answer.parts().isEmpty());
    answer.add(ToolCallDelta{0, QStringLiteral("b"), QStringLiteral("ask"), "{"});
    const QList<core::ContentPart> expected{
        ToolCallPart{QStringLiteral("b"), QStringLiteral("ask"), "{"}};
    QCOMPARE(answer.parts(), expected);
}

QTEST_GUILESS_MAIN(tst_AnswerParts)
#include "tst_answerparts.moc"
