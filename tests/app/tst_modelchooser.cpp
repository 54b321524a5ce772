#include "app/chosenroutes.h"
#include "app/firstrun.h"
#include "app/modelchooser.h"
#include "app/targetspec.h"
#include "tests/support/scriptedserver.h"
#include "tests/ui/practicebench.h"
#include "ui/widgets/figures.h"
#include "ui/widgets/filterpopup.h"

#include <QAbstractButton>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QRegularExpression>
#include <QWidget>

using namespace Qt::StringLiterals;

class tst_ModelChooser : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup() { m_bench.reset(); }
    void eachModelStandsOnce();
    void whatCannotChatIsNotOffered_data();
    void whatCannotChatIsNotOffered();
    void otherProtocolsAreFound();
    void recentOnesStandAnyway();
    void beginsAtWhatIsUsed();
    void routesAreOffered();
    void favouritesStandFirst();
    void typedIdsNameTheirProvider_data();
    void typedIdsNameTheirProvider();
    void rowsSayWhatTheNextMessageCosts();
    void limitsAreTold();
    void opensSoonWithManyModels();
    void oldFallbacksBecomeARoute();
    void lanesAreNamedWithTheirRoutes();
    void firstRunLooksOnThisMachineOnly();
    void firstRunWaitsForNobody();

private:
    [[nodiscard]] static QStringList practiceIds(const ui::FilterPopup &popup);

    std::unique_ptr<tests::PracticeBench> m_bench;
};

void tst_ModelChooser::init()
{
    QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support)"_s));
    m_bench = std::make_unique<tests::PracticeBench>();
}

QStringList tst_ModelChooser::practiceIds(const ui::FilterPopup &popup)
{
    return popup.shownIds().filter(u"practice"_s);
}

void tst_ModelChooser::eachModelStandsOnce()
{
    app::Engine &engine = *m_bench->engine;
    const core::ModelDirectory models(engine.accounts(), engine.modelLists(), engine.prices(),
                                      engine.clock());
    QWidget window;
    app::ModelChooser chooser(engine, models, m_bench->theme, &window);
    chooser.open(&window, {});
    const auto *popup = window.findChild<ui::FilterPopup *>(u"modelPicker"_s);
    QStringList ids = practiceIds(*popup);
    ids.sort();
    QCOMPARE(ids, QStringList({u"practice/practice-fast"_s, u"practice/practice-steady"_s,
                               u"practice/practice-thinker"_s}));
    for (const QString &id : popup->shownIds())
        QVERIFY2(!id.startsWith("openai-chat/"_L1), qPrintable(id));
}

void tst_ModelChooser::whatCannotChatIsNotOffered_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QString>("offered");
    QTest::addColumn<QString>("hidden");
    QTest::newRow("another-service-of-google")
        << u"google"_s << u"gemini-2.5-flash"_s << u"claude-3-haiku"_s;
    QTest::newRow("speech") << u"google"_s << u"gemini-2.5-flash"_s << u"gemini-2.5-pro-tts"_s;
    QTest::newRow("old-completions") << u"openai"_s << u"gpt-4"_s << u"gpt-3.5-turbo-instruct"_s;
}

//! Before a service has told its models, the list of prices stands in, which knows more.
void tst_ModelChooser::whatCannotChatIsNotOffered()
{
    QFETCH(const QString, provider);
    QFETCH(const QString, offered);
    QFETCH(const QString, hidden);
    app::Engine &engine = *m_bench->engine;
    const core::ModelDirectory models(engine.accounts(), engine.modelLists(), engine.prices(),
                                      engine.clock());
    QStringList ids;
    for (const core::ModelChoice &choice : models.choicesOf(provider))
        ids += choice.target.model;
    QVERIFY2(ids.contains(offered), qPrintable(ids.join(u' ')));
    QVERIFY(!ids.contains(hidden));
    const auto inCatalogue = engine.prices().find(
        engine.providers().provider(provider)->priceProvider, hidden, engine.clock().utcNow());
    QVERIFY(inCatalogue); // else the row shows nothing
}

