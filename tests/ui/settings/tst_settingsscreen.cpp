#include "core/store/budgetbook.h"
#include "tests/core/store/storefixture.h"
#include "tests/ui/settings/settingsbench.h"
#include "ui/settings/settingslist.h"
#include "ui/widgets/budgetbar.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/statuspill.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QSignalSpy>
#include <QTableView>

using namespace core;
using tests::Azure;
using tests::Bedrock;
using tests::OpenAi;
using Bench = tests::SettingsBench;
using namespace std::chrono_literals;

namespace {

const QByteArray Key("sk-proj-onlyATestKey7Q4A");

void clickUndo(const Bench &bench)
{
    for (auto *button :
         bench.find<ui::NoticeBar>("routesNotice")->findChildren<QAbstractButton *>())
        QTest::mouseClick(button, Qt::LeftButton);
}

} // namespace

class tst_SettingsScreen : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { ui::loadIcons(); }
    void keyGoesToTheStoreAndNowhereElse();
    void keyIsRemoved();
    void lockedKeychainOffersTheSession();
    void addresses_data();
    void addresses();
    void changedHostAsksBeforeTheKeyGoes();
    void lateYesIsForOneHost();
    void testListsModels();
    void testSaysWhatIsWrong();
    void answerToAnEarlierTestIsNotShown();
    void testAsksForTheAddressFirst();
    void oldProofsDoNotStay();
    void shortKeyShowsNothingOfIt();
    void routeKeepsItsOrder();
    void routeIsNamedDeletedAndBroughtBack();
    void routeTellsWhatIsAskedAbout();
    void routeMayChooseByTask();
    void narrowShowsOneColumn();
    void providerPageFitsBesideItsList_data();
    void providerPageFitsBesideItsList();
    void narrowWindowShowsListOrPage();
    void budgetIsMadeChangedAndRemoved();
    void removingABudgetLeavesTheFormOfAnother();
    void sectionsStandInTheirOrder();
    void pagesAreMadeWhenChosen();
    void budgetZoneIsChosen_data();
    void budgetZoneIsChosen();
    void faultyBudgetIsNotSaved_data();
    void faultyBudgetIsNotSaved();
    void budgetOfTheSettingsIsShownNotChanged();
    void promptCacheIsSwitched();
    void pricesAreFoundAndOverridden();
    void priceTableFitsAllItsRows();
    void largerTextLeavesRoomForModels();
    void searchLeavesATypedPriceAlone();
    void otherPricesAreTaken_data();
    void otherPricesAreTaken();
    void heldPricesWaitForAWord();
    void otherPricesEndAQuarantineAloud();
    void everyChangeCanBeRead();
    void faultyPricesAreRefused();
    void priceOfAnUnknownModel();
    void oneAccountStandsOnce();
    void accessKeysAreStoredAsAPair();
    void profileIsChosenAndTakenBack();
    void programOfAProfileRunsOnlyWhenAllowed();
    void regionMovesTheAddress();
    void signsInByDeviceCode();
    void undoSignsNobodyIn();
    void signInThatFailsSaysWhy();
    void healthComesFromTheLedger();
    void breakerIsShownAndReset();
    void userHasTheLastWord();
    void heldModelIsNamed();
    void activeCheckRunsOnlyWhileSeen();
    void refreshListsAnew();
    void deploymentsAreEdited();
};

void tst_SettingsScreen::keyGoesToTheStoreAndNowhereElse()
{
    Bench bench;
    QSignalSpy stored(bench.screen.get(), &ui::SettingsScreen::keyStored);
    bench.screen->showProvider(OpenAi);
    QVERIFY(!bench.find<QAbstractButton>("saveKey")->isEnabled());
    bench.typeKey("  " + Key + " ");
    QTRY_COMPARE(stored.count(), 1);
    QCOMPARE(stored.first().first().toString(), OpenAi);
    const Account account = bench.accounts->accountOf(OpenAi);
    QCOMPARE(bench.keys.key(account.id), Key);
    QCOMPARE(account.lastFour, QStringLiteral("7Q4A"));
    QVERIFY(!bench.find<QLineEdit>("keyField")->isVisible());
    QVERIFY(bench.find<QLineEdit>("keyField")->text().isEmpty());
    QVERIFY(bench.text("keyStored").endsWith(QStringLiteral("7Q4A")));
    for (const QLabel *label : bench.screen->findChildren<QLabel *>())
        QVERIFY(!label->text().contains(QLatin1String(Key)));
}

void tst_SettingsScreen::keyIsRemoved()
{
    Bench bench;
    bench.screen->showProvider(OpenAi);
    bench.typeKey(Key);
    QTRY_VERIFY(bench.accounts->accountOf(OpenAi).keySaved);
    bench.typeAddress(QStringLiteral("https://api.openai.com/v2"));
    const auto *notice = bench.find<ui::NoticeBar>("providerNotice");
    QVERIFY(notice->isVisible()); // Undo
    bench.click("removeKey");
    QTRY_VERIFY(!bench.accounts->accountOf(OpenAi).keySaved);
    QTRY_VERIFY(!notice->isVisible()); // it would say again that there is a key
    QVERIFY(bench.keys.key(bench.accounts->accountOf(OpenAi).id).isEmpty());
    QVERIFY(bench.find<QLineEdit>("keyField")->isVisible());
}

void tst_SettingsScreen::lockedKeychainOffersTheSession()
{
    Bench bench;
    bench.keys.failWrites(true);
    bench.screen->showProvider(OpenAi);
    bench.typeKey(Key);
    auto *notice = bench.find<ui::NoticeBar>("providerNotice");
    QTRY_VERIFY(notice->isVisible());
    QVERIFY(notice->text().contains(QStringLiteral("locked")));
    QVERIFY(!bench.accounts->accountOf(OpenAi).keySaved);

    // What was typed is not lost: it waits while the person decides.
    bench.clickAction(QStringLiteral("Try again"));
    QTRY_VERIFY(notice->isVisible());
    bench.clickAction(QStringLiteral("Keep until I quit"));
    QTRY_VERIFY(bench.accounts->accountOf(OpenAi).keySaved);
    const Account account = bench.accounts->accountOf(OpenAi);
    QCOMPARE(account.keySource, KeySource::Session);
    QCOMPARE(bench.keys.key(account.id), Key);
    QVERIFY(!notice->isVisible());
}

void tst_SettingsScreen::addresses_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<bool>("taken");
    QTest::newRow("https") << QStringLiteral("https://proxy.example/v1") << true;
    QTest::newRow("loopback") << QStringLiteral("http://127.0.0.1:9/v1") << true;
    QTest::newRow("foreign-http") << QStringLiteral("http://example.org/v1") << false;
    QTest::newRow("no-scheme") << QStringLiteral("api.openai.com") << false;
    QTest::newRow("user-info") << QStringLiteral("https://me:pw@example.org") << false;
    QTest::newRow("file") << QStringLiteral("file:///etc/passwd") << false;
    QTest::newRow("junk") << QStringLiteral("https://") << false;
}

void tst_SettingsScreen::addresses()
{
    QFETCH(const QString, typed);
    QFETCH(const bool, taken);
    Bench bench;
    bench.screen->showProvider(OpenAi);
    const QUrl before = bench.accounts->accountOf(OpenAi).baseUrl;
    const QString hint = bench.text("baseUrlHint");
    bench.typeAddress(typed);
    QCOMPARE(bench.accounts->accountOf(OpenAi).baseUrl, taken ? QUrl(typed) : before);
    QCOMPARE(bench.text("baseUrlHint") == hint, taken);        // else it says which rule was broken
    QCOMPARE(bench.find<QLineEdit>("baseUrl")->text(), typed); // nothing typed is lost
}

void tst_SettingsScreen::changedHostAsksBeforeTheKeyGoes()
{
    Bench bench;
    bench.screen->showProvider(OpenAi);
    bench.typeKey(Key);
    QTRY_VERIFY(bench.accounts->accountOf(OpenAi).keySaved);
    bench.typeAddress(QStringLiteral("https://proxy.example/v1"));
    QCOMPARE(bench.accounts->state(OpenAi), AccountState::Unconfirmed);
    const auto *notice = bench.find<ui::NoticeBar>("providerNotice");
    QVERIFY(notice->text().contains(QStringLiteral("proxy.example")));
    bench.clickAction(QStringLiteral("Send the key there"));
    QTRY_COMPARE(bench.accounts->state(OpenAi), AccountState::Ready);
    QVERIFY(!notice->isVisible());
}

void tst_SettingsScreen::lateYesIsForOneHost()
{
    Bench bench;
    bench.screen->showProvider(OpenAi);
    bench.typeKey(Key);
    QTRY_VERIFY(bench.accounts->accountOf(OpenAi).keySaved);
    QVERIFY(bench.accounts->setBaseUrl(OpenAi, QStringLiteral("https://one.example/v1")));
    bench.keys.holdReads(); // the keychain asks to be unlocked
    const QFuture<Result<Done>> said = bench.accounts->confirmOrigin(OpenAi);
    const QString other = QStringLiteral("https://other.example/v1");
    QVERIFY(bench.accounts->setBaseUrl(OpenAi, other));
    bench.keys.releaseReads();
    QTRY_VERIFY(said.isFinished());
    QCOMPARE(bench.accounts->accountOf(OpenAi).baseUrl, QUrl(other));
    QCOMPARE(bench.accounts->state(OpenAi), AccountState::Unconfirmed);
}

