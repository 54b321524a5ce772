// The verbs that ask nobody, as the real program: what goes in and what comes out of them.
#include "tests/app/programrun.h"

#include <QDir>
#include <QFile>
#include <QImage>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <zlib.h>

#include <deque>
#include <memory>
#include <utility>

namespace {

using namespace Qt::StringLiterals;

using Outcome = tests::ProgramRun;

const QByteArray WholeAnswer =
    R"({"id":"c","model":"m","choices":[{"index":0,"message":{"role":"assistant",)"
    R"("content":"hi"},"finish_reason":"stop"}]})";

//! One member of a gzip file.
QByteArray gzip(const QByteArray &bytes)
{
    z_stream stream{};
    constexpr int GzipWindow = 15 + 16;
    QByteArray input = bytes; // zlib wants it writable
    QByteArray packed(bytes.size() + 200, Qt::Uninitialized);
    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GzipWindow, 8,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        qFatal("zlib does not begin");
    stream.next_in = reinterpret_cast<Bytef *>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = reinterpret_cast<Bytef *>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    if (deflate(&stream, Z_FINISH) != Z_STREAM_END)
        qFatal("zlib does not end");
    packed.truncate(static_cast<qsizetype>(stream.total_out));
    deflateEnd(&stream);
    return packed;
}

} // namespace

class tst_Verbs : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void lostOutputIsNoSuccess_data();
    void lostOutputIsNoSuccess();
    void closedOutputIsNoSuccess();
    void lostOutputStopsTheAnswer();
    void windowWithoutADisplaySaysSo();
    void pictureIsWholeOrNotThere();
    void pictureThatEndsEarlySaysSo();
    void pictureOfBothThemes();
    void inputThatCannotBeReadIsNoText_data();
    void inputThatCannotBeReadIsNoText();
    void jsonBodiesAreSniffed_data();
    void jsonBodiesAreSniffed();
    void packedBodiesAreWhole_data();
    void packedBodiesAreWhole();
    void callWithoutAnIdHasNone();
    void brokenBodyIsToldAsACallTellsIt();
    void pageIsNoStream_data();
    void pageIsNoStream();
    void recordedRedirectionIsOne();
    void modelWithoutPricesIsSaid();
    void pricesAsTheSourceOfItsTable();
    void sumsOfNothing();
    void sumsMakeNoFolder();
    void aDayBeginsAtItsFirstMidnight();
    void aKeyOfRowsCountsOnce();
    void doctorGoesByTheSettings_data();
    void doctorGoesByTheSettings();
    void doctorReadsOnAFullDisk();
    void doctorTellsOfAProfileThatCannotBe();

private:
    [[nodiscard]] Outcome run(const QStringList &arguments, const QByteArray &input = {}) const;
    [[nodiscard]] Outcome shell(const QString &script, const QStringList &arguments) const;

    std::unique_ptr<QTemporaryDir> m_folder;
};

void tst_Verbs::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    for (const char *variable : {"DBUS_SESSION_BUS_ADDRESS", "no_proxy", "NO_PROXY"})
        qunsetenv(variable);
    qputenv("https_proxy", "http://192.0.2.7:3128");
}

Outcome tst_Verbs::run(const QStringList &arguments, const QByteArray &input) const
{
    return tests::runProgram(QStringList{QStringLiteral("--profile"), m_folder->path()} + arguments,
                             input);
}

//! \p script runs the program as "$0" "$@".
Outcome tst_Verbs::shell(const QString &script, const QStringList &arguments) const
{
    QProcess process;
    process.setWorkingDirectory(m_folder->path());
    process.start(QStringLiteral("/bin/sh"),
                  QStringList{QStringLiteral("-c"), script, QStringLiteral(FARTHING_PROGRAM),
                              QStringLiteral("--profile"), m_folder->path()} +
                      arguments);
    process.closeWriteChannel();
    return tests::ended(process);
}

