#include "core/practice/requestparser.h"

#include <QTest>

using core::LoopbackRequest;
using core::RequestParser;

class tst_RequestParser : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void sameRequestWhereverItIsCut();
    void pipelinedRequestsComeOneByOne();
    void keepAlive_data();
    void keepAlive();
    void refuses_data();
    void refuses();
    void limits();
};

void tst_RequestParser::sameRequestWhereverItIsCut()
{
    const QByteArray wire = "\r\nPOST /v1/chat?x=1 HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                            "Content-Type:application/json\r\ncontent-length: 7\r\n\r\n{\"a\":1}";
    for (qsizetype cut = 0; cut <= wire.size(); ++cut) {
        RequestParser parser;
        parser.feed(QByteArrayView(wire).first(cut));
        std::optional<LoopbackRequest> request = parser.next();
        QCOMPARE(request.has_value(), cut == wire.size());
        if (!request) {
            parser.feed(QByteArrayView(wire).sliced(cut));
            request = parser.next();
        }
        QVERIFY2(request, qPrintable(QString::number(cut)));
        QCOMPARE(request->method, QByteArray("POST"));
        QCOMPARE(request->target, QByteArray("/v1/chat?x=1"));
        QCOMPARE(request->path(), QByteArray("/v1/chat"));
        QCOMPARE(request->headers.value("content-type"), QByteArray("application/json"));
        QCOMPARE(request->body, QByteArray("{\"a\":1}"));
        QVERIFY(!parser.next());
        QCOMPARE(parser.refusal(), 0);
    }
}

void tst_RequestParser::pipelinedRequestsComeOneByOne()
{
    RequestParser parser;
    parser.feed("POST /a HTTP/1.1\r\nContent-Length: 2\r\n\r\nhiGET /b HTTP/1.1\r\n\r\n");
    const auto first = parser.next();
    QVERIFY(first);
    QCOMPARE(first->body, QByteArray("hi"));
    const auto second = parser.next();
    QVERIFY(second);
    QCOMPARE(second->target, QByteArray("/b"));
    QVERIFY(second->body.isEmpty());
    QVERIFY(!parser.next());
}

void tst_RequestParser::keepAlive_data()
{
    QTest::addColumn<QByteArray>("wire");
    QTest::addColumn<bool>("expected");
    QTest::newRow("1.1") << QByteArray("GET / HTTP/1.1\r\n\r\n") << true;
    QTest::newRow("1.0") << QByteArray("GET / HTTP/1.0\r\n\r\n") << false;
    QTest::newRow("close") << QByteArray("GET / HTTP/1.1\r\nConnection: Close\r\n\r\n") << false;
}

void tst_RequestParser::keepAlive()
{
    QFETCH(const QByteArray, wire);
    RequestParser parser;
    parser.feed(wire);
    const auto request = parser.next();
    QVERIFY(request);
    QTEST(request->keepAlive, "expected");
}

void tst_RequestParser::refuses_data()
{
    QTest::addColumn<QByteArray>("wire");
    QTest::addColumn<int>("status");
    const auto row = [](const char *name, const QByteArray &head, int status) {
        QTest::newRow(name) << head + "\r\n\r\n" << status;
    };
    row("two-words", "GET /", 400);
    row("absolute-target", "GET http://elsewhere/ HTTP/1.1", 400);
    row("method-with-slash", "GE/T / HTTP/1.1", 400);
    row("not-http", "GET / SPDY/3", 400);
    row("http-2", "GET / HTTP/2.0", 505);
    row("header-without-colon", "GET / HTTP/1.1\r\nHost", 400);
    row("folded-header", "GET / HTTP/1.1\r\nHost: a\r\n b", 400);
    row("space-before-colon", "GET / HTTP/1.1\r\nHost : a", 400);
    row("length-with-sign", "POST / HTTP/1.1\r\nContent-Length: +3", 400);
    row("length-overflows", "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999", 413);
    row("body-over-limit", "POST / HTTP/1.1\r\nContent-Length: 67108865", 413);
    row("transfer-coding", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked", 501);
}

void tst_RequestParser::refuses()
{
    QFETCH(const QByteArray, wire);
    QFETCH(const int, status);
    RequestParser parser;
    parser.feed(wire);
    QVERIFY(!parser.next());
    QCOMPARE(parser.refusal(), status);
    parser.feed("GET / HTTP/1.1\r\n\r\n");
    QVERIFY2(!parser.next(), "nothing after a refusal can be trusted");
}

void tst_RequestParser::limits()
{
    const QByteArray start = "GET / HTTP/1.1\r\nX: ";
    for (const int excess : {0, 1}) {
        RequestParser parser;
        parser.feed(start + QByteArray(RequestParser::MaxHead - start.size() + excess, 'a'));
        parser.feed("\r\n\r\n");
        QCOMPARE(parser.next().has_value(), excess == 0);
        QCOMPARE(parser.refusal(), excess == 0 ? 0 : 431);
    }
    RequestParser endless;
    endless.feed(start + QByteArray(RequestParser::MaxHead, 'a'));
    QVERIFY(!endless.next());
    QCOMPARE(endless.refusal(), 431);
}

QTEST_GUILESS_MAIN(tst_RequestParser)
#include "tst_requestparser.moc"
