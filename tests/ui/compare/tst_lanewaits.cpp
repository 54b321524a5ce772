#include "tests/support/scriptedserver.h"
#include "tests/ui/actiontexts.h"
#include "tests/ui/practicebench.h"
#include "ui/compare/comparescreen.h"
#include "ui/transcript/messageitem.h"
#include "ui/transcript/transcriptview.h"
#include "ui/widgets/notice.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>

#include <algorithm>

using namespace core;

namespace {

const QString Limited = QStringLiteral("limited");
const QString Free = QStringLiteral("free");
const QString Locked = QStringLiteral("locked");
const QString Spent = QStringLiteral("spent");

QString modelIn(const LoopbackRequest &request)
{
    return QJsonDocument::fromJson(request.body).object()[QStringLiteral("model")].toString();
}

tests::Answer answerTo(const LoopbackRequest &request)
{
    if (modelIn(request) == Limited)
        return tests::Answer::whole(
                   429, R"({"error":{"message":"Slow down.","type":"rate_limit_error"}})")
            .header("retry-after", "90");
    if (modelIn(request) == Spent)
        return tests::Answer::whole(
                   429, R"({"error":{"message":"Slow down.","type":"rate_limit_error"}})")
            .header("retry-after", "7200");
    if (modelIn(request) == Locked)
        return tests::Answer::whole(401, R"({"error":{"message":"No.","code":"invalid_api_key"}})");
    return tests::Answer::stream(
        {R"(data: {"choices":[{"index":0,"delta":{"content":"Here."}}]})"
         "\n\n"
         R"(data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})"
         "\n\ndata: [DONE]\n\n"});
}

} // namespace

//! What a lane offers while it waits or has failed, and the others beside it. Requests are counted
//! by the server.
class tst_LaneWaits : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void anotherModelIsAsked_data();
    void anotherModelIsAsked();
    void lateChoiceIsToldOf();
    void missingKeyLeadsToItsSettings();
    void longRefusalOffersAReminder();
    void offlineHoldsWhatIsNotLocal();

private:
    [[nodiscard]] ui::TranscriptView *view(int lane) const
    {
        return m_screen->findChild<QWidget *>(QStringLiteral("lane%1").arg(lane))
            ->findChild<ui::TranscriptView *>();
    }
    [[nodiscard]] QStringList actions(int lane) const
    {
        return tests::actionTexts(view(lane)->item(1).message());
    }
    [[nodiscard]] Target target(const QString &model) const
    {
        return {QStringLiteral("custom"), 0, m_server->url(u"/v1"), model, false};
    }
    [[nodiscard]] Conversation *lane(int number) const { return m_comparison->lanes().at(number); }
    [[nodiscard]] int asked(const QString &model) const
    {
        const auto requests = m_server->requests();
        return static_cast<int>(
            std::count_if(requests.begin(), requests.end(),
                          [&](const LoopbackRequest &one) { return modelIn(one) == model; }));
    }
    void compare(const QString &first)
    {
        m_comparison = m_bench->engine->comparisons().create({target(first), target(Free)});
        m_screen->show(m_comparison);
        QVERIFY(m_comparison->send(QStringLiteral("Hello?")));
        QTRY_VERIFY(!lane(1)->isRunning());
    }

    std::unique_ptr<tests::PracticeBench> m_bench;
    std::unique_ptr<tests::ScriptedServer> m_server;
    std::unique_ptr<ui::CompareScreen> m_screen;
    Comparison *m_comparison = nullptr;
};

void tst_LaneWaits::init()
{
    m_bench = std::make_unique<tests::PracticeBench>();
    m_server = std::make_unique<tests::ScriptedServer>();
    m_server->setChooser(answerTo);
    m_screen = std::make_unique<ui::CompareScreen>(m_bench->theme, tests::plainNames());
    m_screen->resize(1200, 700);
    m_screen->setVisible(true);
    QVERIFY(QTest::qWaitForWindowExposed(m_screen.get()));
}

void tst_LaneWaits::cleanup()
{
    m_screen.reset();
    m_bench->engine->conversations().stopAll();
    m_bench.reset();
    m_server.reset();
}

void tst_LaneWaits::anotherModelIsAsked_data()
{
    QTest::addColumn<bool>("isRoute");
    QTest::newRow("a-model") << false;
    QTest::newRow("a-route") << true;
}

