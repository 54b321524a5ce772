// Every entry of the recordings http*.json through the program itself: `farthing ask --json`
// against a server that answers with the recorded status, head and body over real HTTP, and
// `farthing decode`.
#include "tests/app/asktarget.h"
#include "tests/app/programrun.h"
#include "tests/app/recordedbodies.h"
#include "tests/support/recordings.h"
#include "tests/support/scriptedserver.h"

#include <QDir>
#include <QFile>
#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

namespace {

using namespace Qt::StringLiterals;
using tests::Answered;
using tests::Answers;
using tests::Refusals;
using tests::Refused;

template <typename Row, std::size_t N>
const Row *find(const Row (&rows)[N], const QString &name)
{
    const auto row = std::find_if(std::begin(rows), std::end(rows), [&name](const Row &each) {
        return name == QLatin1StringView(each.name);
    });
    return row == std::end(rows) ? nullptr : row;
}

//! Null for what is unknown, as the program writes it.
QJsonValue textOrNull(const char *text)
{
    return text ? QJsonValue(QString::fromUtf8(text)) : QJsonValue(QJsonValue::Null);
}

QJsonValue countOrNull(qint64 count)
{
    return count == tests::Unknown ? QJsonValue(QJsonValue::Null) : QJsonValue(count);
}

//! The bytes of the whole answer: its body chunked where the service sent it so. Stored bodies are
//! inflated, so what compressed them is not told.
QByteArray httpAnswer(const QJsonObject &entry)
{
    constexpr qsizetype OddSize = 61; // cuts lines and code points
    const QByteArray body = entry.value("body"_L1).toString().toUtf8();
    const QJsonObject headers = entry.value("headers"_L1).toObject();
    QByteArray bytes =
        "HTTP/1.1 " + QByteArray::number(entry.value("status"_L1).toInt()) + " Recorded\r\n";
    for (auto it = headers.begin(); it != headers.end(); ++it) {
        if (it.key() != "content-encoding"_L1)
            bytes += it.key().toLatin1() + ": " + it.value().toString().toLatin1() + "\r\n";
    }
    if (!headers.contains("transfer-encoding"_L1))
        return bytes + "content-length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body;
    bytes += "\r\n";
    for (qsizetype at = 0; at < body.size(); at += OddSize) {
        const QByteArray piece = body.mid(at, OddSize);
        bytes += QByteArray::number(piece.size(), 16) + "\r\n" + piece + "\r\n";
    }
    return bytes + "0\r\n\r\n";
}

//! What the program printed: one object a line.
struct Printed
{
    int exitCode = -1;
    QList<QJsonObject> events; //!< Without the last.
    QJsonObject last;
};

} // namespace

class tst_RecordedBodies : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void ask_data();
    void ask();
    void decode_data() { ask_data(); }
    void decode();
    void everyRowIsRecorded();

private:
    [[nodiscard]] static Printed run(const QStringList &arguments);
    static void check(const QString &name, const QJsonObject &entry, const Printed &printed);
    static void checkRefused(const Refused &row, const QJsonObject &entry, const Printed &printed);
    static void checkAnswered(const Answered &row, const Printed &printed);
    static void checkStated(const QJsonObject &stated, const QJsonObject &last);

    QTemporaryDir m_profile;
};

void tst_RecordedBodies::initTestCase()
{
    FARTHING_NEED_RECORDINGS();
}

void tst_RecordedBodies::ask_data()
{
    QTest::addColumn<QString>("protocol");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QJsonObject>("entry");
    for (const auto &[file, protocol] : tests::RecordedFiles) {
        const QString folder = QString::fromLatin1(file).section(u'/', 0, 0);
        const QByteArray json = tests::Recordings::read(QString::fromLatin1(file));
        for (const QJsonValue &value : QJsonDocument::fromJson(json).array()) {
            const QString name = folder + u'/' + value["name"_L1].toString();
            const bool isResponses = name.contains("responses"_L1);
            QTest::newRow(qPrintable(name))
                << (isResponses ? u"openai-responses"_s : QString::fromLatin1(protocol)) << name
                << value.toObject();
        }
    }
}

