#include "core/client/modeldirectory.h"
#include "core/pricing/pricecatalogue.h"
#include "core/providers/builtinproviders.h"
#include "core/store/budgetbook.h"
#include "core/store/store.h"
#include "tests/support/scriptedserver.h"
#include "tests/support/testkeystore.h"
#include "ui/settings/settingslist.h"
#include "ui/settings/settingsscreen.h"
#include "ui/widgets/budgetbar.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/plainlabel.h"

#include <QAbstractButton>
#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

using namespace core;

namespace {

const QString OpenAi = QStringLiteral("openai-chat");
const QByteArray Key("sk-proj-onlyATestKey7Q4A");

//! The screen on real accounts in a real database; only the keychain is the test's.
struct Bench
{
    Bench()
        : registry(ProviderRegistry::fromJson(builtInProviders()))
        , catalogue(PriceCatalogue::fromJson(builtInPrices()))
        , transport(clock, {})
        , settings(directory.filePath(QStringLiteral("settings.json")))
    {
        StoreOptions options;
        options.directory = directory.filePath(QStringLiteral("data"));
        store = std::move(Store::open(options, clock, ids)).value();
        lister = std::make_unique<ModelLister>(transport, *registry, keys, clock);
        accounts = std::make_unique<AccountSetup>(store->accounts(), keys, *registry);
        lists = std::make_unique<ModelLists>(*accounts, *lister, store->states(), clock);
        models = std::make_unique<ModelDirectory>(*accounts, *lists, *catalogue, clock);
        prices = std::make_unique<PriceBook>(*catalogue,
                                             directory.filePath(QStringLiteral("prices.json")));
        screen = std::make_unique<ui::SettingsScreen>(
            theme, *accounts, *models, settings,
            ui::SettingsScreen::Money{store->budgets(), *prices, clock},
            ui::SettingsScreen::Facts());
        window.resize(1200, 800);
        screen->setParent(&window);
        screen->resize(window.size());
        window.show();
        window.activateWindow();
        if (!QTest::qWaitForWindowActive(&window))
            qFatal("the window gets no focus");
    }

    template <typename T>
    [[nodiscard]] T *find(const char *name) const
    {
        T *found = screen->findChild<T *>(QLatin1String(name));
        return found ? found : (qFatal("no %s", name), nullptr);
    }
    [[nodiscard]] QString text(const char *name) const { return find<QLabel>(name)->text(); }
    void click(const char *name) const
    {
        QTest::mouseClick(find<QAbstractButton>(name), Qt::LeftButton);
    }
    void clickAction(const QString &text) const
    {
        for (QAbstractButton *button :
             find<ui::NoticeBar>("providerNotice")->findChildren<QAbstractButton *>()) {
            if (button->text() == text && button->isVisible())
                return QTest::mouseClick(button, Qt::LeftButton);
        }
        QFAIL(qPrintable(QStringLiteral("no action ") + text));
    }
    void typeKey(const QByteArray &key) const
    {
        auto *field = find<QLineEdit>("keyField");
        field->setFocus();
        QTest::keyClicks(field, QString::fromLatin1(key));
        QTest::keyClick(field, Qt::Key_Return);
    }
    void typeAddress(const QString &url) const
    {
        auto *field = find<QLineEdit>("baseUrl");
        field->setFocus();
        field->selectAll();
        QTest::keyClicks(field, url);
        QTest::keyClick(field, Qt::Key_Tab);
    }

    QTemporaryDir directory;
    SystemClock clock;
    SystemRandom random;
    IdSource ids{clock, random};
    Result<ProviderRegistry> registry;
    Result<PriceCatalogue> catalogue;
    HttpTransport transport;
    Settings settings;
    tests::TestKeyStore keys;
    std::unique_ptr<PriceBook> prices;
    std::unique_ptr<Store> store;
    std::unique_ptr<ModelLister> lister;
    std::unique_ptr<AccountSetup> accounts;
    std::unique_ptr<ModelLists> lists;
    std::unique_ptr<ModelDirectory> models;
    ui::ThemeSource theme;
    QWidget window;
    std::unique_ptr<ui::SettingsScreen> screen;
};

} // namespace

class TestSettingsScreen : public QObject
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
    void testListsModels();
    void testSaysWhatIsWrong();
    void answerToAnEarlierTestIsNotShown();
    void fallbacksKeepTheirOrder();
    void narrowShowsOneColumn();
    void budgetIsMadeChangedAndRemoved();
    void faultyBudgetIsNotSaved_data();
    void faultyBudgetIsNotSaved();
    void budgetOfTheSettingsIsShownNotChanged();
    void promptCacheIsSwitched();
    void pricesAreFoundAndOverridden();
    void priceOfAnUnknownModel();
};

void TestSettingsScreen::keyGoesToTheStoreAndNowhereElse()
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

void TestSettingsScreen::keyIsRemoved()
{
    Bench bench;
    bench.screen->showProvider(OpenAi);
    bench.typeKey(Key);
    QTRY_VERIFY(bench.accounts->accountOf(OpenAi).keySaved);
    bench.click("removeKey");
    QTRY_VERIFY(!bench.accounts->accountOf(OpenAi).keySaved);
    QVERIFY(bench.keys.key(bench.accounts->accountOf(OpenAi).id).isEmpty());
    QVERIFY(bench.find<QLineEdit>("keyField")->isVisible());
}

void TestSettingsScreen::lockedKeychainOffersTheSession()
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

