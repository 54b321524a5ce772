// Ends `farthing ask` and the window with SIGKILL at random moments and looks at what is left: no
// prompt is lost, nor what of an answer had come a moment before.
#include "tests/app/programrun.h"
#include "tests/support/dripanswer.h"
#include "tests/support/seededrandom.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QScopeGuard>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <functional>
#include <memory>
#include <vector>

namespace {

// As the model "drip" is priced here, in pico-USD a token; prompts are "prompt number N" with N
// below 1,000: four tokens of o200k_base, and seven that a chat of one message adds.
constexpr qint64 InputRate = 1'000'000;
constexpr qint64 OutputRate = 4'000'000;
constexpr qint64 PromptTokens = 11;

using namespace std::chrono_literals;

int wanted(const char *variable, int standard)
{
    bool ok = false;
    const int value = qEnvironmentVariableIntValue(variable, &ok);
    return ok ? value : standard;
}

//! When a run is killed.
struct Moment
{
    std::function<bool(bool hasText)> begun; //!< Waited for first; empty: nothing is.
    std::chrono::milliseconds delay;         //!< From then on.
};

//! What one killed run had shown, and when.
struct Shown
{
    qint64 at; //!< Milliseconds since the start.
    QString textSoFar;
};

QByteArray dripPrices()
{
    return R"({"format":"llm-price-catalogue","format_version":1,"version":"t","currency":"USD",
"checked_on":"2026-11-01","providers":[{"id":"custom","models":[{"id":"drip",
"match":[{"prefix":"drip"}],"rate_cards":[{"id":"drip","rates":{"input":"1","output":"4"}}]}]}]})";
}

//! A service in every mood, so that the end comes in every phase: before the head, between head and
//! text, in the text, while a retry waits, after the last word. Bills what it sent, as it sees it.
class MoodyServer
{
public:
    explicit MoodyServer(std::uint64_t seed)
        : m_random(seed)
    {
        server.setChooser([this](const core::LoopbackRequest &) { return answer(); });
    }

    //! Whether text comes with the last answer.
    [[nodiscard]] bool speaks() const { return !m_words.isEmpty() && m_words.last() > 0; }

    //! Whether \p prompt arrived.
    [[nodiscard]] bool wasAsked(const QString &prompt) const
    {
        const QByteArray quoted = '"' + prompt.toUtf8() + '"';
        const QList<core::LoopbackRequest> &all = server.requests();
        return std::any_of(all.crbegin(), all.crend(), [&quoted](const auto &request) {
            return request.body.contains(quoted);
        });
    }

    //! What the answers so far cost, were each charged for its prompt and for what it sent.
    [[nodiscard]] qint64 billed() const
    {
        qint64 sum = 0;
        for (qsizetype i = 0; i < m_isCharged.size(); ++i) {
            if (m_isCharged.at(i))
                sum += PromptTokens * InputRate +
                       std::min(server.piecesWritten().at(i), m_words.at(i)) * OutputRate;
        }
        return sum;
    }