void tst_Verbs::lostOutputIsNoSuccess_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("version") << QStringList{QStringLiteral("--version")};
    QTest::newRow("help") << QStringList{QStringLiteral("--help")};
    QTest::newRow("cost") << QStringList{QStringLiteral("cost")};
    QTest::newRow("tokens") << QStringList{QStringLiteral("tokens"), QStringLiteral("--encoding"),
                                           QStringLiteral("o200k_base")};
    QTest::newRow("render") << QStringList{QStringLiteral("render")};
}

void tst_Verbs::lostOutputIsNoSuccess()
{
    QFETCH(const QStringList, arguments);
    const Outcome outcome = shell(QStringLiteral("exec \"$0\" \"$@\" >/dev/full"), arguments);
    QCOMPARE(outcome.status, 1);
    QVERIFY2(outcome.messages.contains(QStringLiteral("could not be written")),
             qPrintable(outcome.messages));
}

void tst_Verbs::closedOutputIsNoSuccess()
{
    const Outcome outcome =
        shell(QStringLiteral("exec \"$0\" \"$@\" >&-"), {QStringLiteral("cost")});
    QVERIFY2(outcome.status == 1, qPrintable(outcome.messages));
}

void tst_Verbs::lostOutputStopsTheAnswer()
{
    const Outcome outcome =
        shell(QStringLiteral("exec \"$0\" \"$@\" >/dev/full"),
              {QStringLiteral("--demo"), QStringLiteral("ask"), QStringLiteral("hello")});
    QCOMPARE(outcome.status, 130);
    QVERIFY2(outcome.messages.contains(QStringLiteral("output could not be written, so")),
             qPrintable(outcome.messages));
}

void tst_Verbs::windowWithoutADisplaySaysSo()
{
    const Outcome outcome =
        shell(QStringLiteral("unset QT_QPA_PLATFORM DISPLAY WAYLAND_DISPLAY WAYLAND_SOCKET "
                             "XDG_SESSION_TYPE; exec \"$0\" \"$@\""),
              {});
    QVERIFY2(outcome.status == 2, qPrintable(outcome.messages));
    QVERIFY2(outcome.messages.contains(QStringLiteral("no display")), qPrintable(outcome.messages));
}

void tst_Verbs::pictureIsWholeOrNotThere()
{
    QFile text(m_folder->filePath(QStringLiteral("a.md")));
    QVERIFY(text.open(QIODevice::WriteOnly) && text.write(QByteArray("word ").repeated(2000)) > 0);
    text.close();
    const QStringList render{QStringLiteral("render"), QStringLiteral("--png"),
                             QStringLiteral("a.png"), QStringLiteral("a.md")};
    // One block of 512 or 1024 bytes: a disk that is nearly full.
    const Outcome full = shell(QStringLiteral("ulimit -f 1; exec \"$0\" \"$@\""), render);
    QVERIFY2(full.status == 2, qPrintable(full.messages));
    QVERIFY2(full.messages.contains(QStringLiteral("a.png")), qPrintable(full.messages));
    QVERIFY(!QFile::exists(m_folder->filePath(QStringLiteral("a.png"))));
    const Outcome enough = shell(QStringLiteral("exec \"$0\" \"$@\""), render);
    QVERIFY2(enough.status == 0, qPrintable(enough.messages));
    QVERIFY(!QImage(m_folder->filePath(QStringLiteral("a.png"))).isNull());
}