void TestSettingsScreen::addresses_data()
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

void TestSettingsScreen::addresses()
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

void TestSettingsScreen::changedHostAsksBeforeTheKeyGoes()
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

void TestSettingsScreen::testListsModels()
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

void TestSettingsScreen::testSaysWhatIsWrong()
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
    server.shutDown();
    bench.click("testConnection");
    QTRY_VERIFY(button->isEnabled());
    QVERIFY(bench.text("testResult") != refused);
}

void TestSettingsScreen::answerToAnEarlierTestIsNotShown()
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

void TestSettingsScreen::fallbacksKeepTheirOrder()
{
    Bench bench;
    bench.find<ui::SettingsList>("settingsSections")->setCurrentRow(1);
    const auto saved = [&bench] { return bench.settings.value(settings::FallbackTargets); };
    for (const char *model : {"a", "b", "c", "a"}) {
        Target target;
        target.provider = OpenAi;
        target.model = QLatin1String(model);
        bench.screen->addFallback(target);
    }
    QCOMPARE(saved(), QStringLiteral("openai-chat/b\nopenai-chat/c\nopenai-chat/a"));
    bench.click("fallbackUp");
    QCOMPARE(saved(), QStringLiteral("openai-chat/b\nopenai-chat/a\nopenai-chat/c"));
    bench.click("removeFallback");
    QCOMPARE(saved(), QStringLiteral("openai-chat/b\nopenai-chat/c"));
    bench.find<QCheckBox>("engine/fallback")->click();
    QVERIFY(!bench.settings.value(settings::Fallback));
}

void TestSettingsScreen::narrowShowsOneColumn()
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
    bench.click("allProviders");
    QVERIFY(list->isVisible() && !page->isVisible());
}

void TestSettingsScreen::budgetIsMadeChangedAndRemoved()
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
}

void TestSettingsScreen::faultyBudgetIsNotSaved_data()
{
    QTest::addColumn<int>("unit");
    QTest::addColumn<QString>("text");
    QTest::newRow("words") << 0 << QStringLiteral("lots");
    QTest::newRow("negative") << 0 << QStringLiteral("-5");
    QTest::newRow("not-a-number") << 0 << QStringLiteral("nan");
    QTest::newRow("more-than-all-money") << 0 << QStringLiteral("99999999999999999999");
    QTest::newRow("half-a-token") << 1 << QStringLiteral("0.5");
    QTest::newRow("no-requests") << 2 << QStringLiteral("0");
    QTest::newRow("past-counting") << 1 << QStringLiteral("9999999999999M");
}

void TestSettingsScreen::faultyBudgetIsNotSaved()
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

void TestSettingsScreen::budgetOfTheSettingsIsShownNotChanged()
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

void TestSettingsScreen::promptCacheIsSwitched()
{
    Bench bench;
    bench.screen->showBudget(0);
    QVERIFY(bench.settings.value(settings::PromptCache)); // on, where it pays
    bench.find<QCheckBox>("promptCache")->click();
    QVERIFY(!bench.settings.value(settings::PromptCache));
}

void TestSettingsScreen::pricesAreFoundAndOverridden()
{
    Bench bench;
    bench.find<ui::SettingsList>("settingsSections")->setCurrentRow(4);
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
    QCOMPARE(input->text(), QStringLiteral("2.5"));
    input->setText(QStringLiteral("-2"));
    QVERIFY(bench.find<QLabel>("priceFault")->isVisible());
    QVERIFY(!bench.find<QAbstractButton>("savePrice")->isEnabled());
    input->setText(QStringLiteral("2"));
    bench.click("savePrice");
    QCOMPARE(bench.prices->overrides().size(), 1);
    QCOMPARE(bench.prices->overrides().first().input, rateFrom(QStringLiteral("2")));
    QVERIFY(bench.text("priceCardText").contains(QStringLiteral("Input\u00A0$2.00")));
    const QModelIndex now = table->currentIndex();
    QCOMPARE(now.siblingAtColumn(5).data().toString(), QStringLiteral("yours"));
    QCOMPARE(now.siblingAtColumn(2).data().toString(), QStringLiteral("2.00"));
    bench.click("removePrice");
    QVERIFY(bench.prices->overrides().isEmpty());
    QVERIFY(bench.text("priceCardText").contains(QStringLiteral("Input\u00A0$2.50")));
}

void TestSettingsScreen::priceOfAnUnknownModel()
{
    Bench bench;
    bench.find<ui::SettingsList>("settingsSections")->setCurrentRow(4);
    bench.click("addPrice");
    QTest::keyClicks(bench.find<QLineEdit>("priceModel"), QStringLiteral("our-deployment"));
    QVERIFY(!bench.find<QAbstractButton>("savePrice")->isEnabled());
    QTest::keyClicks(bench.find<QLineEdit>("priceOutput"), QStringLiteral("7.5"));
    QTest::keyClick(bench.find<QLineEdit>("priceOutput"), Qt::Key_Return);
    QCOMPARE(bench.prices->overrides().size(), 1);
    QCOMPARE(bench.prices->overrides().first().model, QStringLiteral("our-deployment"));
    QVERIFY(!bench.prices->overrides().first().input); // unknown, not free
    QCOMPARE(bench.find<QTableView>("priceTable")->currentIndex().data().toString(),
             QStringLiteral("our-deployment"));
}

QTEST_MAIN(TestSettingsScreen)
#include "tst_settingsscreen.moc"
