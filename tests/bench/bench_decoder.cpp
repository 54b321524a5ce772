// What one event of an OpenAI chat stream costs, framed alone and decoded whole, beside the npm
// packages that web and Electron clients use, on the same bytes in the same run. Medians; the peers
// need node and `npm ci` in tests/bench/peers, and are left out without.
#include "core/net/sseparser.h"
#include "core/providers/openaichat.h"

#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryFile>

#include <algorithm>
#include <cstdio>
#include <functional>

namespace {

constexpr int Events = 20'000;
constexpr int Runs = 9;
constexpr qsizetype SliceBytes = 16 * 1024;
constexpr qsizetype SmallSliceBytes = 300; // about an event: as a slow model sends them

//! As long answers come: a word an event.
QByteArray stream()
{
    const QByteArray words[] = {" the", " quick", " brown", "\\n\\n", " \xc3\xa9t\xc3\xa9",
                                " 42",  ",",      " jumps"};
    QByteArray body;
    for (int i = 0; i < Events; ++i) {
        body += R"(data: {"id":"chatcmpl-BrmDe2tLxE0cH1yKpQ7a9","object":"chat.completion.chunk",)"
                R"("created":1790000000,"model":"gpt-5-mini-2025-08-07","service_tier":"default",)"
                R"("system_fingerprint":null,"choices":[{"index":0,"delta":{"content":")" +
                words[static_cast<std::size_t>(i) % std::size(words)] +
                R"("},"finish_reason":null}],"usage":null,"obfuscation":")" +
                QByteArray::number(i * 7919 % 1'000'003, 36) +
                R"("})"
                "\n\n";
    }
    body += R"(data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})"
            "\n\ndata: [DONE]\n\n";
    return body;
}

double median(const std::function<int()> &work)
{
    QList<double> times;
    for (int run = 0; run < Runs + 2; ++run) {
        QElapsedTimer clock;
        clock.start();
        const int events = work();
        const double spent = static_cast<double>(clock.nsecsElapsed()) / events;
        if (run >= 2)
            times.append(spent);
    }
    std::sort(times.begin(), times.end());
    return times.at(times.size() / 2);
}

template <typename Take>
void inSlices(const QByteArray &body, qsizetype bytes, Take take)
{
    for (qsizetype at = 0; at < body.size(); at += bytes)
        take(QByteArrayView(body).sliced(at, std::min(bytes, body.size() - at)));
}

int frame(const QByteArray &body)
{
    core::SseParser parser;
    int frames = 0;
    const auto count = [&frames](const core::SseFrame &) { ++frames; };
    inSlices(body, SliceBytes, [&](QByteArrayView slice) { parser.feed(slice, count); });
    parser.finish(count);
    return frames;
}

int decode(const QByteArray &body, qsizetype sliceBytes)
{
    const core::OpenAiChatAdapter adapter;
    const auto decoder = adapter.makeDecoder({{"content-type", "text/event-stream"}});
    qsizetype characters = 0;
    const auto take = [&characters](const core::Result<core::StreamEvents> &events) {
        for (const core::StreamEvent &event : *events) {
            if (const auto *text = std::get_if<core::TextDelta>(&event))
                characters += text->text.size();
        }
    };
    inSlices(body, sliceBytes, [&](QByteArrayView slice) { take(decoder->decode(slice)); });
    take(decoder->finish());
    if (characters == 0)
        qFatal("no text");
    return Events;
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

} // namespace

int main()
{
    const QByteArray body = stream();
    QTemporaryFile file;
    if (!file.open() || file.write(body) != body.size() || !file.flush())
        return 1;
    const double framing = median([&body] { return frame(body); });
    const double whole = median([&body] { return decode(body, SliceBytes); });
    const double small = median([&body] { return decode(body, SmallSliceBytes); });
    std::printf("%d events, %.1f MB\n", Events, static_cast<double>(body.size()) / 1e6);
    std::printf("%-36s %8.0f ns an event\n", "Farthing framing", framing);
    std::printf("%-36s %8.0f ns an event\n", "Farthing framing and decoding", whole);
    std::printf("%-36s %8.0f ns an event, %.2fx\n", "the same in slices of 300 B", small,
                small / whole);
    const QJsonObject others = peers(file.fileName());
    for (auto at = others.begin(); at != others.end(); ++at) {
        const bool framesOnly = at.key().endsWith(QStringLiteral("framing"));
        std::printf("%-36s %8.0f ns an event, %.1fx %s\n", qPrintable(at.key()),
                    at.value().toDouble(), at.value().toDouble() / (framesOnly ? framing : whole),
                    framesOnly ? "our framing" : "our decoding");
    }
    return 0;
}