void tst_Verbs::pictureThatEndsEarlySaysSo()
{
    const QString picture = m_folder->filePath(QStringLiteral("a.png"));
    const Outcome outcome = run({QStringLiteral("render"), QStringLiteral("--png"), picture,
                                 QStringLiteral("--width"), QStringLiteral("200")},
                                QByteArray("line\n\n").repeated(1'500));
    QCOMPARE(outcome.status, 0);
    QVERIFY2(outcome.messages.contains(QStringLiteral("30000")), qPrintable(outcome.messages));
}

void tst_Verbs::pictureOfBothThemes()
{
    const auto picture = [this](const QString &theme) {
        const QString path = m_folder->filePath(theme + QStringLiteral(".png"));
        const Outcome outcome = run({QStringLiteral("render"), QStringLiteral("--png"), path,
                                     QStringLiteral("--theme"), theme},
                                    "some text");
        return outcome.status == 0 ? QImage(path).convertToFormat(QImage::Format_RGB32) : QImage();
    };
    const QImage light = picture(QStringLiteral("light"));
    const QImage dark = picture(QStringLiteral("dark"));
    const QImage both = picture(QStringLiteral("light,dark"));
    QVERIFY(!light.isNull() && light != dark);
    QCOMPARE(both.size(), QSize(light.width(), light.height() + dark.height()));
    QCOMPARE(both.copy(light.rect()), light);
    QCOMPARE(both.copy(dark.rect().translated(0, light.height())), dark);
    QVERIFY(picture(QStringLiteral("light,sepia")).isNull());
}

void tst_Verbs::inputThatCannotBeReadIsNoText_data()
{
    QTest::addColumn<QString>("script");
    QTest::addColumn<QString>("says");
    const QString tokens = QStringLiteral("exec \"$0\" \"$@\" tokens --encoding o200k_base ");
    QTest::newRow("folder-on-standard-input")
        << tokens + QStringLiteral("</tmp") << QStringLiteral("Standard input cannot be read");
    QTest::newRow("closed-standard-input")
        << tokens + QStringLiteral("<&-") << QStringLiteral("Standard input cannot be read");
    QTest::newRow("file-that-fails")
        << tokens + QStringLiteral("/proc/self/mem") << QStringLiteral("/proc/self/mem cannot");
    const QString render = QStringLiteral("exec \"$0\" \"$@\" render ");
    QTest::newRow("endless-file") << render + QStringLiteral("/dev/zero")
                                  << QStringLiteral("/dev/zero is larger than 4 MiB");
    QTest::newRow("endless-standard-input") << render + QStringLiteral("</dev/zero")
                                            << QStringLiteral("Standard input is larger than 4");
    QTest::newRow("pipe") << QStringLiteral("mkfifo p; (cat /dev/zero >p 2>/dev/null) & ") +
                                 render + QStringLiteral("p")
                          << QStringLiteral("p is larger than 4 MiB");
}

void tst_Verbs::inputThatCannotBeReadIsNoText()
{
    QFETCH(const QString, script);
    QFETCH(const QString, says);
    const Outcome outcome = shell(script, {});
    QVERIFY2(outcome.status == 2, qPrintable(outcome.messages));
    QVERIFY2(outcome.messages.contains(says), qPrintable(outcome.messages));
    QVERIFY(outcome.output.isEmpty());
}

void tst_Verbs::jsonBodiesAreSniffed_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QStringList>("header");
    QTest::newRow("plain") << WholeAnswer << QStringList();
    QTest::newRow("byte-order-mark") << "\xEF\xBB\xBF" + WholeAnswer << QStringList();
    QTest::newRow("many-blanks") << QByteArray(4'000, '\n') + WholeAnswer << QStringList();
    QTest::newRow("called-a-stream")
        << WholeAnswer
        << QStringList{QStringLiteral("--header"),
                       QStringLiteral("Content-Type: text/event-stream")};
}

void tst_Verbs::jsonBodiesAreSniffed()
{
    QFETCH(const QByteArray, body);
    QFETCH(const QStringList, header);
    const QStringList decode{QStringLiteral("decode"), QStringLiteral("--protocol"),
                             QStringLiteral("openai-chat")};
    const Outcome outcome = run(decode + header, body);
    QVERIFY2(outcome.status == 0, outcome.output.constData());
    QCOMPARE(outcome.lastLine().value("text"_L1).toString(), QStringLiteral("hi"));
}

void tst_Verbs::packedBodiesAreWhole_data()
{
    QTest::addColumn<QByteArray>("packed");
    QTest::addColumn<bool>("whole");
    const qsizetype half = WholeAnswer.size() / 2;
    const QByteArray one = gzip(WholeAnswer);
    const QByteArray two = gzip(WholeAnswer.first(half)) + gzip(WholeAnswer.sliced(half));
    QTest::newRow("one-member") << one << true;
    QTest::newRow("two-members") << two << true;
    QTest::newRow("padded") << one + QByteArray(512, '\0') << true; // as tapes leave it
    QTest::newRow("second-member-cut") << two.chopped(12) << false;
    QTest::newRow("cut") << one.chopped(12) << false;
}

void tst_Verbs::packedBodiesAreWhole()
{
    QFETCH(const QByteArray, packed);
    QFETCH(const bool, whole);
    const Outcome outcome =
        run({QStringLiteral("decode"), QStringLiteral("--protocol"), QStringLiteral("openai-chat")},
            packed);
    QCOMPARE(outcome.status, whole ? 0 : 2);
    if (whole)
        QCOMPARE(outcome.lastLine().value("text"_L1).toString(), QStringLiteral("hi"));
}

void tst_Verbs::callWithoutAnIdHasNone()
{
    const Outcome outcome = run(
        {QStringLiteral("decode"), QStringLiteral("--protocol"), QStringLiteral("gemini")},
        R"(data: {"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{}}}]},)"
        R"("finishReason":"STOP"}]})"
        "\n\n");
    QCOMPARE(outcome.status, 0);
    QVERIFY2(outcome.output.contains(R"("event":"tool_call","id":null,"name":"f")"),
             outcome.output.constData());
}