void tst_SettingsScreen::testListsModels()
{
    Bench bench;
    tests::ScriptedServer server;
    server.setAnswer("/v1/models",
                     tests::Answer::whole(200, R"({"data":[{"id":"m-1"},{"id":"m-2"}]})"));
    const QString local = QStringLiteral("ollama");
    bench.screen->showProvider(local);
    bench.typeAddress(server.url(u"/v1").toString());
    bench.click("testConnection");
    QTRY_COMPARE(bench.lists->models(local).size(), 2);
    QTRY_VERIFY(bench.text("testResult").startsWith(QStringLiteral("It answers")));
    QCOMPARE(bench.find<QTableView>("modelTable")->model()->rowCount(), 2);
    bench.find<QLineEdit>("modelFilter")->setText(QStringLiteral("M-2"));
    QCOMPARE(bench.find<QTableView>("modelTable")->model()->rowCount(), 1);
}

void tst_SettingsScreen::testSaysWhatIsWrong()
{
    Bench bench;
    tests::ScriptedServer server;
    server.setAnswer("/v1/models",
                     tests::Answer::whole(401, R"({"error":{"message":"Incorrect API key"}})"));
    bench.screen->showProvider(QStringLiteral("ollama"));
    bench.typeAddress(server.url(u"/v1").toString());
    bench.click("testConnection");
    auto *button = bench.find<QAbstractButton>("testConnection");
    QTRY_VERIFY(button->isEnabled());
    QVERIFY(!bench.text("testResult").isEmpty());
    QVERIFY(!bench.text("testResult").startsWith(QStringLiteral("It answers")));
    const QString refused = bench.text("testResult");
    QVERIFY2(refused.startsWith(QStringLiteral("Ollama refused the key.")), qPrintable(refused));
    QVERIFY(!refused.contains(QStringLiteral("Settings"))); // that is here
    server.shutDown();
    bench.click("testConnection");
    QTRY_VERIFY(button->isEnabled());
    const QString gone = bench.text("testResult");
    QVERIFY2(gone.startsWith(QStringLiteral("Ollama could not be reached")), qPrintable(gone));
}

void tst_SettingsScreen::answerToAnEarlierTestIsNotShown()
{
    Bench bench;
    tests::ScriptedServer server;
    server.setAnswer("/v1/models", tests::Answer::whole(200, R"({"data":[{"id":"m-1"}]})"));
    bench.screen->showProvider(QStringLiteral("ollama"));
    bench.typeAddress(server.url(u"/v1").toString());
    bench.click("testConnection");
    bench.screen->showProvider(OpenAi);
    QTRY_COMPARE(bench.lists->models(QStringLiteral("ollama")).size(), 1);
    QVERIFY(!bench.find<QLabel>("testResult")->isVisible());
    QVERIFY(bench.find<QAbstractButton>("testConnection")->isEnabled());
}

void tst_SettingsScreen::testAsksForTheAddressFirst()
{
    Bench bench;
    const QString custom = QStringLiteral("custom");
    bench.screen->showProvider(custom);
    QVERIFY(bench.accounts->accountOf(custom).baseUrl.isEmpty());
    bench.click("testConnection");
    QCOMPARE(bench.text("testResult"), QStringLiteral("Enter the base URL first."));
    QVERIFY(bench.find<QLineEdit>("baseUrl")->hasFocus());
    QVERIFY(!bench.lists->lastAsked(custom));
}

//! What an earlier key or address proved says nothing of another.
void tst_SettingsScreen::oldProofsDoNotStay()
{
    Bench bench;
    tests::ScriptedServer server;
    server.setAnswer("/v1/models",
                     tests::Answer::whole(401, R"({"error":{"message":"Incorrect API key"}})"));
    bench.screen->showProvider(QStringLiteral("custom"));
    bench.typeAddress(server.url(u"/v1").toString());
    const auto *result = bench.find<QLabel>("testResult");
    const auto test = [&] {
        bench.click("testConnection");
        QTRY_VERIFY(bench.find<QAbstractButton>("testConnection")->isEnabled());
        QVERIFY(result->isVisible());
        QVERIFY(bench.text("healthEvidence").contains(QStringLiteral("Checked")));
    };
    const auto isForgotten = [&] {
        return !result->isVisible() &&
               !bench.text("healthEvidence").contains(QStringLiteral("Checked"));
    };
    test();
    bench.typeKey(Key);
    QTRY_VERIFY(bench.accounts->accountOf(QStringLiteral("custom")).keySaved);
    QVERIFY(isForgotten());
    test();
    bench.typeAddress(QStringLiteral("http://127.0.0.1:9/v1"));
    QVERIFY(isForgotten());
}

void tst_SettingsScreen::shortKeyShowsNothingOfIt()
{
    Bench bench;
    bench.screen->showProvider(OpenAi);
    bench.typeKey("abc");
    QTRY_VERIFY(bench.accounts->accountOf(OpenAi).keySaved);
    QVERIFY(!bench.text("keyStored").contains(QStringLiteral("ends in")));
}

void tst_SettingsScreen::routeKeepsItsOrder()
{
    Bench bench;
    bench.screen->showRoutes();
    QVERIFY(!bench.find<QWidget>("routeEditor")->isVisible());
    bench.click("addRoute");
    const auto models = [&bench] {
        QStringList all;
        const Route route = bench.routes->routes().first();
        for (const Target &target : route.targets)
            all.append(target.model);
        return all.join(QLatin1Char(' '));
    };
    for (const char *model : {"a", "b", "c", "a"})
        bench.screen->addRouteTarget(bench.accounts->target(OpenAi, QLatin1String(model)));
    QCOMPARE(models(), QStringLiteral("b c a"));
    bench.click("routeTargetUp");
    QCOMPARE(models(), QStringLiteral("b a c"));
    auto *list = bench.find<ui::SettingsList>("routeTargets");
    QTest::keyClick(list, Qt::Key_Up, Qt::AltModifier);
    QCOMPARE(models(), QStringLiteral("a b c"));
    QTest::keyClick(list, Qt::Key_Down, Qt::AltModifier);
    QCOMPARE(models(), QStringLiteral("b a c"));
    // As a drop within the list does.
    QVERIFY(list->model()->moveRow({}, 2, {}, 0));
    QTRY_COMPARE(models(), QStringLiteral("c b a"));
    list->setCurrentRow(1);
    bench.click("removeRouteTarget");
    QCOMPARE(models(), QStringLiteral("c a"));
    clickUndo(bench);
    QCOMPARE(models(), QStringLiteral("c b a"));
    // It comes back to what was made of the others since.
    list->setCurrentRow(1);
    bench.click("removeRouteTarget");
    list->setCurrentRow(1);
    bench.click("routeTargetUp");
    QCOMPARE(models(), QStringLiteral("a c"));
    const std::int64_t id = bench.routes->routes().first().id;
    QVERIFY(bench.routes->rename(id, QStringLiteral("Balanced")));
    clickUndo(bench);
    QCOMPARE(models(), QStringLiteral("a b c"));
    QCOMPARE(bench.routes->find(id)->name, QStringLiteral("Balanced"));
    QCOMPARE(bench.store->routes().list().first().targets.size(), 3);
    bench.find<QCheckBox>("engine/fallback")->click();
    QVERIFY(!bench.settings.value(settings::Fallback));
}

void tst_SettingsScreen::routeIsNamedDeletedAndBroughtBack()
{
    Bench bench;
    bench.screen->showRoutes();
    bench.click("addRoute");
    bench.click("addRoute");
    QCOMPARE(bench.routes->routes().size(), 2);
    QCOMPARE(bench.routes->routes().last().name, QStringLiteral("Route 2"));
    auto *name = bench.find<QLineEdit>("routeName");
    bench.type("routeName", QStringLiteral("Balanced"));
    QTest::keyClick(name, Qt::Key_Return);
    QCOMPARE(bench.routes->routes().first().name, QStringLiteral("Balanced"));
    const auto *undo = bench.find<QAbstractButton>("routeName-undo");
    QVERIFY(undo->isVisible());
    auto *list = bench.find<ui::SettingsList>("routeList");
    list->setCurrentRow(1);
    QVERIFY(!undo->isVisible()); // it is the other's
    list->setCurrentRow(0);
    bench.type("routeName", QStringLiteral("route"));
    QTest::keyClick(name, Qt::Key_Return); // the other's
    QCOMPARE(bench.routes->routes().first().name, QStringLiteral("Balanced"));
    bench.screen->addRouteTarget(bench.accounts->target(OpenAi, QStringLiteral("gpt-4")));
    auto *further = bench.find<QComboBox>("fallbackRoute");
    QCOMPARE(further->count(), 2); // nobody, and the one that has a model
    further->setCurrentIndex(1);
    Q_EMIT further->activated(1);
    const std::int64_t id = bench.routes->usable().first().id;
    QCOMPARE(bench.settings.value(settings::FallbackRoute), QString::number(id));
    bench.click("removeRoute");
    QVERIFY(!bench.routes->find(id));
    QCOMPARE(further->currentIndex(), 0);
    clickUndo(bench);
    QVERIFY(bench.routes->find(id));
    QCOMPARE(further->currentIndex(), 1);
    bench.click("removeRoute");
    QCOMPARE(bench.routes->routes().size(), 1);
    QVERIFY(bench.routes->rename(bench.routes->routes().first().id, QStringLiteral("Balanced")));
    clickUndo(bench);
    QVERIFY(bench.routes->find(id));
    QCOMPARE(bench.routes->find(id)->name, QStringLiteral("Balanced 2")); // each has its own
}

