#include "app/commandline.h"
#include "app/jsonwriter.h"
#include "app/targetspec.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>

class tst_CommandLine : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void parses_data();
    void parses();
    void refuses_data();
    void refuses();
    void everyVerbHasHelp();
    void everyVerbIsInTheManual();
    void targets_data();
    void targets();
    void brokenTargets_data();
    void brokenTargets();
    void jsonKeepsOrderAndText();
};

void tst_CommandLine::parses_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("verb");
    QTest::addColumn<QString>("operand");
    QTest::addColumn<QString>("option");
    QTest::addColumn<QStringList>("values");
    QTest::newRow("window") << QStringList{} << QString() << QString() << QStringLiteral("--demo")
                            << QStringList{};
    QTest::newRow("option-before-verb")
        << QStringList{QStringLiteral("--demo"), QStringLiteral("ask"), QStringLiteral("hi")}
        << QStringLiteral("ask") << QStringLiteral("hi") << QStringLiteral("--demo")
        << QStringList{QString()};
    QTest::newRow("option-after-operand")
        << QStringList{QStringLiteral("ask"), QStringLiteral("hi"), QStringLiteral("--target"),
                       QStringLiteral("a/b")}
        << QStringLiteral("ask") << QStringLiteral("hi") << QStringLiteral("--target")
        << QStringList{QStringLiteral("a/b")};
    QTest::newRow("verb-option-before-verb")
        << QStringList{QStringLiteral("--target"), QStringLiteral("a/b"), QStringLiteral("ask"),
                       QStringLiteral("hi")}
        << QStringLiteral("ask") << QStringLiteral("hi") << QStringLiteral("--target")
        << QStringList{QStringLiteral("a/b")};
    QTest::newRow("repeated") << QStringList{QStringLiteral("ask"), QStringLiteral("--target=a/b"),
                                             QStringLiteral("--target"), QStringLiteral("c/d")}
                              << QStringLiteral("ask") << QString() << QStringLiteral("--target")
                              << QStringList{QStringLiteral("a/b"), QStringLiteral("c/d")};
    QTest::newRow("dash-is-an-operand")
        << QStringList{QStringLiteral("ask"), QStringLiteral("-")} << QStringLiteral("ask")
        << QStringLiteral("-") << QStringLiteral("--json") << QStringList{};
    QTest::newRow("double-dash-ends-options")
        << QStringList{QStringLiteral("ask"), QStringLiteral("--"), QStringLiteral("--json")}
        << QStringLiteral("ask") << QStringLiteral("--json") << QStringLiteral("--json")
        << QStringList{};
    QTest::newRow("value-with-equals")
        << QStringList{QStringLiteral("--set"), QStringLiteral("a/b=c=d"), QStringLiteral("doctor")}
        << QStringLiteral("doctor") << QString() << QStringLiteral("--set")
        << QStringList{QStringLiteral("a/b=c=d")};
}

void tst_CommandLine::parses()
{
    QFETCH(const QStringList, arguments);
    QFETCH(const QString, verb);
    QFETCH(const QString, operand);
    QFETCH(const QString, option);
    QFETCH(const QStringList, values);
    const auto line = app::parseCommandLine(arguments);
    QVERIFY2(line, line ? "" : qPrintable(line.error().detail));
    QCOMPARE(line->verb, verb);
    QCOMPARE(line->operand.value_or(QString()), operand);
    QCOMPARE(line->all(option), values);
}

void tst_CommandLine::refuses_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("names");
    QTest::newRow("unknown-verb") << QStringList{QStringLiteral("sing")} << QStringLiteral("sing");
    QTest::newRow("unknown-option")
        << QStringList{QStringLiteral("ask"), QStringLiteral("--loud")} << QStringLiteral("--loud");
    QTest::newRow("option-of-another-verb")
        << QStringList{QStringLiteral("--png"), QStringLiteral("x"), QStringLiteral("ask"),
                       QStringLiteral("hi")}
        << QStringLiteral("--png");
    QTest::newRow("two-operands") << QStringList{QStringLiteral("ask"), QStringLiteral("two"),
                                                 QStringLiteral("words")}
                                  << QStringLiteral("words");
    QTest::newRow("missing-value") << QStringList{QStringLiteral("ask"), QStringLiteral("--target")}
                                   << QStringLiteral("--target");
    QTest::newRow("value-for-a-switch")
        << QStringList{QStringLiteral("--demo=yes")} << QStringLiteral("--demo");
    QTest::newRow("twice") << QStringList{QStringLiteral("--profile"), QStringLiteral("a"),
                                          QStringLiteral("--profile"), QStringLiteral("b")}
                           << QStringLiteral("--profile");
    QTest::newRow("profile-without-a-name")
        << QStringList{QStringLiteral("--profile="), QStringLiteral("cost")}
        << QStringLiteral("--profile");
    QTest::newRow("operand-where-none-goes")
        << QStringList{QStringLiteral("doctor"), QStringLiteral("who")} << QStringLiteral("who");
    QTest::newRow("verb-option-without-verb")
        << QStringList{QStringLiteral("--json")} << QStringLiteral("--json");
}