    tests::ScriptedServer server;

private:
    tests::Answer answer()
    {
        const double mood = m_random.uniform();
        if (mood < 0.1) {
            note(false, 0);
            return tests::Answer::whole(429, R"({"error":{"message":"Slow down."}})")
                .header("Retry-After", "1");
        }
        if (mood < 0.2) {
            note(true, 0);
            return tests::Answer::nothing();
        }
        if (mood < 0.3) {
            note(true, 0);
            return tests::Answer::stream().stall();
        }
        const bool isShort = mood < 0.45;
        note(true, isShort ? 20 : 1'000);
        return tests::dripAnswer(5ms, isShort ? 20 : 1'000);
    }
    void note(bool isCharged, int words)
    {
        m_isCharged.append(isCharged);
        m_words.append(words);
    }

    tests::SeededRandom m_random;
    QList<bool> m_isCharged;
    QList<int> m_words;
};

QVariant scalar(const QString &connection, const QString &sql, const QVariantList &values = {})
{
    QSqlQuery query(QSqlDatabase::database(connection));
    query.prepare(sql);
    for (const QVariant &value : values)
        query.addBindValue(value);
    return query.exec() && query.next() ? query.value(0) : QVariant();
}

//! No request without a row, and the bill lies where the ledger says.
void compareWithBill(const QString &connection, const MoodyServer &service)
{
    const QString killed =
        QStringLiteral(" FROM attempt WHERE base_url LIKE '%:%1/%'").arg(service.server.port());
    QVERIFY(scalar(connection, QStringLiteral("SELECT count(*)") + killed).toInt() >=
            service.server.requests().size());
    const qint64 low =
        scalar(connection, QStringLiteral("SELECT sum(cost_low)") + killed).toLongLong();
    const qint64 high =
        scalar(connection, QStringLiteral("SELECT sum(cost_high)") + killed).toLongLong();
    const qint64 bill = service.billed();
    qInfo("figure: kills: %lld requests; ledger %lld to %lld, bill %lld micro-USD",
          service.server.requests().size(), low / 1'000'000, high / 1'000'000, bill / 1'000'000);
    QVERIFY2(low <= bill && bill <= high, "the bill is outside of what the ledger says");
    QCOMPARE(scalar(connection, QStringLiteral("SELECT count(*)") + killed +
                                    QStringLiteral(" AND NOT cost_complete"))
                 .toInt(),
             0);
}

} // namespace

class tst_Kills : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void nothingIsLost_data();
    void nothingIsLost();
    void verbsBesideAWindowCloseNothingOfIts();

private:
    [[nodiscard]] QStringList arguments(const QString &prompt,
                                        const tests::ScriptedServer &server) const;
    [[nodiscard]] QStringList windowArguments(const QString &prompt,
                                              const tests::ScriptedServer &server) const
    {
        return {m_profile->path(), server.url(u"/v1").toString(), prompt};
    }
    [[nodiscard]] static QList<Shown> runAndKill(const QString &program,
                                                 const QStringList &arguments, const Moment &moment,
                                                 qint64 *killedAt);
    void checkDatabase(const QString &prompt, bool wasAsked, const QList<Shown> &shown,
                       qint64 killedAt);

    std::unique_ptr<QTemporaryDir> m_profile;
    [[nodiscard]] QString databasePath() const
    {
        return m_profile->path() + QStringLiteral("/data/farthing.db");
    }
};

void tst_Kills::initTestCase()
{
    QVERIFY2(QFile::exists(QStringLiteral(FARTHING_PROGRAM)), FARTHING_PROGRAM);
    qputenv("FARTHING_API_KEY", "kill-test-key-0001");
}

void tst_Kills::init()
{
    m_profile = std::make_unique<QTemporaryDir>();
    QVERIFY(m_profile->isValid());
    QVERIFY(QDir(m_profile->path()).mkpath(QStringLiteral("config")));
    QFile prices(m_profile->filePath(QStringLiteral("config/prices.json")));
    QVERIFY(prices.open(QIODevice::WriteOnly) && prices.write(dripPrices()) > 0);
}

QStringList tst_Kills::arguments(const QString &prompt, const tests::ScriptedServer &server) const
{
    return {QStringLiteral("--profile"),
            m_profile->path(),
            QStringLiteral("ask"),
            prompt,
            QStringLiteral("--json"),
            QStringLiteral("--target"),
            QStringLiteral("custom/drip@") + server.url(u"/v1").toString()};
}

