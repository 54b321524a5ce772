#pragma once

#include "app/engine.h"
#include "core/practice/practiceprovider.h"
#include "tests/support/fakereachability.h"
#include "ui/conversation/conversationfeed.h"
#include "ui/theme/themesource.h"
#include "ui/widgets/icons.h"

#include <QApplication>
#include <QTemporaryDir>
#include <QTest>

namespace tests {

//! The whole core on a fresh profile: a real database, the practice provider over real HTTP. For
//! screens that are shown without their window.
struct PracticeBench
{
    PracticeBench()
    {
        start();
        ui::loadIcons();
        theme.dress(*qApp);
    }

    //! Ends what runs as quitting does, and begins again on the same profile.
    void restart()
    {
        engine.reset();
        start();
    }
    void start()
    {
        app::EngineOptions options;
        options.profile = app::Profile::below(directory.path());
        options.demo = true;
        options.reachability = &network;
        auto created = app::Engine::create(options);
        if (!created)
            qFatal("%s", qPrintable(created.error().detail));
        engine = std::move(created).value();
        controls().setSpeed(0); // as fast as it goes
    }

    [[nodiscard]] core::PracticeControls &controls() { return engine->practice()->controls(); }
    [[nodiscard]] core::Target target(const QString &model = QStringLiteral("practice-steady"),
                                      const QString &provider = QStringLiteral("practice"))
    {
        return engine->accounts().target(provider, model);
    }
    [[nodiscard]] core::Conversation *chat()
    {
        return engine->conversations().create(core::ConversationKind::Chat, target());
    }
    void fail(core::PracticeFault fault, const QString &model = {}, int times = 1)
    {
        core::PracticeFaultPlan plan;
        plan.fault = fault;
        plan.times = times;
        plan.retryAfter = std::chrono::seconds(0);
        controls().setFault(model, plan);
    }

    QTemporaryDir directory;
    FakeReachability network;
    std::unique_ptr<app::Engine> engine;
    ui::ThemeSource theme;
};

inline ui::ConversationFeed::Names plainNames()
{
    return {[](const core::Target &target) { return target.model; },
            [](const QString &provider) { return QStringLiteral("The service ") + provider; }};
}

} // namespace tests
