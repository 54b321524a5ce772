// The window as a person uses it, for tests that kill it, watch its files or run verbs beside it:
//   windowhelper PROFILE BASE_URL PROMPT [KEY]
// Types PROMPT to a custom server and sends it; prints what arrives as `ask --json` prints text.
// With KEY, types it into Settings first. Runs until it is killed, or closed by SIGTERM.
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
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QTest>

#include <cstdio>

namespace {

const QString Custom = QStringLiteral("custom");

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

//! As a person without a keychain does: types the key, and keeps it until quitting.
void typeKey(app::Engine &engine, QWidget &window, const QString &key)
{
    QTest::keyClick(&window, Qt::Key_Comma, Qt::ControlModifier);
    auto *settings = inWindow<ui::SettingsScreen>();
    settings->showProvider(Custom);
    auto *field = settings->findChild<QLineEdit *>(QStringLiteral("keyField"));
    QTest::keyClicks(field, key);
    QTest::keyClick(field, Qt::Key_Return);
    const auto keepForSession = [settings] {
        auto *notice = settings->findChild<ui::NoticeBar *>();
        for (QAbstractButton *action : notice->findChildren<QAbstractButton *>()) {
            if (notice->isVisible() && action->text() == QStringLiteral("Keep until I quit"))
                action->click();
        }
    };
    for (int i = 0; i < 100 && !engine.accounts().accountOf(Custom).keySaved; ++i) {
        QTest::qWait(100);
        keepForSession();
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
    if (!(*engine)->accounts().setBaseUrl(Custom, arguments.at(2)))
        return 1;
    ui::loadIcons();
    ui::ThemeSource theme;
    theme.dress(application);
    app::WindowController controller(**engine, theme);
    controller.show();
    auto *screen = inWindow<ui::ChatScreen>();
    if (!QTest::qWaitForWindowActive(screen->window()))
        return 1;
    if (arguments.size() > 4)
        typeKey(**engine, *screen->window(), arguments.at(4));
    core::Conversation *conversation = screen->conversation();
    conversation->setTarget((*engine)->accounts().target(Custom, QStringLiteral("drip")));
    QObject::connect(conversation, &core::Conversation::eventsReceived, &application,
                     [](std::int64_t, const core::StreamEvents &events) { printText(events); });
    auto *composer = screen->findChild<ui::ComposerEdit *>();
    QTest::keyClicks(composer, arguments.at(3));
    QTest::keyClick(composer, Qt::Key_Return);
    return QApplication::exec();
}
