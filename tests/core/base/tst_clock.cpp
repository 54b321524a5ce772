#include "core/base/clock.h"

#include <QSignalSpy>
#include <QTest>
#include <QTimer>

using namespace core;
using namespace std::chrono_literals;

//! Calls at a time, by the machine's clock.
class tst_Clock : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void callsOnce();
    void pastIsNow();
    void farIsNotNear_data();
    void farIsNotNear();
    void callGoesWithItsContext();
    void callMayDeleteItsContext();
    void clearedAlarmLetsGo_data();
    void clearedAlarmLetsGo();
    void alarmMaySetItselfAgain();

private:
    SystemClock m_clock;
};

void tst_Clock::callsOnce()
{
    QObject context;
    int calls = 0;
    m_clock.after(1ms, &context, [&calls] { ++calls; });
    bool isLater = false;
    m_clock.after(20ms, &context, [&isLater] { isLater = true; });
    QTRY_VERIFY(isLater);
    QCOMPARE(calls, 1);
    QVERIFY(context.children().isEmpty()); // nothing stays of them
}

//! Someone thought about it until the time was over.
void tst_Clock::pastIsNow()
{
    Alarm alarm(m_clock);
    bool isCalled = false;
    alarm.set(-5min, [&isCalled] { isCalled = true; });
    QVERIFY(!isCalled); // only from the event loop
    QTRY_VERIFY(isCalled);
}

void tst_Clock::farIsNotNear_data()
{
    QTest::addColumn<std::chrono::milliseconds>("duration");
    QTest::newRow("negative-as-an-int") << std::chrono::milliseconds(30 * 24h);
    QTest::newRow("zero-as-an-int") << std::chrono::milliseconds(1LL << 32);
}

//! A service may ask for more than a month.
void tst_Clock::farIsNotNear()
{
    QFETCH(const std::chrono::milliseconds, duration);
    QObject context;
    bool isCalled = false;
    m_clock.after(duration, &context, [&isCalled] { isCalled = true; });
    const auto *timer = context.findChild<QTimer *>();
    QVERIFY(timer);
    QVERIFY(timer->isActive());
    QVERIFY(timer->remainingTimeAsDuration() > 24h);
    QTest::qWait(10);
    QVERIFY(!isCalled);
}

//! Deadlines are long and what they guard is short: hundreds would pile up.
void tst_Clock::callGoesWithItsContext()
{
    auto context = std::make_unique<QObject>();
    auto held = std::make_shared<int>();
    m_clock.after(1h, context.get(), [held] {});
    QCOMPARE(held.use_count(), 2);
    context.reset();
    QCOMPARE(held.use_count(), 1);
}

void tst_Clock::callMayDeleteItsContext()
{
    auto *context = new QObject;
    const QSignalSpy destroyed(context, &QObject::destroyed);
    auto held = std::make_shared<int>(0);
    m_clock.after(1ms, context, [context, held] {
        delete context;
        *held = 7; // what the call holds is still there
    });
    QTRY_COMPARE(destroyed.count(), 1);
    QCOMPARE(*held, 7);
    QTRY_COMPARE(held.use_count(), 1);
}

void tst_Clock::clearedAlarmLetsGo_data()
{
    QTest::addColumn<bool>("replaced");
    QTest::newRow("cleared") << false;
    QTest::newRow("replaced") << true;
}

void tst_Clock::clearedAlarmLetsGo()
{
    QFETCH(const bool, replaced);
    Alarm alarm(m_clock);
    auto held = std::make_shared<int>();
    alarm.set(1h, [held] {});
    if (replaced)
        alarm.set(1h, [] {});
    else
        alarm.clear();
    QCOMPARE(held.use_count(), 1);
    QCOMPARE(alarm.isSet(), replaced);
}

void tst_Clock::alarmMaySetItselfAgain()
{
    Alarm alarm(m_clock);
    int calls = 0;
    const std::function<void()> call = [&] {
        if (++calls < 3)
            alarm.set(1ms, call);
    };
    alarm.set(1ms, call);
    QTRY_COMPARE(calls, 3);
    QVERIFY(!alarm.isSet());
}

QTEST_GUILESS_MAIN(tst_Clock)
#include "tst_clock.moc"