QList<Shown> tst_Kills::runAndKill(const QString &program, const QStringList &arguments,
                                   const Moment &moment, qint64 *killedAt)
{
    QList<Shown> shown;
    QProcess process;
    QElapsedTimer clock;
    QByteArray rest;
    QString text;
    connect(&process, &QProcess::readyReadStandardOutput, &process, [&] {
        rest += process.readAllStandardOutput();
        for (qsizetype end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
            const QJsonObject event = QJsonDocument::fromJson(rest.left(end)).object();
            rest.remove(0, end + 1);
            if (event.value(QStringLiteral("event")).toString() == QStringLiteral("text")) {
                text += event.value(QStringLiteral("text")).toString();
                shown.append({clock.elapsed(), text});
            }
        }
    });
    clock.start();
    process.start(program, arguments);
    if (moment.begun) {
        const bool hasBegun =
            QTest::qWaitFor([&] { return moment.begun(!shown.isEmpty()); }, 30'000);
        if (!hasBegun)
            qInfo("A run did not begin: %s", process.readAllStandardError().constData());
    }
    QTest::qWait(static_cast<int>(moment.delay.count()));
    *killedAt = clock.elapsed();
    process.kill(); // SIGKILL
    process.waitForFinished();
    return shown;
}

void tst_Kills::checkDatabase(const QString &prompt, bool wasAsked, const QList<Shown> &shown,
                              qint64 killedAt)
{
    if (!QFile::exists(databasePath())) {
        QVERIFY2(!wasAsked && shown.isEmpty(), "sent before there was a database");
        return;
    }
    const QString connection = QStringLiteral("check");
    {
        QSqlDatabase db = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), connection);
        db.setDatabaseName(databasePath());
        QVERIFY(db.open());
        QCOMPARE(scalar(connection, QStringLiteral("PRAGMA integrity_check")).toString(),
                 QStringLiteral("ok"));
        const qint64 question =
            scalar(connection, QStringLiteral("SELECT message_id FROM content_part WHERE text = ?"),
                   {prompt})
                .toLongLong();
        if (wasAsked || !shown.isEmpty())
            QVERIFY2(question != 0, "the service saw the prompt, but it is not on disk");
        // Between Send and the question's own row the draft has the words; no chat ends in a
        // message that is not there.
        const auto chatsWith = [&connection, &prompt](const char *condition) {
            return scalar(connection,
                          QStringLiteral("SELECT count(*) FROM conversation WHERE kind = 'chat' "
                                         "AND title = ? AND ") +
                              QLatin1StringView(condition),
                          {prompt})
                .toInt();
        };
        if (!question)
            QCOMPARE(chatsWith("draft != title"), 0);
        QCOMPARE(chatsWith("active_leaf != 0 AND active_leaf NOT IN (SELECT id FROM message)"), 0);
        QString kept;
        if (question)
            kept = scalar(connection,
                          QStringLiteral("SELECT p.text FROM message m JOIN content_part p ON "
                                         "p.message_id = m.id WHERE m.parent_id = ?"),
                          {question})
                       .toString();
        QString secondAgo;
        for (const Shown &piece : shown) {
            if (piece.at <= killedAt - 1'000)
                secondAgo = piece.textSoFar;
        }
        QVERIFY2(
            kept.startsWith(secondAgo),
            qPrintable(
                QStringLiteral("kept %1 of %2 characters").arg(kept.size()).arg(secondAgo.size())));
    }
    QSqlDatabase::removeDatabase(connection);
}

void tst_Kills::nothingIsLost_data()
{
    QTest::addColumn<bool>("window");
    QTest::newRow("verb") << false;
    QTest::newRow("window") << true;
}

