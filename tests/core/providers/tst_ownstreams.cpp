#include "core/providers/builtinproviders.h"
#include "core/providers/providerregistry.h"
#include "tests/core/providers/saying.h"
#include "tests/fuzz/eventstreamwriter.h"
#include "tests/support/seededrandom.h"

#include <QDirIterator>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>

#include <optional>

using namespace Qt::StringLiterals;
using namespace core;
using tests::said;

//! Streams of our own (tests/data/streams), which show what the wire references describe and no
//! recording has: the same comes of them however they are sliced, and what is cut is no success.
class tst_OwnStreams : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void slices_data();
    void slices();
    void cuts_data() { slices_data(); }
    void cuts();
    void everyFileIsNamed();

private:
    std::optional<ProviderRegistry> m_registry;
};

namespace {

QString folder()
{
    return QStringLiteral(FARTHING_TEST_DATA "/streams");
}

QByteArray contentOf(const QString &name)
{
    QFile file(folder() + u'/' + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QJsonObject expectations()
{
    return QJsonDocument::fromJson(contentOf(u"expected.json"_s)).object();
}

//! Where the first byte stands with which \p body may be a whole answer.
qsizetype endOf(const QString &protocol, const QByteArray &body)
{
    // Inside the first event that can be the last: nothing tells whether more would have come.
    for (const auto &[name, mark] :
         {std::pair(u"gemini"_s, "Reason\""), std::pair(u"bedrock"_s, "\"stopReason\"")}) {
        if (protocol == name)
            return body.indexOf(mark);
    }
    const char *mark = protocol == "anthropic"_L1          ? "\"message_stop\""
                       : protocol == "cohere"_L1           ? "\"message-end\""
                       : protocol == "openai-responses"_L1 ? "\"type\":\"response."
                                                           : "[DONE]";
    return body.lastIndexOf(mark);
}

} // namespace

void tst_OwnStreams::initTestCase()
{
    auto registry = ProviderRegistry::fromJson(builtInProviders());
    QVERIFY(registry);
    m_registry = *registry;
}

void tst_OwnStreams::slices_data()
{
    QTest::addColumn<QString>("protocol");
    QTest::addColumn<QByteArray>("contentType");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("says");
    const QJsonObject all = expectations();
    for (auto it = all.begin(); it != all.end(); ++it) {
        QByteArray body = contentOf(it.key());
        const bool isFramed = it.key().endsWith(".lines"_L1);
        if (isFramed)
            body = fuzz::eventStreamOf(body.trimmed());
        QTest::newRow(qPrintable(it.key()))
            << it.key().section(u'/', 0, 0)
            << QByteArray(isFramed ? "application/vnd.amazon.eventstream" : "text/event-stream")
            << body << it.value()["says"_L1].toString();
    }
}

void tst_OwnStreams::slices()
{
    QFETCH(const QString, protocol);
    QFETCH(const QByteArray, contentType);
    QFETCH(const QByteArray, body);
    QFETCH(const QString, says);
    const ProviderAdapter *adapter = m_registry->adapter(protocol);
    QVERIFY(adapter);
    QVERIFY(!body.isEmpty());
    QCOMPARE(said(*adapter, contentType, body, body.size()), says);
    QCOMPARE(said(*adapter, contentType, body, 1), says);
    tests::SeededRandom random(7);
    for (const std::uint64_t longest : {2U, 7U, 64U, 1024U})
        QCOMPARE(said(*adapter, contentType, body,
                      [&random, longest] { return qsizetype(1 + random.bits() % longest); }),
                 says);
}

void tst_OwnStreams::cuts()
{
    QFETCH(const QString, protocol);
    QFETCH(const QByteArray, contentType);
    QFETCH(const QByteArray, body);
    QFETCH(const QString, says);
    const ProviderAdapter *adapter = m_registry->adapter(protocol);
    QVERIFY(adapter);
    const bool isWhole = says.contains(u"finish "_s);
    const qsizetype end = isWhole ? endOf(protocol, body) : body.size();
    QVERIFY(end > 0);
    // All of them take long under sanitizers: far from the end every third, which meets each kind
    // of place; packaging/test --long takes all.
    constexpr qsizetype Dense = 256;
    const bool thin = !qEnvironmentVariableIsSet("FARTHING_EVERY_CUT");
    for (qsizetype cut = 0; cut < end; cut += thin && cut + Dense < end ? 3 : 1) {
        const QString part = said(*adapter, contentType, body.first(cut), body.size());
        QVERIFY2(!part.contains(u"finish "_s) && part.contains(u"error "_s),
                 qPrintable(u"%1 bytes: %2"_s.arg(cut).arg(part)));
    }
}

void tst_OwnStreams::everyFileIsNamed()
{
    const QJsonObject all = expectations();
    QVERIFY(!all.isEmpty());
    QStringList found;
    QDirIterator files(folder(), {u"*.sse"_s, u"*.lines"_s}, QDir::Files,
                       QDirIterator::Subdirectories);
    while (files.hasNext())
        found += files.next().sliced(folder().size() + 1);
    QStringList named = all.keys();
    found.sort();
    named.sort();
    QCOMPARE(found, named);
    for (const QJsonValue &each : all)
        QVERIFY(!each["shape"_L1].toString().isEmpty());
}

QTEST_GUILESS_MAIN(tst_OwnStreams)
#include "tst_ownstreams.moc"