void tst_ModelChooser::otherProtocolsAreFound()
{
    app::Engine &engine = *m_bench->engine;
    const core::ModelDirectory models(engine.accounts(), engine.modelLists(), engine.prices(),
                                      engine.clock());
    QWidget window;
    app::ModelChooser chooser(engine, models, m_bench->theme, &window);
    core::Target chosen;
    chooser.open(&window, [&](const core::Route &route) { chosen = route.targets.first(); });
    auto *popup = window.findChild<ui::FilterPopup *>(u"modelPicker"_s);
    auto *field = popup->findChild<QLineEdit *>();
    field->setText(u"practice steady bedrock"_s);
    QCOMPARE(popup->shownIds(), QStringList(u"practice-bedrock/practice-steady"_s));
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(chosen, m_bench->target(u"practice-steady"_s, u"practice-bedrock"_s));
    QVERIFY(chosen.simulated);
}

void tst_ModelChooser::recentOnesStandAnyway()
{
    app::Engine &engine = *m_bench->engine;
    const core::ModelDirectory models(engine.accounts(), engine.modelLists(), engine.prices(),
                                      engine.clock());
    QWidget window;
    app::ModelChooser chooser(engine, models, m_bench->theme, &window);
    chooser.remember({0, {}, {m_bench->target(u"practice-fast"_s, u"practice-cohere"_s)}});
    chooser.open(&window, {});
    const auto *popup = window.findChild<ui::FilterPopup *>(u"modelPicker"_s);
    QCOMPARE(popup->shownIds().first(), u"recent:practice-cohere/practice-fast"_s);
    QCOMPARE(practiceIds(*popup).size(), 4);
}

//! Return alone then changes nothing.
void tst_ModelChooser::beginsAtWhatIsUsed()
{
    app::Engine &engine = *m_bench->engine;
    const core::ModelDirectory models(engine.accounts(), engine.modelLists(), engine.prices(),
                                      engine.clock());
    QWidget window;
    app::ModelChooser chooser(engine, models, m_bench->theme, &window);
    const core::Route used{0, {}, {m_bench->target(u"practice-thinker"_s)}};
    QList<core::Target> chosen;
    const auto choose = [&](const core::Route &route) { chosen += route.targets; };
    const auto *popup = [&] {
        chooser.open(&window, choose, app::ModelChooser::Offer::RoutesToo, used);
        return window.findChild<ui::FilterPopup *>(u"modelPicker"_s);
    }();
    QTest::keyClick(popup->findChild<QLineEdit *>(), Qt::Key_Return);
    QCOMPARE(chosen, used.targets);
}

void tst_ModelChooser::routesAreOffered()
{
    app::Engine &engine = *m_bench->engine;
    const core::ModelDirectory models(engine.accounts(), engine.modelLists(), engine.prices(),
                                      engine.clock());
    const std::int64_t id = engine.routes().add(u"Balanced"_s);
    QWidget window;
    app::ModelChooser chooser(engine, models, m_bench->theme, &window);
    auto *popup = window.findChild<ui::FilterPopup *>(u"modelPicker"_s);
    const QString row = u"route:"_s + QString::number(id);
    chooser.open(&window, {});
    QVERIFY(!popup->shownIds().contains(row)); // nobody to ask
    QVERIFY(
        engine.routes().setTargets(id, {m_bench->target(), m_bench->target(u"practice-fast"_s)}));
    engine.routes().setKind(id, core::RouteKind::ByTask);
    core::Route chosen;
    chooser.open(&window, [&chosen](const core::Route &route) { chosen = route; });
    QVERIFY(popup->shownIds().contains(row));
    Q_EMIT popup->chosen(row);
    QCOMPARE(chosen.id, id);
    QCOMPARE(chosen.targets.size(), 2);
    QCOMPARE(chosen.kind, core::RouteKind::ByTask);
    chooser.remember(chosen);
    QCOMPARE(engine.settings().value(core::settings::LastRoute), QString::number(id));
    chooser.open(&window, {}, app::ModelChooser::Offer::ModelsOnly);
    QVERIFY(!popup->shownIds().contains(row));
}

