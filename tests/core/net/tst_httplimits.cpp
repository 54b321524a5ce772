#include "core/net/httptransport.h"
#include "tests/core/net/exchangelog.h"
#include "tests/core/net/rawserver.h"
#include "tests/support/sanitized.h"
#include "tests/support/threadtime.h"

#include <QElapsedTimer>
#include <QFile>
#include <QRegularExpression>
#include <QScopeGuard>
#include <QTest>

#include <zlib.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <thread>

using core::ErrorKind;
using core::HttpRequest;
using core::HttpTransport;
using core::NetworkOptions;
using tests::ExchangeLog;
using tests::RawPeer;
using tests::RawServer;

namespace {

constexpr qint64 MiB = 1024 * 1024;
const QByteArray Head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";

HttpRequest post(const QUrl &url)
{
    return {"POST", url, {{"Content-Type", "application/json"}}, "{}"};
}

//! The most memory that this process held since forgetPeak().
qint64 peakBytes()
{
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QIODevice::ReadOnly))
        return -1;
    const QByteArray text = status.readAll();
    const qsizetype at = text.indexOf("VmHWM:") + 6;
    return text.sliced(at, text.indexOf("kB", at) - at).trimmed().toLongLong() * 1024;
}

bool forgetPeak()
{
    QFile file(QStringLiteral("/proc/self/clear_refs"));
    return file.open(QIODevice::WriteOnly) && file.write("5") == 1;
}

//! Deflates piece by piece, each flushed so that it can be decoded as soon as it has come.
class Gzip
{
public:
    Gzip() { deflateInit2(&m_stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY); }
    ~Gzip() { deflateEnd(&m_stream); }
    Gzip(const Gzip &) = delete;
    Gzip &operator=(const Gzip &) = delete;

    [[nodiscard]] QByteArray add(QByteArray piece, int flush = Z_FULL_FLUSH)
    {
        QByteArray out(piece.size() + 1024, Qt::Uninitialized);
        m_stream.next_in = reinterpret_cast<Bytef *>(piece.data());
        m_stream.avail_in = static_cast<uInt>(piece.size());
        m_stream.next_out = reinterpret_cast<Bytef *>(out.data());
        m_stream.avail_out = static_cast<uInt>(out.size());
        deflate(&m_stream, flush);
        return out.first(out.size() - static_cast<qsizetype>(m_stream.avail_out));
    }

private:
    z_stream m_stream = {};
};

} // namespace

//! How much of a server's talk is listened to.
class tst_HttpLimits : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void bodyCap_data();
    void bodyCap();
    void errorBodyIsCut_data();
    void errorBodyIsCut();
    void headerCap_data();
    void headerCap();
    void manyHeaderFields();
    void headerWithoutEndDoesNotBlock();
    void floodKeepsMemoryFlat();
    void floodEndsAtTheCap();
    void gzipStreams();
    void encodings_data();
    void encodings();
    void bombIsRefused_data();
    void bombIsRefused();
    void damagedGzipIsAnError();

private:
    core::SystemClock m_clock;
};

void tst_HttpLimits::bodyCap_data()
{
    QTest::addColumn<qint64>("bytes");
    QTest::addColumn<bool>("isAllowed");
    constexpr qint64 Cap = 300'000; // more than a read buffer, and no multiple of a slice
    QTest::newRow("cap-minus-1") << Cap - 1 << true;
    QTest::newRow("cap") << Cap << true;
    QTest::newRow("cap-plus-1") << Cap + 1 << false;
    QTest::newRow("far-beyond") << 4 * Cap << false;
}

