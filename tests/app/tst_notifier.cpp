// Notifications against a service of our own on a bus of its own: what is said, when, and what a
// click does.
#include "app/answerwatch.h"
#include "app/budgetwatch.h"
#include "app/notifier.h"
#include "core/store/budgetbook.h"
#include "tests/ui/practicebench.h"

#include <QDBusConnection>
#include <QDBusConnectionInterface>
#include <QProcess>
#include <QSignalSpy>

#include <algorithm>
#include <memory>

using namespace core;

namespace {

//! The desktop's side, as the specification has it.
class FakeNotifications : public QObject
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Notifications")
public:
    struct Told
    {
        uint id = 0;
        uint replaces = 0;
        QString title, body;
        QStringList actions;
    };

    QStringList capabilities;
    QList<Told> told;
    QList<uint> taken; //!< Closed by the program.

public Q_SLOTS:
    QStringList GetCapabilities() { return capabilities; }
    uint Notify(const QString &, uint replaces, const QString &, const QString &title,
                const QString &body, const QStringList &actions, const QVariantMap &, int)
    {
        const uint id = replaces ? replaces : ++m_last;
        told.append({id, replaces, title, body, actions});
        return id;
    }
    void CloseNotification(uint id) { taken.append(id); }

Q_SIGNALS:
    void ActionInvoked(uint id, const QString &action);
    void NotificationClosed(uint id, uint reason);

private:
    uint m_last = 0;
};

} // namespace

class tst_Notifier : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void cleanupTestCase();

    void foreignMarkupIsEscaped_data();
    void foreignMarkupIsEscaped();
    void sameTagReplaces();
    void clickIsTold();
    void knownNewsAreWithdrawn();
    void withoutServiceNothingHappens();
    void answerIsToldWhenUnseen_data();
    void answerIsToldWhenUnseen();
    void questionIsToldWhenUnseen_data();
    void questionIsToldWhenUnseen();
    void nextRequestsQuestionIsToldToo();
    void comparisonIsToldOnce();
    void clickOpensTheChat();
    void reminderComesInTime_data();
    void reminderComesInTime();
    void reminderOfALaneOpensItsComparison();
    void budgetIsToldAndOpened_data();
    void budgetIsToldAndOpened();

private:
    void startService();
    [[nodiscard]] QDBusConnection bus(const char *name) const
    {
        return QDBusConnection::connectToBus(m_address, QString::fromLatin1(name));
    }
    [[nodiscard]] std::unique_ptr<app::AnswerWatch> watch()
    {
        return std::make_unique<app::AnswerWatch>(*m_bench->engine, *m_models, *m_notifier,
                                                  [this] { return m_unseen; });
    }
    //! Its service has it wait longer than is waited for unasked, from a first question on.
    void limit(Conversation &chat)
    {
        PracticeFaultPlan plan;
        plan.fault = PracticeFault::RateLimited;
        plan.times = 1;
        plan.retryAfter = std::chrono::minutes(5);
        m_bench->controls().setFault({}, plan);
        QVERIFY(chat.send(QStringLiteral("Hello")));
        QTRY_VERIFY(!chat.isRunning());
    }

    QProcess m_daemon;
    QString m_address;
    std::unique_ptr<FakeNotifications> m_service;
    std::unique_ptr<app::Notifier> m_notifier;
    std::unique_ptr<tests::PracticeBench> m_bench;
    std::unique_ptr<ModelDirectory> m_models;
    bool m_unseen = true;
};

