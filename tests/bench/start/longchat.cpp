// Makes a profile with one long chat, through the engine: longchat PROFILE MESSAGES
#include "app/engine.h"
#include "core/practice/practiceprovider.h"

#include <QCoreApplication>

#include <cstdio>

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() != 3)
        return 2;
    app::EngineOptions options;
    options.profile = app::Profile::below(arguments.at(1));
    options.demo = true;
    const auto created = app::Engine::create(options);
    if (!created)
        return 1;
    app::Engine &engine = **created;
    engine.practice()->controls().setSpeed(0); // as fast as it goes
    core::Conversation *chat =
        engine.conversations().create(core::ConversationKind::Chat, engine.defaultTarget());
    int questionsLeft = arguments.at(2).toInt() / 2;
    const auto ask = [&] {
        if (chat->isRunning())
            return;
        if (questionsLeft-- == 0)
            return QCoreApplication::quit();
        if (const auto sent = chat->send(QStringLiteral("What can you do with Markdown?")); !sent) {
            std::fprintf(stderr, "%s\n", qPrintable(sent.error().detail));
            QCoreApplication::exit(1);
        }
    };
    QObject::connect(chat, &core::Conversation::runningChanged, &application, ask,
                     Qt::QueuedConnection);
    QMetaObject::invokeMethod(&application, ask, Qt::QueuedConnection);
    return QCoreApplication::exec();
}
