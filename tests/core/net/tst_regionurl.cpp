#include "core/net/regionurl.h"

#include <QTest>

using namespace core;

namespace {

const QString Pattern = QStringLiteral("https://bedrock-runtime.{region}.amazonaws.com");

} // namespace

class tst_RegionUrl : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void regions_data();
    void regions();
    void otherHostsHaveNone_data();
    void otherHostsHaveNone();
};

void tst_RegionUrl::regions_data()
{
    QTest::addColumn<QString>("region");
    QTest::addColumn<QString>("url");
    const auto row = [](const char *region, const char *url) {
        QTest::newRow(*region ? region : "empty")
            << QString::fromLatin1(region) << QString::fromLatin1(url);
    };
    row("us-east-1", "https://bedrock-runtime.us-east-1.amazonaws.com");
    row("ap-southeast-10", "https://bedrock-runtime.ap-southeast-10.amazonaws.com");
    row("us-gov-west-1", "https://bedrock-runtime.us-gov-west-1.amazonaws.com");
    row("cn-north-1", "https://bedrock-runtime.cn-north-1.amazonaws.com.cn");
    row("", "");
    row("eu", "");
    row("EU-WEST-1", "");
    row("eu-west-1.evil.example/", "");
    row("evil.example/?x=-1", "");
    row("eu-west-1#", "");
    row("eu-west-1\n", "");
    row("us-east-1@evil", "");
}

void tst_RegionUrl::regions()
{
    QFETCH(const QString, region);
    QFETCH(const QString, url);
    const auto made = regionUrl(Pattern, region);
    QCOMPARE(made.has_value(), !url.isEmpty());
    if (!made)
        return;
    QCOMPARE(made->toString(), url);
    QCOMPARE(regionOf(Pattern, *made), region);
    QCOMPARE(regionOf(Pattern, QUrl(url + QStringLiteral("/some/path"))), region);
}

void tst_RegionUrl::otherHostsHaveNone_data()
{
    QTest::addColumn<QString>("url");
    for (const char *url :
         {"", "https://api.example.com", "http://bedrock-runtime.us-east-1.amazonaws.com",
          "https://bedrock-runtime.us-east-1.amazonaws.com:8443",
          "https://bedrock-runtime.us-east-1.amazonaws.com.evil.example",
          "https://bedrock-runtime.us-east-1.evil.example",
          "https://bedrock-runtime.cn-north-1.amazonaws.com",
          "https://bedrock-runtime-fips.us-east-1.amazonaws.com"})
        QTest::newRow(*url ? url : "empty") << QString::fromLatin1(url);
}

void tst_RegionUrl::otherHostsHaveNone()
{
    QFETCH(const QString, url);
    QCOMPARE(regionOf(Pattern, QUrl(url)), QString());
    QCOMPARE(regionOf({}, QUrl(url)), QString());
}

QTEST_GUILESS_MAIN(tst_RegionUrl)
#include "tst_regionurl.moc"
