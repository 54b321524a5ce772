#include "core/client/overlapfilter.h"

#include <QTest>

using core::OverlapFilter;
using Kind = core::OverlapFilter::Kind;

Q_DECLARE_METATYPE(Kind)

class tst_OverlapFilter : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void everySplit_data();
    void everySplit();
    void holdsBackOnlyWhatItNeeds();
};

void tst_OverlapFilter::everySplit_data()
{
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<QString>("soFar");
    QTest::addColumn<QString>("continuation");
    QTest::addColumn<QString>("rest");
    const QString sentence = QStringLiteral("The wren is a small brown bird.");
    QTest::newRow("nothing-in-common")
        << Kind::Asked << sentence << QStringLiteral(" It sings.") << QStringLiteral(" It sings.");
    QTest::newRow("sentence-again")
        << Kind::Asked << sentence << sentence + QStringLiteral(" It sings.")
        << QStringLiteral(" It sings.");
    QTest::newRow("end-of-sentence-again")
        << Kind::Asked << sentence << QStringLiteral("brown bird. It sings.")
        << QStringLiteral(" It sings.");
    QTest::newRow("only-the-overlap")
        << Kind::Asked << sentence << QStringLiteral("brown bird.") << QString();
    QTest::newRow("word-begun-anew") << Kind::Asked << QStringLiteral("in the mid")
                                     << QStringLiteral("middle of") << QStringLiteral("dle of");
    QTest::newRow("letter-in-a-word-is-no-overlap")
        << Kind::Asked << QStringLiteral("hel") << QStringLiteral("lo") << QStringLiteral("lo");
    QTest::newRow("syllable-is-no-overlap") << Kind::Asked << QStringLiteral("he said ba")
                                            << QStringLiteral("bar") << QStringLiteral("bar");
    QTest::newRow("digits-in-a-number") << Kind::Asked << QStringLiteral("pi is 3.1410")
                                        << QStringLiteral("10") << QStringLiteral("10");
    QTest::newRow("white-space-once") << Kind::Prefilled << QStringLiteral("one\n\n")
                                      << QStringLiteral("\n\ntwo") << QStringLiteral("two");
    QTest::newRow("part-of-the-white-space")
        << Kind::Prefilled << QStringLiteral("one\n") << QStringLiteral("\n\ntwo")
        << QStringLiteral("\ntwo");
    QTest::newRow("prefilled-repeats-on-purpose")
        << Kind::Prefilled << QStringLiteral("0, 1, 0, 1, ") << QStringLiteral("0, 1, 0, 2")
        << QStringLiteral("0, 1, 0, 2");
    QTest::newRow("prefilled-sentence-again")
        << Kind::Prefilled << sentence << sentence + QStringLiteral(" It sings.")
        << QStringLiteral(" It sings.");
    QTest::newRow("longest-wins") << Kind::Asked << QStringLiteral("abcdefgh abcdefgh")
                                  << QStringLiteral("abcdefgh abcdefgh!") << QStringLiteral("!");
    const QString twoHundred = QStringLiteral("0123456789abcdefghij").repeated(10);
    QTest::newRow("at-most-200") << Kind::Asked << QStringLiteral("xy") + twoHundred
                                 << twoHundred + QStringLiteral(".") << QStringLiteral(".");
    const QString long1 = QStringLiteral("q") + twoHundred;
    QTest::newRow("201-are-no-overlap")
        << Kind::Asked << long1 << long1 + QStringLiteral(".") << long1 + QStringLiteral(".");
    QTest::newRow("whole-code-points")
        << Kind::Asked << QStringLiteral("wren: \U0001F426\U0001F426")
        << QStringLiteral("\U0001F426\U0001F426 sings")
        << QStringLiteral("\U0001F426\U0001F426 sings");
    QTest::newRow("nothing-came") << Kind::Asked << sentence << QString() << QString();
    QTest::newRow("nothing-before")
        << Kind::Asked << QString() << QStringLiteral("all") << QStringLiteral("all");
}

void tst_OverlapFilter::everySplit()
{
    QFETCH(const Kind, kind);
    QFETCH(const QString, soFar);
    QFETCH(const QString, continuation);
    QFETCH(const QString, rest);
    for (qsizetype cut = 0; cut <= continuation.size(); ++cut) {
        OverlapFilter filter(soFar, kind);
        QString shown = filter.take(continuation.first(cut));
        shown += filter.take(continuation.sliced(cut));
        shown += filter.finish();
        QVERIFY2(shown == rest, qPrintable(QString::number(cut) + QLatin1Char(' ') + shown));
    }
    OverlapFilter filter(soFar, kind);
    QString shown;
    for (const QChar character : continuation)
        shown += filter.take(character);
    shown += filter.finish();
    QCOMPARE(shown, rest);
}

void tst_OverlapFilter::holdsBackOnlyWhatItNeeds()
{
    OverlapFilter filter(QStringLiteral("The wren is a small brown bird."), Kind::Asked);
    QCOMPARE(filter.take(QStringLiteral("small br")), QString()); // may go on as before
    QCOMPARE(filter.take(QStringLiteral("an")), QStringLiteral("small bran"));
    QCOMPARE(filter.take(QStringLiteral("small brown bird.")), QStringLiteral("small brown bird."));
    QCOMPARE(filter.finish(), QString());
}

QTEST_GUILESS_MAIN(tst_OverlapFilter)
#include "tst_overlapfilter.moc"
