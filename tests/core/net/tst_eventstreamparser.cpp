#include "core/net/crc32.h"
#include "core/net/eventstreamparser.h"
#include "tests/support/recordings.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtEndian>
#include <QTest>

using namespace Qt::StringLiterals;
using core::EventStreamFrame;
using core::EventStreamHeader;
using core::EventStreamParser;

//! AWS's event stream against the vectors of its own SDKs: whole, bytewise, cut, broken.
class tst_EventStreamParser : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void positive_data();
    void positive();
    void negative_data();
    void negative();
    void damageIsFound();
    void limitsComeFirst_data();
    void limitsComeFirst();
    void framesBeforeAFaultAreKept();
    void checksums();

private:
    QJsonObject m_vectors;
};

namespace {

QByteArray bytesOf(const QJsonObject &vector)
{
    return QByteArray::fromHex(vector.value("hex"_L1).toString().toLatin1());
}

//! As the vectors write values: bytes and UUIDs in hex.
QJsonValue shown(const EventStreamHeader &header)
{
    const char *at = header.value.data();
    switch (header.type) {
    case EventStreamHeader::True:
    case EventStreamHeader::False:
        return header.type == EventStreamHeader::True;
    case EventStreamHeader::Byte:
        return qFromBigEndian<qint8>(at);
    case EventStreamHeader::Short:
        return qFromBigEndian<qint16>(at);
    case EventStreamHeader::Int:
        return qFromBigEndian<qint32>(at);
    case EventStreamHeader::Long:
    case EventStreamHeader::Timestamp:
        return qFromBigEndian<qint64>(at);
    case EventStreamHeader::Text:
        return QString::fromUtf8(header.value);
    case EventStreamHeader::Bytes:
    case EventStreamHeader::Uuid:
        break;
    }
    return QString::fromLatin1(header.value.toByteArray().toHex());
}

//! What a parser made of bytes, kept beyond the call that hands it over.
struct Parsed
{
    QList<QByteArray> headers;
    QList<QByteArray> payloads;
    std::optional<core::Error> fault;

    void feed(EventStreamParser &parser, QByteArrayView bytes)
    {
        fault = parser.feed(bytes, [this](const EventStreamFrame &frame) {
            headers.append(frame.headerBytes.toByteArray());
            payloads.append(frame.payload.toByteArray());
        });
    }
};

std::optional<core::Error> faultIn(EventStreamParser &parser, QByteArrayView bytes)
{
    Parsed parsed;
    parsed.feed(parser, bytes);
    return parsed.fault;
}

QByteArray bigEndian(quint32 number)
{
    QByteArray bytes(4, Qt::Uninitialized);
    qToBigEndian(number, bytes.data());
    return bytes;
}

quint32 checksumOf(const QByteArray &bytes)
{
    quint32 crc = 0xffffffffU; // the plain algorithm, beside the library's in the parser
    for (const char c : bytes) {
        crc ^= static_cast<quint8>(c);
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1) ^ (0xedb88320U & (0U - (crc & 1U)));
    }
    return ~crc;
}

} // namespace

void tst_EventStreamParser::initTestCase()
{
    FARTHING_NEED_RECORDINGS();
    const QByteArray json =
        tests::Recordings::read(QStringLiteral("bedrock/eventstream-vectors.json"));
    m_vectors = QJsonDocument::fromJson(json).object();
    QVERIFY(!m_vectors.isEmpty());
}

void tst_EventStreamParser::positive_data()
{
    QTest::addColumn<QJsonObject>("vector");
    for (const auto &list : {"positive"_L1, "made_here"_L1}) {
        for (const QJsonValue &value : m_vectors.value(list).toArray())
            QTest::newRow(qPrintable(value["name"_L1].toString())) << value.toObject();
    }
}

