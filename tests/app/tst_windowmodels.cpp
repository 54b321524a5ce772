#include "app/windowcontroller.h"
#include "core/practice/practiceprovider.h"
#include "core/store/store.h"
#include "ui/chat/chatscreen.h"
#include "ui/settings/settingsscreen.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/filterpopup.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/notice.h"

#include <QApplication>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

//! Which model the window asks: on a profile of its own, not in a demo.
class tst_WindowModels : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void practiceGoesOnAfterARestart();
    void helpStartShowsTheWaysToBegin();
    void newSessionIsBegunFromThePalette();
    void firstKeyAfterPracticeIsUsed();
    void secondKeyChangesNothing();

private:
    void start(); //!< The program, anew.
    [[nodiscard]] core::Conversation *chat() const { return m_screen->conversation(); }
    [[nodiscard]] QAbstractButton *button(const QString &name) const
    {
        return m_window->findChild<QAbstractButton *>(name);
    }
    void choose(const QString &row); //!< Of the palette.
    void storeKey(const QString &provider);
    [[nodiscard]] ui::NoticeBar *noticeSaying(const QString &text) const;

    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<app::Engine> m_engine;
    ui::ThemeSource m_theme;
    std::unique_ptr<app::WindowController> m_controller;
    QWidget *m_window = nullptr;
    ui::ChatScreen *m_screen = nullptr;
};

void tst_WindowModels::initTestCase()
{
    ui::loadIcons();
    m_theme.dress(*qApp);
}

void tst_WindowModels::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    start();
}

void tst_WindowModels::cleanup()
{
    m_controller.reset();
    m_engine.reset();
}

void tst_WindowModels::start()
{
    cleanup();
    app::EngineOptions options;
    options.profile = app::Profile::below(m_directory->path());
    options.overrides = {u"practice/tokensPerSecond=0"_s}; // as fast as it goes
    auto engine = app::Engine::create(options);
    QVERIFY(engine);
    m_engine = std::move(engine).value();
    m_controller = std::make_unique<app::WindowController>(*m_engine, m_theme);
    m_controller->show();
    for (QWidget *window : QApplication::topLevelWidgets()) {
        if (auto *screen = window->findChild<ui::ChatScreen *>()) {
            m_window = window;
            m_screen = screen;
        }
    }
    QVERIFY(m_screen);
    QVERIFY(QTest::qWaitForWindowActive(m_window));
}

void tst_WindowModels::choose(const QString &row)
{
    QTest::keyClick(m_window, Qt::Key_K, Qt::ControlModifier);
    auto *palette = m_window->findChild<ui::FilterPopup *>(u"palette"_s);
    QVERIFY(palette->shownIds().contains(row));
    palette->close();
    Q_EMIT palette->chosen(row);
}

void tst_WindowModels::storeKey(const QString &provider)
{
    QTest::keyClick(m_window, Qt::Key_Comma, Qt::ControlModifier);
    Q_EMIT m_window->findChild<ui::SettingsScreen *>()->keyStored(provider);
}

ui::NoticeBar *tst_WindowModels::noticeSaying(const QString &text) const
{
    for (auto *notice : m_window->findChildren<ui::NoticeBar *>()) {
        if (notice->isVisible() && notice->text().startsWith(text))
            return notice;
    }
    return nullptr;
}

void tst_WindowModels::practiceGoesOnAfterARestart()
{
    button(u"tryPractice"_s)->click();
    QVERIFY(chat()->send(u"Hello"_s));
    QTRY_VERIFY_WITH_TIMEOUT(!chat()->isRunning(), 20'000);
    start();
    QVERIFY(!m_engine->practice()); // nothing listens before it is asked
    QVERIFY(chat()->record().target.simulated);
    const core::ModelDirectory models(m_engine->accounts(), m_engine->modelLists(),
                                      m_engine->prices(), m_engine->clock());
    QCOMPARE(models.nameOf(chat()->record().target), u"Practice Steady"_s);
    QTest::keyClick(m_window, Qt::Key_L, Qt::ControlModifier);
    auto *picker = m_window->findChild<ui::FilterPopup *>(u"modelPicker"_s);
    QVERIFY(picker->shownIds().contains(u"practice/practice-thinker"_s));
    picker->close();
    QVERIFY(chat()->send(u"Hello again"_s));
    QTRY_VERIFY_WITH_TIMEOUT(!chat()->isRunning(), 20'000);
    QCOMPARE(chat()->path().constLast().state, core::MessageState::Complete);
    QVERIFY(chat()->isSimulated());
}

void tst_WindowModels::helpStartShowsTheWaysToBegin()
{
    QVERIFY(button(u"tryPractice"_s)->isVisible());
    button(u"tryPractice"_s)->click();
    QVERIFY(!button(u"tryPractice"_s)->isVisible());
    choose(u"help-start"_s);
    QVERIFY(button(u"tryPractice"_s)->isVisible());
    QTest::keyClick(m_window, Qt::Key_N, Qt::ControlModifier);
    QVERIFY(!button(u"tryPractice"_s)->isVisible()); // a new chat is one
}

void tst_WindowModels::newSessionIsBegunFromThePalette()
{
    const std::int64_t before = m_engine->store().sessionId();
    choose(u"new-session"_s);
    QVERIFY(m_engine->store().sessionId() != before);
}

void tst_WindowModels::firstKeyAfterPracticeIsUsed()
{
    button(u"tryPractice"_s)->click();
    storeKey(u"openai"_s);
    QCOMPARE(m_engine->defaultTarget().provider, u"openai"_s);
    QCOMPARE(chat()->record().target.provider, u"openai"_s); // it was empty
    ui::NoticeBar *notice = noticeSaying(u"New chats use "_s);
    QVERIFY(notice);
    QTRY_VERIFY(notice->findChild<ui::PillButton *>());
    QTest::mouseClick(notice->findChild<ui::PillButton *>(), Qt::LeftButton);
    QVERIFY(!notice->isVisible());
    QVERIFY(m_window->findChild<ui::FilterPopup *>(u"modelPicker"_s)->isVisible());
}

void tst_WindowModels::secondKeyChangesNothing()
{
    storeKey(u"openai"_s);
    const core::Target first = m_engine->defaultTarget();
    storeKey(u"anthropic"_s);
    QCOMPARE(m_engine->defaultTarget(), first);
}

QTEST_MAIN(tst_WindowModels)
#include "tst_windowmodels.moc"
