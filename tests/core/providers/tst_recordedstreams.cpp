#include "core/providers/builtinproviders.h"
#include "core/providers/providerregistry.h"
#include "tests/support/recordings.h"
#include "tests/support/seededrandom.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMap>
#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <optional>

using core::ErrorKind;
using core::ProviderRegistry;

namespace {

using namespace Qt::StringLiterals;

//! Where the recordings of a protocol lie. A protocol joins with a row.
struct Source
{
    const char *protocol;
    const char *folder;  //!< Below Recordings::folder().
    const char *pattern; //!< Of file names.
    const char *except;  //!< Part of the names that belong to another protocol; empty: none.
    const char *endMark; //!< What ends a whole answer; no cut before its last byte may succeed.
    bool endIsInEvent = false; //!< The mark stands inside the first event that can be the last.
    const char *contentType = "text/event-stream";
};

constexpr Source Sources[] = {
    {"openai-chat", "openai", "chat-*.sse*", "", "data: [DONE]"},
    {"openai-chat", "openai-compatible", "*.sse*", "responses", "data: [DONE]"},
    {"anthropic", "anthropic", "*.sse*", "", "\"message_stop\""},
    {"openai-responses", "openai", "responses-*.sse*", "", "\"type\":\"response."},
    {"openai-responses", "openai-compatible", "*responses*.sse*", "", "\"type\":\"response."},
    {"openai-responses", "azure", "responses-*.sse*", "", "\"type\":\"response."},
    {"azure", "azure", "chat-*.sse*", "", "data: [DONE]"},
    {"bedrock", "bedrock", "*.eventstream", "", "\"stopReason\"", true,
     "application/vnd.amazon.eventstream"},
    {"cohere", "cohere", "*.sse*", "", "\"message-end\""},
    {"gemini", "gemini", "*.sse*", "", "Reason\"", true},
};

//! Recorded HTTP answers, and the protocol that they belong to.
constexpr std::pair<const char *, const char *> HttpAnswers[] = {
    {"openai/http-bodies.json", "openai-chat"},
    {"openai-compatible/http-bodies.json", "openai-chat"},
    {"anthropic/http.json", "anthropic"},
    {"gemini/http.json", "gemini"},
    {"cohere/http.json", "cohere"},
    {"bedrock/http.json", "bedrock"},
    {"azure/http-bodies.json", "azure"},
};

//! Where the mark stands that ends a whole answer.
enum class End {
    Alone,   //!< Behind all that is said.
    InEvent, //!< Inside the first event that can be the last.
    OfJson,  //!< The last brace of an answer in one piece.
};

//! What an answer comes to, however its bytes were sliced.
struct Outcome
{
    QString text;
    QString reasoning;
    QByteArray signatures;
    QMap<int, QByteArray> toolCalls; //!< "id|name|arguments" by index.
    std::optional<core::Usage> usage;
    std::optional<core::Finish> finish;
    std::optional<core::Error> error;
    int starts = 0;
    bool afterFinish = false; //!< An event came after the last one.
    bool operator==(const Outcome &) const = default;
};

void keep(Outcome &out, const core::StreamEvents &events)
{
    for (const core::StreamEvent &event : events) {
        out.afterFinish = out.afterFinish || out.finish.has_value();
        if (const auto *text = std::get_if<core::TextDelta>(&event)) {
            out.text += text->text;
        } else if (const auto *reasoning = std::get_if<core::ReasoningDelta>(&event)) {
            out.reasoning += reasoning->text;
            out.signatures += reasoning->signature + reasoning->redacted;
        } else if (const auto *call = std::get_if<core::ToolCallDelta>(&event)) {
            QByteArray &joined = out.toolCalls[call->index];
            if (!call->id.isEmpty() || !call->name.isEmpty())
                joined += call->id.toUtf8() + '|' + call->name.toUtf8() + '|';
            joined += call->arguments;
        } else if (const auto *report = std::get_if<core::UsageReport>(&event)) {
            out.usage = report->usage;
        } else if (const auto *finish = std::get_if<core::Finish>(&event)) {
            out.finish = *finish;
        } else {
            ++out.starts;
        }
    }
}

//! Decodes \p body in slices whose lengths \p nextLength gives.
template <typename F>
Outcome decode(const core::ProviderAdapter &adapter, const QByteArray &contentType,
               QByteArrayView body, F &&nextLength)
{
    const auto decoder = adapter.makeDecoder({{"content-type", contentType}});
    Outcome out;
    for (qsizetype at = 0; at < body.size();) {
        const qsizetype length = std::min<qsizetype>(nextLength(), body.size() - at);
        // A copy of its own: a view kept beyond the call would show under AddressSanitizer.
        const QByteArray slice = body.sliced(at, length).toByteArray();
        const auto events = decoder->decode(slice);
        keep(out, events ? *events : decoder->takeEvents());
        if (!events) {
            out.error = events.error();
            return out;
        }
        at += length;
    }
    const auto last = decoder->finish();
    keep(out, last ? *last : decoder->takeEvents());
    if (!last)
        out.error = last.error();
    return out;
}

Outcome decodeWhole(const core::ProviderAdapter &adapter, const QByteArray &contentType,
                    QByteArrayView body)
{
    return decode(adapter, contentType, body,
                  [&body] { return std::max<qsizetype>(body.size(), 1); });
}

//! Every byte. Of a long body, whose cuts take many minutes under sanitizers, every byte at both
//! ends and a prime's stride between them, which meets every place within an event; with
//! FARTHING_EVERY_CUT (packaging/test --long) every byte there too.
QList<qsizetype> cutsBefore(qsizetype end)
{
    constexpr qsizetype Long = 64 * 1024;
    constexpr qsizetype Dense = 4 * 1024;
    constexpr qsizetype Stride = 61;
    const bool thin = end > Long && !qEnvironmentVariableIsSet("FARTHING_EVERY_CUT");
    QList<qsizetype> cuts;
    for (qsizetype cut = 0; cut < end;) {
        cuts.append(cut);
        const bool isBetween = thin && cut >= Dense && cut + Dense < end;
        cut += isBetween ? Stride : 1;
    }
    return cuts;
}

} // namespace

