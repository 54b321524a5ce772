#pragma once

#include "core/client/accountnotes.h"
#include "core/client/activecheck.h"
#include "core/client/endpointcontrol.h"
#include "core/client/modeldirectory.h"
#include "core/client/routebook.h"
#include "core/pricing/pricebook.h"
#include "core/pricing/pricecatalogue.h"
#include "core/providers/builtinproviders.h"
#include "core/secrets/entraclient.h"
#include "core/stats/health.h"
#include "core/store/store.h"
#include "tests/core/store/storefixture.h"
#include "tests/support/environmentvariable.h"
#include "tests/support/fakeclock.h"
#include "tests/support/scriptedserver.h"
#include "tests/support/testkeystore.h"
#include "ui/settings/settingslist.h"
#include "ui/settings/settingsscreen.h"
#include "ui/widgets/filterpopup.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/segmentedcontrol.h"
#include "ui/widgets/statuspill.h"

#include <QAbstractButton>
#include <QCoreApplication>
#include <QFile>
#include <QLineEdit>
#include <QScrollArea>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

namespace tests {

inline const QString OpenAi = QStringLiteral("openai-chat");
inline const QString Bedrock = QStringLiteral("bedrock");
inline const QString Azure = QStringLiteral("azure");

//! The screen on real accounts in a real database; only the keychain is the test's.
struct SettingsBench
{
    SettingsBench()
        : registry(core::ProviderRegistry::fromJson(core::builtInProviders()))
        , catalogue(core::PriceCatalogue::fromJson(core::builtInPrices()))
        , transport(clock, {})
        , settings(directory.filePath(QStringLiteral("settings.json")))
    {
        core::StoreOptions options;
        options.directory = directory.filePath(QStringLiteral("data"));
        store = std::move(core::Store::open(options, clock, ids)).value();
        lister = std::make_unique<core::ModelLister>(transport, *registry, keys, clock);
        accounts = std::make_unique<core::AccountSetup>(store->accounts(), keys, *registry);
        lists = std::make_unique<core::ModelLists>(*accounts, *lister, store->states(), clock);
        models = std::make_unique<core::ModelDirectory>(*accounts, *lists, *catalogue, clock);
        routes = std::make_unique<core::RouteBook>(store->routes(), *accounts);
        prices = std::make_unique<core::PriceBook>(
            *catalogue, directory.filePath(QStringLiteral("prices.json")));
        refresh = std::make_unique<core::PriceRefresh>(
            *prices, *catalogue, directory.filePath(QStringLiteral("taken")), transport, clock);
        refresh->restore();
        notes = std::make_unique<core::AccountNotes>(*accounts, store->states());
        core::bindOwnLimits(*notes, *accounts, traffic);
        check = std::make_unique<core::ActiveCheck>(*accounts, *lists, clock);
        health = std::make_unique<core::Health>(*store, clock);
        screen = makeScreen();
        visitEverySection();
        window.resize(1200, 800);
        screen->setParent(&window);
        screen->resize(window.size());
        window.show();
        window.activateWindow();
        if (!QTest::qWaitForWindowActive(&window))
            qFatal("the window gets no focus");
    }

    [[nodiscard]] ui::ProviderPageParts parts()
    {
        return {*accounts, *models, entra, settings, *health, *check, endpoints, *notes, clock};
    }

