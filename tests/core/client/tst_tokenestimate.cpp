#include "core/client/tokenestimate.h"

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

QTEST_GUILESS_MAIN(tst_TokenEstimate)
#include "tst_tokenestimate.moc"