Printed tst_RecordedBodies::run(const QStringList &arguments)
{
    const tests::ProgramRun ended = tests::runProgram(arguments);
    Printed printed;
    printed.exitCode = ended.status;
    printed.events = ended.lines();
    if (!printed.events.isEmpty())
        printed.last = printed.events.takeLast();
    return printed;
}

void tst_RecordedBodies::ask()
{
    QFETCH(const QString, protocol);
    QFETCH(const QString, name);
    QFETCH(const QJsonObject, entry);
    tests::ScriptedServer server;
    server.enqueue(tests::Answer::rawBytes(httpAnswer(entry)));
    const tests::AskTarget &service = tests::askTarget(protocol);
    qputenv(service.keyVariable, "replay-key-000001");
    const Printed printed =
        run({u"--profile"_s, m_profile.path(), u"ask"_s, u"hello"_s, u"--json"_s, u"--no-retry"_s,
             u"--target"_s, tests::targetOption(service, server.url())});
    QCOMPARE(server.requests().size(), 1); // one attempt, and nothing beside it
    QVERIFY(!printed.events.isEmpty());
    QCOMPARE(printed.events.first().value("event"_L1).toString(), u"attempt_started"_s);
    QCOMPARE(printed.events.last().value("event"_L1).toString(), u"attempt_ended"_s);
    QCOMPARE(printed.events.last().value("status_code"_L1), entry.value("status"_L1));
    check(name, entry, printed);
    const Refused *refused = find(Refusals, name);
    if (refused && !QTest::currentTestFailed())
        QCOMPARE(printed.last.value("details"_L1)["request_id"_L1], textOrNull(refused->requestId));
}

//! Without HTTP: what the head tells is given by --header.
void tst_RecordedBodies::decode()
{
    QFETCH(const QString, protocol);
    QFETCH(const QString, name);
    QFETCH(const QJsonObject, entry);
    const QByteArray body = entry.value("body"_L1).toString().toUtf8();
    const int status = entry.value("status"_L1).toInt();
    if (body.isEmpty())
        return; // only its head was recorded
    QTemporaryDir folder;
    QFile file(folder.filePath(u"body"_s));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(body) == body.size());
    file.close();
    QStringList arguments{u"decode"_s,   u"--protocol"_s,         protocol,
                          u"--status"_s, QString::number(status), file.fileName()};
    const QJsonObject headers = entry.value("headers"_L1).toObject();
    for (auto it = headers.begin(); it != headers.end(); ++it)
        arguments += {u"--header"_s, it.key() + u": "_s + it.value().toString()};
    const Printed printed = run(arguments);
    check(name, entry, printed);
    const Refused *refused = find(Refusals, name);
    if (refused && status >= 400 && !QTest::currentTestFailed())
        QCOMPARE(printed.last.value("details"_L1)["request_id"_L1], textOrNull(refused->requestId));
}

void tst_RecordedBodies::check(const QString &name, const QJsonObject &entry,
                               const Printed &printed)
{
    QCOMPARE(printed.last.value("event"_L1).toString(), u"finished"_s);
    QString text;
    for (const QJsonObject &event : printed.events) {
        QVERIFY(event.value("event"_L1) != "finished"_L1);
        QVERIFY(event.value("event"_L1) != "tool_call"_L1);
        if (event.value("event"_L1) == "text"_L1)
            text += event.value("text"_L1).toString();
    }
    QCOMPARE(printed.last.value("text"_L1).toString(), text);
    const Refused *refused = find(Refusals, name);
    const Answered *answered = find(Answers, name);
    QVERIFY2(refused || answered, "a recording that nobody expects");
    if (refused)
        checkRefused(*refused, entry, printed);
    else
        checkAnswered(*answered, printed);
    if (!QTest::currentTestFailed())
        checkStated(entry.value("expect"_L1).toObject(), printed.last);
}

