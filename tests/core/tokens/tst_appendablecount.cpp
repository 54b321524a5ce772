#include "core/tokens/appendablecount.h"
#include "core/tokens/encodings.h"
#include "core/tokens/textcounts.h"
#include "tests/core/tokens/tokencorpora.h"
#include "tests/support/seededrandom.h"

#include <QTest>

using namespace core;

Q_DECLARE_METATYPE(core::EncodingId)

//! However a text comes, its count is that of the whole.
class tst_AppendableCount : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void everyBeginningCountsAsItself_data() { encodingRows(); }
    void everyBeginningCountsAsItself();
    void anySplitOfBytes_data() { encodingRows(); }
    void anySplitOfBytes();
    void anySplitOfUtf16_data() { encodingRows(); }
    void anySplitOfUtf16();
    void appendingCostsTheNewBytes_data();
    void appendingCostsTheNewBytes();
    void cutCharacterCountsWhenWhole();
    void emptyIsNothing();
    void writtenTextCountsAsTheWhole_data() { encodingRows(); }
    void writtenTextCountsAsTheWhole();
    void onlyWhatWasCountedIsKnown();

private:
    static void encodingRows();
    Encodings m_encodings;
};

void tst_AppendableCount::encodingRows()
{
    QTest::addColumn<EncodingId>("id");
    for (const EncodingId id : allEncodings())
        QTest::newRow(qPrintable(nameOf(id))) << id;
}

