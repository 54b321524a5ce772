#include "tests/support/scriptedserver.h"
#include "tests/ui/actiontexts.h"
#include "tests/ui/practicebench.h"
#include "ui/chat/chatscreen.h"
#include "ui/transcript/composeredit.h"
#include "ui/transcript/messageitem.h"
#include "ui/transcript/transcriptview.h"
#include "ui/widgets/notice.h"

#include <QJsonDocument>
#include <QJsonObject>

using namespace core;

namespace {

const QString First = QStringLiteral("first");
const QString Second = QStringLiteral("second");

QString modelIn(const LoopbackRequest &request)
{
    return QJsonDocument::fromJson(request.body).object()[QStringLiteral("model")].toString();
}

//! An answer whose prompt the service keeps, \p cached tokens of it.
QByteArray answerOf(int cached)
{
    return R"(data: {"choices":[{"index":0,"delta":{"content":"Here."}}]})"
           "\n\n"
           R"(data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})"
           "\n\n"
           R"(data: {"choices":[],"usage":{"prompt_tokens":12400,"completion_tokens":3,)"
           R"("prompt_tokens_details":{"cached_tokens":)" +
           QByteArray::number(cached) + "}}}\n\ndata: [DONE]\n\n";
}

} // namespace

//! After a fallback: whom the next turn asks, and what the service that answered keeps. Requests
//! are counted by the server.
class tst_StayOn : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void nextTurnsAskWhoAnswered();
    void keptPromptIsTold();
    void keptPromptIsTold_data();
    void choosingAnotherModelTellsIt();
    void otherNoticesStay();

private:
    [[nodiscard]] ui::TranscriptView *view() const
    {
        return m_screen->findChild<ui::TranscriptView *>();
    }
    [[nodiscard]] QString notice() const
    {
        const auto *bar = m_screen->findChild<ui::NoticeBar *>();
        return bar->isVisible() ? bar->text() : QString();
    }
    [[nodiscard]] QStringList actions() const { return tests::actionTexts(lastShown()); }
    [[nodiscard]] const ui::TranscriptMessage &lastShown() const
    {
        return view()->item(view()->messageCount() - 1).message();
    }
    [[nodiscard]] Target target(const QString &model) const
    {
        return {QStringLiteral("custom"), 0, m_server->url(u"/v1"), model, false};
    }
    //! By Tab and Return, from the last thing that can be pressed on.
    void press(const QString &text) const
    {
        qsizetype tabs = actions().indexOf(text) + 1;
        QVERIFY2(tabs > 0, qPrintable(actions().join(u'|')));
        for (int i = 0; i < view()->messageCount(); ++i) {
            const ui::TranscriptMessage &message = view()->item(i).message();
            for (const ui::FooterSegment &segment : message.footer)
                tabs += segment.action.isEmpty() ? 0 : 1; // the chip that counts attempts
            if (i + 1 < view()->messageCount())
                tabs += message.actions.size();
        }
        view()->setFocus();
        QTest::keyClick(view(), Qt::Key_Home);
        for (; tabs > 0; --tabs)
            QTest::keyClick(view(), Qt::Key_Tab);
        QTest::keyClick(view(), Qt::Key_Return);
    }
    void ask(const QString &text)
    {
        m_asked.clear();
        auto *edit = m_screen->findChild<ui::ComposerEdit *>();
        edit->setPlainText(text);
        QTest::keyClick(edit, Qt::Key_Return);
        QTRY_VERIFY(m_chat->isRunning());
        QTRY_VERIFY(!m_chat->isRunning());
    }

    std::unique_ptr<tests::PracticeBench> m_bench;
    std::unique_ptr<tests::ScriptedServer> m_server;
    std::unique_ptr<ui::ChatScreen> m_screen;
    Conversation *m_chat = nullptr;
    bool m_isFirstWell = false;
    int m_cached = 0;
    int m_losses = 0;    //!< That the screen was told of.
    QStringList m_asked; //!< Models, since the last question.
};