void tst_RecordedBodies::checkRefused(const Refused &row, const QJsonObject &entry,
                                      const Printed &printed)
{
    const QJsonObject &last = printed.last;
    QCOMPARE(last.value("success"_L1), QJsonValue(false));
    QCOMPARE(last.value("error_code"_L1).toString(), QString::fromLatin1(row.errorCode));
    QCOMPARE(printed.exitCode, row.exitCode);
    QCOMPARE(last.value("text"_L1).toString(), QString::fromUtf8(row.text));
    QCOMPARE(last.value("retry_after"_L1), row.retryAfter == tests::NoWait
                                               ? QJsonValue(QJsonValue::Null)
                                               : QJsonValue(row.retryAfter));
    const QString sentence = last.value("error_message"_L1).toString();
    QVERIFY2(sentence.size() > 10 && sentence.endsWith(u'.'), qPrintable(sentence));
    const QJsonObject details = last.value("details"_L1).toObject();
    if (entry.value("status"_L1).toInt() >= 400)
        QCOMPARE(details.value("status_code"_L1), entry.value("status"_L1));
    QCOMPARE(details.value("provider_code"_L1), textOrNull(row.providerCode));
    const QString detail = details.value("detail"_L1).toString();
    QVERIFY2(detail.startsWith(QString::fromUtf8(row.detail)), qPrintable(detail));
    const QJsonObject usage = last.value("usage"_L1).toObject();
    if (usage.value("basis"_L1) != "estimated"_L1) { // nothing that failed was counted
        for (const QString &kind : {u"input"_s, u"output"_s})
            QVERIFY2(usage.value(kind).isNull(), qPrintable(kind));
    }
}

void tst_RecordedBodies::checkAnswered(const Answered &row, const Printed &printed)
{
    const QJsonObject &last = printed.last;
    QCOMPARE(last.value("success"_L1), QJsonValue(true));
    QCOMPARE(printed.exitCode, 0);
    QCOMPARE(last.value("text"_L1).toString(), QString::fromUtf8(row.text));
    QCOMPARE(last.value("finish_reason"_L1).toString(), QString::fromLatin1(row.finishReason));
    QCOMPARE(last.value("finish_reason_raw"_L1).toString(), QString::fromLatin1(row.finishRaw));
    QVERIFY(std::any_of(printed.events.begin(), printed.events.end(), [&row](const auto &event) {
        return event.value("event"_L1) == "reply_started"_L1 &&
               event.value("request_id"_L1) == textOrNull(row.requestId);
    }));
    const QJsonObject usage = last.value("usage"_L1).toObject();
    if (row.input == tests::Unknown) { // the service counted nothing, and nobody says that it did
        const QString basis = usage.value("basis"_L1).toString();
        QVERIFY2(basis == "estimated"_L1 || basis == "none"_L1, qPrintable(basis));
        return;
    }
    QCOMPARE(usage.value("basis"_L1).toString(), u"provider"_s);
    QCOMPARE(usage.value("input"_L1), countOrNull(row.input));
    QCOMPARE(usage.value("cache_read"_L1), countOrNull(row.cacheRead));
    QCOMPARE(usage.value("cache_write"_L1), countOrNull(row.cacheWrite));
    QCOMPARE(usage.value("output"_L1), countOrNull(row.output));
    QCOMPARE(usage.value("reasoning"_L1), countOrNull(row.reasoning));
}