void tst_AppendableCount::everyBeginningCountsAsItself()
{
    QFETCH(const EncodingId, id);
    const auto encoding = m_encodings.get(id);
    for (const QByteArray &utf8 : tests::randomTexts(1'500)) {
        const QString text = QString::fromUtf8(utf8);
        AppendableCount count(encoding);
        for (qsizetype at = 0; at < text.size(); ++at) {
            const qsizetype length = text.at(at).isHighSurrogate() ? 2 : 1;
            count.append(QStringView(text).sliced(at, length));
            at += length - 1;
            QVERIFY2(count.count() == encoding->count(QStringView(text).first(at + 1)),
                     text.left(at + 1).toUtf8().toPercentEncoding().constData());
        }
    }
}

void tst_AppendableCount::anySplitOfBytes()
{
    QFETCH(const EncodingId, id);
    const auto encoding = m_encodings.get(id);
    tests::SeededRandom random(3);
    for (const QByteArray &text : tests::randomTexts(20'000)) {
        AppendableCount count(encoding);
        for (qsizetype at = 0; at < text.size();) {
            const auto length =
                std::min<qsizetype>(static_cast<qsizetype>(random.bits() % 12), text.size() - at);
            count.append(QByteArrayView(text).sliced(at, length));
            at += length;
        }
        count.finish();
        QVERIFY2(count.count() == encoding->count(QByteArrayView(text)),
                 text.toPercentEncoding().constData());
    }
    for (const tests::Corpus &corpus : tests::corpora()) {
        AppendableCount count(encoding);
        for (qsizetype at = 0; at < corpus.utf8.size();) {
            const auto length = std::min<qsizetype>(static_cast<qsizetype>(random.bits() % 3'000),
                                                    corpus.utf8.size() - at);
            count.append(QByteArrayView(corpus.utf8).sliced(at, length));
            at += length;
        }
        QCOMPARE(count.count(), encoding->count(QByteArrayView(corpus.utf8)));
    }
}

void tst_AppendableCount::anySplitOfUtf16()
{
    QFETCH(const EncodingId, id);
    const auto encoding = m_encodings.get(id);
    tests::SeededRandom random(5);
    for (const QByteArray &utf8 : tests::randomTexts(5'000)) {
        QString text = QString::fromUtf8(utf8);
        if (random.bits() % 4 == 0) // may leave half a pair, anywhere
            text.remove(0, 1).chop(1);
        AppendableCount count(encoding);
        for (qsizetype at = 0; at < text.size();) {
            const auto length =
                std::min<qsizetype>(static_cast<qsizetype>(random.bits() % 5), text.size() - at);
            count.append(QStringView(text).sliced(at, length));
            at += length;
        }
        count.finish();
        QVERIFY2(count.count() == encoding->count(text),
                 text.toUtf8().toPercentEncoding().constData());
    }
}

void tst_AppendableCount::appendingCostsTheNewBytes_data()
{
    QTest::addColumn<EncodingId>("id");
    QTest::addColumn<QByteArray>("text");
    for (const tests::Corpus &corpus : tests::pathologicalTexts()) {
        for (const EncodingId id : allEncodings())
            QTest::addRow("%s-%s", corpus.name.constData(), qPrintable(nameOf(id)))
                << id << corpus.utf8;
    }
}

//! In pieces of a few bytes, as answers come: what an append costs may not grow with what is there.
void tst_AppendableCount::appendingCostsTheNewBytes()
{
    constexpr qsizetype PieceBytes = 7;
    constexpr std::uint64_t MostSteps = 120; // an append, on average; of spaces 90, of most 20
    QFETCH(const EncodingId, id);
    QFETCH(const QByteArray, text);
    const auto encoding = m_encodings.get(id);
    AppendableCount count(encoding);
    std::uint64_t most = 0;
    const QByteArrayView part = QByteArrayView(text).first(text.size() / 4);
    for (qsizetype at = 0; at < part.size(); at += PieceBytes) {
        const std::uint64_t before = count.steps();
        count.append(part.sliced(at, std::min(PieceBytes, part.size() - at)));
        most = std::max(most, count.steps() - before);
    }
    count.finish();
    QCOMPARE(count.count(), encoding->count(part));
    const auto appends = static_cast<std::uint64_t>(part.size() / PieceBytes);
    QVERIFY2(count.steps() <= MostSteps * appends,
             qPrintable(QString::number(count.steps() / appends)));
    QVERIFY2(most <= 8 * MostSteps, qPrintable(QString::number(most))); // of spaces: 640
}

void tst_AppendableCount::cutCharacterCountsWhenWhole()
{
    const auto encoding = m_encodings.get(EncodingId::O200kBase);
    AppendableCount count(encoding);
    count.append(QByteArrayView("a\xF0\x9F"));
    QCOMPARE(count.count(), encoding->count(QByteArrayView("a")));
    count.append(QByteArrayView("\x91\x8D"));
    QCOMPARE(count.count(), encoding->count(QByteArrayView("a\xF0\x9F\x91\x8D")));
    count.append(QByteArrayView("\xE4"));
    count.finish();
    QCOMPARE(count.count(), encoding->count(QByteArrayView("a\xF0\x9F\x91\x8D\xEF\xBF\xBD")));
}

void tst_AppendableCount::emptyIsNothing()
{
    AppendableCount count(m_encodings.get(EncodingId::Cl100kBase));
    count.append(QByteArrayView());
    count.append(QStringView());
    count.finish();
    QCOMPARE(count.count(), 0);
}

void tst_AppendableCount::writtenTextCountsAsTheWhole()
{
    QFETCH(const EncodingId, id);
    const auto encoding = m_encodings.get(id);
    TextCounts counts;
    QString text = QString(5'000, u'x'); // long enough to be gone on from
    for (const QByteArray &utf8 : tests::randomTexts(300)) {
        const QString more = QString::fromUtf8(utf8);
        const qsizetype cut = more.size() / 2; // inside a pair, too
        for (const QString &written : {text + more.first(cut), text + more}) {
            QCOMPARE(counts.count(id, written), encoding->count(written));
            QCOMPARE(counts.count(id, written), encoding->count(written)); // as remembered
        }
        text += more;
    }
    text.remove(2'000, 7); // in the middle
    QCOMPARE(counts.count(id, text), encoding->count(text));
    QCOMPARE(counts.count(id, text.first(4'500)), encoding->count(text.first(4'500)));
    QCOMPARE(counts.count(id, QStringView()), 0);
}

void tst_AppendableCount::onlyWhatWasCountedIsKnown()
{
    TextCounts counts;
    const QString shortText = QStringLiteral("Hello there");
    const QString longText = QStringLiteral("many words ").repeated(10'000);
    QVERIFY(!counts.known(EncodingId::O200kBase, shortText)); // nothing is loaded for it
    const auto counted = counts.count(EncodingId::O200kBase, longText);
    QCOMPARE(counts.known(EncodingId::O200kBase, longText), counted);
    QCOMPARE(counts.known(EncodingId::O200kBase, shortText), 2);
    QVERIFY(!counts.known(EncodingId::O200kBase, longText + u'x')); // not while somebody waits
    QVERIFY(!counts.known(EncodingId::Cl100kBase, longText));
}

QTEST_GUILESS_MAIN(tst_AppendableCount)
#include "tst_appendablecount.moc"