//! Starred by key, kept, and there at the next opening, before what was used last.
void tst_ModelChooser::favouritesStandFirst()
{
    app::Engine &engine = *m_bench->engine;
    const core::ModelDirectory models(engine.accounts(), engine.modelLists(), engine.prices(),
                                      engine.clock());
    QWidget window;
    app::ModelChooser chooser(engine, models, m_bench->theme, &window);
    chooser.remember({0, {}, {m_bench->target(u"practice-fast"_s)}});
    chooser.open(&window, {});
    auto *popup = window.findChild<ui::FilterPopup *>(u"modelPicker"_s);
    auto *field = popup->findChild<QLineEdit *>();
    field->setText(u"practice thinker"_s);
    const QStringList before = popup->shownIds();
    QTest::keyClick(field, Qt::Key_D, Qt::ControlModifier);
    QCOMPARE(popup->shownIds(), before); // nothing moves
    QVERIFY(field->accessibleDescription().endsWith(u", favourite"_s));
    QCOMPARE(engine.settings().value(core::settings::FavouriteModels),
             u"practice/practice-thinker"_s);
    chooser.open(&window, {});
    QCOMPARE(popup->shownIds().mid(0, 2), QStringList({u"favourite:practice/practice-thinker"_s,
                                                       u"recent:practice/practice-fast"_s}));
    // From any of its rows it is taken back.
    Q_EMIT popup->starToggled(u"favourite:practice/practice-thinker"_s, false);
    QVERIFY(engine.settings().value(core::settings::FavouriteModels).isEmpty());
    chooser.open(&window, {});
    QVERIFY(popup->shownIds().first().startsWith(u"recent:"_s));
}

void tst_ModelChooser::typedIdsNameTheirProvider_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("taken");
    QTest::newRow("id-alone") << u"zzzqq"_s << u"practice/zzzqq"_s;
    QTest::newRow("with-its-provider") << u"openai/zzzqq"_s << u"openai/zzzqq"_s;
    QTest::newRow("id-with-a-slash") << u"zz/qq"_s << u"practice/zz/qq"_s;
}

void tst_ModelChooser::typedIdsNameTheirProvider()
{
    QFETCH(const QString, typed);
    app::Engine &engine = *m_bench->engine;
    const core::ModelDirectory models(engine.accounts(), engine.modelLists(), engine.prices(),
                                      engine.clock());
    QWidget window;
    app::ModelChooser chooser(engine, models, m_bench->theme, &window);
    QString taken;
    chooser.open(&window,
                 [&](const core::Route &route) { taken = app::specOf(route.targets.first()); },
                 app::ModelChooser::Offer::RoutesToo, {0, {}, {m_bench->target()}});
    auto *field = window.findChild<ui::FilterPopup *>(u"modelPicker"_s)->findChild<QLineEdit *>();
    field->setText(typed);
    const QString provider =
        typed.startsWith(u"openai/"_s) ? u"OpenAI"_s : models.providerNameOf(u"practice"_s);
    QVERIFY2(field->accessibleDescription().endsWith(u", "_s + provider),
             qPrintable(field->accessibleDescription()));
    QTest::keyClick(field, Qt::Key_Return);
    QTEST(taken, "taken");
}

