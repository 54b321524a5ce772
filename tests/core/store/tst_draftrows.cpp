#include "core/store/budgetbook.h"
#include "tests/core/store/storefixture.h"

using namespace core;
using namespace tests;

//! Files of drafts as rows: written once, gone with what they were for.
class tst_DraftRows : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void comeBackInOrder();
    void onlyNewOnesAreWritten();
    void questionTakesItsFilesAlong();
    void refusedQuestionLeavesThem();
    void goWithTheirChat_data();
    void goWithTheirChat();
    void ofAChatThatIsGoneAreNotKept();

private:
    [[nodiscard]] static DraftFile file(StoreFixture &fixture, const QString &name,
                                        const QByteArray &bytes = "text")
    {
        return {fixture.ids.next(), {name, QStringLiteral("text/plain"), bytes}};
    }
    [[nodiscard]] static QStringList namesOf(Store &store, std::int64_t chat)
    {
        QStringList names;
        if (const auto loaded = awaited(store.conversations().load(chat))) {
            for (const DraftFile &one : loaded->draftFiles)
                names.append(one.part.name);
        }
        return names;
    }
};

void tst_DraftRows::comeBackInOrder()
{
    StoreFixture fixture;
    const ConversationRecord chat = fixture.chat();
    const QByteArray binary = QByteArray("\x89PNG\0\xff", 6).repeated(50'000);
    QList<DraftFile> files{file(fixture, QStringLiteral("a.txt")),
                           file(fixture, QStringLiteral("b.png"), binary),
                           file(fixture, QStringLiteral("a.txt"))}; // twice the same
    files[1].part.mimeType = QStringLiteral("image/png");
    std::swap(files[0], files[1]); // not as the ids grow
    {
        const auto store = fixture.open();
        QVERIFY(awaited(store->conversations().save(chat)));
        QVERIFY(awaited(store->conversations().saveDraftFiles(chat.id, files)));
    }
    const auto store = fixture.open();
    const auto loaded = awaited(store->conversations().load(chat.id));
    QVERIFY(loaded);
    QCOMPARE(loaded->draftFiles, files);
}

//! The others are told by their ids alone: their bytes may be many.
void tst_DraftRows::onlyNewOnesAreWritten()
{
    StoreFixture fixture;
    const auto store = fixture.open();
    const ConversationRecord chat = fixture.chat();
    QVERIFY(awaited(store->conversations().save(chat)));
    const DraftFile first = file(fixture, QStringLiteral("first"));
    const DraftFile second = file(fixture, QStringLiteral("second"));
    const DraftFile third = file(fixture, QStringLiteral("third"));
    QVERIFY(awaited(store->conversations().saveDraftFiles(chat.id, {first, second})));
    DraftFile changed = first;
    changed.part.name = QStringLiteral("never written");
    QVERIFY(awaited(store->conversations().saveDraftFiles(chat.id, {third, changed})));
    QCOMPARE(namesOf(*store, chat.id),
             (QStringList{QStringLiteral("third"), QStringLiteral("first")}));
    QVERIFY(awaited(store->conversations().saveDraftFiles(chat.id, {})));
    QCOMPARE(fixture.value(QStringLiteral("SELECT count(*) FROM draft_file")).toInt(), 0);
}

void tst_DraftRows::questionTakesItsFilesAlong()
{
    StoreFixture fixture;
    const auto store = fixture.open();
    const ConversationRecord chat = fixture.chat();
    const ConversationRecord other = fixture.chat();
    QVERIFY(awaited(store->conversations().save(chat)));
    QVERIFY(awaited(store->conversations().save(other)));
    const DraftFile sent = file(fixture, QStringLiteral("sent"));
    const DraftFile later = file(fixture, QStringLiteral("later"));
    QVERIFY(awaited(store->conversations().saveDraftFiles(chat.id, {sent, later})));
    QVERIFY(awaited(store->conversations().saveDraftFiles(
        other.id, {file(fixture, QStringLiteral("another chat's"))})));
    const std::int64_t request = fixture.ids.next();
    RequestContext context = fixture.turn(chat, QStringLiteral("Why?"));
    context.question->parts.prepend(sent.part);
    context.draftFiles = {sent.id};
    QVERIFY(awaited(store->journal().openRequest(request, context, fixture.opening(request))));
    QCOMPARE(namesOf(*store, chat.id), QStringList{QStringLiteral("later")});
    QCOMPARE(namesOf(*store, other.id), QStringList{QStringLiteral("another chat's")});
    const auto loaded = awaited(store->conversations().load(chat.id));
    QVERIFY(loaded);
    QCOMPARE(loaded->messages.constFirst().parts, context.question->parts);
}

//! One transaction: what is not written as a question is still the draft's.
void tst_DraftRows::refusedQuestionLeavesThem()
{
    StoreFixture fixture;
    const auto store = fixture.open();
    const ConversationRecord chat = fixture.chat();
    QVERIFY(awaited(store->conversations().save(chat)));
    const DraftFile sent = file(fixture, QStringLiteral("sent"));
    QVERIFY(awaited(store->conversations().saveDraftFiles(chat.id, {sent})));
    Budget budget;
    budget.limit = 1; // pico-USD
    budget.hard = true;
    budget.zone = "UTC";
    store->budgets().save(budget);
    const std::int64_t request = fixture.ids.next();
    RequestContext context = fixture.turn(chat, QStringLiteral("Why?"));
    context.draftFiles = {sent.id};
    AttemptOpening opening = fixture.opening(request);
    opening.reservation.money = PicoUsd(10);
    QVERIFY(!awaited(store->journal().openRequest(request, context, opening)));
    QCOMPARE(namesOf(*store, chat.id), QStringList{QStringLiteral("sent")});
}

void tst_DraftRows::goWithTheirChat_data()
{
    QTest::addColumn<bool>("byMark");
    QTest::newRow("erased") << false;
    QTest::newRow("marked-and-undo-expired") << true;
}

void tst_DraftRows::goWithTheirChat()
{
    QFETCH(const bool, byMark);
    StoreFixture fixture;
    const auto store = fixture.open();
    ConversationRecord chat = fixture.chat();
    const ConversationRecord kept = fixture.chat();
    for (const ConversationRecord &record : {chat, kept}) {
        QVERIFY(awaited(store->conversations().save(record)));
        QVERIFY(awaited(store->conversations().saveDraftFiles(
            record.id, {file(fixture, QStringLiteral("notes.txt"))})));
    }
    if (byMark) {
        chat.deleted = true;
        QVERIFY(awaited(store->conversations().save(chat)));
        QCOMPARE(namesOf(*store, chat.id).size(), 1); // Undo brings them back as well
        QVERIFY(awaited(store->conversations().eraseDeleted()));
    } else {
        QVERIFY(awaited(store->conversations().eraseConversation(chat.id)));
    }
    QCOMPARE(fixture.value(QStringLiteral("SELECT count(*) FROM draft_file")).toInt(), 1);
    QCOMPARE(namesOf(*store, kept.id).size(), 1);
}

void tst_DraftRows::ofAChatThatIsGoneAreNotKept()
{
    StoreFixture fixture;
    const auto store = fixture.open();
    QVERIFY(awaited(store->conversations().saveDraftFiles(
        fixture.ids.next(), {file(fixture, QStringLiteral("late.txt"))})));
    QCOMPARE(fixture.value(QStringLiteral("SELECT count(*) FROM draft_file")).toInt(), 0);
}

QTEST_GUILESS_MAIN(tst_DraftRows)
#include "tst_draftrows.moc"
