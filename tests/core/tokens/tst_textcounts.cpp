#include "core/tokens/textcounts.h"

#include <QTest>

using core::EncodingId;
using core::TextCounts;

namespace {

//! Too long to be counted by known().
QString longText(int number)
{
    return QStringLiteral("word%1 ").arg(number).repeated(1'000);
}

//! \p texts that no test has counted before.
void countOthers(TextCounts &counts, qsizetype texts)
{
    static int number = 0;
    for (qsizetype i = 0; i < texts; ++i)
        QVERIFY(counts.known(EncodingId::Cl100kBase, QString::number(++number)));
}

} // namespace

class tst_TextCounts : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void countedTextsAreKnown();
    void whatIsAskedForStays();
    void whatIsNotAskedForGoes();
};

void tst_TextCounts::countedTextsAreKnown()
{
    TextCounts counts;
    QVERIFY(!counts.known(EncodingId::Cl100kBase, longText(1)));
    const auto counted = counts.count(EncodingId::Cl100kBase, longText(1));
    QVERIFY(counted && *counted > 1'000);
    QCOMPARE(counts.known(EncodingId::Cl100kBase, longText(1)), counted);
    QVERIFY(!counts.known(EncodingId::O200kBase, longText(1)));
    QVERIFY(!counts.known(EncodingId::Cl100kBase, longText(2)));
}

//! However many others come between.
void tst_TextCounts::whatIsAskedForStays()
{
    TextCounts counts;
    const auto counted = counts.count(EncodingId::Cl100kBase, longText(1));
    for (int i = 0; i < 4; ++i) {
        countOthers(counts, TextCounts::MostRemembered - 2);
        QCOMPARE(counts.known(EncodingId::Cl100kBase, longText(1)), counted);
    }
}

void tst_TextCounts::whatIsNotAskedForGoes()
{
    TextCounts counts;
    QVERIFY(counts.count(EncodingId::Cl100kBase, longText(1)));
    countOthers(counts, TextCounts::MostRemembered);
    QVERIFY(counts.count(EncodingId::Cl100kBase, longText(2))); // one of the newer ones
    countOthers(counts, TextCounts::MostRemembered);
    QVERIFY(!counts.known(EncodingId::Cl100kBase, longText(1)));
    QVERIFY(counts.known(EncodingId::Cl100kBase, longText(2)));
}

QTEST_GUILESS_MAIN(tst_TextCounts)
#include "tst_textcounts.moc"