void tst_SettingsScreen::routeTellsWhatIsAskedAbout()
{
    Bench bench;
    bench.screen->showRoutes();
    bench.click("addRoute");
    bench.screen->addRouteTarget(bench.accounts->target(OpenAi, QStringLiteral("gpt-4o-mini")));
    bench.screen->addRouteTarget(bench.accounts->target(OpenAi, QStringLiteral("gpt-4o")));
    const auto *list = bench.find<ui::SettingsList>("routeTargets");
    const QString told = list->item(1)->data(Qt::AccessibleTextRole).toString();
    QVERIFY2(told.contains(QStringLiteral("more than twice the price")), qPrintable(told));
    QVERIFY2(told.endsWith(QLatin1Char('x')), qPrintable(told));
    Target practice = bench.accounts->target(OpenAi, QStringLiteral("p"));
    practice.simulated = true;
    bench.screen->addRouteTarget(practice);
    QVERIFY(bench.find<ui::NoticeBar>("routesNotice")->isVisible());
    QCOMPARE(list->count(), 2);
}

void tst_SettingsScreen::routeMayChooseByTask()
{
    Bench bench;
    bench.screen->showRoutes();
    bench.click("addRoute");
    bench.screen->addRouteTarget(bench.accounts->target(OpenAi, QStringLiteral("gpt-4o-mini")));
    auto *kind = bench.find<QComboBox>("routeKind");
    const auto *rule = bench.find<QLabel>("routeRule");
    const auto *list = bench.find<ui::SettingsList>("routeTargets");
    const auto told = [list](int row) {
        return list->item(row)->data(Qt::AccessibleTextRole).toString();
    };
    const auto choose = [kind](RouteKind wanted) {
        kind->setFocus();
        QTest::keyClick(kind, wanted == RouteKind::ByTask ? Qt::Key_Down : Qt::Key_Up);
    };
    QCOMPARE(bench.routes->routes().first().kind, RouteKind::InOrder); // unless it is asked for
    QVERIFY(!rule->isVisible());
    choose(RouteKind::ByTask);
    QCOMPARE(bench.routes->routes().first().kind, RouteKind::ByTask);
    QCOMPARE(bench.store->routes().list().first().kind, RouteKind::ByTask);
    QVERIFY(rule->isVisible());
    QVERIFY2(rule->text().contains(QStringLiteral("4,000 tokens")), qPrintable(rule->text()));
    QVERIFY2(rule->text().contains(QStringLiteral("needs two models")), qPrintable(rule->text()));
    QVERIFY2(!told(0).contains(QStringLiteral("turns")), qPrintable(told(0)));
    for (const char *model : {"gpt-4o", "gpt-4"})
        bench.screen->addRouteTarget(bench.accounts->target(OpenAi, QLatin1String(model)));
    QVERIFY(!rule->text().contains(QStringLiteral("needs two models")));
    QVERIFY2(told(0).contains(QStringLiteral("for simple turns")), qPrintable(told(0)));
    QVERIFY2(told(1).contains(QStringLiteral("for demanding turns")), qPrintable(told(1)));
    QVERIFY2(!told(2).contains(QStringLiteral("turns")), qPrintable(told(2)));
    const QString row =
        bench.find<ui::SettingsList>("routeList")->item(0)->data(Qt::AccessibleTextRole).toString();
    QVERIFY2(row.contains(QStringLiteral("for simple turns, ")), qPrintable(row));
    bench.click("removeRoute");
    clickUndo(bench);
    QCOMPARE(bench.routes->routes().first().kind, RouteKind::ByTask);
    choose(RouteKind::InOrder);
    QCOMPARE(bench.routes->routes().first().kind, RouteKind::InOrder);
    QVERIFY(!rule->isVisible());
}

void tst_SettingsScreen::narrowShowsOneColumn()
{
    Bench bench;
    auto *list = bench.find<ui::SettingsList>("providerList");
    auto *page = bench.find<QWidget>("providerPage");
    QVERIFY(list->isVisible() && page->isVisible());
    bench.screen->resize(640, 600);
    QVERIFY(list->isVisible() && !page->isVisible());
    QTest::mouseClick(list->viewport(), Qt::LeftButton, {},
                      list->visualItemRect(list->item(1)).center());
    QVERIFY(!list->isVisible() && page->isVisible());
    QVERIFY(bench.find<QWidget>("allProviders")->hasFocus());
    bench.click("allProviders");
    QVERIFY(list->isVisible() && !page->isVisible());
    QVERIFY(list->hasFocus());
}

void tst_SettingsScreen::providerPageFitsBesideItsList_data()
{
    QTest::addColumn<QString>("provider");
    for (const char *provider : {"openai", "azure", "bedrock", "ollama", "custom"})
        QTest::newRow(provider) << QString::fromLatin1(provider);
}

//! The narrowest screen that shows both: nothing of the page is cut off.
void tst_SettingsScreen::providerPageFitsBesideItsList()
{
    QFETCH(const QString, provider);
    Bench bench;
    bench.window.resize(936, 700);
    bench.screen->resize(880, 700);
    bench.screen->showProvider(provider);
    auto *page = bench.find<QWidget>("providerPage");
    QVERIFY(page->isVisible() && bench.shows("providerList"));
    const QWidget *holder = page->parentWidget();
    const QWidget *viewport = holder->parentWidget();
    QTRY_VERIFY2(
        holder->width() <= viewport->width(),
        qPrintable(QStringLiteral("%1 in %2").arg(holder->width()).arg(viewport->width())));
}

void tst_SettingsScreen::narrowWindowShowsListOrPage()
{
    Bench bench;
    auto *sections = bench.find<ui::SettingsList>("settingsSections");
    const auto *page = bench.find<QWidget>("budgetsPage");
    QVERIFY(sections->isVisible());
    QVERIFY(!bench.shows("allSettings"));
    bench.window.resize(1000, 700);
    bench.screen->resize(944, 700);
    QVERIFY(sections->isVisible() && !bench.shows("providersPage"));
    QTest::mouseClick(sections->viewport(), Qt::LeftButton, {},
                      sections->visualItemRect(sections->item(2)).center());
    QVERIFY(!sections->isVisible() && page->isVisible());
    QVERIFY(bench.find<QWidget>("allSettings")->hasFocus());
    bench.click("allSettings");
    QVERIFY(sections->isVisible() && !page->isVisible());
    QVERIFY(sections->hasFocus());
    bench.screen->showProvider(OpenAi); // whoever is led to a page sees it
    QVERIFY(!sections->isVisible() && bench.shows("providersPage"));
    bench.window.resize(1200, 700);
    bench.screen->resize(936, 700);
    QVERIFY(sections->isVisible() && bench.shows("providersPage"));
}