void tst_Verbs::brokenBodyIsToldAsACallTellsIt()
{
    const Outcome outcome =
        run({QStringLiteral("decode"), QStringLiteral("--protocol"), QStringLiteral("openai-chat"),
             QStringLiteral("--header"), QStringLiteral("x-request-id: req_9")},
            R"(data: {"id":"c","model":"m","choices":[{"index":0,"delta":)"
            R"({"content":"hi"}}]})"
            "\n\n");
    QCOMPARE(outcome.status, 6);
    const QJsonObject last = outcome.lastLine();
    const QJsonObject details = last.value("details"_L1).toObject();
    QCOMPARE(details.value("status_code"_L1).toInt(), 200);
    QCOMPARE(details.value("request_id"_L1).toString(), QStringLiteral("req_9"));
    const QString sentence = last.value("error_message"_L1).toString();
    QVERIFY2(sentence.startsWith(QStringLiteral("The connection to openai-chat ended")),
             qPrintable(sentence));
}

void tst_Verbs::pageIsNoStream_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("doctype") << QByteArray("<!doctype html><title>Sign in</title>");
    QTest::newRow("blank-first") << QByteArray("\xEF\xBB\xBF\r\n <html>Sign in</html>");
}

//! Of a portal or a proxy; a recording may have lost its content type.
void tst_Verbs::pageIsNoStream()
{
    QFETCH(const QByteArray, body);
    const Outcome outcome =
        run({QStringLiteral("decode"), QStringLiteral("--protocol"), QStringLiteral("openai-chat")},
            body);
    QCOMPARE(outcome.lastLine().value("error_code"_L1).toString(),
             QStringLiteral("protocol_error"));
    QVERIFY(outcome.status != 0);
}

void tst_Verbs::recordedRedirectionIsOne()
{
    const Outcome outcome =
        run({QStringLiteral("decode"), QStringLiteral("--protocol"), QStringLiteral("anthropic"),
             QStringLiteral("--status"), QStringLiteral("307")},
            "<html>Moved</html>");
    QCOMPARE(outcome.status, 4);
    QCOMPARE(outcome.lastLine().value("error_code"_L1).toString(), QStringLiteral("redirected"));
}

void tst_Verbs::modelWithoutPricesIsSaid()
{
    const Outcome outcome =
        run({QStringLiteral("price"), QStringLiteral("--provider"), QStringLiteral("openai"),
             QStringLiteral("--model"), QStringLiteral("nobodys-model"), QStringLiteral("--usage"),
             QStringLiteral("{\"input\":1}")});
    QCOMPARE(outcome.status, 2);
    QCOMPARE(outcome.lastLine().value("complete"_L1), QJsonValue(false));
    QVERIFY2(outcome.messages.contains(QStringLiteral("openai know no model 'nobodys-model'")),
             qPrintable(outcome.messages));
}

