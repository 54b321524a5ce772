#include "core/providers/builtinproviders.h"
#include "core/providers/providerregistry.h"
#include "tests/support/recordings.h"

#include <QRegularExpression>
#include <QTest>

#include <algorithm>

using core::ProviderRegistry;

namespace {

struct Outcome
{
    QString text;
    bool whole = false;
};

Outcome decode(const core::ProviderAdapter &adapter, QByteArrayView body, qsizetype step)
{
    const auto decoder = adapter.makeDecoder({{"content-type", "text/event-stream"}});
    Outcome out;
    const auto keep = [&out](const core::StreamEvents &events) {
        for (const core::StreamEvent &event : events) {
            if (const auto *delta = std::get_if<core::TextDelta>(&event))
                out.text += delta->text;
            out.whole = out.whole || std::holds_alternative<core::Finish>(event);
        }
    };
    for (qsizetype at = 0; at < body.size(); at += step) {
        const auto events = decoder->decode(body.sliced(at, std::min(step, body.size() - at)));
        keep(events ? *events : decoder->takeEvents());
        if (!events)
            return out;
    }
    const auto last = decoder->finish();
    keep(last ? *last : decoder->takeEvents());
    return out;
}

} // namespace

//! threats.md A13: only the terminal event makes an answer whole.
class tst_CutStreams : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void cut_data();
    void cut();
};

void tst_CutStreams::cut_data()
{
    QTest::addColumn<QString>("protocol");
    QTest::addColumn<QString>("file");
    const auto row = [](const char *protocol, const char *file) {
        QTest::newRow(file) << QString::fromLatin1(protocol) << QString::fromLatin1(file);
    };
    row("openai-chat", "openai/chat-text-usage.sse");
    row("openai-chat", "openai-compatible/vllm-usage.sse");
    row("anthropic", "anthropic/text.sse");
    row("anthropic", "anthropic/thinking.sse");
}

void tst_CutStreams::cut()
{
    FARTHING_NEED_RECORDINGS();
    QFETCH(QString, protocol);
    QFETCH(QString, file);
    const auto registry = ProviderRegistry::fromJson(core::builtInProviders());
    QVERIFY(registry);
    const core::ProviderAdapter *adapter = registry->adapter(protocol);
    QVERIFY(adapter);
    const QByteArray body = tests::Recordings::read(file);
    QVERIFY(!body.isEmpty());
    const Outcome whole = decode(*adapter, body, body.size());
    QVERIFY(whole.whole);
    QVERIFY(!whole.text.isEmpty());
    const Outcome bytewise = decode(*adapter, body, 1);
    QVERIFY(bytewise.whole);
    QCOMPARE(bytewise.text, whole.text);
    const auto terminal =
        std::max(body.lastIndexOf("data: [DONE]") + 12, body.lastIndexOf("\"message_stop\"") + 14);
    for (qsizetype cut = 0; cut < terminal; ++cut) {
        const Outcome part = decode(*adapter, QByteArrayView(body).first(cut), body.size());
        QVERIFY2(!part.whole,
                 qPrintable(QStringLiteral("cut at %1 of %2").arg(cut).arg(body.size())));
        QVERIFY(whole.text.startsWith(part.text));
    }
}

QTEST_GUILESS_MAIN(tst_CutStreams)
#include "tst_cutstreams.moc"
