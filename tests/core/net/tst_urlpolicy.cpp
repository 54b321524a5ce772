#include "core/net/urlpolicy.h"

#include <QRegularExpression>
#include <QTest>

class tst_UrlPolicy : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void baseUrl_data();
    void baseUrl();
    void origin_data();
    void origin();
    void loopback_data();
    void loopback();
    void requestUrlMayHaveQuery();
    void requestUrlKeepsTheRules_data();
    void requestUrlKeepsTheRules();
    void refusalKeepsTheUrlToItself();
};

namespace {

QString text(const char *utf8)
{
    return QString::fromUtf8(utf8);
}

} // namespace

void tst_UrlPolicy::baseUrl_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("expected"); // empty: refused
    const auto accepted = [](const char *name, const char *typed, const char *expected) {
        QTest::newRow(name) << text(typed) << text(expected);
    };
    const auto refused = [](const char *name, const char *typed) {
        QTest::newRow(name) << text(typed) << QString();
    };
    accepted("https", "https://api.openai.com/v1", "https://api.openai.com/v1");
    accepted("no-path", "https://api.openai.com", "https://api.openai.com");
    accepted("trailing-slash", "https://api.openai.com/v1/", "https://api.openai.com/v1");
    accepted("only-slash", "https://api.openai.com/", "https://api.openai.com");
    accepted("many-slashes", "https://api.openai.com/v1///", "https://api.openai.com/v1");
    accepted("surrounding-space", "  https://api.openai.com/v1 \n", "https://api.openai.com/v1");
    accepted("upper-case", "HTTPS://API.OpenAI.com/V1", "https://api.openai.com/V1");
    accepted("port", "https://gate.example:8443/x", "https://gate.example:8443/x");
    accepted("default-port", "https://gate.example:443/x", "https://gate.example:443/x");
    accepted("dot-segments", "https://gate.example/a/../b", "https://gate.example/b");
    accepted("escaped-path", "https://gate.example/a%2Fb", "https://gate.example/a%2Fb");
    accepted("international", "https://b\u00fccher.example/v1", "https://xn--bcher-kva.example/v1");
    accepted("punycode", "https://xn--bcher-kva.example", "https://xn--bcher-kva.example");
    accepted("private-address-https", "https://192.168.1.4/v1", "https://192.168.1.4/v1");
    accepted("ipv6-https", "https://[2001:db8::1]:8443/v1", "https://[2001:db8::1]:8443/v1");
    accepted("localhost", "http://localhost:11434/v1", "http://localhost:11434/v1");
    accepted("loopback-v4", "http://127.0.0.1:8080", "http://127.0.0.1:8080");
    accepted("loopback-v4-high", "http://127.9.8.7/v1", "http://127.9.8.7/v1");
    accepted("loopback-v6", "http://[::1]:8080/v1", "http://[::1]:8080/v1");
    accepted("loopback-v6-long", "http://[0:0:0:0:0:0:0:1]/v1", "http://[::1]/v1");

    refused("empty", "");
    refused("space-only", "   ");
    refused("no-scheme", "api.openai.com/v1");
    refused("scheme-relative", "//api.openai.com/v1");
    refused("relative", "/v1");
    refused("http", "http://api.openai.com/v1");
    refused("http-private", "http://192.168.1.4:11434");
    refused("http-any-address", "http://0.0.0.0:11434");
    refused("http-v6-any", "http://[::]:11434");
    refused("http-mapped-loopback", "http://[::ffff:127.0.0.1]/v1");
    refused("http-localhost-suffix", "http://localhost.evil.example/v1");
    refused("http-localhost-prefix", "http://notlocalhost/v1");
    refused("http-loopback-name", "http://127.0.0.1.nip.example/v1");
    refused("file", "file:///etc/passwd");
    refused("ftp", "ftp://gate.example/v1");
    refused("javascript", "javascript:alert(1)");
    refused("data", "data:text/html,x");
    refused("unix-socket", "unix:///run/x.sock");
    refused("qrc", "qrc:///providers.json");
    refused("no-host", "https:///v1");
    refused("only-scheme", "https://");
    refused("user", "https://me@gate.example/v1");
    refused("user-and-password", "https://me:secret@gate.example/v1");
    refused("empty-user", "https://@gate.example/v1");
    refused("host-in-user", "https://api.openai.com@evil.example/v1");
    refused("backslash-at", "https://api.openai.com\\@evil.example/v1");
    refused("backslash", "https:\\\\api.openai.com\\v1");
    refused("query", "https://gate.example/v1?key=1");
    refused("empty-query", "https://gate.example/v1?");
    refused("fragment", "https://gate.example/v1#top");
    refused("empty-fragment", "https://gate.example/v1#");
    refused("space-in-host", "https://gate example/v1");
    refused("space-in-path", "https://gate.example/v 1");
    refused("newline", "https://gate.example/\nHost: evil.example");
    refused("tab", "https://gate\t.example/");
    refused("nul", "https://gate.example/%00\x01");
    refused("zero-width", "https://gate\u200b.example/");
    refused("bidi-override", "https://\u202eelpmaxe.example/");
    refused("bad-escape", "https://gate.example/%zz");
    refused("escaped-host", "https://gate%2eexample%2f/v1");
    refused("port-zero", "https://gate.example:0/v1");
    refused("port-too-high", "https://gate.example:65536/v1");
    refused("port-negative", "https://gate.example:-1/v1");
    refused("port-word", "https://gate.example:https/v1");
    refused("open-bracket", "https://[::1/v1");
    refused("zone-index", "https://[fe80::1%25eth0]/v1");
    refused("brackets-in-path", "https://gate.example/<v1>");
    refused("two-urls", "https://https://gate.example/v1");
}

