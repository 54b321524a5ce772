// What counting tokens costs, beside npm packages on the same bytes in the same run: process CPU
// time, new text (the first call) and the median of several. Loading and memory are those of a
// fresh process each. The peers need node and `npm ci` in tests/bench/peers, and are left out
// without.
//   bench_tokens [FOLDER of .txt]   (without it: the corpora of the tests)
#include "core/tokens/encoding.h"
#include "tests/core/tokens/tokencorpora.h"

#include <QCoreApplication>
#include <QDir>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <ctime>

namespace {

constexpr int Runs = 7;
constexpr auto Ours = "Farthing";

double cpuMilliseconds()
{
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

double residentMegabytes()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').value(1).toDouble() *
           static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

struct Times
{
    double first = 0, median = 0; // milliseconds
    qint64 tokens = 0;
};

Times measured(const core::Encoding &encoding, const QByteArray &text)
{
    Times times;
    QList<double> all;
    for (int run = 0; run < Runs; ++run) {
        const double start = cpuMilliseconds();
        times.tokens = encoding.count(QByteArrayView(text));
        all.append(cpuMilliseconds() - start);
    }
    times.first = all.first();
    std::sort(all.begin(), all.end());
    times.median = all.at(all.size() / 2);
    return times;
}

//! The same object that peers/tokens.mjs prints.
QJsonObject measureOurs(core::EncodingId id, const QDir &folder)
{
    const double memory = residentMegabytes();
    const double start = cpuMilliseconds();
    const auto encoding = core::Encoding::load(id);
    if (!encoding)
        qFatal("%s", qPrintable(encoding.error().detail));
    QJsonObject result{{QStringLiteral("loadMs"), cpuMilliseconds() - start},
                       {QStringLiteral("loadMb"), residentMegabytes() - memory}};
    QJsonObject texts;
    for (const QString &name : folder.entryList({QStringLiteral("*.txt")}, QDir::Files)) {
        QFile file(folder.filePath(name));
        if (!file.open(QIODevice::ReadOnly))
            qFatal("cannot read %s", qPrintable(name));
        const Times times = measured(**encoding, file.readAll());
        texts.insert(name, QJsonObject{{QStringLiteral("first"), times.first},
                                       {QStringLiteral("median"), times.median},
                                       {QStringLiteral("tokens"), times.tokens}});
    }
    result.insert(QStringLiteral("texts"), texts);
    return result;
}

QJsonObject runOf(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.start(program, arguments);
    if (!process.waitForFinished(300'000) || process.exitCode() != 0) {
        std::printf("left out: %s\n", process.readAllStandardError().left(200).constData());
        return {};
    }
    return QJsonDocument::fromJson(process.readAllStandardOutput()).object();
}

void print(const QString &name, const QJsonObject &ours, const QJsonObject &other,
           const QDir &folder)
{
    const auto number = [](const QJsonObject &object, const char *key) {
        return object.value(QLatin1StringView(key)).toDouble();
    };
    std::printf("  %-18s load %5.0f ms %+5.1f MB\n", qPrintable(name), number(other, "loadMs"),
                number(other, "loadMb"));
    const QJsonObject texts = other.value(QStringLiteral("texts")).toObject();
    for (auto at = texts.begin(); at != texts.end(); ++at) {
        const QJsonObject theirs = at->toObject();
        const QJsonObject own =
            ours.value(QStringLiteral("texts")).toObject().value(at.key()).toObject();
        const auto megabytes =
            static_cast<double>(QFileInfo(folder.filePath(at.key())).size()) / 1e6;
        std::printf(
            "    %-28s new %6.1f MB/s  median %6.1f MB/s  ours %4.1fx new, %4.1fx median%s\n",
            qPrintable(at.key()), megabytes / number(theirs, "first") * 1e3,
            megabytes / number(theirs, "median") * 1e3,
            number(theirs, "first") / number(own, "first"),
            number(theirs, "median") / number(own, "median"),
            theirs.value(QStringLiteral("tokens")) == own.value(QStringLiteral("tokens"))
                ? ""
                : "  OTHER COUNT");
    }
}

void write(const QDir &folder, const QList<tests::Corpus> &corpora)
{
    for (const tests::Corpus &corpus : corpora) {
        QFile file(folder.filePath(QString::fromLatin1(corpus.name) + QStringLiteral(".txt")));
        if (!file.open(QIODevice::WriteOnly) || file.write(corpus.utf8) != corpus.utf8.size())
            qFatal("cannot write %s", qPrintable(file.fileName()));
    }
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.value(1) == QStringLiteral("--ours")) { // a fresh process, as the peers have
        const auto id = core::encodingNamed(arguments.value(2));
        std::printf("%s",
                    QJsonDocument(measureOurs(*id, QDir(arguments.value(3)))).toJson().constData());
        return 0;
    }
    const QTemporaryDir own;
    if (arguments.size() == 1)
        write(QDir(own.path()), tests::corpora());
    const QDir folder(arguments.size() == 1 ? own.path() : arguments.at(1));
    const QTemporaryDir hard;
    write(QDir(hard.path()), tests::pathologicalTexts());
    for (const core::EncodingId id : core::allEncodings()) {
        const QString name = core::nameOf(id);
        std::printf("%s\n", qPrintable(name));
        const auto oursIn = [&name](const QString &path) {
            return runOf(QCoreApplication::applicationFilePath(),
                         {QStringLiteral("--ours"), name, path});
        };
        const QJsonObject ours = oursIn(folder.path());
        print(QLatin1StringView(Ours), ours, ours, folder);
        for (const char *peer : {"tiktoken", "tiktoken-rs-node", "gpt-tokenizer"}) {
            const QString peerName = QLatin1StringView(peer);
            const QJsonObject other =
                runOf(QStringLiteral("node"),
                      {QStringLiteral("--expose-gc"),
                       QStringLiteral(FARTHING_SOURCE_DIR "/tests/bench/peers/tokens.mjs"),
                       peerName, name, folder.path(), QString::number(Runs)});
            if (!other.isEmpty())
                print(peerName, ours, other, folder);
        }
        const QJsonObject texts = oursIn(hard.path()).value(QStringLiteral("texts")).toObject();
        for (auto at = texts.begin(); at != texts.end(); ++at)
            std::printf("  1 MB of %-30s %6.1f ms\n", qPrintable(at.key().chopped(4)),
                        at->toObject().value(QStringLiteral("median")).toDouble());
    }
    return 0;
}
