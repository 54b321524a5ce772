// A second process for tst_processes: opens the profile, asks, streams for ever and waits to be
// killed. It says "ready" when its first partial text is on disk, and counts what it has made
// durable.
#include "tests/core/store/storefixture.h"
#include "tests/core/store/tellparent.h"

#include <QCoreApplication>

using namespace core;
using namespace tests;

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    if (argc != 2)
        return 2;
    StoreFixture fixture(QString::fromLocal8Bit(argv[1]));
    const auto store = fixture.open();
    const ConversationRecord chat = fixture.chat(QStringLiteral("Helper"));
    if (!awaited(store->conversations().save(chat)))
        return 3;
    QString text;
    for (int turn = 0;; ++turn) {
        const std::int64_t request = fixture.ids.next();
        const RequestContext context = fixture.turn(chat, QStringLiteral("question"));
        const AttemptOpening opening = fixture.opening(request);
        if (!awaited(store->journal().openRequest(request, context, opening)))
            return 3;
        text = QStringLiteral("kept ");
        store->journal().savePartial(context.answer.id, {TextPart{text}});
        if (!awaited(store->journal().drained()))
            return 3;
        tellParent("ready " + QByteArray::number(qint64(context.answer.id)));
        for (int i = 0; i < 40; ++i) {
            text += QStringLiteral("more ");
            store->journal().savePartial(context.answer.id, {TextPart{text}});
            QTest::qWait(1); // as a stream would come
        }
        // The first answer streams until the kill; the others end.
        if (turn == 0)
            continue;
        store->journal().closeAttempt(fixture.closing(opening));
        MessageRecord last = context.answer;
        last.parts = {TextPart{text}};
        last.state = MessageState::Complete;
        store->journal().closeRequest(request, RequestState::Completed, last);
    }
}
