#include "tests/support/scriptedserver.h"

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QScopeGuard>
#include <QSignalSpy>
#include <QTest>
#include <QThread>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

using core::BodyFraming;
using tests::Answer;
using tests::ScriptedServer;

class tst_LoopbackServer : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void listensOnLoopbackOnlyWhileOpen();
    void wholeAnswerReachesTheClient();
    void framings_data();
    void framings();
    void piecesArriveAsTheyAreWritten();
    void faultsAfterSomeText_data();
    void faultsAfterSomeText();
    void connectionIsReused();
    void pipelinedRequestsAreAnsweredInOrder();
    void nonsenseIsAnsweredAndCutOff();
    void tooManyConnectionsAreTurnedAway();
    void leavingClientEndsTheAnswer();
    void worksInAThreadOfItsOwn();
    void unscriptedRequestsAreCounted();

private:
    std::unique_ptr<QNetworkReply> get(const QUrl &url)
    {
        return std::unique_ptr<QNetworkReply>(m_manager.get(QNetworkRequest(url)));
    }
    QNetworkAccessManager m_manager;
};

namespace {

//! Sends \p bytes over a plain socket and returns all that comes back until the server closes.
QByteArray exchange(quint16 port, const QByteArray &bytes)
{
    QTcpSocket socket;
    QSignalSpy closed(&socket, &QTcpSocket::disconnected);
    socket.connectToHost(QHostAddress::LocalHost, port);
    socket.write(bytes);
    return closed.wait() ? socket.readAll() : QByteArray("not closed: ") + socket.readAll();
}

} // namespace

void tst_LoopbackServer::listensOnLoopbackOnlyWhileOpen()
{
    core::LoopbackServer server([](const auto &, auto &) {});
    QVERIFY(!server.isListening());
    QCOMPARE(server.port(), quint16(0));
    QVERIFY(server.listen());
    const quint16 port = server.port();
    QVERIFY(port != 0);
    QCOMPARE(server.url(u"/v1").toString(), QStringLiteral("http://127.0.0.1:%1/v1").arg(port));

    QTcpSocket socket;
    socket.connectToHost(QHostAddress::LocalHost, port);
    QTRY_COMPARE(server.connectionsOpen(), 1);
    // 127.0.0.2 is the same machine by another address: a server on any address would answer.
    QTcpSocket other;
    QSignalSpy failed(&other, &QTcpSocket::errorOccurred);
    other.connectToHost(QStringLiteral("127.0.0.2"), port);
    QVERIFY(failed.wait());

    QSignalSpy dropped(&socket, &QTcpSocket::disconnected);
    server.close();
    QVERIFY(!server.isListening());
    QCOMPARE(server.connectionsOpen(), 0);
    QVERIFY(dropped.count() == 1 || dropped.wait());
}

void tst_LoopbackServer::wholeAnswerReachesTheClient()
{
    ScriptedServer server;
    server.enqueue(Answer::whole(429, R"({"error":{}})").header("Retry-After", "2"));
    QNetworkRequest request(server.url(u"/v1/x"));
    request.setRawHeader("Authorization", "Bearer t");
    request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
    const std::unique_ptr<QNetworkReply> reply(m_manager.post(request, "{}"));
    QSignalSpy finished(reply.get(), &QNetworkReply::finished);
    QVERIFY(finished.wait());
    QCOMPARE(reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), 429);
    QCOMPARE(reply->rawHeader("Retry-After"), QByteArray("2"));
    QCOMPARE(reply->readAll(), QByteArray(R"({"error":{}})"));
    QCOMPARE(server.requests().size(), 1);
    const core::LoopbackRequest &seen = server.requests().first();
    QCOMPARE(seen.method, QByteArray("POST"));
    QCOMPARE(seen.target, QByteArray("/v1/x"));
    QCOMPARE(seen.headers.value("authorization"), QByteArray("Bearer t"));
    QCOMPARE(seen.body, QByteArray("{}"));
    QCOMPARE(seen.connection, 1);
}

