// The window as a person uses it, for tests that kill it, watch its files or run verbs beside it:
//   windowhelper PROFILE BASE_URL PROMPT [- | --sign-in]
// Types PROMPT to a custom server and sends it; prints what arrives as `ask --json` prints text.
// With "-", types the key that is the first line of standard input into Settings before. With
// --sign-in, the server is an Azure resource and a directory, and it signs in there first. Runs
// until it is killed, or closed by SIGTERM.
#include "app/engine.h"
#include "app/windowcontroller.h"
#include "core/base/log.h"
#include "ui/chat/chatscreen.h"
#include "ui/settings/settingsscreen.h"
#include "ui/transcript/composeredit.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/notice.h"

#include <QAbstractButton>
#include <QApplication>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QTest>

#include <cstdio>

namespace {

const QString Custom = QStringLiteral("custom");
const QString Azure = QStringLiteral("azure");

template <typename T>
T *inWindow()
{
    for (QWidget *window : QApplication::topLevelWidgets()) {
        if (auto *found = window->findChild<T *>())
            return found;
    }
    qFatal("the window lacks a part");
}

void printText(const core::StreamEvents &events)
{
    for (const core::StreamEvent &event : events) {
        const auto *text = std::get_if<core::TextDelta>(&event);
        if (!text)
            continue;
        const QJsonObject line{{QStringLiteral("event"), QStringLiteral("text")},
                               {QStringLiteral("text"), text->text}};
        std::printf("%s\n", QJsonDocument(line).toJson(QJsonDocument::Compact).constData());
        std::fflush(stdout);
    }
}

//! As a person without a keychain does: keeps it until quitting.
void keepForSession(const ui::SettingsScreen &settings)
{
    auto *notice = settings.findChild<ui::NoticeBar *>(QStringLiteral("providerNotice"));
    for (QAbstractButton *action : notice->findChildren<QAbstractButton *>()) {
        if (notice->isVisible() && action->text() == QStringLiteral("Keep until I quit"))
            action->click();
    }
}

//! Signs in by code; somebody else types it, or the server says at once that it was typed.
void signIn(app::Engine &engine, QWidget &window, const QString &authority)
{
    QTest::keyClick(&window, Qt::Key_Comma, Qt::ControlModifier);
    auto *settings = inWindow<ui::SettingsScreen>();
    settings->showProvider(Azure);
    QTest::keyClick(settings->findChild<QWidget *>(QStringLiteral("proofChoice")), Qt::Key_Right);
    for (const auto &[name, text] : {std::pair("entraTenant", QStringLiteral("contoso.com")),
                                     std::pair("entraClient", QStringLiteral("client-1")),
                                     std::pair("entraAuthority", authority)})
        settings->findChild<QLineEdit *>(QLatin1String(name))->setText(text);
    settings->findChild<QAbstractButton *>(QStringLiteral("signIn"))->click();
    for (int i = 0; i < 200 && !engine.accounts().accountOf(Azure).signedIn; ++i) {
        QTest::qWait(100);
        keepForSession(*settings);
    }
    QTest::keyClick(&window, Qt::Key_1, Qt::ControlModifier);
}

//! A key has no place among arguments, where every process can read it.
QString firstLineOfInput()
{
    QFile input;
    return input.open(stdin, QIODevice::ReadOnly) ? QString::fromUtf8(input.readLine()).trimmed()
                                                  : QString();
}

//! Types the key, and keeps it.
void typeKey(app::Engine &engine, QWidget &window, const QString &key)
{
    QTest::keyClick(&window, Qt::Key_Comma, Qt::ControlModifier);
    auto *settings = inWindow<ui::SettingsScreen>();
    settings->showProvider(Custom);
    auto *field = settings->findChild<QLineEdit *>(QStringLiteral("keyField"));
    QTest::keyClicks(field, key);
    QTest::keyClick(field, Qt::Key_Return);
    for (int i = 0; i < 100 && !engine.accounts().accountOf(Custom).keySaved; ++i) {
        QTest::qWait(100);
        keepForSession(*settings);
    }
    QTest::keyClick(&window, Qt::Key_1, Qt::ControlModifier);
}

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    const QStringList arguments = QApplication::arguments();
    if (arguments.size() < 4)
        return 2;
    core::installLogSink();
    app::EngineOptions options;
    options.profile = app::Profile::below(arguments.at(1));
    options.session = core::SessionKind::Window;
    auto engine = app::Engine::create(options);
    if (!engine)
        return 1;
    const bool signsIn = arguments.value(4) == QStringLiteral("--sign-in");
    const QString provider = signsIn ? Azure : Custom;
    if (!(*engine)->accounts().setBaseUrl(provider, arguments.at(2)))
        return 1;
    ui::loadIcons();
    ui::ThemeSource theme;
    theme.dress(application);
    app::WindowController controller(**engine, theme);
    controller.show();
    auto *screen = inWindow<ui::ChatScreen>();
    if (!QTest::qWaitForWindowActive(screen->window()))
        return 1;
    if (signsIn)
        signIn(**engine, *screen->window(), arguments.at(2));
    else if (arguments.size() > 4)
        typeKey(**engine, *screen->window(), firstLineOfInput());
    core::Conversation *conversation = screen->conversation();
    conversation->setTarget((*engine)->accounts().target(provider, QStringLiteral("drip")));
    QObject::connect(conversation, &core::Conversation::eventsReceived, &application,
                     [](std::int64_t, const core::StreamEvents &events) { printText(events); });
    auto *composer = screen->findChild<ui::ComposerEdit *>();
    QTest::keyClicks(composer, arguments.at(3));
    QTest::keyClick(composer, Qt::Key_Return);
    return QApplication::exec();
}