void tst_SettingsScreen::budgetIsMadeChangedAndRemoved()
{
    Bench bench;
    bench.screen->showBudget(0); // no such: the page alone
    QVERIFY(!bench.find<QWidget>("budgetForm")->isVisible());
    bench.click("addBudget");
    QVERIFY(bench.find<QWidget>("budgetForm")->isVisible());
    QVERIFY(!bench.find<QAbstractButton>("saveBudget")->isEnabled());
    QTest::keyClicks(bench.find<QLineEdit>("budgetAmount"), QStringLiteral("$50"));
    QTest::keyClick(bench.find<QLineEdit>("budgetAmount"), Qt::Key_Return);
    QVERIFY(!bench.find<QWidget>("budgetForm")->isVisible());
    const auto *addBudget = bench.find<QAbstractButton>("addBudget");
    QVERIFY(addBudget->hasFocus());
    BudgetBook &book = bench.store->budgets();
    QTRY_COMPARE(book.standings().size(), 1);
    const Budget made = book.standings().first().budget;
    QCOMPARE(made.limit, PicoUsd::fromDecimal(QStringLiteral("50"))->count());
    QCOMPARE(made.period, LimitPeriod::Month);
    QVERIFY(!made.hard);
    QCOMPARE(bench.text("budgetStanding"), QStringLiteral("$0 spent \u00B7 $50.00 left of $50.00"));
    QCOMPARE(bench.screen->findChild<ui::BudgetBar *>()->spentPermille(), 0);

    bench.screen->showBudget(made.id); // as "Change budget" under a refused message does
    auto *amount = bench.find<QLineEdit>("budgetAmount");
    QVERIFY(amount->isVisible());
    QCOMPARE(amount->text(), QStringLiteral("50"));
    bench.find<QComboBox>("budgetUnit")->setCurrentIndex(1);
    amount->selectAll();
    QTest::keyClicks(amount, QStringLiteral("200k"));
    bench.click("saveBudget");
    QTRY_COMPARE(book.standings().first().budget.unit, LimitUnit::Tokens);
    QCOMPARE(book.standings().first().budget.id, made.id);
    QCOMPARE(book.standings().first().budget.limit, 200'000);

    bench.click("removeBudget");
    QTRY_VERIFY(book.standings().isEmpty());
    QTRY_VERIFY(!bench.screen->findChild<QWidget *>(QStringLiteral("budgetRow")));
    QVERIFY(addBudget->hasFocus()); // not whatever stands next
    auto *notice = bench.find<ui::NoticeBar>("budgetNotice");
    QVERIFY(notice->isVisible());
    for (auto *undo : notice->findChildren<QAbstractButton *>())
        QTest::mouseClick(undo, Qt::LeftButton);
    QTRY_COMPARE(book.standings().size(), 1);
    QCOMPARE(book.standings().first().budget.id, made.id);
    QCOMPARE(book.standings().first().budget.limit, 200'000);
    QVERIFY(!notice->isVisible());

    Budget nothing = made;
    nothing.limit = 0; // may be spent
    (void)book.save(nothing);
    QTRY_COMPARE(book.standings().first().budget.limit, 0);
    bench.screen->showBudget(made.id);
    QCOMPARE(amount->text(), QStringLiteral("0"));
}

void tst_SettingsScreen::removingABudgetLeavesTheFormOfAnother()
{
    Bench bench;
    bench.screen->showBudget(0);
    bench.click("addBudget");
    auto *amount = bench.find<QLineEdit>("budgetAmount");
    QTest::keyClicks(amount, QStringLiteral("50"));
    bench.click("saveBudget");
    BudgetBook &book = bench.store->budgets();
    QTRY_COMPARE(book.standings().size(), 1);
    bench.click("addBudget");
    QTest::keyClicks(amount, QStringLiteral("7"));
    bench.find<QAbstractButton>("removeBudget")->setFocus();
    bench.click("removeBudget");
    QTRY_VERIFY(book.standings().isEmpty());
    QVERIFY(amount->isVisible());
    QCOMPARE(amount->text(), QStringLiteral("7"));
    QVERIFY(amount->hasFocus());
    QTest::keyClick(amount, Qt::Key_Return);
    QTRY_COMPARE(book.standings().size(), 1);

    bench.click("changeBudget");
    bench.click("removeBudget"); // this one's form has nothing to change any more
    QVERIFY(!amount->isVisible());
}

void tst_SettingsScreen::sectionsStandInTheirOrder()
{
    Bench bench;
    const auto *sections = bench.find<ui::SettingsList>("settingsSections");
    QStringList titles;
    for (int row = 0; row < sections->count(); ++row)
        titles.append(sections->item(row)->text());
    QCOMPARE(titles.join(u'|'),
             QStringLiteral("Providers|Routes and fallback|Limits and budgets|Prices|Workspaces|"
                            "Network|Appearance|Shortcuts|Data|About"));
    QCOMPARE(sections->item(0)->data(Qt::AccessibleTextRole).toString(), titles.constFirst());
    for (const QScrollArea *area : bench.screen->findChildren<QScrollArea *>())
        QVERIFY(!area->accessibleName().isEmpty());
}

//! All at once they would hold the window.
void tst_SettingsScreen::pagesAreMadeWhenChosen()
{
    Bench bench;
    const auto screen = bench.makeScreen();
    const auto has = [&screen](const char *page) {
        return screen->findChild<QWidget *>(QLatin1String(page)) != nullptr;
    };
    QVERIFY(!has("providersPage") && !has("budgetsPage"));
    screen->show();
    QVERIFY(has("providersPage") && !has("budgetsPage") && !has("aboutPage"));
    screen->showBudget(0);
    QVERIFY(screen->findChild<QWidget *>(QStringLiteral("budgetsPage"))->isVisible());
    QVERIFY(!has("aboutPage"));
    screen->showProvider({});
    screen->showBudget(0);
    QCOMPARE(screen->findChildren<QWidget *>(QStringLiteral("budgetsPage")).size(), 1);
    // Who is led to a page before any was shown sees only that.
    const auto led = bench.makeScreen();
    led->showBudget(0);
    led->show();
    QVERIFY(!led->findChild<QWidget *>(QStringLiteral("providersPage")));
}

void tst_SettingsScreen::budgetZoneIsChosen_data()
{
    QTest::addColumn<QString>("typed");    // empty: as it stands
    QTest::addColumn<QByteArray>("saved"); // empty: it is not
    QTest::newRow("the-machines") << QString() << QTimeZone::systemTimeZone().id();
    QTest::newRow("any-case") << QStringLiteral("america/new york")
                              << QByteArray("America/New_York");
    QTest::newRow("part-of-a-name") << QStringLiteral("Berlin") << QByteArray();
    QTest::newRow("no-zone") << QStringLiteral("Middle/Earth") << QByteArray();
}

void tst_SettingsScreen::budgetZoneIsChosen()
{
    QFETCH(const QString, typed);
    QFETCH(const QByteArray, saved);
    Bench bench;
    bench.screen->showBudget(0);
    bench.click("addBudget");
    QTest::keyClicks(bench.find<QLineEdit>("budgetAmount"), QStringLiteral("50"));
    auto *zone = bench.find<QComboBox>("budgetZone");
    QVERIFY(zone->isVisible());
    if (!typed.isEmpty())
        zone->setEditText(typed);
    QCOMPARE(bench.find<QLabel>("budgetFault")->isVisible(), saved.isEmpty());
    QCOMPARE(bench.find<QAbstractButton>("saveBudget")->isEnabled(), !saved.isEmpty());
    if (saved.isEmpty())
        return;
    bench.click("saveBudget");
    const BudgetBook &book = bench.store->budgets();
    QTRY_COMPARE(book.standings().size(), 1);
    QCOMPARE(book.standings().first().budget.zone, saved);
    bench.screen->showBudget(book.standings().first().budget.id);
    QCOMPARE(zone->currentData().toByteArray(), saved);
}

void tst_SettingsScreen::faultyBudgetIsNotSaved_data()
{
    QTest::addColumn<int>("unit");
    QTest::addColumn<QString>("text");
    QTest::newRow("words") << 0 << QStringLiteral("lots");
    QTest::newRow("negative") << 0 << QStringLiteral("-5");
    QTest::newRow("not-a-number") << 0 << QStringLiteral("nan");
    QTest::newRow("more-than-all-money") << 0 << QStringLiteral("99999999999999999999");
    QTest::newRow("half-a-token") << 1 << QStringLiteral("0.5");
    QTest::newRow("no-requests") << 2 << QStringLiteral("0");
    QTest::newRow("one-and-a-half-thousand") << 1 << QStringLiteral("1,5k");
    QTest::newRow("past-counting") << 1 << QStringLiteral("9999999999999M");
}

void tst_SettingsScreen::faultyBudgetIsNotSaved()
{
    QFETCH(const int, unit);
    QFETCH(const QString, text);
    Bench bench;
    bench.screen->showBudget(0);
    bench.click("addBudget");
    bench.find<QComboBox>("budgetUnit")->setCurrentIndex(unit);
    auto *amount = bench.find<QLineEdit>("budgetAmount");
    QTest::keyClicks(amount, text);
    QVERIFY(bench.find<QLabel>("budgetFault")->isVisible());
    QVERIFY(!bench.find<QAbstractButton>("saveBudget")->isEnabled());
    QTest::keyClick(amount, Qt::Key_Return);
    QVERIFY(bench.find<QWidget>("budgetForm")->isVisible());
    QVERIFY(bench.store->budgets().standings().isEmpty());
}

void tst_SettingsScreen::budgetOfTheSettingsIsShownNotChanged()
{
    Bench bench;
    Budget day;
    day.period = LimitPeriod::Day;
    day.limit = PicoUsd::fromDecimal(QStringLiteral("0.5"))->count();
    day.hard = true;
    bench.store->setFurtherBudgets({day});
    bench.screen->showBudget(0);
    QTRY_VERIFY(bench.screen->findChild<QWidget *>(QStringLiteral("budgetRow")));
    QCOMPARE(bench.text("budgetStanding"), QStringLiteral("$0 spent \u00B7 $0.500 left of $0.500"));
    QVERIFY(!bench.find<QAbstractButton>("changeBudget")->isVisible());
    QVERIFY(!bench.find<QAbstractButton>("removeBudget")->isVisible());
}

void tst_SettingsScreen::promptCacheIsSwitched()
{
    Bench bench;
    bench.screen->showBudget(0);
    QVERIFY(bench.settings.value(settings::PromptCache)); // on, where it pays
    bench.find<QCheckBox>("promptCache")->click();
    QVERIFY(!bench.settings.value(settings::PromptCache));
}

void tst_SettingsScreen::pricesAreFoundAndOverridden()
{
    Bench bench;
    bench.showSection(QStringLiteral("Prices"));
    auto *table = bench.find<QTableView>("priceTable");
    QVERIFY(table->isVisible());
    QVERIFY(table->model()->rowCount() > 500);
    QVERIFY(!bench.find<QWidget>("priceCard")->isVisible());
    QTest::keyClicks(bench.find<QLineEdit>("priceSearch"), QStringLiteral("claude-sonnet-4-5"));
    QVERIFY(table->model()->rowCount() >= 1 && table->model()->rowCount() < 30);
    bench.find<QLineEdit>("priceSearch")->setText(QStringLiteral("gpt-4o openai openai"));
    bench.find<QLineEdit>("priceSearch")->setText(QStringLiteral("gpt-4o "));
    int row = 0;
    while (row < table->model()->rowCount() &&
           (table->model()->index(row, 0).data().toString() != QStringLiteral("gpt-4o") ||
            table->model()->index(row, 1).data().toString() != QStringLiteral("OpenAI")))
        ++row;
    QVERIFY(row < table->model()->rowCount());
    table->setCurrentIndex(table->model()->index(row, 0));
    QVERIFY(bench.find<QWidget>("priceCard")->isVisible());
    QVERIFY2(bench.text("priceCardText").contains(QStringLiteral("Input\u00A0$2.50")),
             qPrintable(bench.text("priceCardText")));
    QVERIFY2(bench.text("priceCardSource").contains(QStringLiteral("genai-prices")),
             qPrintable(bench.text("priceCardSource")));
    QVERIFY(!bench.find<QAbstractButton>("removePrice")->isVisible());
    auto *input = bench.find<QLineEdit>("priceInput");
    QVERIFY(input->text().isEmpty()); // nothing was set
    QCOMPARE(input->placeholderText(), QStringLiteral("2.50, the catalogue's"));
    QVERIFY2(bench.text("priceRest").contains(QStringLiteral("Web search: $10 for 1,000")),
             qPrintable(bench.text("priceRest")));
    input->setText(QStringLiteral("-2"));
    QVERIFY(bench.find<QLabel>("priceFault")->isVisible());
    QVERIFY(!bench.find<QAbstractButton>("savePrice")->isEnabled());
    input->setText(QStringLiteral("2"));
    bench.click("savePrice");
    QCOMPARE(bench.prices->overrides().size(), 1);
    QCOMPARE(bench.prices->overrides().first().input, rateFrom(QStringLiteral("2")));
    QVERIFY(!bench.prices->overrides().first().output); // left to the catalogue
    QVERIFY(bench.text("priceCardText").contains(QStringLiteral("Input\u00A0$2.00")));
    QVERIFY(bench.text("priceCardText").contains(QStringLiteral("Output\u00A0$10.00")));
    QVERIFY(bench.text("priceCardText").contains(QStringLiteral("Web search: $10 for 1,000")));
    QVERIFY2(bench.text("priceCardSource").startsWith(QStringLiteral("Your own price: input. ")),
             qPrintable(bench.text("priceCardSource")));
    QVERIFY(bench.text("priceCardSource").contains(QStringLiteral("genai-prices")));
    QCOMPARE(bench.find<QLineEdit>("priceInput")->text(), QStringLiteral("2"));
    QVERIFY(bench.find<QLineEdit>("priceOutput")->text().isEmpty());
    const QModelIndex now = table->currentIndex();
    QCOMPARE(now.siblingAtColumn(5).data().toString(), QStringLiteral("yours"));
    QCOMPARE(now.siblingAtColumn(2).data().toString(), QStringLiteral("2.00"));
    auto *discount = bench.find<QLineEdit>("priceDiscount");
    discount->setText(QStringLiteral("120"));
    QVERIFY(bench.find<QLabel>("priceFault")->isVisible());
    QVERIFY(!bench.find<QAbstractButton>("savePrice")->isEnabled());
    discount->setText(QStringLiteral("12.5 %"));
    bench.click("savePrice");
    QCOMPARE(bench.prices->overrides().first().discount, 1250);
    QCOMPARE(discount->text(), QStringLiteral("12.5"));
    QVERIFY2(bench.text("priceCardText").contains(QStringLiteral("Always: \u00D7 0.875")),
             qPrintable(bench.text("priceCardText")));
    bench.find<QLineEdit>("priceInput")->clear();
    bench.click("savePrice");
    QVERIFY2(bench.text("priceCardSource").startsWith(QStringLiteral("Your own price: discount. ")),
             qPrintable(bench.text("priceCardSource")));
    auto *model = bench.find<QLineEdit>("priceModel");
    model->setText(QStringLiteral("gpt-4o-mini"));
    QVERIFY(!bench.find<QAbstractButton>("removePrice")->isVisible()); // it has none
    model->setText(QStringLiteral("gpt-4o"));
    bench.click("removePrice");
    QVERIFY(bench.prices->overrides().isEmpty());
    QVERIFY(bench.text("priceCardText").contains(QStringLiteral("Input\u00A0$2.50")));
}

void tst_SettingsScreen::priceTableFitsAllItsRows()
{
    Bench bench;
    bench.showSection(QStringLiteral("Prices"));
    auto *table = bench.find<QTableView>("priceTable");
    const QFontMetrics metrics(table->font());
    for (const int column : {1, 5}) {
        int widest = 0;
        for (int row = 0; row < table->model()->rowCount(); ++row)
            widest = std::max(widest, metrics.horizontalAdvance(
                                          table->model()->index(row, column).data().toString()));
        QVERIFY2(table->columnWidth(column) >= widest + 16, qPrintable(QString::number(column)));
    }
    auto *search = bench.find<QLineEdit>("priceSearch");
    search->setText(QStringLiteral("no such model"));
    QVERIFY(!table->isVisible());
    QVERIFY(bench.shows("nothingFound"));
    search->clear();
    QVERIFY(table->isVisible());
    QVERIFY(!bench.shows("nothingFound"));
}

void tst_SettingsScreen::largerTextLeavesRoomForModels()
{
    Bench bench;
    bench.window.resize(1440, 900);
    bench.screen->resize(1400, 900);
    bench.theme.setTextPercent(150);
    bench.showSection(QStringLiteral("Prices"));
    const auto *table = bench.find<QTableView>("priceTable");
    QTRY_VERIFY(table->columnWidth(0) >=
                QFontMetrics(table->font()).horizontalAdvance(QStringLiteral("claude-3-haiku")));
}

void tst_SettingsScreen::searchLeavesATypedPriceAlone()
{
    Bench bench;
    bench.showSection(QStringLiteral("Prices"));
    auto *search = bench.find<QLineEdit>("priceSearch");
    bench.click("addPrice");
    bench.find<QLineEdit>("priceModel")->setText(QStringLiteral("mine"));
    search->setText(QStringLiteral("gpt"));
    QVERIFY(bench.shows("priceForm"));
    QCOMPARE(bench.find<QLineEdit>("priceModel")->text(), QStringLiteral("mine"));
    bench.click("cancelPrice");
    QVERIFY(!bench.shows("priceForm"));
    QVERIFY(bench.shows("addPrice"));

    auto *table = bench.find<QTableView>("priceTable");
    table->setCurrentIndex(table->model()->index(0, 0));
    const QString model = bench.find<QLineEdit>("priceModel")->text();
    bench.find<QLineEdit>("priceInput")->setText(QStringLiteral("2"));
    search->setText(QStringLiteral("claude"));
    QCOMPARE(bench.find<QLineEdit>("priceModel")->text(), model);
    QCOMPARE(bench.find<QLineEdit>("priceInput")->text(), QStringLiteral("2"));
    QVERIFY(!table->currentIndex().isValid()); // the form is about none that is shown
    bench.click("cancelPrice");
    QVERIFY(!bench.shows("priceForm"));
}

void tst_SettingsScreen::otherPricesAreTaken_data()
{
    QTest::addColumn<QByteArray>("rate");
    QTest::addColumn<bool>("heldBack");
    QTest::newRow("cheaper") << QByteArray(R"("input":"2.4")") << false;
    QTest::newRow("five-times-dearer") << QByteArray(R"("input":"9.9")") << true;
}

void tst_SettingsScreen::otherPricesAreTaken()
{
    QFETCH(const QByteArray, rate);
    QFETCH(const bool, heldBack);
    Bench bench;
    bench.showSection(QStringLiteral("Prices"));
    QVERIFY(bench.text("priceCatalogue").contains(QStringLiteral("shipped with Farthing")));
    QVERIFY(bench.text("priceAge").contains(QStringLiteral("23 Sep 2026")));
    tests::ScriptedServer server;
    QByteArray json = builtInPrices();
    const qsizetype at = json.indexOf(R"("input":"2.5")", json.indexOf(R"("id":"gpt-4o")"));
    QVERIFY(at > 0);
    json.replace(at, 13, rate);
    server.setAnswer("/prices.json", tests::Answer::whole(200, json));
    auto *field = bench.find<QLineEdit>("prices/address");
    field->setText(server.url(u"/prices.json").toString());
    bench.click("refreshPrices");
    QTRY_VERIFY(bench.shows("priceOffer"));
    QVERIFY2(bench.text("priceOfferHead").contains(QStringLiteral("0 new, 1 changed, 0 gone")),
             qPrintable(bench.text("priceOfferHead")));
    QVERIFY(bench.text("priceChanges").contains(QStringLiteral("openai/gpt-4o, input: $2.50")));
    QCOMPARE(bench.shows("priceDoubts"), heldBack);
    QCOMPARE(bench.find<QAbstractButton>("useOfferedPrices")->isEnabled(), !heldBack);
    if (heldBack)
        bench.find<QCheckBox>("priceDoubtsSeen")->click();
    bench.click("useOfferedPrices");
    QTRY_VERIFY(!bench.shows("priceOffer"));
    QVERIFY(!bench.text("priceCatalogue").contains(QStringLiteral("shipped with Farthing")));
    QVERIFY(bench.shows("priceVersions"));
    bench.click("useVersion"); // the shipped one
    QTRY_VERIFY(bench.text("priceCatalogue").contains(QStringLiteral("shipped with Farthing")));
    QCOMPARE(server.requests().size(), 1);
}

//! Held back in an earlier run: the page offers it again, and Leave it is for good.
void tst_SettingsScreen::heldPricesWaitForAWord()
{
    Bench bench;
    QFile file(bench.directory.filePath(QStringLiteral("new.json")));
    QByteArray json = builtInPrices();
    const qsizetype at = json.indexOf(R"("input":"2.5")", json.indexOf(R"("id":"gpt-4o")"));
    json.replace(at, 13, R"("input":"9.9")");
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(json) == json.size());
    file.close();
    const auto read = bench.refresh->fromFile(file.fileName());
    QTRY_VERIFY(read.isFinished());
    QTRY_VERIFY(bench.refresh->versions().held);
    QVERIFY(!bench.shows("priceOffer"));
    bench.showSection(QStringLiteral("Prices"));
    QTRY_VERIFY(bench.shows("priceOffer"));
    QVERIFY2(bench.text("priceDoubts").contains(QStringLiteral("from $2.5 to $9.9")),
             qPrintable(bench.text("priceDoubts")));
    QVERIFY(!bench.find<QAbstractButton>("useOfferedPrices")->isEnabled());
    QVERIFY(!bench.find<QCheckBox>("priceDoubtsSeen")->hasFocus()); // nobody asked just now
    bench.click("leaveOfferedPrices");
    QTRY_VERIFY(!bench.refresh->versions().held);
    QVERIFY(!bench.shows("priceOffer"));
    QVERIFY(bench.text("priceCatalogue").contains(QStringLiteral("shipped with Farthing")));
}

//! Taking sound prices puts away those that were held back, and says so.
void tst_SettingsScreen::otherPricesEndAQuarantineAloud()
{
    Bench bench;
    const auto offered = [&bench](const QString &name, const QByteArray &rate) {
        QFile file(bench.directory.filePath(name));
        QByteArray json = builtInPrices();
        const qsizetype at = json.indexOf(R"("input":"2.5")", json.indexOf(R"("id":"gpt-4o")"));
        json.replace(at, 13, rate);
        if (!file.open(QIODevice::WriteOnly) || file.write(json) != json.size())
            qFatal("the catalogue is not written");
        return file.fileName();
    };
    const auto read =
        bench.refresh->fromFile(offered(QStringLiteral("odd.json"), R"("input":"9.9")"));
    QTRY_VERIFY(read.isFinished());
    QTRY_VERIFY(bench.refresh->versions().held);
    bench.showSection(QStringLiteral("Prices"));
    QTRY_VERIFY(bench.shows("priceOffer"));
    tests::ScriptedServer server;
    QFile sound(offered(QStringLiteral("sound.json"), R"("input":"2.4")"));
    QVERIFY(sound.open(QIODevice::ReadOnly));
    server.setAnswer("/prices.json", tests::Answer::whole(200, sound.readAll()));
    bench.find<QLineEdit>("prices/address")->setText(server.url(u"/prices.json").toString());
    bench.click("refreshPrices");
    QTRY_VERIFY(bench.shows("priceOffer") && !bench.shows("priceDoubts"));
    bench.click("useOfferedPrices");
    QTRY_VERIFY(!bench.refresh->versions().held);
    QTRY_VERIFY2(bench.text("priceResult")
                     .contains(QStringLiteral("from odd.json, which was held back, is put away.")),
                 qPrintable(bench.text("priceResult")));
}

void tst_SettingsScreen::everyChangeCanBeRead()
{
    Bench bench;
    bench.showSection(QStringLiteral("Prices"));
    tests::ScriptedServer server;
    QByteArray json = builtInPrices();
    const qsizetype at = json.indexOf(R"("rates":{)", json.indexOf(R"("id":"gpt-4o")"));
    json.replace(json.indexOf(R"("usd":"10")", at), 10, R"("usd":"25")");
    json.insert(at, R"("service_tiers":{"batch":{"multiplier":"0.5"},"flex":{"multiplier":"0.6"},)"
                    R"("priority":{"multiplier":"1.5"}},)"
                    R"("context_tiers":[{"above":128000,"scope":"whole_request",)"
                    R"("rates":{"input":"5","output":"15"}}],)"
                    R"("modifiers":[{"id":"us","when":{"inference_geo":"us"},)"
                    R"("multiplier":"1.1"}],)");
    server.setAnswer("/prices.json", tests::Answer::whole(200, json));
    bench.find<QLineEdit>("prices/address")->setText(server.url(u"/prices.json").toString());
    bench.click("refreshPrices");
    QTRY_VERIFY(bench.shows("priceOffer"));
    const QString largest = bench.text("priceChanges");
    QVERIFY2(largest.contains(
                 QStringLiteral("openai/gpt-4o, web search: $10 for 1,000 \u2192 $25 for 1,000")),
             qPrintable(largest));
    QVERIFY(largest.contains(
        QStringLiteral("openai/gpt-4o, input (above 128000 tokens): $2.50 \u2192 $5.00")));
    QVERIFY(largest.contains(QStringLiteral("openai/gpt-4o, batch: no factor \u2192 \u00D7 0.5")));
    QCOMPARE(largest.count(QLatin1Char('\n')), 6);
    const auto *all = bench.find<QPlainTextEdit>("allPriceChanges");
    QVERIFY(!all->isVisible());
    QCOMPARE(bench.find<QAbstractButton>("showAllPriceChanges")->text(),
             QStringLiteral("Show all 7"));
    bench.click("showAllPriceChanges");
    QVERIFY(all->isVisible());
    const QStringList lines = all->toPlainText().split(QLatin1Char('\n'));
    QCOMPARE(lines.size(), 7);
    QCOMPARE(lines.last(),
             QStringLiteral("openai/gpt-4o, inference_geo us: no factor \u2192 \u00D7 1.1"));
}

void tst_SettingsScreen::faultyPricesAreRefused()
{
    Bench bench;
    bench.showSection(QStringLiteral("Prices"));
    bench.click("refreshPrices"); // without an address
    tests::ScriptedServer server;
    server.setAnswer("/prices.json",
                     tests::Answer::whole(200, builtInPrices().replace(R"("2.5")", R"("-2.5")")));
    bench.find<QLineEdit>("prices/address")->setText(server.url(u"/prices.json").toString());
    bench.click("refreshPrices");
    QTRY_VERIFY(bench.shows("priceResult"));
    QVERIFY2(bench.text("priceResult").contains(QStringLiteral("openai/")),
             qPrintable(bench.text("priceResult")));
    QVERIFY(!bench.shows("priceOffer"));
    QVERIFY(bench.text("priceCatalogue").contains(QStringLiteral("shipped with Farthing")));
}

void tst_SettingsScreen::priceOfAnUnknownModel()
{
    Bench bench;
    bench.showSection(QStringLiteral("Prices"));
    bench.click("addPrice");
    QTest::keyClicks(bench.find<QLineEdit>("priceModel"), QStringLiteral("our-deployment"));
    QVERIFY2(bench.text("priceRest").contains(QStringLiteral("unknown, not free")),
             qPrintable(bench.text("priceRest")));
    QCOMPARE(bench.find<QLineEdit>("priceInput")->placeholderText(), QStringLiteral("unknown"));
    QVERIFY(!bench.find<QAbstractButton>("savePrice")->isEnabled());
    QTest::keyClicks(bench.find<QLineEdit>("priceOutput"), QStringLiteral("7.5"));
    QTest::keyClick(bench.find<QLineEdit>("priceOutput"), Qt::Key_Return);
    QCOMPARE(bench.prices->overrides().size(), 1);
    QCOMPARE(bench.prices->overrides().first().model, QStringLiteral("our-deployment"));
    QVERIFY(!bench.prices->overrides().first().input); // unknown, not free
    QCOMPARE(bench.find<QTableView>("priceTable")->currentIndex().data().toString(),
             QStringLiteral("our-deployment"));
}

void tst_SettingsScreen::oneAccountStandsOnce()
{
    Bench bench;
    const auto *list = bench.find<ui::SettingsList>("providerList");
    QStringList ids;
    for (int row = 0; row < list->count(); ++row)
        ids.append(list->item(row)->data(Qt::UserRole).toString());
    QVERIFY(ids.contains(QStringLiteral("openai")));
    QVERIFY(!ids.contains(OpenAi));
    QCOMPARE(ids.removeDuplicates(), 0);

    // Both forms of the API stand on its page; the key counts for both.
    tests::ScriptedServer server;
    server.setAnswer("/v1/models", tests::Answer::whole(200, R"({"data":[{"id":"m-1"}]})"));
    bench.screen->showProvider(OpenAi);
    QCOMPARE(list->currentId(), QStringLiteral("openai"));
    QCOMPARE(bench.text("providerName"), QStringLiteral("OpenAI"));
    auto *form = bench.find<ui::SegmentedControl>("formChoice");
    QCOMPARE(form->current(), 1);
    bench.typeKey(Key);
    QTRY_VERIFY(bench.accounts->accountOf(QStringLiteral("openai")).keySaved);
    form->setFocus();
    QTest::keyClick(form, Qt::Key_Left);
    form = bench.find<ui::SegmentedControl>("formChoice");
    QCOMPARE(form->current(), 0);
    QVERIFY(form->hasFocus());
    QVERIFY(bench.shows("keyStored"));
    bench.screen->showProvider(QStringLiteral("anthropic"));
    QVERIFY(!bench.shows("formChoice"));
}

void tst_SettingsScreen::accessKeysAreStoredAsAPair()
{
    Bench bench;
    const QString secret = QStringLiteral("wJalrXUtnFEMI/K7MDENG/bPxRfiCYtheCanary1");
    const QString token = QStringLiteral("IQoJb3JpZ2luX2VjEtokenCanary==");
    QSignalSpy stored(bench.screen.get(), &ui::SettingsScreen::keyStored);
    bench.screen->showProvider(Bedrock);
    bench.chooseProof(1);
    QVERIFY(!bench.find<QAbstractButton>("saveKeyPair")->isEnabled());
    bench.type("accessKeyId", QStringLiteral("not one"));
    bench.type("secretAccessKey", secret);
    bench.click("saveKeyPair");
    QVERIFY(bench.shows("keyPairHint")); // it says what an ID looks like
    QCOMPARE(stored.count(), 0);
    bench.type("accessKeyId", QStringLiteral("ASIAIOSFODNN7EXAMPLE"));
    bench.type("sessionToken", token);
    bench.click("saveKeyPair");
    QTRY_COMPARE(stored.count(), 1);
    const Account account = bench.accounts->accountOf(Bedrock);
    QVERIFY(account.keySaved && account.keyIsPair);
    QCOMPARE(account.lastFour, QStringLiteral("MPLE"));
    QCOMPARE(bench.keys.key(account.id),
             QStringLiteral("ASIAIOSFODNN7EXAMPLE:%1:%2").arg(secret, token).toUtf8());
    QVERIFY(!bench.standsInAWidget(secret) && !bench.standsInAWidget(token));
    QVERIFY(!bench.shows("secretAccessKey"));
    QVERIFY(bench.text("keyStored").endsWith(QStringLiteral("MPLE")));
}

void tst_SettingsScreen::profileIsChosenAndTakenBack()
{
    Bench bench;
    bench.writeProfiles("[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n"
                        "aws_secret_access_key = secretCanary\n[work]\nregion = eu-west-3\n"
                        "aws_access_key_id = AKIAIOSFODNN7WORKING\n"
                        "aws_secret_access_key = secretCanary\n");
    bench.screen->showProvider(Bedrock);
    bench.chooseProof(2);
    QTRY_VERIFY(bench.text("awsProfileHint").startsWith(QStringLiteral("Read from")));
    auto *popup = bench.find<ui::FilterPopup>("awsProfiles");
    bench.click("awsProfile");
    QTRY_COMPARE(popup->shownIds(),
                 QStringList({QStringLiteral("default"), QStringLiteral("work")}));
    Q_EMIT popup->chosen(QStringLiteral("work"));
    popup->hide();
    Account account = bench.accounts->accountOf(Bedrock);
    QCOMPARE(account.auth, AuthMethod::AwsProfile);
    QCOMPARE(account.awsProfile, QStringLiteral("work"));
    QCOMPARE(bench.find<QLineEdit>("region")->text(), QStringLiteral("eu-west-3"));
    QVERIFY(account.baseUrl.host().contains(QStringLiteral("eu-west-3")));
    QCOMPARE(bench.accounts->state(Bedrock), AccountState::Ready);
    QVERIFY(!bench.standsInAWidget(QStringLiteral("secretCanary")));

    bench.clickAction(QStringLiteral("Undo"));
    account = bench.accounts->accountOf(Bedrock);
    QCOMPARE(account.auth, AuthMethod::Key);
    QVERIFY(account.baseUrl.host().contains(QStringLiteral("us-east-1")));
    QCOMPARE(bench.find<ui::SegmentedControl>("proofChoice")->current(), 0);
}

void tst_SettingsScreen::programOfAProfileRunsOnlyWhenAllowed()
{
    Bench bench;
    bench.writeProfiles("[default]\ncredential_process = /opt/keys --for farthing\n");
    bench.screen->showProvider(Bedrock);
    bench.chooseProof(2);
    bench.accounts->useProfile(Bedrock, QStringLiteral("default"), {});
    QTRY_VERIFY(bench.shows("allowProcess"));
    auto *allow = bench.find<QCheckBox>("allowProcess");
    QVERIFY(!allow->isChecked());
    QVERIFY(bench.text("processCommand").contains(QStringLiteral("/opt/keys --for farthing")));
    allow->click();
    QVERIFY(bench.settings.value(settings::CredentialProcess));
    allow->click();
    QVERIFY(!bench.settings.value(settings::CredentialProcess));
}

void tst_SettingsScreen::regionMovesTheAddress()
{
    Bench bench;
    bench.screen->showProvider(Bedrock);
    QCOMPARE(bench.find<QLineEdit>("region")->text(), QStringLiteral("us-east-1"));
    bench.type("region", QStringLiteral("eu-west-1"));
    QTest::keyClick(bench.find<QLineEdit>("region"), Qt::Key_Return);
    QTRY_COMPARE(bench.accounts->accountOf(Bedrock).baseUrl.host(),
                 QStringLiteral("bedrock-runtime.eu-west-1.amazonaws.com"));
    bench.type("region", QStringLiteral("eu west/1"));
    QTest::keyClick(bench.find<QLineEdit>("region"), Qt::Key_Return);
    QTRY_VERIFY(bench.text("regionHint").contains(QStringLiteral("no region")));
    QCOMPARE(bench.accounts->region(Bedrock), QStringLiteral("eu-west-1"));
    bench.screen->showProvider(OpenAi);
    QVERIFY(!bench.shows("region"));
}

void tst_SettingsScreen::signsInByDeviceCode()
{
    Bench bench;
    tests::ScriptedServer directory;
    bench.prepareSignIn(directory);
    QVERIFY(!bench.shows("codeCard"));
    bench.click("signIn");
    QTRY_VERIFY(bench.shows("codeCard"));
    QCOMPARE(bench.text("userCode"), QStringLiteral("ABCD-EFGH"));
    QVERIFY(bench.text("codePage").contains(QStringLiteral("https://login.example.org/device")));
    bench.click("copyCode");
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("ABCD-EFGH"));
    bench.click("cancelSignIn");
    QVERIFY(!bench.shows("codeCard"));
    QVERIFY(!bench.accounts->accountOf(Azure).signedIn);

    bench.click("signIn");
    QTRY_VERIFY(bench.shows("codeCard"));
    directory.setAnswer(
        "/contoso.com/oauth2/v2.0/token",
        tests::Answer::whole(200,
                             R"({"token_type":"Bearer","expires_in":3600,)"
                             R"("access_token":"accessCanary","refresh_token":"freshCanary"})"));
    bench.signInClock.advance(5s);
    QTRY_VERIFY(bench.accounts->accountOf(Azure).signedIn);
    QCOMPARE(bench.accounts->accountOf(Azure).auth, AuthMethod::EntraSignIn);
    QCOMPARE(bench.keys.key(bench.accounts->accountOf(Azure).id), QByteArray("freshCanary"));
    QVERIFY(!bench.shows("codeCard"));
    QVERIFY(bench.shows("signOut"));
    QVERIFY(!bench.standsInAWidget(QStringLiteral("Canary")));
    bench.click("signOut");
    QTRY_VERIFY(!bench.accounts->accountOf(Azure).signedIn);
    QTRY_VERIFY(bench.shows("signIn"));
}