//! As the composer says it.
void tst_ModelChooser::rowsSayWhatTheNextMessageCosts()
{
    app::Engine &engine = *m_bench->engine;
    const core::ModelDirectory models(engine.accounts(), engine.modelLists(), engine.prices(),
                                      engine.clock());
    QWidget window;
    app::ModelChooser chooser(engine, models, m_bench->theme, &window);
    const core::ChatRequest next = m_bench->chat()->requestFor(u"How much is this?"_s);
    const core::Target target = m_bench->target(u"practice-fast"_s);
    const auto asked = engine.forecast({{next, target}});
    QTRY_VERIFY(asked.isFinished());
    const QString cost =
        ui::costText(asked.result().first().cost, ui::Decimals::Figures, ui::MoneyMark::Simulated);
    auto *popup = window.findChild<ui::FilterPopup *>(u"modelPicker"_s);
    auto *field = popup->findChild<QLineEdit *>();
    chooser.open(&window, {}, app::ModelChooser::Offer::RoutesToo, {}, next);
    field->setText(u"practice-fast"_s);
    QTRY_VERIFY2(field->accessibleDescription().contains(u"next message "_s + cost),
                 qPrintable(field->accessibleDescription() + u" lacks "_s + cost));
    const core::ChatRequest nothing = m_bench->chat()->requestFor({});
    chooser.open(&window, {}, app::ModelChooser::Offer::RoutesToo, {}, nothing);
    field->setText(u"practice-fast"_s);
    QTest::qWait(0);
    QVERIFY(!field->accessibleDescription().contains(u"next message"_s));
}

void tst_ModelChooser::limitsAreTold()
{
    app::Engine &engine = *m_bench->engine;
    const core::ModelDirectory models(engine.accounts(), engine.modelLists(), engine.prices(),
                                      engine.clock());
    const core::Target target = m_bench->target(u"practice-fast"_s);
    auto passage = engine.traffic().join(target, core::Urgency::Chat, 1, 1);
    QVERIFY(passage->isOpen());
    core::PassageEnd end;
    end.stayAway = std::chrono::hours(1);
    passage->end(end);
    QWidget window;
    app::ModelChooser chooser(engine, models, m_bench->theme, &window);
    chooser.open(&window, {});
    const auto *popup = window.findChild<ui::FilterPopup *>(u"modelPicker"_s);
    auto *field = popup->findChild<QLineEdit *>();
    field->setText(u"practice-fast"_s);
    static const QRegularExpression limited(u", limited until \\d\\d:\\d\\d$"_s);
    QVERIFY2(field->accessibleDescription().contains(limited),
             qPrintable(field->accessibleDescription()));
    field->setText(u"practice-steady"_s);
    QVERIFY(field->accessibleDescription().endsWith(u", ready"_s));
    engine.traffic().forceBreaker(target, core::CircuitBreaker::Forced::Open);
    chooser.open(&window, {});
    field->setText(u"practice-steady"_s);
    QVERIFY(field->accessibleDescription().endsWith(u", limited"_s)); // as long as the user says
}

void tst_ModelChooser::opensSoonWithManyModels()
{
    app::Engine &engine = *m_bench->engine;
    const core::ModelDirectory models(engine.accounts(), engine.modelLists(), engine.prices(),
                                      engine.clock());
    QWidget window;
    app::ModelChooser chooser(engine, models, m_bench->theme, &window);
    chooser.open(&window, {});
    const auto *popup = window.findChild<ui::FilterPopup *>(u"modelPicker"_s);
    QElapsedTimer timer;
    timer.start();
    chooser.open(&window, {});
    qInfo("figure: the model picker opened with %d rows in %d ms",
          static_cast<int>(popup->shownIds().size()), static_cast<int>(timer.elapsed()));
    QVERIFY(popup->shownIds().size() > 300);
    QVERIFY(timer.elapsed() < 1500); // in a sanitized build; 100 ms is the aim of a plain one
}

void tst_ModelChooser::oldFallbacksBecomeARoute()
{
    app::Engine &engine = *m_bench->engine;
    core::Settings &settings = engine.settings();
    QVERIFY(settings.setValue(core::settings::FallbackTargets,
                              u"practice/practice-fast\npractice/practice-thinker"_s));
    QVERIFY(app::adoptOldFallbacks(engine));
    QVERIFY(app::adoptOldFallbacks(engine)); // once
    QVERIFY(settings.value(core::settings::FallbackTargets).isEmpty());
    const QList<core::Route> routes = engine.routes().routes();
    QCOMPARE(routes.size(), 1);
    QCOMPARE(settings.value(core::settings::FallbackRoute), QString::number(routes.first().id));
    const core::Conversation *chat = m_bench->chat();
    app::applyRoutes(engine);
    QCOMPARE(chat->fallbacks(), routes.first().targets);
    QCOMPARE(chat->fallbacks().size(), 2);
}

