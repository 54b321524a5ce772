#include "tests/core/store/storefixture.h"

#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>

using namespace core;

namespace tests {

namespace {

//! A connection for one statement.
QVariant executed(const QString &path, const QString &statement)
{
    QVariant value;
    const QString name = QStringLiteral("test");
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), name);
        database.setDatabaseName(path);
        if (!database.open())
            qFatal("the test cannot open its database");
        QSqlQuery query(database);
        if (!query.exec(statement))
            qFatal("%s", qPrintable(query.lastError().text()));
        if (query.next())
            value = query.value(0);
    }
    QSqlDatabase::removeDatabase(name);
    return value;
}

} // namespace

StoreFixture::StoreFixture()
    : m_directory(m_folder.filePath(QStringLiteral("profile")))
{
}

StoreFixture::StoreFixture(const QString &directory)
    : m_directory(directory)
{
}

QString StoreFixture::directory() const
{
    return m_directory;
}

QString StoreFixture::databasePath() const
{
    return directory() + QStringLiteral("/farthing.db");
}

Result<std::unique_ptr<Store>> StoreFixture::tryOpen(SessionKind kind)
{
    return Store::open({directory(), kind, false}, clock, ids);
}

Result<std::unique_ptr<Store>> StoreFixture::tryOpenReadOnly()
{
    return Store::open({directory(), SessionKind::Verb, true}, clock, ids);
}

std::unique_ptr<Store> StoreFixture::open(SessionKind kind)
{
    auto store = tryOpen(kind);
    if (!store)
        qFatal("%s", qPrintable(store.error().detail));
    return std::move(store).value();
}

ConversationRecord StoreFixture::chat(const QString &title)
{
    ConversationRecord record;
    record.id = ids.next();
    record.workspaceId = 1;
    record.title = title;
    record.target.provider = QStringLiteral("openai");
    record.target.model = QStringLiteral("gpt-4o-mini");
    record.target.baseUrl = QUrl(QStringLiteral("https://api.openai.com/v1"));
    record.createdAt = clock.utcNow();
    record.updatedAt = record.createdAt;
    return record;
}

RequestContext StoreFixture::turn(const ConversationRecord &chat, const QString &question)
{
    RequestContext context;
    context.conversationId = chat.id;
    context.workspaceId = chat.workspaceId;
    MessageRecord user;
    user.id = ids.next();
    user.conversationId = chat.id;
    user.parts = {TextPart{question}};
    user.createdAt = clock.utcNow();
    context.answer.id = ids.next();
    context.answer.conversationId = chat.id;
    context.answer.parentId = user.id;
    context.answer.role = Role::Assistant;
    context.answer.state = MessageState::Streaming;
    context.answer.createdAt = clock.utcNow();
    context.answer.target = chat.target;
    context.question = user;
    return context;
}

AttemptOpening StoreFixture::opening(std::int64_t requestId, bool simulated)
{
    AttemptOpening attempt;
    attempt.id = ids.next();
    attempt.requestId = requestId;
    attempt.target.provider = QStringLiteral("openai");
    attempt.target.model = QStringLiteral("gpt-4o-mini");
    attempt.target.baseUrl = QUrl(QStringLiteral("https://api.openai.com/v1"));
    attempt.target.simulated = simulated;
    attempt.priceProvider = QStringLiteral("openai");
    attempt.queuedAt = clock.utcNow();
    attempt.worstCase = {PicoUsd(0), PicoUsd(5'000'000'000), true};
    return attempt;
}

AttemptRecord StoreFixture::closing(const AttemptOpening &opening) const
{
    using namespace std::chrono_literals;
    AttemptRecord record = recordOf(opening);
    record.outcome = AttemptOutcome::Completed;
    record.times = {1ms, 200ms, 210ms, 250ms, 1250ms, 1260ms};
    record.httpStatus = 200;
    record.providerRequestId = QStringLiteral("req_1");
    record.answeredModel = QStringLiteral("gpt-4o-mini-2024-07-18");
    record.bytes = 4321;
    record.visible = true;
    record.terminalSeen = true;
    record.usage.tokens = {
        {UsageKind::Input, 12}, {UsageKind::CacheRead, 0}, {UsageKind::Output, 40}};
    record.usage.basis = UsageBasis::Provider;
    record.usage.raw = "{\"prompt_tokens\":12}";
    record.cost.lines = {{QStringLiteral("input"),
                          12,
                          PicoUsd(150'000'000'000),
                          QStringLiteral("1"),
                          PicoUsd(1'800'000),
                          QStringLiteral("card"),
                          {}},
                         {QStringLiteral("output"),
                          40,
                          PicoUsd(600'000'000'000),
                          QStringLiteral("1"),
                          PicoUsd(24'000'000),
                          QStringLiteral("card"),
                          {QStringLiteral("assumed")}}};
    record.cost.total = {PicoUsd(25'800'000), PicoUsd(25'800'000), true};
    record.cost.rateCard = QStringLiteral("card");
    record.costBasis = CostBasis::Exact;
    return record;
}

std::int64_t StoreFixture::ask(Store &store, const ConversationRecord &chat,
                               const QString &question, const QString &answer)
{
    const std::int64_t request = ids.next();
    const RequestContext context = turn(chat, question);
    const AttemptOpening attempt = opening(request);
    const auto opened = awaited(store.journal().openRequest(request, context, attempt));
    if (!opened)
        qFatal("%s", qPrintable(opened.error().detail));
    store.journal().closeAttempt(closing(attempt));
    MessageRecord last = context.answer;
    last.parts = {TextPart{answer}};
    last.state = MessageState::Complete;
    last.finishReason = FinishReason::Stop;
    store.journal().closeRequest(request, RequestState::Completed, last);
    const auto drained = awaited(store.journal().drained());
    if (!drained)
        qFatal("%s", qPrintable(drained.error().detail));
    return request;
}

QVariant StoreFixture::value(const QString &statement) const
{
    return executed(databasePath(), statement);
}

void StoreFixture::run(const QString &statement) const
{
    executed(databasePath(), statement);
}

} // namespace tests