void tst_SettingsScreen::undoSignsNobodyIn()
{
    Bench bench;
    EntraDirectory directory;
    directory.tenant = QStringLiteral("contoso.com");
    directory.clientId = QStringLiteral("client-1");
    QVERIFY(bench.accounts->setDirectory(Azure, directory));
    const QFuture<Result<Done>> in =
        bench.accounts->signIn(Azure, SecretString("refresh-1"), KeySource::Session);
    QTRY_VERIFY(in.isFinished());
    const Account before = bench.accounts->accountOf(Azure);
    QVERIFY(before.signedIn);
    const QFuture<Result<Done>> out = bench.accounts->signOut(Azure);
    QTRY_VERIFY(out.isFinished());
    bench.accounts->restore(before); // as Undo of a change before that
    QVERIFY(!bench.accounts->accountOf(Azure).signedIn);
}

void tst_SettingsScreen::signInThatFailsSaysWhy()
{
    Bench bench;
    tests::ScriptedServer directory;
    bench.prepareSignIn(directory);
    bench.click("signIn");
    QTRY_VERIFY(bench.shows("codeCard"));
    directory.setAnswer("/contoso.com/oauth2/v2.0/token",
                        tests::Answer::whole(400, R"({"error":"authorization_declined"})"));
    bench.signInClock.advance(5s);
    QTRY_VERIFY(bench.shows("entraProblem"));
    QVERIFY(bench.text("entraProblem").contains(QStringLiteral("declined")));
    QVERIFY(!bench.shows("codeCard"));
    QVERIFY(bench.find<QAbstractButton>("signIn")->isEnabled());

    // No address for a sign-in: it is refused before anything is sent.
    bench.type("entraAuthority", QStringLiteral("http://login.example.org"));
    const auto asked = directory.requests().size();
    bench.click("signIn");
    QVERIFY(bench.shows("entraProblem"));
    QCOMPARE(directory.requests().size(), asked);
}