void tst_Kills::nothingIsLost()
{
    QFETCH(const bool, window);
    const int kills = wanted("FARTHING_KILLS", 5);
    const auto seed = static_cast<std::uint64_t>(wanted("FARTHING_SEED", 1));
    MoodyServer moody(seed);
    tests::ScriptedServer &server = moody.server;
    tests::SeededRandom random(seed);
    int shownAny = 0;
    for (int i = 0; i < kills; ++i) {
        const QString prompt = QStringLiteral("prompt number %1").arg(i);
        qint64 killedAt = 0;
        // Few end while the program starts. The others end from the first word on, or from the
        // request on if no word will come.
        Moment moment;
        const bool isEarly = random.uniform() < 0.15;
        moment.delay = std::chrono::milliseconds(
            static_cast<int>(random.uniform() * (isEarly ? 2'000 : 1'400)));
        if (!isEarly)
            moment.begun = [&](bool hasText) {
                return hasText || (moody.wasAsked(prompt) && !moody.speaks());
            };
        const QList<Shown> shown =
            runAndKill(window ? QStringLiteral(FARTHING_WINDOW) : QStringLiteral(FARTHING_PROGRAM),
                       window ? windowArguments(prompt, server) : arguments(prompt, server), moment,
                       &killedAt);
        shownAny += !shown.isEmpty();
        checkDatabase(prompt, moody.wasAsked(prompt), shown, killedAt);
        if (QTest::currentTestFailed()) {
            qInfo("kill %d of %d", i + 1, kills);
            return;
        }
    }
    qInfo("figure: kills: %d of %d with text on show", shownAny, kills);
    QVERIFY2(shownAny >= std::max(1, kills >= 500 ? 200 : kills / 3),
             "too few runs came as far as showing text");
    QCOMPARE(server.unscripted(), 0);

    // The next start closes what the killed ones left open, as interrupted, with a cost that is a
    // range or unknown.
    tests::ScriptedServer quick;
    quick.enqueue(tests::dripAnswer(0ms, 3));
    QCOMPARE(tests::runProgram(arguments(QStringLiteral("after all"), quick)).status, 0);
    const QString connection = QStringLiteral("recovered");
    const auto removed = qScopeGuard([&connection] { QSqlDatabase::removeDatabase(connection); });
    {
        QSqlDatabase db = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), connection);
        db.setDatabaseName(databasePath());
        QVERIFY(db.open());
        QCOMPARE(scalar(connection,
                        QStringLiteral("SELECT count(*) FROM attempt WHERE outcome = 'open'"))
                     .toInt(),
                 0);
        // Short answers may have been whole before their end came.
        const auto ended = [&connection](const char *outcome) {
            return scalar(connection,
                          QStringLiteral("SELECT count(*) FROM attempt WHERE outcome = ?"),
                          {QString::fromLatin1(outcome)})
                .toInt();
        };
        QVERIFY(ended("completed") >= 1);
        QVERIFY(ended("interrupted") > 0);
        QVERIFY(ended("interrupted") + ended("completed") > shownAny);
        compareWithBill(connection, moody);
        QCOMPARE(scalar(connection,
                        QStringLiteral("SELECT count(*) FROM message WHERE state = 'streaming'"))
                     .toInt(),
                 0);
    }
}

void tst_Kills::verbsBesideAWindowCloseNothingOfIts()
{
    const int runs = wanted("FARTHING_PARALLEL_ASKS", 12);
    tests::ScriptedServer slow;
    slow.enqueue(tests::dripAnswer(20ms, 20'000));
    QProcess streaming;
    streaming.start(QStringLiteral(FARTHING_WINDOW),
                    windowArguments(QStringLiteral("the long one"), slow));
    QByteArray seen;
    QTRY_VERIFY_WITH_TIMEOUT((seen += streaming.readAllStandardOutput()).contains("\"text\""),
                             20'000);

    tests::ScriptedServer quick;
    quick.setChooser([](const core::LoopbackRequest &) { return tests::dripAnswer(0ms, 5); });
    for (int done = 0; done < runs;) {
        std::vector<std::unique_ptr<QProcess>> batch;
        for (int i = 0; i < 4 && done < runs; ++i, ++done) {
            batch.push_back(std::make_unique<QProcess>());
            batch.back()->start(QStringLiteral(FARTHING_PROGRAM),
                                arguments(QStringLiteral("short %1").arg(done), quick));
        }
        for (const auto &process : batch) {
            QTRY_COMPARE_WITH_TIMEOUT(process->state(), QProcess::NotRunning, 30'000);
            QVERIFY2(process->exitCode() == 0, process->readAllStandardError().constData());
        }
    }
    const QString connection = QStringLiteral("parallel");
    {
        QSqlDatabase db = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), connection);
        db.setDatabaseName(databasePath());
        QVERIFY(db.open());
        QCOMPARE(scalar(connection,
                        QStringLiteral("SELECT count(*) FROM attempt WHERE outcome = 'open'"))
                     .toInt(),
                 1);
    }
    QSqlDatabase::removeDatabase(connection);
    QCOMPARE(streaming.state(), QProcess::Running);
    streaming.kill();
    streaming.waitForFinished();
}

QTEST_GUILESS_MAIN(tst_Kills)
#include "tst_kills.moc"