void tst_UrlPolicy::baseUrl()
{
    QFETCH(const QString, typed);
    QFETCH(const QString, expected);
    const auto url = core::parseBaseUrl(typed);
    const QString actual = url ? url->toString(QUrl::FullyEncoded) : QString();
    QCOMPARE(actual, expected);
    if (!url) {
        QCOMPARE(url.error().kind, core::ErrorKind::InputRejected);
        QVERIFY(!url.error().detail.isEmpty());
    } else {
        QVERIFY(core::checkRequestUrl(*url));
        // What was accepted is canonical: reading it again changes nothing.
        const auto again = core::parseBaseUrl(actual);
        QVERIFY(again && *again == *url);
    }
}

void tst_UrlPolicy::origin_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const char *url, const char *expected) {
        QTest::newRow(name) << text(url) << text(expected);
    };
    row("plain", "https://api.openai.com/v1/x?y", "https://api.openai.com");
    row("upper-case", "HTTPS://API.OpenAI.com", "https://api.openai.com");
    row("default-port-https", "https://gate.example:443/", "https://gate.example");
    row("default-port-http", "http://localhost:80/", "http://localhost");
    row("other-port", "https://gate.example:80/", "https://gate.example:80");
    row("punycode", "https://B\u00dcCHER.example/", "https://xn--bcher-kva.example");
    row("ipv6", "https://[2001:DB8:0::1]:8443/v1", "https://[2001:db8::1]:8443");
    row("ipv6-default-port", "http://[::1]/v1", "http://[::1]");
}

void tst_UrlPolicy::origin()
{
    QFETCH(const QString, url);
    QFETCH(const QString, expected);
    QCOMPARE(core::originOf(QUrl(url, QUrl::StrictMode)), expected);
}

void tst_UrlPolicy::loopback_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<bool>("expected");
    QTest::newRow("v4") << text("http://127.0.0.1:1/") << true;
    QTest::newRow("v4-short") << text("http://127.1/") << true; // QUrl itself writes 127.0.0.1
    QTest::newRow("v6") << text("http://[::1]/") << true;
    QTest::newRow("name") << text("https://LocalHost/") << true;
    QTest::newRow("v4-neighbour") << text("http://128.0.0.1/") << false;
    QTest::newRow("v6-mapped") << text("http://[::ffff:127.0.0.1]/") << false;
    QTest::newRow("name-suffix") << text("http://localhost.example/") << false;
    QTest::newRow("any") << text("http://0.0.0.0/") << false;
    QTest::newRow("empty") << QString() << false;
}

void tst_UrlPolicy::loopback()
{
    QFETCH(const QString, url);
    QFETCH(const bool, expected);
    QCOMPARE(core::isLoopback(QUrl(url)), expected);
}

void tst_UrlPolicy::requestUrlMayHaveQuery()
{
    QVERIFY(core::checkRequestUrl(QUrl(QStringLiteral("https://gate.example/v1/models?after=x"))));
}

void tst_UrlPolicy::requestUrlKeepsTheRules_data()
{
    QTest::addColumn<QUrl>("url");
    QTest::newRow("http") << QUrl(QStringLiteral("http://gate.example/v1"));
    QTest::newRow("user") << QUrl(QStringLiteral("https://me@gate.example/v1"));
    QTest::newRow("fragment") << QUrl(QStringLiteral("https://gate.example/v1#x"));
    QTest::newRow("tolerant-backslash") << QUrl(QStringLiteral("http://127.0.0.1\\@evil.example/"));
    QTest::newRow("empty") << QUrl();
    QTest::newRow("relative") << QUrl(QStringLiteral("v1/models"));
}

void tst_UrlPolicy::requestUrlKeepsTheRules()
{
    QFETCH(const QUrl, url);
    QVERIFY(!core::checkRequestUrl(url));
}

void tst_UrlPolicy::refusalKeepsTheUrlToItself()
{
    const auto url =
        core::parseBaseUrl(QStringLiteral("https://me:canary-7Q@gate.example/?canary-7Q"));
    QVERIFY(!url);
    QVERIFY(!url.error().detail.contains(QStringLiteral("canary")));
}

QTEST_GUILESS_MAIN(tst_UrlPolicy)
#include "tst_urlpolicy.moc"