    [[nodiscard]] std::unique_ptr<ui::SettingsScreen> makeScreen()
    {
        return std::make_unique<ui::SettingsScreen>(
            theme, parts(), *routes,
            ui::SettingsScreen::Money{store->budgets(), *prices, *refresh, clock},
            ui::SettingsScreen::Facts());
    }
    //! So that every page is made, and the first shown.
    void visitEverySection() const
    {
        auto *sections = find<ui::SettingsList>("settingsSections");
        for (int row = sections->count() - 1; row >= 0; --row)
            sections->setCurrentRow(row);
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
        auto *button = find<QAbstractButton>(name);
        bringIntoView(button);
        QTest::mouseClick(button, Qt::LeftButton);
    }
    //! As a person does who scrolls to what he clicks: a click elsewhere meets what stands there.
    static void bringIntoView(QWidget *widget)
    {
        QCoreApplication::sendPostedEvents(nullptr, QEvent::LayoutRequest);
        for (QWidget *above = widget->parentWidget(); above; above = above->parentWidget()) {
            if (auto *area = qobject_cast<QScrollArea *>(above))
                area->ensureWidgetVisible(widget);
        }
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

    //! The proof in use is chosen by keys, as in a group of radios.
    void chooseProof(int steps) const
    {
        auto *choice = find<ui::SegmentedControl>("proofChoice");
        for (int step = 0; step < steps; ++step)
            QTest::keyClick(choice, Qt::Key_Right);
    }
    void type(const char *name, const QString &text) const
    {
        auto *field = find<QLineEdit>(name);
        field->setFocus();
        field->selectAll();
        QTest::keyClicks(field, text);
    }
    //! AWS's shared files, as the user may have them; before the page is shown.
    void writeProfiles(const QByteArray &text)
    {
        QFile file(directory.filePath(QStringLiteral("credentials")));
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("no file");
    }
    //! Azure's page with a directory that gives codes.
    void prepareSignIn(ScriptedServer &server) const
    {
        server.setAnswer(
            "/contoso.com/oauth2/v2.0/devicecode",
            Answer::whole(200, R"({"user_code":"ABCD-EFGH","device_code":"device-1",)"
                               R"("interval":5,"expires_in":900,)"
                               R"("verification_uri":"https://login.example.org/device"})"));
        screen->showProvider(Azure);
        typeAddress(QStringLiteral("https://x.openai.azure.com"));
        chooseProof(1);
        type("entraTenant", QStringLiteral("contoso.com"));
        type("entraClient", QStringLiteral("client-1"));
        type("entraAuthority", server.url().toString());
        QTest::keyClick(find<QLineEdit>("entraAuthority"), Qt::Key_Tab);
    }
    //! A request to \p target that ends so.
    void attempt(const core::Target &target, const core::PassageEnd &end)
    {
        const auto passage = traffic.join(target, core::Urgency::Chat, 1, 1);
        passage->begin();
        passage->end(end);
    }
    void showSection(const QString &title) const
    {
        auto *sections = find<ui::SettingsList>("settingsSections");
        const auto rows = sections->findItems(title, Qt::MatchExactly);
        if (rows.isEmpty())
            qFatal("no section %s", qPrintable(title));
        sections->setCurrentItem(rows.constFirst());
    }
    [[nodiscard]] bool shows(const char *name) const { return find<QWidget>(name)->isVisible(); }
    [[nodiscard]] bool standsInAWidget(const QString &text) const
    {
        for (const QLabel *label : screen->findChildren<QLabel *>()) {
            if (label->text().contains(text))
                return true;
        }
        for (const QLineEdit *field : screen->findChildren<QLineEdit *>()) {
            if (field->text().contains(text))
                return true;
        }
        return false;
    }

    QTemporaryDir directory;
    core::SystemClock clock;
    core::SystemRandom random;
    core::IdSource ids{clock, random};
    core::Result<core::ProviderRegistry> registry;
    core::Result<core::PriceCatalogue> catalogue;
    core::HttpTransport transport;
    FakeClock signInClock; //!< Between two questions whether the person has signed in.
    core::EntraClient entra{transport, signInClock};
    core::Settings settings;
    core::TrafficControl traffic{clock, random, *registry};
    core::EndpointControl endpoints{traffic};
    TestKeyStore keys;
    EnvironmentVariable credentialsFile{"AWS_SHARED_CREDENTIALS_FILE",
                                        directory.filePath(QStringLiteral("credentials"))};
    EnvironmentVariable configFile{"AWS_CONFIG_FILE", directory.filePath(QStringLiteral("config"))};
    EnvironmentVariable noRegion{"AWS_REGION", {}};
    std::unique_ptr<core::PriceBook> prices;
    std::unique_ptr<core::PriceRefresh> refresh;
    std::unique_ptr<core::Store> store;
    std::unique_ptr<core::ModelLister> lister;
    std::unique_ptr<core::AccountSetup> accounts;
    std::unique_ptr<core::ModelLists> lists;
    std::unique_ptr<core::ModelDirectory> models;
    std::unique_ptr<core::RouteBook> routes;
    std::unique_ptr<core::AccountNotes> notes;
    std::unique_ptr<core::ActiveCheck> check;
    std::unique_ptr<core::Health> health;
    ui::ThemeSource theme;
    QWidget window;
    std::unique_ptr<ui::SettingsScreen> screen;
};

} // namespace tests
