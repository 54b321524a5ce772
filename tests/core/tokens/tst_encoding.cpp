#include "core/tokens/encodings.h"
#include "core/tokens/piecetokens.h"
#include "core/tokens/utf8repair.h"
#include "tests/core/tokens/tokencorpora.h"

#include <QCryptographicHash>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <thread>

using namespace core;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(core::EncodingId)

//! Our counts beside those of npm tiktoken, which compare.mjs wrote down.
class tst_Encoding : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void vocabularyIsThePublishedOne_data();
    void vocabularyIsThePublishedOne();
    void corporaAgree_data();
    void corporaAgree();
    void randomTextsAgree_data() { encodingRows(); }
    void randomTextsAgree();
    void knownTexts_data();
    void knownTexts();
    void whatIsNoUtf8CountsAsReplacement_data();
    void whatIsNoUtf8CountsAsReplacement();
    void loneSurrogateCountsAsReplacement();
    void costIsLinear_data();
    void costIsLinear();
    void damageIsRefused();
    void isLoadedOnceByManyThreads();

private:
    static void encodingRows();
    [[nodiscard]] std::shared_ptr<const Encoding> encoding(EncodingId id)
    {
        return m_encodings.get(id);
    }

    static constexpr double MostSteps = 4; // a byte; in all of these at most 3

    Encodings m_encodings;
    QJsonObject m_expected;
};

