#include "core/base/continued.h"

#include <QTest>

using core::continued;

//! What is made of a future's result, and what becomes of it when nobody is left to make it.
class tst_Continued : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void answers();
    void answersWithAFuture();
    void isCancelledWithItsOwner();
    void isCancelledWithItsSource();
    void endIsToldFromTheEventLoop_data();
    void endIsToldFromTheEventLoop();
    void nobodyIsLeftToTell();
};

void tst_Continued::answers()
{
    QObject owner;
    const QFuture<QString> text = continued(&owner, QtFuture::makeReadyFuture(20),
                                            [](int value) { return QString::number(value + 1); });
    QVERIFY(!text.isFinished()); // never before the event loop
    QTRY_VERIFY(text.isFinished());
    QCOMPARE(text.result(), QStringLiteral("21"));
}

void tst_Continued::answersWithAFuture()
{
    QObject owner;
    QPromise<int> second;
    second.start();
    bool asked = false;
    const QFuture<int> sum = continued(&owner, QtFuture::makeReadyFuture(1), [&](int) {
        asked = true;
        return second.future();
    });
    QTRY_VERIFY(asked);
    QVERIFY(!sum.isFinished());
    second.addResult(5);
    second.finish();
    QTRY_VERIFY(sum.isFinished());
    QCOMPARE(sum.result(), 5);
}

void tst_Continued::isCancelledWithItsOwner()
{
    QPromise<int> source;
    source.start();
    auto owner = std::make_unique<QObject>();
    int calls = 0;
    const QFuture<int> gone =
        continued(owner.get(), source.future(), [&calls](int) { return ++calls; });
    owner.reset();
    QVERIFY(gone.isCanceled() && gone.isFinished());
    source.addResult(1);
    source.finish(); // QFuture::then() would assert here
    QCoreApplication::processEvents();
    QCOMPARE(calls, 0);
}

void tst_Continued::isCancelledWithItsSource()
{
    QObject owner;
    int calls = 0;
    QFuture<int> gone;
    {
        QPromise<int> source;
        source.start();
        gone = continued(&owner, source.future(), [&calls](int) { return ++calls; });
    }
    QTRY_VERIFY(gone.isCanceled() && gone.isFinished());
    QCOMPARE(calls, 0);
}

void tst_Continued::endIsToldFromTheEventLoop_data()
{
    QTest::addColumn<bool>("endsFirst"); // before anybody asks
    QTest::addColumn<bool>("hasResult");
    QTest::addRow("ended-before") << true << true;
    QTest::addRow("ends-later") << false << true;
    QTest::addRow("given-up-before") << true << false;
    QTest::addRow("given-up-later") << false << false;
}

void tst_Continued::endIsToldFromTheEventLoop()
{
    QFETCH(const bool, endsFirst);
    QFETCH(const bool, hasResult);
    QObject owner;
    auto source = std::make_unique<QPromise<int>>();
    source->start();
    const QFuture<int> future = source->future();
    const auto end = [&] {
        if (hasResult) {
            source->addResult(7);
            source->finish();
        }
        source.reset();
    };
    if (endsFirst)
        end();
    QList<qsizetype> told;
    int ready = 0;
    core::whenFinished(&owner, future,
                       [&](const QFuture<int> &ended) { told.append(ended.resultCount()); });
    core::whenReady(&owner, future, [&](int value) { ready += value; });
    if (!endsFirst)
        end();
    QVERIFY(told.isEmpty());
    QTRY_COMPARE(told, QList<qsizetype>{hasResult ? 1 : 0});
    QCoreApplication::processEvents();
    QCOMPARE(told.size(), 1);
    QCOMPARE(ready, hasResult ? 7 : 0);
}

void tst_Continued::nobodyIsLeftToTell()
{
    auto owner = std::make_unique<QObject>();
    bool told = false;
    core::whenFinished(owner.get(), QtFuture::makeReadyFuture(1),
                       [&told](const QFuture<int> &) { told = true; });
    owner.reset();
    QCoreApplication::processEvents();
    QVERIFY(!told);
}

QTEST_GUILESS_MAIN(tst_Continued)
#include "tst_continued.moc"