void tst_Notifier::initTestCase()
{
    m_daemon.start(QStringLiteral("dbus-daemon"),
                   {QStringLiteral("--session"), QStringLiteral("--nofork"),
                    QStringLiteral("--print-address")});
    QVERIFY2(m_daemon.waitForReadyRead(10'000), "dbus-daemon does not start");
    m_address = QString::fromLatin1(m_daemon.readLine()).trimmed();
}

void tst_Notifier::cleanupTestCase()
{
    m_daemon.kill();
    m_daemon.waitForFinished();
}

void tst_Notifier::init()
{
    m_unseen = true;
    m_service.reset();
    m_notifier = std::make_unique<app::Notifier>(bus("program"));
    m_bench = std::make_unique<tests::PracticeBench>();
    m_models =
        std::make_unique<ModelDirectory>(m_bench->engine->accounts(), m_bench->engine->modelLists(),
                                         m_bench->engine->prices(), m_bench->engine->clock());
}

void tst_Notifier::cleanup()
{
    m_notifier.reset();
    m_bench->engine->conversations().stopAll();
    m_bench.reset();
    m_service.reset();
    QDBusConnection::disconnectFromBus(QStringLiteral("program"));
    QDBusConnection::disconnectFromBus(QStringLiteral("desktop"));
}

void tst_Notifier::startService()
{
    m_service = std::make_unique<FakeNotifications>();
    m_service->capabilities = {QStringLiteral("body"), QStringLiteral("body-markup"),
                               QStringLiteral("actions")};
    QDBusConnection desktop = bus("desktop");
    QVERIFY(desktop.registerObject(
        QStringLiteral("/org/freedesktop/Notifications"), m_service.get(),
        QDBusConnection::ExportAllSlots | QDBusConnection::ExportAllSignals));
    QVERIFY(desktop.registerService(QStringLiteral("org.freedesktop.Notifications")));
}

void tst_Notifier::foreignMarkupIsEscaped_data()
{
    QTest::addColumn<QStringList>("capabilities");
    QTest::addColumn<QString>("body");
    QTest::newRow("reads-markup") << QStringList{QStringLiteral("body-markup")}
                                  << QStringLiteral("&lt;b&gt;bold&lt;/b&gt; &amp; more");
    QTest::newRow("plain") << QStringList{QStringLiteral("body")}
                           << QStringLiteral("<b>bold</b> & more");
}

void tst_Notifier::foreignMarkupIsEscaped()
{
    QFETCH(const QStringList, capabilities);
    QFETCH(const QString, body);
    startService();
    m_service->capabilities = capabilities;
    m_notifier->show(QStringLiteral("t"), QStringLiteral("A\nchat\u202E"),
                     QStringLiteral("<b>bold</b> & more"));
    QTRY_COMPARE(m_service->told.size(), 1);
    QCOMPARE(m_service->told.first().body, body);
    QVERIFY(!m_service->told.first().title.contains(QLatin1Char('\n')));
    QVERIFY(!m_service->told.first().title.contains(QChar(0x202E)));
    QVERIFY(m_service->told.first().actions.isEmpty()); // no buttons where there are none
}

void tst_Notifier::sameTagReplaces()
{
    startService();
    m_notifier->show(QStringLiteral("one"), QStringLiteral("1"), QStringLiteral("first"));
    m_notifier->show(QStringLiteral("one"), QStringLiteral("1"), QStringLiteral("second"));
    QTRY_VERIFY(!m_service->told.isEmpty() &&
                m_service->told.last().body == QStringLiteral("second"));
    m_notifier->show(QStringLiteral("one"), QStringLiteral("1"), QStringLiteral("third"));
    QTRY_COMPARE(m_service->told.last().body, QStringLiteral("third"));
    QCOMPARE(m_service->told.last().id, m_service->told.first().id);
}

void tst_Notifier::clickIsTold()
{
    startService();
    QSignalSpy activated(m_notifier.get(), &app::Notifier::activated);
    m_notifier->show(QStringLiteral("mine"), QStringLiteral("1"), QStringLiteral("x"));
    QTRY_COMPARE(m_service->told.size(), 1);
    QCOMPARE(m_service->told.first().actions.value(0), QStringLiteral("default"));
    m_notifier->show(QStringLiteral("other"), QStringLiteral("2"), QStringLiteral("y"));
    QTRY_COMPARE(m_service->told.size(), 2);
    Q_EMIT m_service->ActionInvoked(99, QStringLiteral("default")); // another program's
    Q_EMIT m_service->ActionInvoked(m_service->told.first().id, QStringLiteral("default"));
    QTRY_COMPARE(activated.size(), 1);
    QCOMPARE(activated.first().first().toString(), QStringLiteral("mine"));
}

void tst_Notifier::knownNewsAreWithdrawn()
{
    startService();
    m_notifier->show(QStringLiteral("mine"), QStringLiteral("1"), QStringLiteral("x"));
    QTRY_COMPARE(m_service->told.size(), 1);
    m_notifier->withdraw(QStringLiteral("mine"));
    m_notifier->withdraw(QStringLiteral("never shown"));
    QTRY_COMPARE(m_service->taken, (QList<uint>{m_service->told.first().id}));
}

void tst_Notifier::withoutServiceNothingHappens()
{
    m_notifier->show(QStringLiteral("mine"), QStringLiteral("1"), QStringLiteral("x"));
    startService(); // it comes later: the next one is shown
    QTRY_VERIFY([&] {
        m_notifier->show(QStringLiteral("late"), QStringLiteral("2"), QStringLiteral("y"));
        QTest::qWait(50);
        return !m_service->told.isEmpty();
    }());
    QCOMPARE(m_service->told.first().title, QStringLiteral("2"));
}

void tst_Notifier::answerIsToldWhenUnseen_data()
{
    QTest::addColumn<bool>("unseen");
    QTest::addColumn<bool>("wanted");
    QTest::addColumn<int>("fault"); // -1: none
    QTest::addColumn<QString>("body");
    QTest::newRow("answered") << true << true << -1 << QStringLiteral("has answered.");
    QTest::newRow("failed") << true << true << int(PracticeFault::WrongKey)
                            << QStringLiteral("refused the key");
    QTest::newRow("looked-at") << false << true << -1 << QString();
    QTest::newRow("switched-off") << true << false << -1 << QString();
}

void tst_Notifier::answerIsToldWhenUnseen()
{
    QFETCH(const bool, unseen);
    QFETCH(const bool, wanted);
    QFETCH(const int, fault);
    QFETCH(const QString, body);
    startService();
    QVERIFY(m_bench->engine->settings().setValue(settings::NotifyOfAnswers, wanted));
    m_unseen = unseen;
    const auto watched = watch();
    if (fault >= 0)
        m_bench->fail(static_cast<PracticeFault>(fault));
    Conversation *chat = m_bench->chat();
    QVERIFY(chat->send(QStringLiteral("A <i>question</i>")));
    QTRY_VERIFY(!chat->isRunning());
    // A second answer marks the end of the wait for the first one's silence.
    m_notifier->show(QStringLiteral("end"), QStringLiteral("end"), QStringLiteral("end"));
    QTRY_VERIFY(!m_service->told.isEmpty() &&
                m_service->told.last().title == QStringLiteral("end"));
    QCOMPARE(m_service->told.size(), body.isEmpty() ? 1 : 2);
    if (body.isEmpty())
        return;
    QVERIFY2(m_service->told.first().body.contains(body), qPrintable(m_service->told.first().body));
    QCOMPARE(m_service->told.first().title, chat->record().title);
}

void tst_Notifier::questionIsToldWhenUnseen_data()
{
    QTest::addColumn<bool>("unseen");
    QTest::newRow("unseen") << true;
    QTest::newRow("looked-at") << false;
}

void tst_Notifier::questionIsToldWhenUnseen()
{
    QFETCH(const bool, unseen);
    startService();
    Conversation *chat = m_bench->chat();
    limit(*chat);
    m_unseen = unseen;
    const auto watched = watch();
    QVERIFY(chat->send(QStringLiteral("And now?")));
    QTRY_VERIFY(chat->reply() && chat->reply()->decision());
    Q_EMIT chat->messageChanged(chat->runningMessage()); // it is still the same question
    m_notifier->show(QStringLiteral("end"), QStringLiteral("end"), QStringLiteral("end"));
    QTRY_VERIFY(!m_service->told.isEmpty() &&
                m_service->told.last().title == QStringLiteral("end"));
    QCOMPARE(m_service->told.size(), unseen ? 2 : 1);
    if (!unseen)
        return;
    QCOMPARE(m_service->told.first().title, chat->record().title);
    QVERIFY2(m_service->told.first().body.endsWith(QStringLiteral("Ask it all the same?")),
             qPrintable(m_service->told.first().body));
}

//! A broken answer goes on by itself, and its second request has its first question.
void tst_Notifier::nextRequestsQuestionIsToldToo()
{
    startService();
    Conversation *chat = m_bench->chat();
    limit(*chat);
    ClientOptions options = m_bench->engine->client().options();
    options.continueBrokenAnswers = true;
    m_bench->engine->client().setOptions(options);
    m_bench->fail(PracticeFault::CloseInStream);
    const auto watched = watch();
    QVERIFY(chat->send(QStringLiteral("Write 500 words")));
    QTRY_COMPARE(m_service->told.size(), 1);
    const std::int64_t first = chat->reply()->requestId();
    chat->reply()->decide(chat->reply()->decision()->id, Choice::Yes);
    QTRY_VERIFY(chat->reply() && chat->reply()->requestId() != first);
    QTRY_VERIFY(chat->reply()->decision());
    QTRY_COMPARE(m_service->told.size(), 2);
    QVERIFY2(m_service->told.last().body.endsWith(QStringLiteral("Ask it all the same?")),
             qPrintable(m_service->told.last().body));
}

void tst_Notifier::comparisonIsToldOnce()
{
    startService();
    const auto watched = watch();
    Comparison *comparison = m_bench->engine->comparisons().create(
        {m_bench->target(), m_bench->target(QStringLiteral("practice-fast"))});
    QVERIFY(comparison->send(QStringLiteral("Both of you")));
    QTRY_VERIFY(m_bench->engine->conversations().running().isEmpty());
    QTRY_COMPARE(m_service->told.size(), 1);
    QVERIFY(m_service->told.first().body.contains(QStringLiteral("comparison")));
}

void tst_Notifier::clickOpensTheChat()
{
    startService();
    const auto watched = watch();
    QSignalSpy opened(watched.get(), &app::AnswerWatch::openRequested);
    Conversation *chat = m_bench->chat();
    QVERIFY(chat->send(QStringLiteral("Hello")));
    QTRY_COMPARE(m_service->told.size(), 1);
    QTRY_VERIFY([&] {
        Q_EMIT m_service->ActionInvoked(m_service->told.first().id, QStringLiteral("default"));
        return opened.wait(200);
    }());
    QCOMPARE(opened.first().first().value<ui::SidebarKey>(), (ui::SidebarKey{chat->id(), false}));
    watched->seen({chat->id(), false});
    QTRY_COMPARE(m_service->taken.size(), 1);
}

void tst_Notifier::reminderComesInTime_data()
{
    QTest::addColumn<bool>("goesOn");
    QTest::newRow("as-it-was") << false;
    QTest::newRow("asked-again-meanwhile") << true;
}

void tst_Notifier::reminderComesInTime()
{
    QFETCH(const bool, goesOn);
    startService();
    m_unseen = false; // the reminder alone is told: it was asked for
    const auto watched = watch();
    m_bench->fail(PracticeFault::WrongKey);
    Conversation *chat = m_bench->chat();
    QVERIFY(chat->send(QStringLiteral("Hello")));
    QTRY_VERIFY(!chat->isRunning());
    const std::int64_t refused = chat->path().last().id;
    const UtcTime at = m_bench->engine->clock().utcNow() + std::chrono::milliseconds(500);
    watched->remind(chat->id(), refused, at);
    QVERIFY(m_service->told.isEmpty());
    if (goesOn) {
        QVERIFY(chat->regenerate(refused));
        QTRY_VERIFY(m_bench->engine->clock().utcNow() > at + std::chrono::milliseconds(50));
        m_notifier->show(QStringLiteral("end"), QStringLiteral("end"), QStringLiteral("end"));
    }
    QTRY_COMPARE(m_service->told.size(), 1);
    QVERIFY(m_bench->engine->clock().utcNow() >= at);
    const QString body = m_service->told.first().body;
    QVERIFY2(body.endsWith(goesOn ? QStringLiteral("end") : QStringLiteral(" may be asked again.")),
             qPrintable(body));
}

void tst_Notifier::reminderOfALaneOpensItsComparison()
{
    startService();
    m_unseen = false; // the reminder alone is told: it was asked for
    const auto watched = watch();
    QSignalSpy opened(watched.get(), &app::AnswerWatch::openRequested);
    Comparison *comparison = m_bench->engine->comparisons().create(
        {m_bench->target(), m_bench->target(QStringLiteral("practice-fast"))});
    m_bench->fail(PracticeFault::WrongKey, QStringLiteral("practice-fast"));
    QVERIFY(comparison->send(QStringLiteral("Both of you")));
    QTRY_VERIFY(!comparison->isRunning());
    const Conversation *lane = comparison->lanes().at(1);
    const UtcTime at = m_bench->engine->clock().utcNow() + std::chrono::milliseconds(100);
    for (int press = 0; press < 2; ++press)
        watched->remind(lane->id(), lane->path().last().id, at);
    m_notifier->show(QStringLiteral("end"), QStringLiteral("end"), QStringLiteral("end"));
    QTRY_COMPARE(m_service->told.size(), 2);
    QVERIFY(m_bench->engine->clock().utcNow() >= at);
    const auto reminder =
        std::find_if(m_service->told.cbegin(), m_service->told.cend(), [](const auto &one) {
            return one.body.endsWith(QStringLiteral(" may be asked again."));
        });
    QVERIFY(reminder != m_service->told.cend());
    const auto id = reminder->id;
    QTRY_VERIFY([&] {
        Q_EMIT m_service->ActionInvoked(id, QStringLiteral("default"));
        return opened.wait(200);
    }());
    QCOMPARE(opened.first().first().value<ui::SidebarKey>(),
             (ui::SidebarKey{comparison->record().id, true}));
    QCOMPARE(m_service->told.size(), 2); // once, however often it was asked for
}

void tst_Notifier::budgetIsToldAndOpened_data()
{
    QTest::addColumn<int>("percent");
    QTest::addColumn<bool>("unseen");
    QTest::newRow("half") << 50 << true;
    QTest::newRow("used-up") << 100 << true;
    QTest::newRow("looked-at") << 80 << false; // in the window only
}

void tst_Notifier::budgetIsToldAndOpened()
{
    QFETCH(const int, percent);
    QFETCH(const bool, unseen);
    startService();
    const app::BudgetWatch watched(*m_bench->engine, *m_notifier, [unseen] { return unseen; });
    QSignalSpy told(&watched, &app::BudgetWatch::told);
    QSignalSpy opened(&watched, &app::BudgetWatch::openRequested);
    BudgetStanding standing;
    standing.budget.id = 42;
    standing.budget.limit = 1'000;
    standing.budget.unit = LimitUnit::Tokens;
    standing.spent = 10 * percent;
    Q_EMIT m_bench->engine->store().budgets().noticed(standing, percent);
    QCOMPARE(told.size(), 1);
    const QString sentence = told.first().at(1).toString();
    QVERIFY2(sentence.contains(QStringLiteral("budget")), qPrintable(sentence));
    QCOMPARE(told.first().first().value<ui::Tone>(),
             percent == 100 ? ui::Tone::Error : ui::Tone::Warning);
    m_notifier->show(QStringLiteral("end"), QStringLiteral("end"), QStringLiteral("end"));
    QTRY_VERIFY(!m_service->told.isEmpty() &&
                m_service->told.last().title == QStringLiteral("end"));
    QCOMPARE(m_service->told.size(), unseen ? 2 : 1);
    if (!unseen)
        return;
    QCOMPARE(m_service->told.first().body, sentence);
    QTRY_VERIFY([&] {
        Q_EMIT m_service->ActionInvoked(m_service->told.first().id, QStringLiteral("default"));
        return opened.wait(200);
    }());
    QCOMPARE(opened.first().first().toLongLong(), 42LL);
}

QTEST_MAIN(tst_Notifier)
#include "tst_notifier.moc"