void tst_Encoding::initTestCase()
{
    QFile file(QStringLiteral(FARTHING_TEST_DATA "/tokens/expected.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    m_expected = QJsonDocument::fromJson(file.readAll()).object();
    QCOMPARE(m_expected.size(), allEncodings().size());
}

void tst_Encoding::encodingRows()
{
    QTest::addColumn<EncodingId>("id");
    for (const EncodingId id : allEncodings())
        QTest::newRow(qPrintable(nameOf(id))) << id;
}

void tst_Encoding::vocabularyIsThePublishedOne_data()
{
    QTest::addColumn<EncodingId>("id");
    QTest::addColumn<QByteArray>("sha256"); // as openai/tiktoken checks the files that it fetches
    QTest::newRow("cl100k") << EncodingId::Cl100kBase
                            << QByteArray("223921b76ee99bde995b7ff738513eef"
                                          "100fb51d18c93597a113bcffe865b2a7");
    QTest::newRow("o200k") << EncodingId::O200kBase
                           << QByteArray("446a9538cb6c348e3516120d7c08b09f"
                                         "57c36495e2acfffe59a5bf8b0cfb1a2d");
}

void tst_Encoding::vocabularyIsThePublishedOne()
{
    QFETCH(const EncodingId, id);
    QFETCH(const QByteArray, sha256);
    const auto read = encoding(id);
    QVERIFY(read);
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (TokenId token = 0; token < read->vocabulary().size(); ++token)
        hash.addData(read->decode({token}).toBase64() + ' ' + QByteArray::number(token) + '\n');
    QCOMPARE(hash.result().toHex(), sha256);
}

void tst_Encoding::corporaAgree_data()
{
    QTest::addColumn<EncodingId>("id");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QJsonObject>("expected");
    const auto rows = [this](const QByteArray &name, const QByteArray &text) {
        for (const EncodingId id : allEncodings()) {
            const QJsonObject all =
                m_expected.value(nameOf(id)).toObject().value(QStringLiteral("corpora")).toObject();
            QTest::addRow("%s-%s", name.constData(), qPrintable(nameOf(id)))
                << id << text << all.value(QString::fromLatin1(name)).toObject();
        }
    };
    for (const tests::Corpus &corpus : tests::corpora()) {
        QVERIFY(corpus.utf8.size() >= 800'000);
        rows(corpus.name, corpus.utf8);
    }
    for (const tests::Corpus &corpus : tests::pathologicalTexts())
        rows(corpus.name, corpus.utf8.first(30'030)); // one piece of many windows
}

void tst_Encoding::corporaAgree()
{
    QFETCH(const EncodingId, id);
    QFETCH(const QByteArray, text);
    QFETCH(const QJsonObject, expected);
    QCOMPARE(text.size(), expected.value(QStringLiteral("bytes")).toInteger());
    const auto ours = encoding(id);
    QCOMPARE(ours->count(QByteArrayView(text)),
             expected.value(QStringLiteral("tokens")).toInteger());
    const QList<TokenId> ids = ours->encode(text);
    tests::IdHash hash;
    for (const TokenId token : ids)
        hash.add(token);
    QCOMPARE(qint64{hash.value()}, expected.value(QStringLiteral("hash")).toInteger());
    QCOMPARE(ours->decode(ids), text);
}

void tst_Encoding::randomTextsAgree()
{
    QFETCH(const EncodingId, id);
    const auto ours = encoding(id);
    const QJsonArray blocks =
        m_expected.value(nameOf(id)).toObject().value(QStringLiteral("blocks")).toArray();
    QCOMPARE(blocks.size(), 100);
    const QList<QByteArray> texts = tests::randomTexts(100'000);
    const qsizetype blockTexts = texts.size() / blocks.size();
    for (qsizetype block = 0; block < blocks.size(); ++block) {
        qint64 tokens = 0;
        tests::IdHash hash;
        for (qsizetype i = block * blockTexts; i < (block + 1) * blockTexts; ++i) {
            const QList<TokenId> ids = ours->encode(texts.at(i));
            QVERIFY(ours->count(QByteArrayView(texts.at(i))) == ids.size());
            QVERIFY(ours->decode(ids) == texts.at(i));
            tokens += ids.size();
            for (const TokenId token : ids)
                hash.add(token);
        }
        QCOMPARE(tokens, blocks.at(block).toArray().at(0).toInteger());
        QCOMPARE(qint64{hash.value()}, blocks.at(block).toArray().at(1).toInteger());
    }
}

void tst_Encoding::knownTexts_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("cl100k");
    QTest::addColumn<int>("o200k");
    const auto row = [](const char *name, const QString &text, int cl100k, int o200k) {
        QTest::newRow(name) << text << cl100k << o200k;
    };
    // Counted with npm tiktoken 1.0.22, encode_ordinary.
    row("empty", u""_s, 0, 0);
    row("hello", u"hello world"_s, 2, 2);
    row("special-token-is-text", u"<|endoftext|>"_s, 7, 7);
    row("special-tokens-are-text", u"<|im_start|>user\n<|fim_prefix|>"_s, 15, 14);
    row("contractions", u"It's we'LL they'Re I'd DON'T"_s, 11, 8);
    row("long-s-is-an-s", u"It'\u017f that'\u017f"_s, 8, 6);
    row("curly-apostrophe", u"it\u2019s"_s, 2, 2);
    row("no-break-space", u"a\u00a0b \u00a0 c"_s, 5, 5);
    row("next-line-is-space", u"a\u0085\u0085b"_s, 6, 6);
    row("byte-order-mark", u"\ufeffa"_s, 2, 2);
    row("spaces-before-word", u"a    b"_s, 3, 3);
    row("spaces-at-end", u"a    "_s, 2, 2);
    row("line-ends", u"a \r\n \r\n\n  b"_s, 6, 6);
    row("slashes-after-symbols", u"https://a.b//\n/c"_s, 6, 7);
    row("digits", u"1234567 \u0663\u0664\u0665\u0666 \u2167\u2168"_s, 17, 13);
    row("mark-alone", u"e\u0301\u0301 \u0301A"_s, 6, 6);
    row("capitals-after-ideograph", u"\u4e2dABC\u4e2dABCd"_s, 5, 5);
    row("emoji-family", u"\U0001F469\u200D\U0001F4BB\U0001F44D\U0001F3FD"_s, 13, 8);
    row("nul", QString(2, QChar(u'\0')) + u'a', 3, 2);
    row("newest-script", u"\u1c89\u1c8a\ua7cb"_s, 9, 9);
}

void tst_Encoding::knownTexts()
{
    QFETCH(const QString, text);
    QFETCH(const int, cl100k);
    QFETCH(const int, o200k);
    QCOMPARE(encoding(EncodingId::Cl100kBase)->count(text), cl100k);
    QCOMPARE(encoding(EncodingId::O200kBase)->count(text), o200k);
}

void tst_Encoding::whatIsNoUtf8CountsAsReplacement_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("shown"); // by TextDecoder
    const auto row = [](const char *name, const char *hex, const QString &shown) {
        QTest::newRow(name) << QByteArray::fromHex(hex) << shown;
    };
    row("byte-that-never-occurs", "61ff62", u"a\ufffdb"_s);
    row("cut-after-one", "c3", u"\ufffd"_s);
    row("cut-after-two", "61e4b8", u"a\ufffd"_s);
    row("cut-after-three", "f09f91", u"\ufffd"_s);
    row("cut-by-a-letter", "e4b862", u"\ufffdb"_s);
    row("surrogate", "eda080", u"\ufffd\ufffd\ufffd"_s);
    row("overlong-two", "c080", u"\ufffd\ufffd"_s);
    row("overlong-three", "e0809f", u"\ufffd\ufffd\ufffd"_s);
    row("overlong-four", "f08080", u"\ufffd\ufffd\ufffd"_s);
    row("above-the-last", "f4908080", u"\ufffd\ufffd\ufffd\ufffd"_s);
    row("continuations-alone", "8080", u"\ufffd\ufffd"_s);
    row("valid-four", "f0908080", u"\U00010000"_s);
}

void tst_Encoding::whatIsNoUtf8CountsAsReplacement()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const QString, shown);
    for (const EncodingId id : allEncodings()) {
        const auto ours = encoding(id);
        QCOMPARE(ours->decode(ours->encode(bytes)), shown.toUtf8());
        QCOMPARE(ours->count(QByteArrayView(bytes)), ours->count(shown));
    }
}

void tst_Encoding::loneSurrogateCountsAsReplacement()
{
    QString text = u"a?b?"_s;
    text[1] = QChar(0xD83D);
    text[3] = QChar(0xDE00);
    const auto ours = encoding(EncodingId::O200kBase);
    QCOMPARE(ours->count(text), ours->count(u"a\ufffdb\ufffd"_s));
    QCOMPARE(utf8Of(text), u"a\ufffdb\ufffd"_s.toUtf8()); // QString::toUtf8() writes question marks
}

void tst_Encoding::costIsLinear_data()
{
    QTest::addColumn<EncodingId>("id");
    QTest::addColumn<QByteArray>("text");
    for (const tests::Corpus &corpus : tests::pathologicalTexts()) {
        for (const EncodingId id : allEncodings())
            QTest::addRow("%s-%s", corpus.name.constData(), qPrintable(nameOf(id)))
                << id << corpus.utf8;
    }
}

//! Counted in steps, not in time: a machine may be busy.
void tst_Encoding::costIsLinear()
{
    QFETCH(const EncodingId, id);
    QFETCH(const QByteArray, text);
    const auto ours = encoding(id);
    const auto stepsFor = [&ours](const QByteArray &part) {
        PieceSplitter splitter =
            ours->split({part.constData(), static_cast<std::size_t>(part.size())});
        PieceTokens tokens(ours->vocabulary());
        for (std::size_t start = 0, end = 0; start < static_cast<std::size_t>(part.size());
             start = end) {
            end = splitter.pieceEnd(start);
            tokens.encode({part.constData() + start, end - start});
        }
        return static_cast<double>(splitter.looks() + tokens.steps()) /
               static_cast<double>(part.size());
    };
    const double small = stepsFor(text.first(text.size() / 64));
    const double whole = stepsFor(text);
    QVERIFY2(whole <= MostSteps, qPrintable(QString::number(whole)));
    QVERIFY2(whole <= 1.1 * small + 0.1, qPrintable(QString::number(whole / small)));
    QVERIFY(ours->count(QByteArrayView(text)) <= text.size());
}

void tst_Encoding::damageIsRefused()
{
    QFile file(QStringLiteral(FARTHING_SOURCE_DIR "/resources/tokenizers/cl100k_base.bin"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray payload = qUncompress(file.readAll());
    QVERIFY(Vocabulary::read(payload));
    QVERIFY(!Vocabulary::read({}));
    QVERIFY(!Vocabulary::read(payload.first(payload.size() - 1)));
    QVERIFY(!Vocabulary::read(payload + 'x'));
    QVERIFY(!Vocabulary::read(payload.first(12)));
    const auto damaged = [payload](qsizetype at, char byte) {
        QByteArray copy = payload;
        copy[at] = byte;
        return copy;
    };
    constexpr qsizetype BytesOfAll = 8, Singles = 12, Columns = Singles + 256;
    QVERIFY(!Vocabulary::read(damaged(BytesOfAll, static_cast<char>(payload[BytesOfAll] + 1))));
    QVERIFY(!Vocabulary::read(damaged(BytesOfAll, static_cast<char>(payload[BytesOfAll] - 1))));
    QVERIFY(!Vocabulary::read(damaged(Singles, payload[Singles + 1]))); // one byte twice
    const qsizetype joins = 100'256 - 256;
    for (const qsizetype highColumn : {2, 5}) { // of the left and of the right half
        for (const qsizetype row : {qsizetype{0}, qsizetype{777}, joins - 1})
            QVERIFY(!Vocabulary::read(damaged(Columns + highColumn * joins + row, 2)));
    }
    QByteArray doubling = payload; // each but the first few is twice the one before
    for (qsizetype row = 0; row < 20; ++row) {
        for (const qsizetype half : {0, 3}) {
            doubling[Columns + half * joins + row] = static_cast<char>(255 + row);
            doubling[Columns + (half + 1) * joins + row] = static_cast<char>((255 + row) >> 8);
        }
    }
    QVERIFY(!Vocabulary::read(doubling));
    QVERIFY(!CharacterClasses::read(payload));
}

void tst_Encoding::isLoadedOnceByManyThreads()
{
    Encodings encodings;
    QVERIFY(!encodings.loaded(EncodingId::O200kBase));
    std::array<std::shared_ptr<const Encoding>, 4> seen;
    std::vector<std::thread> threads;
    for (auto &one : seen)
        threads.emplace_back([&] { one = encodings.get(EncodingId::O200kBase); });
    for (std::thread &thread : threads)
        thread.join();
    for (const auto &one : seen) {
        QVERIFY(one);
        QCOMPARE(one, seen.front());
    }
    QCOMPARE(encodings.loaded(EncodingId::O200kBase), seen.front());
    QVERIFY(!encodings.loaded(EncodingId::Cl100kBase));
}

QTEST_GUILESS_MAIN(tst_Encoding)
#include "tst_encoding.moc"
