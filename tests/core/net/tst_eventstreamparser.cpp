#include "core/net/eventstreamparser.h"
#include "tests/support/recordings.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <QtEndian>

using namespace Qt::StringLiterals;
using core::EventStreamFrame;
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

private:
    QJsonObject m_vectors;
};

namespace {

QByteArray bytesOf(const QJsonObject &vector)
{
    return QByteArray::fromHex(vector.value("hex"_L1).toString().toLatin1());
}

//! As the vectors write values: bytes and UUIDs in hex.
QJsonValue shown(const QVariant &value)
{
    if (value.typeId() == QMetaType::QByteArray)
        return QString::fromLatin1(value.toByteArray().toHex());
    return QJsonValue::fromVariant(value);
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
    QList<EventStreamFrame> frames;
    for (qsizetype i = 0; i < bytes.size(); ++i) { // bytewise; every cut leaves a remainder
        const auto fed = parser.feed(QByteArrayView(bytes).sliced(i, 1));
        QVERIFY(fed);
        frames += *fed;
        QCOMPARE(parser.hasLeftover(), i + 1 < bytes.size());
    }
    QCOMPARE(frames.size(), 1);
    EventStreamParser whole;
    const auto fed = whole.feed(bytes);
    QVERIFY(fed);
    QCOMPARE(fed->size(), 1);
    QCOMPARE(fed->first().headers, frames.first().headers);
    QCOMPARE(fed->first().payload, frames.first().payload);
    if (!vector.contains("headers"_L1))
        return;
    const QJsonObject expected = vector.value("headers"_L1).toObject();
    QCOMPARE(frames.first().headers.size(), expected.size());
    for (const auto &[name, value] : std::as_const(frames.first().headers))
        QCOMPARE(shown(value), expected.value(QString::fromUtf8(name)));
    QCOMPARE(QString::fromUtf8(frames.first().payload), vector.value("payload"_L1).toString());
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
    const auto fed = whole.feed(bytes);
    QVERIFY(!fed);
    QCOMPARE(fed.error().kind, core::ErrorKind::ProtocolError);
    QVERIFY(!whole.feed("more")); // there is no way back into step
    EventStreamParser bytewise;
    bool failed = false;
    for (const char c : bytes)
        failed = failed || !bytewise.feed(QByteArrayView(&c, 1));
    QVERIFY(failed);
}

void tst_EventStreamParser::damageIsFound()
{
    const QByteArray whole = bytesOf(m_vectors.value("made_here"_L1).toArray().first().toObject());
    for (qsizetype i = 0; i < whole.size(); ++i) {
        QByteArray damaged = whole;
        damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
        EventStreamParser parser;
        const auto fed = parser.feed(damaged);
        QVERIFY2(!fed, qPrintable(QString::number(i)));
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
    QVERIFY(!parser.feed(lengths + bigEndian(checksumOf(lengths)))); // its lengths are enough
}

void tst_EventStreamParser::framesBeforeAFaultAreKept()
{
    const QByteArray whole = bytesOf(m_vectors.value("made_here"_L1).toArray().first().toObject());
    EventStreamParser parser;
    QVERIFY(!parser.feed(whole + whole + QByteArray(12, 'x')));
    QCOMPARE(parser.takeFrames().size(), 2);
    QVERIFY(!parser.hasLeftover());
}

QTEST_GUILESS_MAIN(tst_EventStreamParser)
#include "tst_eventstreamparser.moc"
