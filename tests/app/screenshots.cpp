// Pictures of the whole window in each of its states, with the practice provider over real HTTP:
//   screenshooter FOLDER
// saves FOLDER/SIZE-LOOK-STATE.png for the sizes and looks below, made offscreen on profiles that
// are thrown away. Nothing is asserted: people look at them. Fails if a picture was not made.
#include "app/engine.h"
#include "app/windowcontroller.h"
#include "core/base/log.h"
#include "core/practice/practiceprovider.h"
#include "tests/support/fakereachability.h"
#include "ui/chat/chatscreen.h"
#include "ui/compare/comparescreen.h"
#include "ui/settings/settingslist.h"
#include "ui/settings/settingsscreen.h"
#include "ui/widgets/icons.h"

#include <QAbstractButton>
#include <QApplication>
#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPainter>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <cstdio>
#include <iterator>

namespace {

using namespace Qt::StringLiterals;

//! A screen as a person may have one.
struct Screen
{
    const char *name;
    QSize pixels;
    const char *scale;
};
const Screen Screens[] = {
    {"1440x900", {1440, 900}, "1"}, {"1366x768", {1366, 768}, "1.5"}, {"880x720", {880, 720}, "1"}};
const char *const Looks[] = {"light", "dark"};

//! Long enough for what is drawn late: charts, popups, figures that come from another thread.
constexpr int SettleMs = 400;
constexpr int LayoutRounds = 30;
constexpr int LongestAnswerMs = 120'000;

const QString Question = u"Show me a table, a list and some code, and say what you can do."_s;

//! One run of the program, from its first start on.
class Session
{
public:
    Session(const QString &prefix, const QString &look, QSize size);

    [[nodiscard]] bool run(); //!< False if a picture is missing.

private:
    [[nodiscard]] core::Target practice(const QString &model) const
    {
        return m_engine->accounts().target(u"practice"_s, model);
    }
    [[nodiscard]] core::Conversation *freshChat();
    [[nodiscard]] static bool ends(const core::Conversation &chat)
    {
        return QTest::qWaitFor([&chat] { return !chat.isRunning(); }, LongestAnswerMs);
    }
    void fail(const QString &model, core::PracticeFault fault);
    [[nodiscard]] bool chats();
    [[nodiscard]] bool offline();
    [[nodiscard]] bool comparison();
    [[nodiscard]] bool settings();
    [[nodiscard]] bool save(const QString &state);