Q_DECLARE_METATYPE(End)

//! Recordings of the real services through the decoders: how the bytes are sliced changes nothing,
//! and what is cut is never taken for whole.
class tst_RecordedStreams : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void slices_data();
    void slices();
    void cuts_data() { slices_data(); }
    void cuts();

private:
    void addHttpAnswers() const;

    std::optional<ProviderRegistry> m_registry;
};

void tst_RecordedStreams::initTestCase()
{
    FARTHING_NEED_RECORDINGS();
    auto registry = ProviderRegistry::fromJson(core::builtInProviders());
    QVERIFY(registry);
    m_registry = *registry;
}

void tst_RecordedStreams::slices_data()
{
    QTest::addColumn<QString>("protocol");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("endMark");
    QTest::addColumn<End>("end");
    QTest::addColumn<QByteArray>("contentType");
    for (const Source &source : Sources) {
        const QString folder = QString::fromLatin1(source.folder);
        const QDir dir(tests::Recordings::path(folder));
        const QStringList files =
            dir.entryList({QString::fromLatin1(source.pattern)}, QDir::Files, QDir::Name);
        QVERIFY2(!files.isEmpty(), source.folder);
        for (const QString &file : files) {
            if (*source.except && file.contains(QLatin1StringView(source.except)))
                continue;
            const QString name = folder + QLatin1Char('/') + file;
            QTest::newRow(qPrintable(name))
                << QString::fromLatin1(source.protocol) << tests::Recordings::read(name)
                << QByteArray(source.endMark) << (source.endIsInEvent ? End::InEvent : End::Alone)
                << QByteArray(source.contentType);
        }
    }
    addHttpAnswers();
}

