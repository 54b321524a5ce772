#include "core/conversation/promptguard.h"

#include <QTest>

using core::PromptConcern;
using core::PromptGuard;
using Kind = core::PromptConcern::Kind;

namespace {

//! Put together at run time, so that no scanner takes this file for a leak.
QString shaped(const char *start, char fill, int count, const char *end = "")
{
    return QString::fromLatin1(start) + QString(count, QLatin1Char(fill)) +
           QString::fromLatin1(end);
}

} // namespace

class tst_PromptGuard : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void findsSecrets_data();
    void findsSecrets();
    void leavesOrdinaryTextAlone_data();
    void leavesOrdinaryTextAlone();
    void findsWhatTheUserBlocks();
    void tellsAtMostTwenty();
    void sentenceNeverHoldsTheSecret();
    void warnsOfEveryPlace_data();
    void warnsOfEveryPlace();
    void faultyPatternIsTold_data();
    void faultyPatternIsTold();
};

void tst_PromptGuard::findsSecrets_data()
{
    QTest::addColumn<QString>("secret");
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<QString>("what");
    const auto row = [](const char *name, const QString &secret, Kind kind, const char *what = "") {
        QTest::newRow(name) << secret << kind << QString::fromLatin1(what);
    };
    row("pem-private-key", QStringLiteral("-----BEGIN RSA ") + QStringLiteral("PRIVATE KEY-----"),
        Kind::PrivateKey);
    row("pem-openssh", QStringLiteral("-----BEGIN OPENSSH ") + QStringLiteral("PRIVATE KEY-----"),
        Kind::PrivateKey);
    row("openai", shaped("sk-proj-", 'a', 30), Kind::ServiceKey, "OpenAI");
    row("anthropic", shaped("sk-ant-api03-", 'b', 30), Kind::ServiceKey, "Anthropic");
    row("openrouter", shaped("sk-or-v1-", 'c', 30), Kind::ServiceKey, "OpenRouter");
    row("google", shaped("AIza", 'D', 35), Kind::ServiceKey, "Google");
    row("aws-id", shaped("AKIA", 'E', 16), Kind::ServiceKey, "AWS");
    row("aws-secret", shaped("aws_secret_access_key = ", 'f', 40), Kind::ServiceKey, "AWS");
    row("groq", shaped("gsk_", 'g', 40), Kind::ServiceKey, "Groq");
    row("github", shaped("ghp_", 'h', 36), Kind::ServiceKey, "GitHub");
    row("slack", shaped("xoxb-", '1', 24), Kind::ServiceKey, "Slack");
    row("jwt", shaped("eyJ", 'a', 12) + shaped(".eyJ", 'b', 12) + shaped(".", 'c', 30),
        Kind::AccessToken);
    row("bearer", shaped("Bearer ", 'k', 30), Kind::AccessToken);
    row("url-password", QStringLiteral("postgres://me:hunter22@db.example.org"), Kind::Password);
}

void tst_PromptGuard::findsSecrets()
{
    QFETCH(const QString, secret);
    QFETCH(const Kind, kind);
    QFETCH(const QString, what);
    const QString before = QStringLiteral("Why does this fail?\n");
    const QList<PromptConcern> concerns =
        PromptGuard().concernsOf(before + secret + QStringLiteral("\nThanks"));
    QCOMPARE(concerns.size(), 1);
    QCOMPARE(concerns.first().kind, kind);
    QCOMPARE(concerns.first().what, what);
    QCOMPARE(concerns.first().position, before.size());
    QCOMPARE(concerns.first().length, secret.size());
}

void tst_PromptGuard::leavesOrdinaryTextAlone_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("empty") << QString();
    QTest::newRow("prose") << QStringLiteral("The bearer of good news asked for a sk-8 board.");
    QTest::newRow("public-key") << QStringLiteral("-----BEGIN PUBLIC KEY-----");
    QTest::newRow("placeholder") << QStringLiteral("Authorization: Bearer $TOKEN, key sk-...");
    QTest::newRow("url") << QStringLiteral("http://localhost:8080/a@b and https://user@host/x");
    QTest::newRow("hash") << QStringLiteral("commit 4605c8e1f0d94d5a8f6b7c7a0c0f1e2d3c4b5a69");
    QTest::newRow("inside-a-word") << shaped("mask-ask-", 'x', 5);
}

void tst_PromptGuard::leavesOrdinaryTextAlone()
{
    QFETCH(const QString, text);
    QVERIFY(PromptGuard().concernsOf(text).isEmpty());
    QVERIFY(core::concernText({}).isEmpty());
}