void tst_StayOn::init()
{
    m_isFirstWell = false;
    m_cached = 0;
    m_bench = std::make_unique<tests::PracticeBench>();
    ClientOptions quick = m_bench->engine->client().options();
    quick.maxRetriesPerTarget = 0;
    m_bench->engine->client().setOptions(quick);
    m_server = std::make_unique<tests::ScriptedServer>();
    m_server->setChooser([this](const LoopbackRequest &request) {
        m_asked.append(modelIn(request));
        if (modelIn(request) == First && !m_isFirstWell)
            return tests::Answer::whole(503, R"({"error":{"message":"Later.","type":"server"}})");
        return tests::Answer::stream({answerOf(m_cached)});
    });
    m_screen = std::make_unique<ui::ChatScreen>(m_bench->theme, tests::plainNames());
    m_screen->setCacheLoss(
        [this](const WarmPrompt &prompt, const Target &next) -> std::optional<CacheLoss> {
            if (next == prompt.target)
                return std::nullopt;
            ++m_losses;
            return CacheLoss{prompt, PicoUsd(32'400'000'000)};
        });
    m_screen->resize(900, 700);
    m_screen->setVisible(true);
    RouteBook &routes = m_bench->engine->routes();
    const std::int64_t id = routes.add(QStringLiteral("Calm"));
    QVERIFY(routes.setTargets(id, {target(First), target(Second)}));
    Route route = *routes.find(id);
    route.targets = {target(First), target(Second)}; // accounts know of no scripted server
    m_chat = m_bench->chat();
    m_chat->setRoutes({route});
    m_chat->setRoute(route);
    m_screen->show(m_chat);
    QVERIFY(QTest::qWaitForWindowExposed(m_screen.get()));
}

void tst_StayOn::cleanup()
{
    m_screen.reset();
    m_bench->engine->conversations().stopAll();
    m_bench.reset();
    m_server.reset();
}

void tst_StayOn::nextTurnsAskWhoAnswered()
{
    ask(QStringLiteral("Hello?"));
    QCOMPARE(m_asked, QStringList({First, Second}));
    QTRY_VERIFY(actions().contains(QStringLiteral("Stay on second")));
    m_isFirstWell = true;
    ask(QStringLiteral("Who is it?")); // without a word the route begins anew
    QCOMPARE(m_asked, QStringList({First}));

    m_isFirstWell = false;
    ask(QStringLiteral("And now?"));
    QTRY_VERIFY(actions().contains(QStringLiteral("Stay on second")));
    press(QStringLiteral("Stay on second"));
    QTRY_VERIFY(actions().contains(QStringLiteral("Back to first")));
    QVERIFY(!actions().contains(QStringLiteral("Stay on second")));
    m_isFirstWell = true;
    ask(QStringLiteral("Still there?"));
    QCOMPARE(m_asked, QStringList({Second}));
    QTRY_VERIFY(actions().contains(QStringLiteral("Back to first"))); // until the reader says so
    Q_EMIT view()->actionTriggered(lastShown().id, QStringLiteral("unstay"));
    QTRY_VERIFY(!actions().contains(QStringLiteral("Back to first")));
    ask(QStringLiteral("Good bye"));
    QCOMPARE(m_asked, QStringList({First}));
}

void tst_StayOn::keptPromptIsTold_data()
{
    QTest::addColumn<int>("cached");
    QTest::addColumn<bool>("isTold");
    QTest::newRow("a-long-one") << 12'000 << true;
    QTest::newRow("a-short-one") << 1'024 << false;
    QTest::newRow("none") << 0 << false;
}

//! The route's first target has nothing of it.
void tst_StayOn::keptPromptIsTold()
{
    QFETCH(const int, cached);
    QFETCH(const bool, isTold);
    m_cached = cached;
    ask(QStringLiteral("Hello?"));
    QTRY_VERIFY(actions().contains(QStringLiteral("Stay on second")));
    if (!isTold) {
        QCOMPARE(notice(), QString()); // it was looked at when the answer had ended
        return;
    }
    QTRY_COMPARE(notice(), QStringLiteral("12k cached tokens of second will be sent again at full "
                                          "price, about $0.0324 more."));
    press(QStringLiteral("Stay on second")); // nothing is lost
    QTRY_COMPARE(notice(), QString());
    Q_EMIT view()->actionTriggered(lastShown().id, QStringLiteral("unstay"));
    QTRY_VERIFY(notice().startsWith(QStringLiteral("12k cached tokens of second")));
    m_isFirstWell = true;
    m_cached = 0;
    ask(QStringLiteral("And now?")); // it was said, and the reader went on
    QTRY_COMPARE(notice(), QString());
}

void tst_StayOn::choosingAnotherModelTellsIt()
{
    m_cached = 12'000;
    m_chat->setTarget(target(Second));
    ask(QStringLiteral("Hello?"));
    QCOMPARE(notice(), QString());
    m_chat->setTarget(target(QStringLiteral("third")));
    QTRY_VERIFY(notice().startsWith(QStringLiteral("12k cached tokens of second")));
    m_chat->setTarget(target(Second));
    QTRY_COMPARE(notice(), QString());
}

void tst_StayOn::otherNoticesStay()
{
    m_cached = 12'000;
    m_chat->setTarget(target(Second));
    ask(QStringLiteral("Hello?"));
    m_screen->setNotice(QStringLiteral("Something else."));
    m_losses = 0;
    m_chat->setTarget(target(QStringLiteral("third")));
    QTRY_VERIFY(m_losses > 0); // there was something to tell
    QCOMPARE(notice(), QStringLiteral("Something else."));
}

QTEST_MAIN(tst_StayOn)
#include "tst_stayon.moc"