//! Records of tst_pricesagree through the program itself, a few at a time: 339 of them with
//! FARTHING_EVERY_CUT (packaging/test --long), else enough to show that the verb does not add to
//! it.
void tst_Verbs::pricesAsTheSourceOfItsTable()
{
    const qsizetype step = qEnvironmentVariableIsSet("FARTHING_EVERY_CUT") ? 7 : 61;
    constexpr std::size_t AtOnce = 4;
    constexpr double NanoUsd = 1.1e-9; // theirs are told to nine decimals
    QFile file(QStringLiteral(FARTHING_TEST_DATA "/prices/agreed.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QJsonArray records = QJsonDocument::fromJson(file.readAll()).array();
    const auto check = [](QProcess &process, const QJsonObject &record) {
        const Outcome outcome = tests::ended(process);
        const QJsonObject priced = outcome.lastLine();
        const double apart =
            priced["low"_L1].toString().toDouble() - record["usd"_L1].toString().toDouble();
        const bool isSame = priced["complete"_L1].toBool() && apart <= NanoUsd && apart >= -NanoUsd;
        const QByteArray told = QJsonDocument(record).toJson(QJsonDocument::Compact) +
                                outcome.output + outcome.messages.toUtf8();
        QVERIFY2(outcome.status == 0 && isSame == record["why"_L1].isUndefined(), told.constData());
    };
    std::deque<std::pair<std::unique_ptr<QProcess>, QJsonObject>> running;
    int priced = 0;
    const auto takeOne = [&] {
        const auto [process, record] = std::move(running.front());
        running.pop_front();
        check(*process, record);
        ++priced;
    };
    for (qsizetype i = 0; i < records.size() && !QTest::currentTestFailed(); i += step) {
        const QJsonObject record = records.at(i).toObject();
        const QByteArray usage =
            QJsonDocument(record["usage"_L1].toObject()).toJson(QJsonDocument::Compact);
        auto process = std::make_unique<QProcess>();
        process->start(QStringLiteral(FARTHING_PROGRAM),
                       {u"--profile"_s, m_folder->path(), u"price"_s, u"--provider"_s,
                        record["provider"_L1].toString(), u"--model"_s,
                        record["model"_L1].toString(), u"--usage"_s, QString::fromUtf8(usage),
                        u"--at"_s, record["at"_L1].toString()});
        process->closeWriteChannel();
        running.emplace_back(std::move(process), record);
        if (running.size() >= AtOnce)
            takeOne();
    }
    while (!running.empty() && !QTest::currentTestFailed())
        takeOne();
    QCOMPARE(priced, (records.size() + step - 1) / step);
}

void tst_Verbs::sumsOfNothing()
{
    QVERIFY(QDir(m_folder->path()).mkpath(QStringLiteral("data")));
    QFile file(m_folder->filePath(QStringLiteral("data/farthing.db")));
    QVERIFY(file.open(QIODevice::WriteOnly)); // stays empty
    const Outcome outcome = run({QStringLiteral("cost"), QStringLiteral("--json")});
    QVERIFY2(outcome.status == 0, qPrintable(outcome.messages));
    QCOMPARE(outcome.lastLine().value("requests"_L1), QJsonValue(0));
}

void tst_Verbs::sumsMakeNoFolder()
{
    const QString path = m_folder->filePath(QStringLiteral("not/yet"));
    QCOMPARE(tests::runProgram({QStringLiteral("--profile"), path, QStringLiteral("cost")}).status,
             0);
    QVERIFY(!QFile::exists(m_folder->filePath(QStringLiteral("not"))));
}

void tst_Verbs::aDayBeginsAtItsFirstMidnight()
{
    // On 1 November 2020 the clocks of Havana went from one o'clock back to midnight.
    const QByteArray zone = qgetenv("TZ");
    qputenv("TZ", "America/Havana");
    const Outcome outcome = run({QStringLiteral("cost"), QStringLiteral("--json"),
                                 QStringLiteral("--since"), QStringLiteral("2020-11-01"),
                                 QStringLiteral("--until"), QStringLiteral("2020-11-02")});
    zone.isEmpty() ? qunsetenv("TZ") : qputenv("TZ", zone);
    QVERIFY2(outcome.status == 0, qPrintable(outcome.messages));
    QCOMPARE(outcome.lastLine().value("since"_L1), QJsonValue("2020-11-01T04:00:00.000Z"_L1));
    QCOMPARE(outcome.lastLine().value("until"_L1), QJsonValue("2020-11-02T05:00:00.000Z"_L1));
}

void tst_Verbs::aKeyOfRowsCountsOnce()
{
    const QStringList target{QStringLiteral("--target"),
                             QStringLiteral("custom/m@https://nobody.invalid/v1")};
    QCOMPARE(run(QStringList{QStringLiteral("ask"), QStringLiteral("hello"),
                             QStringLiteral("--no-retry")} +
                 target)
                 .status,
             4);
    const Outcome outcome = run({QStringLiteral("cost"), QStringLiteral("--json"),
                                 QStringLiteral("--by"), QStringLiteral("provider,provider")});
    QVERIFY2(outcome.status == 0, qPrintable(outcome.messages));
    QCOMPARE(outcome.output.count("\"provider\":"), 1);
    // Nobody was reached: no tokens, not tokens that nobody knows.
    QVERIFY(!outcome.output.contains("\"tokens_complete\":false"));
}

void tst_Verbs::doctorGoesByTheSettings_data()
{
    QTest::addColumn<QString>("setting");
    QTest::addColumn<QString>("finding");
    QTest::addColumn<QString>("holds");
    QTest::addColumn<bool>("ok");
    QTest::newRow("proxy-in-force")
        << QString() << QStringLiteral("proxy") << QStringLiteral("192.0.2.7:3128") << true;
    QTest::newRow("proxy-turned-off") << QStringLiteral("network/useSystemProxy=false")
                                      << QStringLiteral("proxy") << QStringLiteral("none") << true;
    QTest::newRow("no-such-certificates")
        << QStringLiteral("network/caFile=/nowhere/own.pem") << QStringLiteral("certificates")
        << QStringLiteral("/nowhere/own.pem") << false;
}

void tst_Verbs::doctorGoesByTheSettings()
{
    QFETCH(const QString, setting);
    QFETCH(const QString, finding);
    QFETCH(const QString, holds);
    QFETCH(const bool, ok);
    QStringList doctor{QStringLiteral("--demo"), QStringLiteral("doctor"),
                       QStringLiteral("--json")};
    if (!setting.isEmpty())
        doctor += {QStringLiteral("--set"), setting};
    const QJsonObject found = run(doctor).lastLine().value(finding).toObject();
    const QString value = found.value("value"_L1).toString();
    QVERIFY2(value.contains(holds), qPrintable(value));
    QCOMPARE(found.value("ok"_L1), QJsonValue(ok));
}

void tst_Verbs::doctorReadsOnAFullDisk()
{
    QCOMPARE(run({QStringLiteral("ask"), QStringLiteral("hello"), QStringLiteral("--no-retry"),
                  QStringLiteral("--target"), QStringLiteral("custom/m@https://nobody.invalid/v1")})
                 .status,
             4); // makes the database
    const Outcome outcome =
        shell(QStringLiteral("ulimit -f 0; exec \"$0\" \"$@\""), // no file takes a byte
              {QStringLiteral("--demo"), QStringLiteral("doctor"), QStringLiteral("--json")});
    const QJsonObject found = outcome.lastLine().value("database"_L1).toObject();
    QVERIFY2(found.value("ok"_L1).toBool(), qPrintable(found.value("value"_L1).toString()));
}

void tst_Verbs::doctorTellsOfAProfileThatCannotBe()
{
    QFile file(m_folder->filePath(QStringLiteral("file")));
    QVERIFY(file.open(QIODevice::WriteOnly)); // a folder should lie there
    const Outcome outcome = tests::runProgram(
        {QStringLiteral("--profile"), file.fileName() + QStringLiteral("/below"),
         QStringLiteral("--demo"), QStringLiteral("doctor"), QStringLiteral("--json")});
    const QJsonObject found = outcome.lastLine().value("data_folder"_L1).toObject();
    QCOMPARE(found.value("ok"_L1), QJsonValue(false));
    QVERIFY2(found.value("value"_L1).toString().contains(QStringLiteral("cannot be made")),
             outcome.output.constData());
}

QTEST_GUILESS_MAIN(tst_Verbs)
#include "tst_verbs.moc"