void tst_EventStreamParser::positive()
{
    QFETCH(const QJsonObject, vector);
    const QByteArray bytes = bytesOf(vector);
    QVERIFY(!bytes.isEmpty());
    EventStreamParser parser;
    Parsed bytewise;
    for (qsizetype i = 0; i < bytes.size(); ++i) { // every cut leaves a remainder
        bytewise.feed(parser, QByteArrayView(bytes).sliced(i, 1));
        QVERIFY(!bytewise.fault);
        QCOMPARE(parser.hasLeftover(), i + 1 < bytes.size());
    }
    QCOMPARE(bytewise.payloads.size(), 1);
    EventStreamParser another;
    Parsed whole;
    whole.feed(another, bytes);
    QVERIFY(!whole.fault);
    QCOMPARE(whole.headers, bytewise.headers);
    QCOMPARE(whole.payloads, bytewise.payloads);
    if (!vector.contains("headers"_L1))
        return;
    QJsonObject headers;
    QByteArrayView rest = whole.headers.first();
    while (const auto header = EventStreamFrame::takeHeader(rest))
        headers.insert(QString::fromUtf8(header->name), shown(*header));
    QCOMPARE(headers, vector.value("headers"_L1).toObject());
    QCOMPARE(QString::fromUtf8(whole.payloads.first()), vector.value("payload"_L1).toString());
}

void tst_EventStreamParser::negative_data()
{
    QTest::addColumn<QJsonObject>("vector");
    for (const QJsonValue &value : m_vectors.value("negative"_L1).toArray())
        QTest::newRow(qPrintable(value["name"_L1].toString())) << value.toObject();
}

void tst_EventStreamParser::negative()
{
    QFETCH(const QJsonObject, vector);
    const QByteArray bytes = bytesOf(vector);
    EventStreamParser whole;
    const auto fault = faultIn(whole, bytes);
    QVERIFY(fault);
    QCOMPARE(fault->kind, core::ErrorKind::ProtocolError);
    QVERIFY(faultIn(whole, "more")); // there is no way back into step
    EventStreamParser bytewise;
    bool failed = false;
    for (const char c : bytes)
        failed = failed || faultIn(bytewise, QByteArrayView(&c, 1));
    QVERIFY(failed);
}

void tst_EventStreamParser::damageIsFound()
{
    const QByteArray whole = bytesOf(m_vectors.value("made_here"_L1).toArray().first().toObject());
    for (qsizetype i = 0; i < whole.size(); ++i) {
        QByteArray damaged = whole;
        damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
        EventStreamParser parser;
        QVERIFY2(faultIn(parser, damaged), qPrintable(QString::number(i)));
    }
}

void tst_EventStreamParser::limitsComeFirst_data()
{
    QTest::addColumn<quint32>("total");
    QTest::addColumn<quint32>("headers");
    QTest::newRow("4-gigabytes") << 0xffffffffU << 0U;
    QTest::newRow("payload-over-24-mib") << 24U * 1024 * 1024 + 17 << 0U;
    QTest::newRow("headers-over-128-kib") << 1024U * 1024 << 128U * 1024 + 1;
    QTest::newRow("headers-longer-than-all") << 20U << 10U;
    QTest::newRow("shorter-than-its-frame") << 15U << 0U;
    QTest::newRow("nothing") << 0U << 0U;
}

void tst_EventStreamParser::limitsComeFirst()
{
    QFETCH(const quint32, total);
    QFETCH(const quint32, headers);
    const QByteArray lengths = bigEndian(total) + bigEndian(headers);
    EventStreamParser parser;
    QVERIFY(faultIn(parser, lengths + bigEndian(checksumOf(lengths)))); // its lengths are enough
}

void tst_EventStreamParser::framesBeforeAFaultAreKept()
{
    const QByteArray whole = bytesOf(m_vectors.value("made_here"_L1).toArray().first().toObject());
    EventStreamParser parser;
    Parsed parsed;
    parsed.feed(parser, whole + whole + QByteArray(12, 'x'));
    QVERIFY(parsed.fault);
    QCOMPARE(parsed.payloads.size(), 2);
    QVERIFY(!parser.hasLeftover());
}

//! Of every length and place, and of parts one after the other: long ones are calculated otherwise
//! than short ones, and a processor may do it another way than the next.
void tst_EventStreamParser::checksums()
{
    QByteArray bytes;
    for (int i = 0; i < 400; ++i)
        bytes.append(static_cast<char>(i * 7919 % 251));
    for (qsizetype length = 0; length < 300; ++length) {
        for (qsizetype at = 0; at < 17; ++at) {
            const QByteArray part = bytes.sliced(at, length);
            QCOMPARE(core::crc32(0, part), checksumOf(part));
        }
        const QByteArrayView rest = QByteArrayView(bytes).sliced(length);
        QCOMPARE(core::crc32(core::crc32(0, bytes.first(length)), rest), checksumOf(bytes));
    }
}

QTEST_GUILESS_MAIN(tst_EventStreamParser)
#include "tst_eventstreamparser.moc"