void tst_ModelChooser::lanesAreNamedWithTheirRoutes()
{
    app::Engine &engine = *m_bench->engine;
    const std::int64_t id = engine.routes().add(u"Calm"_s);
    QVERIFY(engine.routes().setTargets(id, {m_bench->target(u"practice-fast"_s)}));
    const std::int64_t empty = engine.routes().add(u"Nobody"_s);
    const core::Route calm = *engine.routes().find(id);
    const QString lines = app::specOf(calm) + u'\n' +
                          app::specOf(core::Route{0, {}, {m_bench->target()}}) +
                          u"\nroute:%1\nroute:4711\nroute:\nnobody/nothing"_s.arg(empty);
    const QList<core::Route> routes = app::routesFrom(lines, engine);
    QCOMPARE(routes.size(), 2); // what is gone or has nobody to ask is left out
    QCOMPARE(routes.first(), calm);
    QCOMPARE(routes.last().id, 0);
    QCOMPARE(routes.last().targets, QList<core::Target>({m_bench->target()}));
    // As earlier versions wrote them.
    QCOMPARE(app::routesFrom(u"practice/practice-steady"_s, engine).first().targets,
             routes.last().targets);
}

void tst_ModelChooser::firstRunLooksOnThisMachineOnly()
{
    app::EngineOptions options;
    options.profile = app::Profile::below(m_bench->directory.filePath(u"fresh"_s));
    const auto engine = app::Engine::create(options);
    QVERIFY(engine);
    const core::ModelLists &lists = (*engine)->modelLists();
    // Nothing answers there, and nobody must be asked before the user asks.
    QVERIFY((*engine)->accounts().setBaseUrl(u"ollama"_s, u"https://192.0.2.1/v1"_s));
    QVERIFY((*engine)->accounts().setBaseUrl(u"vllm"_s, u"http://127.0.0.1:9/v1"_s));
    ui::Welcome welcome(m_bench->theme);
    app::FirstRun firstRun(**engine, welcome);
    firstRun.refresh();
    QTRY_VERIFY(lists.lastAsked(u"vllm"_s));
    QVERIFY(!lists.lastAsked(u"ollama"_s));
    for (const core::ProviderInfo &row : (*engine)->providers().providers())
        QVERIFY2(row.local || !lists.lastAsked(row.id), qPrintable(row.id));
}

//! Some other program may listen at one of the usual ports and never say a word.
void tst_ModelChooser::firstRunWaitsForNobody()
{
    tests::ScriptedServer server;
    server.setAnswer("/v1/models",
                     tests::Answer::whole(200, R"({"object":"list","data":[{"id":"wren"}]})"));
    server.setAnswer("/silent/models", tests::Answer::nothing());
    app::EngineOptions options;
    options.profile = app::Profile::below(m_bench->directory.filePath(u"fresh"_s));
    const auto engine = app::Engine::create(options);
    QVERIFY(engine);
    QVERIFY((*engine)->accounts().setBaseUrl(u"ollama"_s, server.url(u"/v1").toString()));
    QVERIFY((*engine)->accounts().setBaseUrl(u"vllm"_s, server.url(u"/silent").toString()));
    ui::Welcome welcome(m_bench->theme);
    app::FirstRun firstRun(**engine, welcome);
    firstRun.refresh();
    const auto *local = welcome.findChild<QAbstractButton *>(u"useLocalServer"_s);
    QTRY_VERIFY2(local->text().startsWith(u"Use "), qPrintable(local->text()));
}

QTEST_MAIN(tst_ModelChooser)
#include "tst_modelchooser.moc"