void tst_LoopbackServer::framings_data()
{
    QTest::addColumn<BodyFraming>("framing");
    QTest::newRow("chunked") << BodyFraming::Chunked;
    QTest::newRow("content-length") << BodyFraming::ContentLength;
    QTest::newRow("until-close") << BodyFraming::UntilClose;
}

void tst_LoopbackServer::framings()
{
    QFETCH(const BodyFraming, framing);
    ScriptedServer server;
    server.enqueue(Answer::stream().framing(framing, 9).write("one").write("two").write("six"));
    const auto reply = get(server.url(u"/"));
    QSignalSpy finished(reply.get(), &QNetworkReply::finished);
    QVERIFY(finished.wait());
    QCOMPARE(reply->error(), QNetworkReply::NoError);
    QCOMPARE(reply->readAll(), QByteArray("onetwosix"));
}

void tst_LoopbackServer::piecesArriveAsTheyAreWritten()
{
    using namespace std::chrono_literals;
    ScriptedServer server;
    server.enqueue(Answer::stream({"first"}).hold().write("second").pause(1ms).write("third"));
    const auto reply = get(server.url(u"/"));
    QTRY_COMPARE(reply->bytesAvailable(), 5);
    QCOMPARE(server.held(), 1);
    QVERIFY(!reply->isFinished());
    server.release();
    QSignalSpy finished(reply.get(), &QNetworkReply::finished);
    QVERIFY(finished.wait());
    QCOMPARE(reply->readAll(), QByteArray("firstsecondthird"));
}

void tst_LoopbackServer::faultsAfterSomeText_data()
{
    QTest::addColumn<bool>("reset");
    QTest::newRow("close") << false;
    QTest::newRow("reset") << true;
}