void tst_CommandLine::refuses()
{
    QFETCH(const QStringList, arguments);
    QFETCH(const QString, names);
    const auto line = app::parseCommandLine(arguments);
    QVERIFY(!line);
    QCOMPARE(line.error().kind, core::ErrorKind::InputRejected);
    QVERIFY2(line.error().detail.contains(names), qPrintable(line.error().detail));
}

void tst_CommandLine::everyVerbHasHelp()
{
    for (const app::VerbSpec &verb : app::verbs()) {
        const QString help = app::helpText(verb.name);
        QVERIFY(app::helpText(QString()).contains(verb.name));
        for (const app::OptionSpec &option : verb.options)
            QVERIFY2(help.contains(option.name), qPrintable(option.name));
    }
}

void tst_CommandLine::everyVerbIsInTheManual()
{
    QFile manual(QStringLiteral(FARTHING_SOURCE_DIR "/packaging/farthing.1"));
    QVERIFY2(manual.open(QIODevice::ReadOnly), qPrintable(manual.fileName()));
    const QString text = QString::fromUtf8(manual.readAll());
    for (const app::VerbSpec &verb : app::verbs()) {
        const QRegularExpression entry(QStringLiteral("^\\.BI? %1\\b").arg(verb.name),
                                       QRegularExpression::MultilineOption);
        QVERIFY2(text.contains(entry), qPrintable(verb.name));
    }
}

void tst_CommandLine::targets_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("baseUrl");
    QTest::newRow("plain") << QStringLiteral("anthropic/claude-sonnet-4-5")
                           << QStringLiteral("anthropic") << QStringLiteral("claude-sonnet-4-5")
                           << QString();
    QTest::newRow("model-with-slash")
        << QStringLiteral("openrouter/meta/llama:free") << QStringLiteral("openrouter")
        << QStringLiteral("meta/llama:free") << QString();
    QTest::newRow("model-with-at")
        << QStringLiteral("custom/vertex@2024@http://127.0.0.1:1/v1") << QStringLiteral("custom")
        << QStringLiteral("vertex@2024") << QStringLiteral("http://127.0.0.1:1/v1");
    QTest::newRow("last-at-http-wins")
        << QStringLiteral("custom/a@http@https://h/v1") << QStringLiteral("custom")
        << QStringLiteral("a@http") << QStringLiteral("https://h/v1");
}

void tst_CommandLine::targets()
{
    QFETCH(const QString, text);
    QFETCH(const QString, provider);
    QFETCH(const QString, model);
    QFETCH(const QString, baseUrl);
    const auto spec = app::parseTargetSpec(text);
    QVERIFY(spec);
    QCOMPARE(spec->provider, provider);
    QCOMPARE(spec->model, model);
    QCOMPARE(spec->baseUrl, baseUrl);
}

void tst_CommandLine::brokenTargets_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("no-slash") << QStringLiteral("anthropic");
    QTest::newRow("no-provider") << QStringLiteral("/model");
    QTest::newRow("no-model") << QStringLiteral("anthropic/");
    QTest::newRow("only-url") << QStringLiteral("custom/@http://127.0.0.1:1");
}

void tst_CommandLine::brokenTargets()
{
    QFETCH(const QString, text);
    QVERIFY(!app::parseTargetSpec(text));
}

void tst_CommandLine::jsonKeepsOrderAndText()
{
    using namespace Qt::StringLiterals;
    const QString nasty =
        QStringLiteral("a\"b\\c\n\t\r") + QChar(1) + QChar(0x2028) + QStringLiteral("\U0001F30D");
    app::JsonWriter json;
    json.member("z"_L1, nasty)
        .member("a"_L1, std::int64_t{9'007'199'254'740'993})
        .member("n"_L1, std::optional<std::int64_t>())
        .member("m"_L1, std::optional(core::PicoUsd(3'612'000'000)));
    const QString text = json.toString();
    QVERIFY(text.indexOf("\"z\""_L1) < text.indexOf("\"a\""_L1));
    QVERIFY(!text.contains(QChar(0x2028)));
    QVERIFY(text.contains("9007199254740993"_L1));
    const QJsonObject parsed = QJsonDocument::fromJson(text.toUtf8()).object();
    QCOMPARE(parsed.value("z"_L1).toString(), nasty);
    QVERIFY(parsed.value("n"_L1).isNull());
    QCOMPARE(parsed.value("m"_L1).toString(), QStringLiteral("0.003612"));
}

QTEST_GUILESS_MAIN(tst_CommandLine)
#include "tst_commandline.moc"