//! The streams among the recorded HTTP answers, and those that came in one piece.
void tst_RecordedStreams::addHttpAnswers() const
{
    for (const auto &[file, known] : HttpAnswers) {
        const QByteArray json = tests::Recordings::read(QString::fromLatin1(file));
        for (const QJsonValue &entry : QJsonDocument::fromJson(json).array()) {
            const QByteArray body = entry["body"_L1].toString().toUtf8();
            const QString name = entry["name"_L1].toString();
            if (entry["status"_L1].toInt() != 200 || body.isEmpty())
                continue;
            const bool isResponses = name.contains("responses"_L1);
            const QString protocol =
                isResponses ? QStringLiteral("openai-responses") : QString::fromLatin1(known);
            const QByteArray type = entry["headers"_L1]["content-type"_L1].toString().toLatin1();
            const bool isStream = type.startsWith("text/event-stream");
            // The rest are lists of models and counts.
            if (!isStream && !decodeWhole(*m_registry->adapter(protocol), type, body).finish)
                continue;
            QTest::newRow(qPrintable(QString::fromLatin1(file) + u'/' + name))
                << protocol << body << (isStream ? QByteArray("[DONE]") : QByteArray("}"))
                << (isStream ? End::Alone : End::OfJson) << type;
        }
    }
}

void tst_RecordedStreams::slices()
{
    QFETCH(const QString, protocol);
    QFETCH(const QByteArray, body);
    QFETCH(const QByteArray, contentType);
    const core::ProviderAdapter *adapter = m_registry->adapter(protocol);
    QVERIFY(adapter);
    QVERIFY(!body.isEmpty());
    const Outcome whole = decodeWhole(*adapter, contentType, body);
    QVERIFY(whole.finish.has_value() != whole.error.has_value());
    // Some refuse in a stream without having begun an answer.
    const bool isRefused = whole.error && whole.text.isEmpty();
    QVERIFY(whole.starts == 1 || (whole.starts == 0 && isRefused));
    QVERIFY(!whole.afterFinish);
    QVERIFY(decode(*adapter, contentType, body, [] { return qsizetype(1); }) == whole);
    tests::SeededRandom random(7);
    for (const std::uint64_t longest : {2U, 7U, 64U, 1024U}) {
        QVERIFY(decode(*adapter, contentType, body, [&random, longest] {
                    return qsizetype(1 + random.bits() % longest);
                }) == whole);
    }
}

void tst_RecordedStreams::cuts()
{
    QFETCH(const QString, protocol);
    QFETCH(const QByteArray, body);
    QFETCH(const QByteArray, contentType);
    QFETCH(const QByteArray, endMark);
    QFETCH(const End, end);
    const core::ProviderAdapter *adapter = m_registry->adapter(protocol);
    QVERIFY(adapter);
    const Outcome whole = decodeWhole(*adapter, contentType, body);
    const bool isInEvent = end == End::InEvent;
    const qsizetype mark = isInEvent ? body.indexOf(endMark) : body.lastIndexOf(endMark);
    QVERIFY(mark >= 0 || !whole.finish);
    const qsizetype last = whole.finish || isInEvent ? mark + endMark.size() : body.size();
    QString longest;
    for (const qsizetype cut : cutsBefore(last)) {
        const Outcome part = decodeWhole(*adapter, contentType, QByteArrayView(body).first(cut));
        const auto where = QStringLiteral("cut at %1 of %2").arg(cut).arg(body.size());
        QVERIFY2(!part.finish, qPrintable(where));
        QVERIFY2(part.error, qPrintable(where));
        // A cut inside the service's own error must not hide it once it was read.
        const bool told = whole.error && part.error->kind == whole.error->kind;
        const bool isNothing = end == End::OfJson && cut == 0; // not even a stream by its name
        QVERIFY2(told || isNothing || part.error->kind == ErrorKind::Truncated, qPrintable(where));
        // Nothing is invented, and nothing that was read is lost again.
        QVERIFY2(whole.text.startsWith(part.text), qPrintable(where));
        QVERIFY2(part.text.startsWith(longest), qPrintable(where));
        QVERIFY2(whole.reasoning.startsWith(part.reasoning), qPrintable(where));
        for (auto it = part.toolCalls.cbegin(); it != part.toolCalls.cend(); ++it)
            QVERIFY2(whole.toolCalls.value(it.key()).startsWith(it.value()), qPrintable(where));
        longest = part.text;
    }
    if (whole.finish && end == End::Alone)
        QCOMPARE(longest, whole.text); // all of it stands before the end mark
}

QTEST_GUILESS_MAIN(tst_RecordedStreams)
#include "tst_recordedstreams.moc"