void tst_PromptGuard::findsWhatTheUserBlocks()
{
    const PromptGuard guard({QStringLiteral("Project Wren"), QStringLiteral("/\\bACME-\\d{4}\\b/"),
                             QStringLiteral("/un(closed/"), QStringLiteral("  "),
                             QStringLiteral("/q*/")});
    const auto found = guard.concernsOf(
        QStringLiteral("About PROJECT WREN: ACME-1234, not ACME-12, and /un(closed/ as text."));
    QCOMPARE(found.size(), 3);
    QCOMPARE(found.at(0).what, QStringLiteral("Project Wren"));
    QCOMPARE(found.at(1).position, QStringLiteral("About PROJECT WREN: ").size());
    QCOMPARE(found.at(1).length, QStringLiteral("ACME-1234").size());
    QCOMPARE(found.at(2).what, QStringLiteral("/un(closed/"));
    for (const PromptConcern &concern : found)
        QCOMPARE(concern.kind, Kind::Blocked);
}

void tst_PromptGuard::tellsAtMostTwenty()
{
    const QString many = (shaped("ghp_", 'h', 36) + QLatin1Char(' ')).repeated(500);
    QCOMPARE(PromptGuard().concernsOf(many).size(), 20);
}

void tst_PromptGuard::sentenceNeverHoldsTheSecret()
{
    const QString secret = shaped("sk-ant-", 'z', 40);
    const QString sentence = core::concernText(
        PromptGuard().concernsOf(secret + QStringLiteral(" postgres://me:hunter22@db")));
    QVERIFY(sentence.contains(QStringLiteral("Anthropic")));
    QVERIFY(sentence.contains(QStringLiteral("1 more")));
    QVERIFY(!sentence.contains(QStringLiteral("zzz")));
    QVERIFY(!sentence.contains(QStringLiteral("hunter22")));
}

void tst_PromptGuard::warnsOfEveryPlace_data()
{
    QTest::addColumn<core::OutgoingPrompt>("prompt");
    QTest::addColumn<QString>("warning");
    const QString secret = shaped("ghp_", 'h', 36);
    const auto file = [&secret](const char *name, const char *type = "text/plain") {
        return core::AttachmentPart{QString::fromLatin1(name), QString::fromLatin1(type),
                                    "TOKEN=" + secret.toUtf8() + '\n'};
    };
    const QString plain = QStringLiteral("Why?");
    QTest::newRow("nothing") << core::OutgoingPrompt{plain, {}, {QString(), plain}} << QString();
    QTest::newRow("text") << core::OutgoingPrompt{secret, {}, {}}
                          << QStringLiteral("The message holds a key of GitHub.");
    QTest::newRow("text-file") << core::OutgoingPrompt{plain, {file(".env")}, {}}
                               << QStringLiteral("\u201c.env\u201d holds a key of GitHub.");
    QTest::newRow("picture") << core::OutgoingPrompt{plain, {file("a.png", "image/png")}, {}}
                             << QString();
    QTest::newRow("system-prompts")
        << core::OutgoingPrompt{plain, {}, {secret, QStringLiteral("Use ") + secret}}
        << QStringLiteral("The system prompt holds a key of GitHub.");
    QTest::newRow("schema")
        << core::OutgoingPrompt{plain, {}, {}, {QStringLiteral("{\"const\":\"%1\"}").arg(secret)}}
        << QStringLiteral("The answer's schema holds a key of GitHub.");
    QTest::newRow("text-and-file") << core::OutgoingPrompt{secret, {file("a.txt")}, {}}
                                   << QStringLiteral("The message holds a key of GitHub. "
                                                     "\u201ca.txt\u201d holds a key of GitHub.");
    const core::OutgoingPrompt many{
        secret, {file("1"), file("2"), file("3"), file("4"), file("5")}, {}};
    QTest::newRow("many") << many
                          << QStringLiteral("The message holds a key of GitHub. "
                                            "\u201c1\u201d holds a key of GitHub. "
                                            "\u201c2\u201d holds a key of GitHub. "
                                            "\u201c3\u201d holds a key of GitHub. "
                                            "And 2 more like it.");
}

void tst_PromptGuard::warnsOfEveryPlace()
{
    QFETCH(const core::OutgoingPrompt, prompt);
    QFETCH(const QString, warning);
    QCOMPARE(PromptGuard().warningOn(prompt), warning);
}

void tst_PromptGuard::faultyPatternIsTold_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<bool>("isFaulty");
    QTest::newRow("text") << QStringLiteral("Project (Wren") << false;
    QTest::newRow("expression") << QStringLiteral("/\\bACME-\\d{4}\\b/") << false;
    QTest::newRow("unclosed") << QStringLiteral(" /un(closed/ ") << true;
    QTest::newRow("empty") << QString() << false;
    QTest::newRow("only-slashes") << QStringLiteral("//") << false;
}

void tst_PromptGuard::faultyPatternIsTold()
{
    QFETCH(const QString, pattern);
    QFETCH(const bool, isFaulty);
    QCOMPARE(!core::patternFault(pattern).isEmpty(), isFaulty);
}

QTEST_GUILESS_MAIN(tst_PromptGuard)
#include "tst_promptguard.moc"