void tst_LoopbackServer::faultsAfterSomeText()
{
    QFETCH(const bool, reset);
    ScriptedServer server;
    Answer answer = Answer::stream({"some text"}).hold();
    server.enqueue(reset ? answer.reset() : answer.close());
    // A plain socket: Qt reports FIN and RST alike.
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto closer = qScopeGuard([socket] { ::close(socket); });
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(server.port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    QCOMPARE(::connect(socket, reinterpret_cast<sockaddr *>(&address), sizeof address), 0);
    const QByteArray request = "GET / HTTP/1.1\r\n\r\n";
    QCOMPARE(::send(socket, request.data(), size_t(request.size()), 0), ssize_t(request.size()));
    QTRY_COMPARE(server.held(), 1);
    char received[1000];
    const ssize_t count = ::recv(socket, received, sizeof received, 0);
    QVERIFY(QByteArray(received, count).endsWith("9\r\nsome text\r\n"));
    server.release();
    QTRY_COMPARE(server.connectionsOpen(), 0);
    errno = 0;
    QCOMPARE(::recv(socket, received, sizeof received, 0), ssize_t(reset ? -1 : 0));
    QCOMPARE(errno, reset ? ECONNRESET : 0);
}

void tst_LoopbackServer::connectionIsReused()
{
    ScriptedServer server;
    server.setAnswer("/a", Answer::stream({"a"}));
    for (int i = 0; i < 3; ++i) {
        const auto reply = get(server.url(u"/a"));
        QSignalSpy finished(reply.get(), &QNetworkReply::finished);
        QVERIFY(finished.wait());
        QCOMPARE(reply->readAll(), QByteArray("a"));
    }
    QCOMPARE(server.requests().size(), 3);
    QCOMPARE(server.connectionsAccepted(), 1);
    QCOMPARE(server.requests().last().connection, 1);
}

void tst_LoopbackServer::pipelinedRequestsAreAnsweredInOrder()
{
    ScriptedServer server;
    server.enqueue(Answer::stream({"1"}).hold().write("2"));
    server.enqueue(Answer::whole(200, "3"));
    connect(&server, &ScriptedServer::holding, &server, &ScriptedServer::release,
            Qt::QueuedConnection);
    const QByteArray answer = exchange(
        server.port(), "GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\nConnection: close\r\n\r\n");
    const qsizetype two = answer.indexOf("1\r\n2\r\n0\r\n\r\n");
    QVERIFY2(two > 0, answer.constData());
    QVERIFY2(answer.endsWith("\r\n\r\n3"), answer.constData());
    QCOMPARE(answer.count("HTTP/1.1 200"), 2);
}

void tst_LoopbackServer::nonsenseIsAnsweredAndCutOff()
{
    ScriptedServer server;
    QVERIFY(exchange(server.port(), "\x16\x03\x01 nonsense\r\n\r\n").startsWith("HTTP/1.1 400 "));
    QVERIFY(exchange(server.port(), "GET /" + QByteArray(70'000, 'a')).startsWith("HTTP/1.1 431 "));
    QVERIFY(server.requests().isEmpty());
}

void tst_LoopbackServer::tooManyConnectionsAreTurnedAway()
{
    core::LoopbackServer server([](const auto &, auto &) {});
    QVERIFY(server.listen());
    std::vector<std::unique_ptr<QTcpSocket>> sockets;
    for (int i = 0; i < core::LoopbackServer::MaxConnections; ++i) {
        sockets.push_back(std::make_unique<QTcpSocket>());
        sockets.back()->connectToHost(QHostAddress::LocalHost, server.port());
    }
    QTRY_COMPARE(server.connectionsOpen(), core::LoopbackServer::MaxConnections);
    QVERIFY(exchange(server.port(), {}).startsWith("HTTP/1.1 503 "));
    QTRY_COMPARE(server.connectionsOpen(), core::LoopbackServer::MaxConnections);
}

void tst_LoopbackServer::leavingClientEndsTheAnswer()
{
    QPointer<core::LoopbackResponse> response;
    core::LoopbackServer server([&](const core::LoopbackRequest &, core::LoopbackResponse &r) {
        r.sendHead(200, {});
        response = &r;
    });
    QVERIFY(server.listen());
    auto reply = get(server.url(u"/"));
    QTRY_VERIFY(response);
    QSignalSpy ended(response, &core::LoopbackResponse::ended);
    reply.reset();
    QTRY_COMPARE(ended.count(), 1);
    QCOMPARE(ended.first().first().value<core::LoopbackResponse::Then>(),
             core::LoopbackResponse::Then::Close);
    QTRY_VERIFY2(!response, "a response that ended is deleted");
    QTRY_COMPARE(server.connectionsOpen(), 0);
}

void tst_LoopbackServer::worksInAThreadOfItsOwn()
{
    QThread thread;
    QThread *calledIn = nullptr;
    auto *server = new core::LoopbackServer(
        [&](const core::LoopbackRequest &, core::LoopbackResponse &response) {
            calledIn = QThread::currentThread();
            response.send(200, {}, "from afar");
        });
    server->moveToThread(&thread);
    connect(&thread, &QThread::finished, server, &QObject::deleteLater);
    thread.start();
    QUrl url;
    QMetaObject::invokeMethod(
        server, [&] { url = server->listen() ? server->url(u"/") : QUrl(); },
        Qt::BlockingQueuedConnection);
    const auto reply = get(url);
    QSignalSpy finished(reply.get(), &QNetworkReply::finished);
    const bool answered = finished.wait();
    thread.quit();
    QVERIFY(thread.wait());
    QVERIFY(answered);
    QCOMPARE(reply->readAll(), QByteArray("from afar"));
    QCOMPARE(calledIn, &thread);
}

void tst_LoopbackServer::unscriptedRequestsAreCounted()
{
    ScriptedServer server;
    const auto reply = get(server.url(u"/nobody"));
    QSignalSpy finished(reply.get(), &QNetworkReply::finished);
    QVERIFY(finished.wait());
    QCOMPARE(reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), 599);
    QCOMPARE(server.unscripted(), 1);
}

QTEST_GUILESS_MAIN(tst_LoopbackServer)
#include "tst_loopbackserver.moc"
