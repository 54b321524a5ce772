#include "core/chat/imagesize.h"
#include "core/tokens/imagetokens.h"

#include <QBuffer>
#include <QTest>

using namespace core;

//! Tokens of images by their makers' rules; what has none stays unknown.
class tst_ImageTokens : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void rules_data();
    void rules();
    void sizesOfHeads_data();
    void sizesOfHeads();
    void damagedHeadsHaveNone();
};

void tst_ImageTokens::rules_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<QSize>("pixels");
    QTest::addColumn<int>("tokens"); // -1: unknown
    const auto row = [](const char *name, const char *model, int width, int height, int tokens) {
        QTest::newRow(name) << QString::fromLatin1(model) << QSize(width, height) << tokens;
    };
    // The examples of the makers' own guides.
    row("tiles-square", "gpt-4o-2024-08-06", 1024, 1024, 765);
    row("tiles-tall", "gpt-4o", 2048, 4096, 1105);
    row("tiles-one", "gpt-4.1", 512, 512, 255);
    row("patches-square", "gpt-4.1-mini", 1024, 1024, 1659); // 1,024 x 1.62
    row("patches-shrunk", "gpt-4.1-mini", 1800, 2400, 2353); // 1,452 x 1.62
    row("patches-nano", "gpt-4.1-nano-2025-04-14", 1024, 1024, 2520);
    row("claude", "claude-sonnet-4-5-20250929", 1000, 1000, 1334);
    row("claude-on-bedrock", "us.anthropic.claude-3-7-sonnet-20250219-v1:0", 200, 200, 54);
    row("claude-large", "claude-3-5-sonnet-latest", 4000, 3000, 1600);
    row("claude-long", "claude-opus-4-1", 3136, 100, 105);
    row("tiles-mini", "gpt-4o-mini", 1024, 1024, 25'501);    // 2,833 + 4 x 5,667
    row("tiles-o3", "o3-2025-04-16", 1024, 1024, 675);       // 75 + 4 x 150
    row("tiles-gpt-5", "gpt-5-2025-08-07", 1024, 1024, 630); // 70 + 4 x 140
    row("tiles-gpt-5-chat", "gpt-5-chat-latest", 512, 512, 210);
    row("patches-o4-mini", "o4-mini", 1024, 1024, 1'762); // 1,024 x 1.72
    // As users measured: 8 patches and 12 tokens of text, 1,024 and none.
    row("measured-mini", "gpt-4o-mini-2024-07-18", 128, 64, 8'500);
    row("measured-o3", "o3", 128, 64, 225);
    row("measured-o4-mini", "o4-mini-2025-04-16", 128, 64, 14);
    row("measured-gpt-5-mini", "gpt-5-mini", 1024, 1024, 1'229);
    row("measured-gpt-5-nano", "gpt-5-nano-2025-08-07", 1024, 1024, 1'536);
    row("gemini-3", "gemini-3-pro-preview", 100, 100, 1'120);
    row("gemini-3.5", "models/gemini-3.5-flash", 4000, 3000, 1'120);
    row("gemini-small", "gemini-2.5-flash", 384, 200, 258);
    // No rule that holds for these.
    row("gemini-large", "gemini-2.5-flash", 385, 200, -1);
    row("gemini-3-that-draws", "gemini-3-pro-image-preview", 100, 100, -1);
    row("claude-later", "claude-opus-4-7", 1000, 1000, -1);
    row("claude-5", "claude-sonnet-5", 1000, 1000, -1);
    row("o1-was-measured-otherwise", "o1-2024-12-17", 128, 64, -1);
    row("gpt-5-later", "gpt-5.2", 1024, 1024, -1);
    row("own-name", "my-gpt-4o", 1024, 1024, -1);
    row("nothing", "gpt-4o", 0, 100, -1);
}

void tst_ImageTokens::rules()
{
    QFETCH(const QString, model);
    QFETCH(const QSize, pixels);
    QFETCH(const int, tokens);
    QCOMPARE(imageTokens(model, pixels).value_or(-1), tokens);
}

void tst_ImageTokens::sizesOfHeads_data()
{
    QTest::addColumn<QByteArray>("head");
    QTest::addColumn<QSize>("size");
    QTest::newRow("png") << QByteArray::fromHex("89504e470d0a1a0a0000000d49484452000004b000000320"
                                                "0802000000")
                         << QSize(1200, 800);
    QTest::newRow("gif") << QByteArray::fromHex("474946383961b004200300") << QSize(1200, 800);
    QTest::newRow("jpeg") << QByteArray::fromHex("ffd8ffe000104a46494600010100000100010000"
                                                 "ffc00011080320"
                                                 "04b0030122000211010311010000")
                          << QSize(1200, 800);
    QTest::newRow("webp-lossy") << QByteArray::fromHex("524946460000000057454250565038200000"
                                                       "00000000009d012ab0042003")
                                << QSize(1200, 800);
    QTest::newRow("webp-lossless")
        << QByteArray::fromHex("5249464600000000574542505650384c000000002faf"
                               "c4c700")
        << QSize(1200, 800);
    QTest::newRow("webp-extended") << QByteArray::fromHex("52494646000000005745425056503858"
                                                          "0a00000000000000af04001f0300")
                                   << QSize(1200, 800);
}

void tst_ImageTokens::sizesOfHeads()
{
    QFETCH(const QByteArray, head);
    QFETCH(const QSize, size);
    QCOMPARE(imageSize(head), std::optional(size));
    // A head that was cut names no size, or the same; it is never read past its end.
    for (qsizetype cut = 0; cut < head.size(); ++cut) {
        const auto found = imageSize(QByteArray(head.constData(), cut));
        QVERIFY(!found || *found == size);
    }
}

void tst_ImageTokens::damagedHeadsHaveNone()
{
    QVERIFY(!imageSize({}));
    QVERIFY(!imageSize("hello"));
    QVERIFY(!imageSize(QByteArray::fromHex("89504e470d0a1a0a0000000d49484452ffffffff00000320")));
    QVERIFY(!imageSize(QByteArray::fromHex("474946383961000020030000")));
    QVERIFY(!imageSize(QByteArray::fromHex("ffd8ffe00000ffe00000ffe00000ffe00000"))); // no end
}

QTEST_GUILESS_MAIN(tst_ImageTokens)
#include "tst_imagetokens.moc"