void tst_SettingsScreen::healthComesFromTheLedger()
{
    Bench bench;
    bench.screen->showProvider(QStringLiteral("openai"));
    const auto *verdict = bench.find<ui::StatusPill>("healthVerdict");
    QCOMPARE(verdict->text(), QStringLiteral("Not used yet"));
    QVERIFY(bench.text("healthNow").isEmpty());

    tests::StoreFixture records;
    const ConversationRecord chat = records.chat();
    const auto saved = bench.store->conversations().save(chat);
    core::UtcTime at = bench.clock.utcNow() - 10s;
    for (const bool answered : {true, true, false}) {
        const std::int64_t request = records.ids.next();
        AttemptOpening opening = records.opening(request);
        opening.queuedAt = at += 1s;
        const RequestContext context = records.turn(chat, QStringLiteral("?"));
        const auto opened = bench.store->journal().openRequest(request, context, opening);
        AttemptRecord record = records.closing(opening);
        if (!answered) {
            record.outcome = AttemptOutcome::Failed;
            record.error = Error();
            record.error->kind = ErrorKind::Overloaded;
        }
        bench.store->journal().closeAttempt(record);
        bench.store->journal().closeRequest(request, RequestState::Completed, context.answer);
    }
    QTRY_COMPARE(verdict->text(), QStringLiteral("Unsteady")); // seen without a click
    QVERIFY(bench.text("healthNow").contains(QStringLiteral("2 of 3 attempts answered")));
    QVERIFY(bench.text("healthEvidence").contains(QStringLiteral("Last failure")));
    bench.screen->showProvider(QStringLiteral("anthropic"));
    QCOMPARE(verdict->text(), QStringLiteral("Not used yet"));
}