void tst_HttpLimits::bodyCap()
{
    QFETCH(const qint64, bytes);
    QFETCH(const bool, isAllowed);
    RawServer server([bytes](RawPeer &peer) {
        peer.write(Head + "Content-Length: " + QByteArray::number(bytes) + "\r\n\r\n");
        peer.flood(QByteArray(65536, 'x'), bytes);
    });
    NetworkOptions options;
    options.bodyLimitBytes = 300'000;
    HttpTransport transport(m_clock, options);
    const ExchangeLog log(transport.send(post(server.url()), {}, this));
    QTRY_VERIFY(log.isFinished());
    QCOMPARE(log.bodyBytes, std::min<qint64>(bytes, 300'000)); // what came before the cap is kept
    QCOMPARE(log.error.has_value(), !isAllowed);
    if (log.error) {
        QCOMPARE(log.error->kind, ErrorKind::ProtocolError);
        QCOMPARE(log.error->httpStatus, 200);
        QTRY_VERIFY(server.peers().constFirst()->isClosed());
    }
    QCOMPARE(log.finishedCount, 1);
}

void tst_HttpLimits::errorBodyIsCut_data()
{
    QTest::addColumn<qint64>("bytes");
    QTest::newRow("cap") << qint64(64 * 1024);
    QTest::newRow("cap-plus-1") << qint64(64 * 1024 + 1);
    QTest::newRow("far-beyond") << 20 * MiB;
}

// The status is the news: a long page of the error does not hide it.
void tst_HttpLimits::errorBodyIsCut()
{
    QFETCH(const qint64, bytes);
    RawServer server([bytes](RawPeer &peer) {
        peer.write("HTTP/1.1 503 No\r\nContent-Length: " + QByteArray::number(bytes) + "\r\n\r\n");
        peer.flood(QByteArray(65536, 'x'), bytes);
    });
    HttpTransport transport(m_clock, {});
    const ExchangeLog log(transport.send(post(server.url()), {}, this));
    QTRY_VERIFY(log.isFinished());
    QVERIFY(!log.error);
    QCOMPARE(log.status, 503);
    QCOMPARE(log.bodyBytes, 64 * 1024);
}

void tst_HttpLimits::headerCap_data()
{
    QTest::addColumn<qint64>("bytes");
    QTest::addColumn<bool>("isAllowed");
    constexpr qint64 Cap = 64 * 1024;
    QTest::newRow("small") << qint64(100) << true;
    QTest::newRow("cap-minus-1") << Cap - 1 << true;
    QTest::newRow("cap") << Cap << true;
    QTest::newRow("cap-plus-1") << Cap + 1 << false;
    QTest::newRow("beyond-qts-own") << qint64(300 * 1024) << false;
    QTest::newRow("one-megabyte") << MiB << false;
}

void tst_HttpLimits::headerCap()
{
    QFETCH(const qint64, bytes);
    QFETCH(const bool, isAllowed);
    const QByteArray fixed = "Content-Length2X-Long";
    RawServer server([&](RawPeer &peer) {
        peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Long: " +
                   QByteArray(bytes - fixed.size(), 'h') + "\r\n\r\nok");
    });
    HttpTransport transport(m_clock, {});
    const ExchangeLog log(transport.send(post(server.url()), {}, this));
    QTRY_VERIFY_WITH_TIMEOUT(log.isFinished(), 20'000);
    QCOMPARE(log.error.has_value(), !isAllowed);
    if (isAllowed) {
        QCOMPARE(log.body, "ok");
    } else {
        QCOMPARE(log.error->kind, ErrorKind::ProtocolError);
        QCOMPARE(log.bodyBytes, 0);
        QVERIFY(log.error->detail.size() < 200);
    }
}

void tst_HttpLimits::manyHeaderFields()
{
    RawServer server([](RawPeer &peer) {
        QByteArray fields;
        for (int i = 0; i < 20'000; ++i)
            fields += "X-" + QByteArray::number(i) + ": 1\r\n";
        peer.write(tests::httpAnswer(200, "ok", fields));
    });
    HttpTransport transport(m_clock, {});
    const ExchangeLog log(transport.send(post(server.url()), {}, this));
    QTRY_VERIFY(log.isFinished());
    QVERIFY(log.error);
    QCOMPARE(log.error->kind, ErrorKind::ProtocolError);
}

// Qt's thread reads such a header as long as bytes come; ours has to stay free of it.
void tst_HttpLimits::headerWithoutEndDoesNotBlock()
{
    std::atomic_bool isOver = false;
    std::promise<quint16> port;
    std::thread server([&] { // apart from this thread, so that it would go on if this one stood
        QTcpServer listener;
        listener.listen(QHostAddress::LocalHost);
        port.set_value(listener.serverPort());
        if (!listener.waitForNewConnection(10'000))
            return;
        QTcpSocket *socket = listener.nextPendingConnection();
        socket->waitForReadyRead(10'000);
        socket->write("HTTP/1.1 200 OK\r\nX-Long: ");
        while (!isOver && socket->state() == QAbstractSocket::ConnectedState) {
            socket->write(QByteArray(65536, 'h'));
            socket->waitForBytesWritten(100);
        }
    });
    const auto join = qScopeGuard([&] {
        isOver = true;
        server.join();
    });
    const QUrl url(QStringLiteral("http://127.0.0.1:%1/").arg(port.get_future().get()));
    HttpTransport transport(m_clock, {});
    core::HttpDeadlines deadlines;
    deadlines.firstByte = std::chrono::milliseconds(300);
    const ExchangeLog log(transport.send(post(url), deadlines, this));
    double longestTurn = 0;
    QElapsedTimer watch;
    watch.start();
    while (!log.isFinished() || watch.elapsed() < 1000) {
        const double before = tests::threadMilliseconds();
        QCoreApplication::processEvents(QEventLoop::AllEvents, 10);
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        longestTurn = std::max(longestTurn, tests::threadMilliseconds() - before);
        QVERIFY(watch.elapsed() < 60'000);
    }
    QCOMPARE(log.error->kind, ErrorKind::Timeout);
    QVERIFY2(longestTurn < 500, qPrintable(QString::number(longestTurn)));
}

void tst_HttpLimits::floodKeepsMemoryFlat()
{
    constexpr qint64 Bytes = 300 * MiB;
    RawServer server([](RawPeer &peer) {
        peer.write(Head + "\r\n");
        peer.flood(QByteArray(65536, 'x'), Bytes);
    });
    NetworkOptions options;
    options.bodyLimitBytes = 2 * Bytes;
    HttpTransport transport(m_clock, options);
    QVERIFY(forgetPeak());
    const qint64 before = peakBytes();
    core::HttpExchange *exchange = transport.send(post(server.url()), {}, this);
    ExchangeLog log(exchange);
    log.keepBody = false;
    QTRY_COMPARE_WITH_TIMEOUT(log.bodyBytes, Bytes, 40'000);
    const qint64 growth = peakBytes() - before;
    QVERIFY2(tests::IsSanitized || growth < 20 * MiB, qPrintable(QString::number(growth)));
    exchange->abort();
}

void tst_HttpLimits::floodEndsAtTheCap()
{
    RawServer server([](RawPeer &peer) {
        peer.write(Head + "\r\n");
        peer.flood(QByteArray(65536, 'x'), 300 * MiB);
    });
    HttpTransport transport(m_clock, {});
    QVERIFY(forgetPeak());
    const qint64 before = peakBytes();
    ExchangeLog log(transport.send(post(server.url()), {}, this));
    log.keepBody = false;
    QTRY_VERIFY_WITH_TIMEOUT(log.isFinished(), 30'000);
    const qint64 growth = peakBytes() - before;
    QVERIFY2(tests::IsSanitized || growth < 20 * MiB, qPrintable(QString::number(growth)));
    QCOMPARE(log.bodyBytes, 64 * MiB);
    QCOMPARE(log.error->kind, ErrorKind::ProtocolError);
    QTRY_VERIFY(server.peers().constFirst()->isClosed());
}

void tst_HttpLimits::gzipStreams()
{
    Gzip gzip;
    RawServer server([&](RawPeer &peer) {
        peer.write(Head + "Content-Encoding: gzip\r\n\r\n" + gzip.add("data: 0\n\n"));
    });
    HttpTransport transport(m_clock, {});
    const ExchangeLog log(transport.send(post(server.url()), {}, this));
    QByteArray expected = "data: 0\n\n";
    for (int i = 1; i <= 5; ++i) {
        QTRY_COMPARE(log.body, expected); // each event is there before the next is sent
        const QByteArray event = "data: " + QByteArray::number(i) + "\n\n";
        server.peers().constFirst()->write(gzip.add(event));
        expected += event;
    }
    QTRY_COMPARE(log.body, expected);
    server.peers().constFirst()->write(gzip.add({}, Z_FINISH));
    server.peers().constFirst()->close();
    QTRY_VERIFY(log.isFinished());
    QVERIFY(!log.error);
}

void tst_HttpLimits::encodings_data()
{
    QTest::addColumn<QByteArray>("encoding");
    QTest::addColumn<QByteArray>("body");
    Gzip gzip;
    QTest::newRow("gzip") << QByteArray("gzip") << gzip.add("hello", Z_FINISH);
    QTest::newRow("deflate") << QByteArray("deflate") << qCompress("hello").sliced(4);
    QTest::newRow("identity") << QByteArray("identity") << QByteArray("hello");
}

void tst_HttpLimits::encodings()
{
    QFETCH(const QByteArray, encoding);
    QFETCH(const QByteArray, body);
    RawServer server([&](RawPeer &peer) {
        peer.write(tests::httpAnswer(200, body, "Content-Encoding: " + encoding + "\r\n"));
    });
    HttpTransport transport(m_clock, {});
    const ExchangeLog log(transport.send(post(server.url()), {}, this));
    QTRY_VERIFY(log.isFinished());
    QVERIFY(!log.error);
    QCOMPARE(log.body, "hello");
}

void tst_HttpLimits::bombIsRefused_data()
{
    QTest::addColumn<int>("status");
    QTest::newRow("stream") << 200;
    QTest::newRow("server-error") << 500;
    QTest::newRow("client-error") << 429;
}

void tst_HttpLimits::bombIsRefused()
{
    QFETCH(const int, status);
    Gzip gzip;
    // A full flush forgets what came before, so one packed mebibyte can be repeated to a gibibyte.
    const QByteArray first = gzip.add(QByteArray(MiB, 0));
    const QByteArray again = gzip.add(QByteArray(MiB, 0));
    RawServer server([&](RawPeer &peer) {
        peer.write("HTTP/1.1 " + QByteArray::number(status) +
                   " OK\r\nContent-Encoding: gzip\r\n\r\n" + first);
        peer.flood(again, again.size() * 1023);
    });
    HttpTransport transport(m_clock, {});
    QVERIFY(forgetPeak());
    const qint64 before = peakBytes();
    ExchangeLog log(transport.send(post(server.url()), {}, this));
    log.keepBody = false;
    QTRY_VERIFY_WITH_TIMEOUT(log.isFinished(), 20'000);
    const qint64 growth = peakBytes() - before;
    QVERIFY2(tests::IsSanitized || growth < 20 * MiB, qPrintable(QString::number(growth)));
    QCOMPARE(log.status, status);
    QCOMPARE(log.finishedCount, 1);
    if (status == 200) {
        QVERIFY(log.error);
        QCOMPARE(log.error->kind, ErrorKind::ProtocolError);
        QVERIFY(log.bodyBytes <= 64 * MiB);
    } else {
        QVERIFY(!log.error);
        QVERIFY(log.bodyBytes <= 64 * 1024);
    }
}

void tst_HttpLimits::damagedGzipIsAnError()
{
    RawServer server([](RawPeer &peer) {
        peer.write(tests::httpAnswer(200, "this was never packed", "Content-Encoding: gzip\r\n"));
    });
    HttpTransport transport(m_clock, {});
    const ExchangeLog log(transport.send(post(server.url()), {}, this));
    QTRY_VERIFY(log.isFinished());
    QVERIFY(log.error);
    QCOMPARE(log.error->kind, ErrorKind::ProtocolError);
    QCOMPARE(log.bodyBytes, 0);
}

QTEST_GUILESS_MAIN(tst_HttpLimits)

#include "tst_httplimits.moc"
