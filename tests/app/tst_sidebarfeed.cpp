#include "app/chosenroutes.h"
#include "app/sidebarfeed.h"
#include "tests/ui/practicebench.h"

using namespace core;
using namespace Qt::StringLiterals;

//! What the rows of the sidebar say of the chats that the store holds.
class tst_SidebarFeed : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void rowsNameTheirRoute();
};

void tst_SidebarFeed::rowsNameTheirRoute()
{
    tests::PracticeBench bench;
    app::Engine &engine = *bench.engine;
    const ModelDirectory models(engine.accounts(), engine.modelLists(), engine.prices(),
                                engine.clock());
    ui::Sidebar sidebar(bench.theme);
    app::SidebarFeed feed(engine, models, sidebar);
    const std::int64_t id = engine.routes().add(u"Calm"_s);
    QVERIFY(engine.routes().setTargets(id, {bench.target()}));
    app::applyRoutes(engine);
    Conversation *routed = bench.chat();
    routed->setRoute(*engine.routes().find(id));
    Conversation *plain = bench.chat();
    for (Conversation *chat : {routed, plain}) {
        QVERIFY(chat->send(u"Hello"_s));
        QTRY_VERIFY(!chat->isRunning());
    }
    const auto modelOf = [&sidebar](const Conversation *chat) {
        const SidebarEntry *entry =
            sidebar.model().entry(sidebar.model().indexOf({chat->id(), false}));
        return entry ? entry->model : QString();
    };
    QTRY_COMPARE(modelOf(routed), u"Calm"_s);
    QTRY_COMPARE(modelOf(plain), models.nameOf(bench.target()));
    QVERIFY(engine.routes().rename(id, u"Quiet"_s));
    QTRY_COMPARE(modelOf(routed), u"Quiet"_s);
    engine.routes().remove(id);
    QTRY_COMPARE(modelOf(routed), models.nameOf(bench.target()));
}

QTEST_MAIN(tst_SidebarFeed)
#include "tst_sidebarfeed.moc"