PassageEnd failure()
{
    PassageEnd end;
    end.outcome = CircuitBreaker::Outcome::Failure;
    end.sent = true;
    return end;
}

void tst_SettingsScreen::breakerIsShownAndReset()
{
    Bench bench;
    bench.screen->showProvider(tests::OpenAi);
    QVERIFY(!bench.shows("trafficState")); // nobody has asked: nothing is known
    QVERIFY(!bench.shows("trafficReset"));
    const Target target = bench.accounts->target(tests::OpenAi, QStringLiteral("gpt-5"));
    for (int i = 0; i < CircuitBreaker::FailuresInARow; ++i)
        bench.attempt(target, failure());
    QVERIFY(!bench.traffic.isWell(target));
    QVERIFY(bench.shows("trafficState")); // seen without a click
    QVERIFY2(
        bench.text("trafficState").startsWith(QStringLiteral("It kept failing. Left alone for ")),
        qPrintable(bench.text("trafficState")));
    const QString first = bench.text("trafficState");
    QTRY_VERIFY(bench.text("trafficState") != first); // it counts down

    bench.screen->showProvider(QStringLiteral("anthropic"));
    QVERIFY(!bench.shows("trafficState")); // each for itself
    bench.screen->showProvider(tests::OpenAi);
    auto *reset = bench.find<QAbstractButton>("trafficReset");
    reset->setFocus();
    QTest::keyClick(reset, Qt::Key_Space);
    QVERIFY(bench.traffic.isWell(target));
    QVERIFY(!bench.shows("trafficState"));
    QVERIFY(!bench.shows("trafficReset"));
    QVERIFY(bench.find<ui::SegmentedControl>("trafficChoice")->hasFocus());
}

