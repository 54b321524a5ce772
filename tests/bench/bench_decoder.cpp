// What decoding costs in every protocol, for the same text in the same run, in slices as a fast and
// as a slow network hands them over; and what an event of an OpenAI chat stream costs beside the
// npm packages that web and Electron clients use, on the same bytes. Medians; the peers need node
// and `npm ci` in tests/bench/peers, and are left out without.
#include "core/net/sseparser.h"
#include "core/providers/builtinproviders.h"
#include "core/providers/providerregistry.h"
#include "tests/bench/protocolstreams.h"
#include "tests/support/threadtime.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryFile>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>

namespace {

constexpr int Events = 20'000;
constexpr int Runs = 15;
constexpr qsizetype Characters = Events / 8 * 32; // of its eight words
constexpr qsizetype SliceBytes = 16 * 1024;
constexpr qsizetype SmallSliceBytes = 300; // about an event: as a slow model sends them

double medianOf(QList<double> values)
{
    std::sort(values.begin(), values.end());
    return values.at(values.size() / 2);
}

//! Nanoseconds of one call of each of \p works: the median of rounds that do them in turn, so that
//! what else the machine does falls on all of them alike.
QList<double> timesOf(const QList<std::function<void()>> &works)
{
    QList<QList<double>> times(works.size());
    for (int run = 0; run < Runs + 2; ++run) {
        for (qsizetype i = 0; i < works.size(); ++i) {
            const double start = tests::threadNanoseconds();
            works.at(i)();
            if (run >= 2)
                times[i].append(tests::threadNanoseconds() - start);
        }
    }
    QList<double> medians;
    for (const QList<double> &each : std::as_const(times))
        medians.append(medianOf(each));
    return medians;
}

template <typename Take>
void inSlices(const QByteArray &body, qsizetype bytes, Take take)
{
    for (qsizetype at = 0; at < body.size(); at += bytes)
        take(QByteArrayView(body).sliced(at, std::min(bytes, body.size() - at)));
}

void frame(const QByteArray &body)
{
    core::SseParser parser;
    int frames = 0;
    const auto count = [&frames](const core::SseFrame &) { ++frames; };
    inSlices(body, SliceBytes, [&](QByteArrayView slice) { parser.feed(slice, count); });
    parser.finish(count);
    if (frames < Events)
        qFatal("no frames");
}

void decode(const core::ProviderAdapter &adapter, const bench::ProtocolStream &stream,
            qsizetype sliceBytes)
{
    const auto decoder = adapter.makeDecoder({{"content-type", stream.contentType}});
    qsizetype characters = 0;
    const auto take = [&](core::Result<core::StreamEvents> events) {
        for (const core::StreamEvent &event : std::as_const(*events)) {
            if (const auto *text = std::get_if<core::TextDelta>(&event))
                characters += text->text.size();
        }
        decoder->reuse(std::move(*events)); // as the client does
    };
    inSlices(stream.body, sliceBytes, [&](QByteArrayView slice) { take(decoder->decode(slice)); });
    take(decoder->finish());
    if (characters != Characters)
        qFatal("%s: not the whole text", stream.protocol);
}

QJsonObject peers(const QString &file)
{
    QProcess node;
    node.start(QStringLiteral("node"),
               {QStringLiteral(FARTHING_SOURCE_DIR "/tests/bench/peers/decode.mjs"), file,
                QString::number(Runs)});
    if (!node.waitForFinished(120'000) || node.exitCode() != 0) {
        std::printf("peers left out: %s\n", node.readAllStandardError().left(200).constData());
        return {};
    }
    return QJsonDocument::fromJson(node.readAllStandardOutput()).object();
}

//! For a profiler: PROTOCOL SLICE_BYTES RUNS.
int decodeOnly(const core::ProviderRegistry &registry, const QList<bench::ProtocolStream> &streams,
               const char *protocol, qsizetype slice, int runs)
{
    for (const bench::ProtocolStream &stream : streams) {
        for (int run = 0; run < runs && qstrcmp(stream.protocol, protocol) == 0; ++run)
            decode(*registry.adapter(QString::fromLatin1(protocol)), stream, slice);
    }
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    const auto registry = core::ProviderRegistry::fromJson(core::builtInProviders());
    const QList<bench::ProtocolStream> streams = bench::protocolStreams(Events);
    if (registry && argc == 4)
        return decodeOnly(*registry, streams, argv[1], std::max(1, std::atoi(argv[2])),
                          std::atoi(argv[3]));
    const QByteArray &chat = streams.first().body;
    QTemporaryFile file;
    if (!registry || !file.open() || file.write(chat) != chat.size() || !file.flush())
        return 1;
    QList<std::function<void()>> works{[&chat] { frame(chat); }};
    for (const qsizetype slice : {SliceBytes, SmallSliceBytes}) {
        for (const bench::ProtocolStream &stream : streams) {
            const auto *adapter = registry->adapter(QString::fromLatin1(stream.protocol));
            works.append([=, &stream] { decode(*adapter, stream, slice); });
        }
    }
    const QList<double> times = timesOf(works);
    const double framing = times.first() / Events;
    const double whole = times.at(1) / Events;
    std::printf("%d events, a word each; slices of %d KB and %d B\n", Events,
                int(SliceBytes / 1024), int(SmallSliceBytes));
    std::printf("%-20s %9s %9s %9s %9s %9s %9s\n", "decoding", "B/event", "ns/event", "ns/B",
                "to chat", "300 B", "to 16 KB");
    const double chatPerByte = times.at(1) / static_cast<double>(chat.size());
    for (qsizetype i = 0; i < streams.size(); ++i) {
        const auto bytes = static_cast<double>(streams.at(i).body.size());
        const double large = times.at(1 + i);
        const double small = times.at(1 + streams.size() + i);
        std::printf("%-20s %9.0f %9.0f %9.3f %8.2fx %9.0f %8.2fx\n", streams.at(i).protocol,
                    bytes / Events, large / Events, large / bytes, large / bytes / chatPerByte,
                    small / Events, small / large);
    }
    std::printf("%-36s %8.0f ns an event\n", "Farthing framing", framing);
    const QJsonObject others = peers(file.fileName());
    for (auto at = others.begin(); at != others.end(); ++at) {
        const bool framesOnly = at.key().endsWith(QStringLiteral("framing"));
        std::printf("%-36s %8.0f ns an event, %.1fx %s\n", qPrintable(at.key()),
                    at.value().toDouble(), at.value().toDouble() / (framesOnly ? framing : whole),
                    framesOnly ? "our framing" : "our decoding");
    }
    return 0;
}