    QString m_prefix;
    QTemporaryDir m_folder;
    tests::FakeReachability m_network;
    std::unique_ptr<app::Engine> m_engine;
    ui::ThemeSource m_theme;
    std::unique_ptr<app::WindowController> m_controller;
    ui::MainWindow *m_window = nullptr;
};

Session::Session(const QString &prefix, const QString &look, QSize size)
    : m_prefix(prefix)
{
    app::EngineOptions options;
    options.profile = app::Profile::below(m_folder.path());
    options.overrides = {u"appearance/theme="_s + look, u"engine/retriesPerTarget=0"_s,
                         u"practice/tokensPerSecond=80"_s};
    options.reachability = &m_network;
    auto engine = app::Engine::create(options);
    if (!engine)
        qFatal("%s", qPrintable(engine.error().detail));
    m_engine = std::move(engine).value();
    m_theme.dress(*qApp);
    m_controller = std::make_unique<app::WindowController>(*m_engine, m_theme);
    m_controller->show();
    for (QWidget *window : QApplication::topLevelWidgets()) {
        if (auto *found = qobject_cast<ui::MainWindow *>(window))
            m_window = found;
    }
    m_window->resize(size);
}

//! The window with whatever is open above it.
bool Session::save(const QString &state)
{
    QTest::qWait(SettleMs);
    for (int round = 0; round < LayoutRounds; ++round) { // each may ask for the next
        QCoreApplication::sendPostedEvents();
        QCoreApplication::processEvents();
    }
    QPixmap picture = m_window->grab();
    {
        QPainter painter(&picture);
        for (QWidget *above : QApplication::topLevelWidgets()) {
            if (above != m_window && above->isVisible())
                painter.drawPixmap(above->pos() - m_window->pos(), above->grab());
        }
    }
    const QString file = m_prefix + state + u".png"_s;
    const bool isSaved = picture.save(file);
    std::printf("%s %s\n", isSaved ? "saved" : "NOT SAVED:", qPrintable(file));
    return isSaved;
}

core::Conversation *Session::freshChat()
{
    m_window->trigger(ui::Command::NewChat);
    core::Conversation *chat = m_window->findChild<ui::ChatScreen *>()->conversation();
    chat->setTarget(practice(u"practice-steady"_s));
    return chat;
}

void Session::fail(const QString &model, core::PracticeFault fault)
{
    core::PracticeFaultPlan plan;
    plan.fault = fault;
    plan.retryAfter = std::chrono::seconds(0);
    m_engine->practice()->controls().setFault(model, plan);
}

bool Session::chats()
{
    core::Conversation *chat = freshChat();
    int pieces = 0;
    QObject::connect(chat, &core::Conversation::eventsReceived, m_window, [&pieces] { ++pieces; });
    constexpr int SomeText = 25;
    if (!chat->send(Question) || !QTest::qWaitFor([&] { return pieces >= SomeText; }, 30'000) ||
        !save(u"streaming"_s) || !ends(*chat) || !save(u"done"_s))
        return false;
    chat->disconnect(m_window);

    // Not a wrong key: until the user acts nobody at this account would be fallen back to.
    fail(u"practice-steady"_s, core::PracticeFault::ServerError);
    chat = freshChat();
    if (!chat->send(u"Hello"_s) || !ends(*chat) || !save(u"failed"_s))
        return false;

    fail(u"practice-steady"_s, core::PracticeFault::Overloaded);
    chat = freshChat();
    core::RouteBook &routes = m_engine->routes();
    const std::int64_t calm = routes.add(u"Calm"_s);
    const core::Target second = practice(u"practice-fast"_s);
    if (!routes.setTargets(calm, {practice(u"practice-steady"_s), second}))
        return false;
    chat->setRoute(*routes.find(calm));
    if (!chat->send(u"What can you do?"_s) || !ends(*chat) ||
        chat->path().constLast().target.model != second.model || !save(u"fallen-back"_s))
        return false;
    m_engine->practice()->controls().clearFaults();

    m_window->trigger(ui::Command::ChooseModel);
    const bool isSaved = save(u"model-picker"_s);
    if (QWidget *popup = QApplication::activePopupWidget())
        popup->close();
    return isSaved;
}

//! A question to a service elsewhere, which is not asked: nothing leaves the machine.
bool Session::offline()
{
    m_network.setOffline(true);
    core::Conversation *chat = freshChat();
    chat->setTarget(m_engine->accounts().target(u"anthropic"_s, u"claude-sonnet-4-5"_s));
    const auto isHeld = [chat] {
        return chat->reply() && chat->reply()->state() == core::ReplyState::AwaitingDecision;
    };
    if (!chat->send(u"When is the next low tide?"_s) || !QTest::qWaitFor(isHeld, 10'000) ||
        !save(u"offline"_s))
        return false;
    chat->stop();
    m_network.setOffline(false);
    return ends(*chat);
}

bool Session::comparison()
{
    m_window->trigger(ui::Command::PlaceCompare);
    core::Comparison *comparison = m_window->findChild<ui::CompareScreen *>()->comparison();
    comparison->lanes().at(0)->setTarget(practice(u"practice-steady"_s));
    comparison->lanes().at(1)->setTarget(practice(u"practice-fast"_s));
    if (!comparison->send(Question))
        return false;
    QTest::qWait(2'000); // in the middle of it
    return save(u"comparison-running"_s) &&
           QTest::qWaitFor([comparison] { return !comparison->isRunning(); }, LongestAnswerMs) &&
           save(u"comparison"_s);
}

bool Session::settings()
{
    m_window->trigger(ui::Command::PlaceSettings);
    auto *sections = m_window->findChild<ui::SettingsList *>(u"settingsSections"_s);
    bool isSaved = true;
    for (int row = 0; row < sections->count(); ++row) {
        QListWidgetItem *item = sections->item(row);
        sections->setCurrentItem(item);
        Q_EMIT sections->itemActivated(item); // a narrow window shows one column at a time
        static const QRegularExpression other(u"[^a-z]+"_s); // names are wrapped in isolates
        const QStringList words = item->text().toLower().split(other, Qt::SkipEmptyParts);
        isSaved = save(u"settings-"_s + words.join(u'-')) && isSaved;
    }
    return isSaved;
}

bool Session::run()
{
    if (!QTest::qWaitForWindowActive(m_window) || !save(u"first-run"_s))
        return false;
    m_window->findChild<QAbstractButton *>(u"tryPractice"_s)->click();
    if (!m_engine->startPractice() || !chats() || !offline() || !comparison())
        return false;
    m_window->trigger(ui::Command::PlaceDashboard);
    return save(u"dashboard"_s) && settings();
}

//! What the offscreen platform takes for its screen; popups keep within it.
QByteArray platformFor(const Screen &screen)
{
    const QJsonObject one{{u"name"_s, QString::fromLatin1(screen.name)},
                          {u"x"_s, 0},
                          {u"y"_s, 0},
                          {u"width"_s, screen.pixels.width()},
                          {u"height"_s, screen.pixels.height()},
                          {u"logicalDpi"_s, 96},
                          {u"logicalBaseDpi"_s, 96},
                          {u"dpr"_s, 1}};
    return QJsonDocument(
               QJsonObject{{u"windowFrameMargins"_s, false}, {u"screens"_s, QJsonArray{one}}})
        .toJson();
}

//! All of them, each in a process of its own: the scale is fixed when a program starts.
int runAll(const QString &folder)
{
    const QTemporaryDir platforms;
    if (!QDir().mkpath(folder) || !platforms.isValid())
        return 1;
    int failures = 0;
    for (const Screen &screen : Screens) {
        QFile platform(platforms.filePath(QString::fromLatin1(screen.name)));
        if (!platform.open(QIODevice::WriteOnly) || platform.write(platformFor(screen)) < 0)
            return 1;
        platform.close();
        for (const char *look : Looks) {
            auto environment = QProcessEnvironment::systemEnvironment();
            environment.insert(u"QT_QPA_PLATFORM"_s,
                               u"offscreen:configfile="_s + platform.fileName());
            environment.insert(u"QT_SCALE_FACTOR"_s, QString::fromLatin1(screen.scale));
            QProcess one;
            one.setProcessEnvironment(environment);
            one.setProcessChannelMode(QProcess::ForwardedChannels);
            one.start(QCoreApplication::applicationFilePath(),
                      {folder, QString::fromLatin1(screen.name), QString::fromLatin1(look)});
            if (!one.waitForFinished(-1) || one.exitStatus() != QProcess::NormalExit ||
                one.exitCode() != 0)
                ++failures;
        }
    }
    std::printf(failures == 0 ? "All pictures are in %s.\n" : "Some pictures are missing in %s.\n",
                qPrintable(folder));
    return failures == 0 ? 0 : 1;
}

int runOne(const QString &folder, const QString &name, const QString &look)
{
    const auto screen =
        std::find_if(std::begin(Screens), std::end(Screens),
                     [&name](const Screen &s) { return name == QLatin1String(s.name); });
    if (screen == std::end(Screens))
        return 2;
    ui::loadIcons();
    Session session(folder + u'/' + name + u'-' + look + u'-', look,
                    screen->pixels / QString::fromLatin1(screen->scale).toDouble());
    return session.run() ? 0 : 1;
}

} // namespace

int main(int argc, char **argv)
{
    QStringList arguments;
    for (int i = 1; i < argc; ++i)
        arguments.append(QString::fromLocal8Bit(argv[i]));
    if (arguments.size() == 1) {
        const QCoreApplication application(argc, argv);
        return runAll(QDir(arguments.constFirst()).absolutePath());
    }
    if (arguments.size() != 3) {
        std::fprintf(stderr, "usage: screenshooter FOLDER\n");
        return 2;
    }
    const QApplication application(argc, argv);
    core::installLogSink();
    return runOne(arguments.at(0), arguments.at(1), arguments.at(2));
}