void tst_SettingsScreen::userHasTheLastWord()
{
    Bench bench;
    bench.screen->showProvider(tests::OpenAi);
    const Target target = bench.accounts->target(tests::OpenAi, QStringLiteral("gpt-5"));
    auto *choice = bench.find<ui::SegmentedControl>("trafficChoice");
    QTest::keyClick(choice, Qt::Key_Right);
    QVERIFY(bench.text("trafficState").startsWith(QStringLiteral("Always let through")));
    for (int i = 0; i < CircuitBreaker::FailuresInARow; ++i)
        bench.attempt(target, failure());
    QVERIFY(bench.traffic.isWell(target));
    QTest::keyClick(choice, Qt::Key_Right);
    QVERIFY(bench.text("trafficState").startsWith(QStringLiteral("Left alone until you quit")));
    QVERIFY(!bench.traffic.isWell(target));
    bench.screen->showProvider(QStringLiteral("anthropic"));
    QCOMPARE(choice->current(), 0);
    bench.screen->showProvider(tests::OpenAi);
    QCOMPARE(choice->current(), 2);
    bench.click("trafficReset");
    QCOMPARE(choice->current(), 0);
    QVERIFY(bench.traffic.isWell(target));
    QVERIFY(!bench.shows("trafficState"));
}

void tst_SettingsScreen::heldModelIsNamed()
{
    Bench bench;
    bench.screen->showProvider(tests::OpenAi);
    QVERIFY(!bench.shows("trafficHeld"));
    const QString model = bench.models->choicesOf(tests::OpenAi).constFirst().target.model;
    const Target target = bench.accounts->target(tests::OpenAi, model);
    PassageEnd refused;
    refused.sent = true;
    refused.stayAway = 50min;
    bench.attempt(target, refused);
    QTRY_VERIFY(bench.shows("trafficHeld")); // no click: it looks each second
    QVERIFY2(
        bench.text("trafficHeld")
            .startsWith(bench.models->nameOf(target) + QStringLiteral(" is at its rate limit: ")),
        qPrintable(bench.text("trafficHeld")));
    QVERIFY(bench.text("trafficHeld").endsWith(QStringLiteral(" 50 min")));
    QVERIFY(!bench.shows("trafficState")); // a limit is no failure
    bench.click("trafficReset");
    QVERIFY(!bench.shows("trafficHeld"));
    QCOMPARE(bench.traffic.waitAt(target, Urgency::Chat), std::optional(0ms));
}

void tst_SettingsScreen::activeCheckRunsOnlyWhileSeen()
{
    Bench bench;
    tests::ScriptedServer server;
    server.setAnswer("/v1/models", tests::Answer::whole(200, R"({"data":[{"id":"m-1"}]})"));
    const QString custom = QStringLiteral("custom");
    bench.screen->showProvider(custom);
    bench.typeAddress(server.url(u"/v1").toString());
    bench.check->setEnabled(false);
    QVERIFY(!bench.settings.value(settings::ActiveCheck)); // off until it is wanted
    auto *box = bench.find<QCheckBox>("activeCheck");
    QVERIFY(!box->isChecked());
    box->click();
    QVERIFY(bench.settings.value(settings::ActiveCheck));
    QCOMPARE(server.requests().size(), 0);
    bench.find<ui::SettingsList>("settingsSections")->setCurrentRow(1);
    bench.check->setEnabled(true);
    QTest::qWait(0);
    QCOMPARE(server.connectionsAccepted(), 0); // nobody looks
    bench.find<ui::SettingsList>("settingsSections")->setCurrentRow(0);
    QTRY_VERIFY(bench.text("healthEvidence").contains(QStringLiteral("it answers")));
}

void tst_SettingsScreen::refreshListsAnew()
{
    Bench bench;
    tests::ScriptedServer server;
    server.setAnswer("/v1/models", tests::Answer::whole(200, R"({"data":[{"id":"m-1"}]})"));
    bench.screen->showProvider(QStringLiteral("ollama"));
    bench.typeAddress(server.url(u"/v1").toString());
    QVERIFY(bench.text("listedAt").startsWith(QStringLiteral("Not listed yet")));
    bench.click("refreshModels");
    QTRY_COMPARE(bench.text("listedAt"), QStringLiteral("Listed just now"));
    QCOMPARE(bench.find<QTableView>("modelTable")->model()->rowCount(), 1);
    server.setAnswer("/v1/models", tests::Answer::whole(503, "{}"));
    QTRY_VERIFY(bench.find<QAbstractButton>("testConnection")->isEnabled());
    bench.click("refreshModels");
    QTRY_VERIFY(bench.find<QAbstractButton>("testConnection")->isEnabled());
    QCOMPARE(bench.find<QTableView>("modelTable")->model()->rowCount(),
             1); // the old list stays
}

void tst_SettingsScreen::deploymentsAreEdited()
{
    Bench bench;
    bench.screen->showProvider(Azure);
    QVERIFY(!bench.shows("deploymentTable")); // they belong to a resource
    bench.typeAddress(QStringLiteral("https://x.openai.azure.com"));
    QVERIFY(bench.shows("deploymentTable"));
    QVERIFY(!bench.shows("refreshModels"));
    auto *table = bench.find<QTableView>("deploymentTable");
    bench.click("addDeployment");
    auto *editor = table->findChild<QLineEdit *>();
    QVERIFY(editor);
    QTest::keyClicks(editor, QStringLiteral("my-gpt"));
    QTest::keyClick(editor, Qt::Key_Return);
    QTRY_COMPARE(bench.lists->deployments(Azure),
                 (QList<Deployment>{{QStringLiteral("my-gpt"), {}, false}}));
    table->model()->setData(table->model()->index(0, 1), QStringLiteral("gpt-4o-mini"));
    QCOMPARE(bench.lists->deployments(Azure),
             (QList<Deployment>{{QStringLiteral("my-gpt"), QStringLiteral("gpt-4o-mini"), false}}));
    QCOMPARE(bench.models->choicesOf(Azure).size(), 1);

    // What an answer taught stands there, too, until the user says otherwise.
    Target target = bench.accounts->target(Azure, QStringLiteral("other"));
    bench.lists->learn(target, QStringLiteral("gpt-4.1"));
    QCOMPARE(table->model()->rowCount(), 2);
    table->setCurrentIndex(table->model()->index(0, 0));
    bench.click("removeDeployment");
    QCOMPARE(bench.lists->deployments(Azure),
             (QList<Deployment>{{QStringLiteral("other"), QStringLiteral("gpt-4.1"), true}}));
    bench.screen->showProvider(OpenAi);
    QVERIFY(!bench.shows("deploymentTable"));
}

QTEST_MAIN(tst_SettingsScreen)
#include "tst_settingsscreen.moc"