//! What the recording itself says that it is.
void tst_RecordedBodies::checkStated(const QJsonObject &stated, const QJsonObject &last)
{
    static const QHash<QString, QString> codes{
        {u"invalid_key"_s, u"authentication_failed"_s},
        {u"quota_exhausted"_s, u"quota_exhausted"_s},
        {u"rate_limit"_s, u"rate_limited"_s},
        {u"model_not_found"_s, u"model_not_found"_s},
        {u"bad_request"_s, u"invalid_request"_s},
        {u"request_too_large_for_tier"_s, u"invalid_request"_s},
        {u"context_length"_s, u"context_length_exceeded"_s},
        {u"content_policy"_s, u"content_blocked"_s},
        {u"server_error"_s, u"server_error"_s}};
    if (const QJsonValue category = stated.value("category"_L1); category.isString())
        QCOMPARE(last.value("error_code"_L1).toString(), codes.value(category.toString()));
    for (const QLatin1StringView name : {"text"_L1, "partial_text"_L1}) {
        if (stated.contains(name))
            QCOMPARE(last.value("text"_L1), stated.value(name));
    }
    if (stated.contains("outcome"_L1)) // of an answer that is none
        QCOMPARE(last.value("success"_L1), QJsonValue(false));
    if (stated.contains("finish"_L1))
        QCOMPARE(last.value("finish_reason"_L1), stated.value("finish"_L1));
    if (stated.contains("wait_from_message_s"_L1))
        QCOMPARE(last.value("retry_after"_L1).toDouble(),
                 stated.value("wait_from_message_s"_L1).toDouble());
    const QJsonObject details = last.value("details"_L1).toObject();
    if (const QJsonValue code = stated.value("code"_L1); code.isString() || code.isDouble())
        QCOMPARE(details.value("provider_code"_L1).toString(), code.toVariant().toString());
    QStringList named;
    for (const QLatin1StringView name : {"param"_L1, "n_prompt"_L1, "n_ctx"_L1}) {
        if (const QJsonValue value = stated.value(name); !value.isUndefined())
            named += value.toVariant().toString();
    }
    if (!last.value("success"_L1).toBool()) {
        for (const QJsonValue &filter : stated.value("filtered"_L1).toArray())
            named += filter.toString();
    }
    const QString detail = details.value("detail"_L1).toString();
    for (const QString &word : std::as_const(named))
        QVERIFY2(detail.contains(word), qPrintable(word + u" in "_s + detail));
    static const std::pair<QLatin1StringView, QLatin1StringView> Kinds[] = {
        {"input"_L1, "input"_L1},
        {"cached"_L1, "cache_read"_L1},
        {"output"_L1, "output"_L1},
        {"reasoning"_L1, "reasoning"_L1}};
    const QJsonObject usage = stated.value("usage"_L1).toObject();
    for (const auto &[theirs, ours] : Kinds) {
        if (usage.contains(theirs))
            QCOMPARE(last.value("usage"_L1)[ours], usage.value(theirs));
    }
}

//! A row that no recording has looks at nothing.
void tst_RecordedBodies::everyRowIsRecorded()
{
    FARTHING_NEED_RECORDINGS();
    QStringList recorded;
    QDir root(tests::Recordings::folder());
    qsizetype files = 0;
    for (const QString &folder : root.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        for (const QString &file :
             QDir(root.filePath(folder)).entryList({u"http*.json"_s}, QDir::Files)) {
            ++files;
            const QByteArray json = tests::Recordings::read(folder + u'/' + file);
            for (const QJsonValue &entry : QJsonDocument::fromJson(json).array())
                recorded += folder + u'/' + entry["name"_L1].toString();
        }
    }
    QCOMPARE(files, qsizetype(std::size(tests::RecordedFiles)));
    QCOMPARE(recorded.size(), qsizetype(std::size(Refusals) + std::size(Answers)));
    for (const QString &name : std::as_const(recorded))
        QVERIFY2(find(Refusals, name) || find(Answers, name), qPrintable(name));
}

QTEST_GUILESS_MAIN(tst_RecordedBodies)
#include "tst_recordedbodies.moc"