void tst_LaneWaits::anotherModelIsAsked()
{
    QFETCH(const bool, isRoute);
    compare(Limited);
    QTRY_VERIFY(lane(0)->reply() && lane(0)->reply()->state() == ReplyState::WaitingToRetry);
    QTRY_COMPARE(actions(0),
                 QStringList({QStringLiteral("Now"), QStringLiteral("Wait longer"),
                              QStringLiteral("Other model"), QStringLiteral("Cancel")}));
    const std::int64_t waiting = lane(0)->runningMessage();
    QSignalSpy requested(m_screen.get(), &ui::CompareScreen::insteadRequested);
    Q_EMIT view(0)->actionTriggered(QString::number(waiting), QStringLiteral("instead"));
    QCOMPARE(requested.size(), 1);
    QCOMPARE(requested[0][0].toInt(), 0);
    QCOMPARE(requested[0][1].toLongLong(), waiting);
    QCOMPARE(lane(0)->runningMessage(), waiting); // nothing was chosen yet

    Route route{0, {}, {target(Free)}};
    if (isRoute) {
        route.id = m_bench->engine->routes().add(QStringLiteral("Calm"));
        route.name = QStringLiteral("Calm");
        QVERIFY(m_bench->engine->routes().setTargets(route.id, route.targets));
        m_bench->engine->conversations().setRoutes({route}, {});
    }
    m_screen->askInstead(0, waiting, route);
    QTRY_VERIFY(!m_comparison->isRunning());
    QCOMPARE(asked(Limited), 1);
    QCOMPARE(asked(Free), 2); // the other lane's, and this one's
    QCOMPARE(textOf(lane(0)->path().last().parts), QStringLiteral("Here."));
    QCOMPARE(lane(0)->record().routeId, route.id);
    QCOMPARE(lane(0)->message(waiting)->state, MessageState::Cancelled);
    QVERIFY(m_comparison->isInRound(0));
}

void tst_LaneWaits::lateChoiceIsToldOf()
{
    compare(Limited);
    QTRY_VERIFY(lane(0)->reply() && lane(0)->reply()->state() == ReplyState::WaitingToRetry);
    const std::int64_t waiting = lane(0)->runningMessage();
    m_server->setChooser([](const LoopbackRequest &) {
        return tests::Answer::stream().hold().write("data: [DONE]\n\n");
    });
    lane(0)->reply()->retryNow();
    QTRY_COMPARE(m_server->held(), 1);
    m_screen->askInstead(0, waiting, {0, {}, {target(Free)}});
    QCOMPARE(lane(0)->runningMessage(), waiting); // it may cost: only Stop ends it
    const QList<ui::NoticeBar *> bars = m_screen->findChildren<ui::NoticeBar *>();
    QVERIFY(std::any_of(bars.begin(), bars.end(), [](const ui::NoticeBar *bar) {
        return bar->isVisible() && bar->text().startsWith(QStringLiteral("The wait was over"));
    }));
    m_server->release();
}

void tst_LaneWaits::missingKeyLeadsToItsSettings()
{
    compare(Locked);
    QTRY_VERIFY(!m_comparison->isRunning());
    QTRY_VERIFY(view(0)->item(1).message().error);
    QSignalSpy settings(m_screen.get(), &ui::CompareScreen::keySettingsRequested);
    Q_EMIT view(0)->actionTriggered(view(0)->item(1).message().id, QStringLiteral("keys"));
    QCOMPARE(settings.size(), 1);
    QCOMPARE(settings[0][0].toString(), QStringLiteral("custom"));
}

void tst_LaneWaits::longRefusalOffersAReminder()
{
    compare(Spent);
    QTRY_VERIFY(!m_comparison->isRunning());
    QTRY_VERIFY(view(0)->item(1).message().error);
    const auto card = [this] { return *view(0)->item(1).message().error; };
    QVERIFY2(card().sentence.contains(QStringLiteral("Possible again")),
             qPrintable(card().sentence));
    QCOMPARE(card().actions.last().text, QStringLiteral("Remind me"));
    QSignalSpy asked(m_screen.get(), &ui::CompareScreen::reminderRequested);
    Q_EMIT view(0)->actionTriggered(view(0)->item(1).message().id, card().actions.last().id);
    QCOMPARE(asked.size(), 1);
    QCOMPARE(asked[0][0].toLongLong(), lane(0)->id());
    QCOMPARE(asked[0][1].toLongLong(), lane(0)->path().last().id);
    QVERIFY(asked[0][2].value<UtcTime>() > std::chrono::system_clock::now());
    QVERIFY2(card().sentence.endsWith(QStringLiteral(" You will be reminded.")),
             qPrintable(card().sentence));
}

//! The lane beside it runs on this machine, and answers.
void tst_LaneWaits::offlineHoldsWhatIsNotLocal()
{
    m_bench->network.putFar(m_server->url(u"/v1"));
    m_bench->network.setOffline(true);
    m_comparison = m_bench->engine->comparisons().create({target(Free), m_bench->target()});
    m_screen->show(m_comparison);
    QVERIFY(m_comparison->send(QStringLiteral("Hello?")));
    QTRY_VERIFY(!lane(1)->isRunning());
    QCOMPARE(lane(1)->path().last().state, MessageState::Complete);
    QTRY_COMPARE(actions(0), QStringList({QStringLiteral("Send when online"),
                                          QStringLiteral("Send now"), QStringLiteral("Cancel")}));
    Q_EMIT view(0)->actionTriggered(QString::number(lane(0)->runningMessage()),
                                    QStringLiteral("yes"));
    QTRY_COMPARE(lane(0)->reply()->state(), ReplyState::WaitingForNetwork);
    QCOMPARE(asked(Free), 0);
    m_bench->network.setOffline(false);
    QTRY_VERIFY(!m_comparison->isRunning());
    QCOMPARE(asked(Free), 1);
    QCOMPARE(textOf(lane(0)->path().last().parts), QStringLiteral("Here."));
}

QTEST_MAIN(tst_LaneWaits)
#include "tst_lanewaits.moc"
