#include "wirecall.h"

#include <QTest>

namespace tests {

namespace {

template <typename Event, typename Take>
void forEach(const core::StreamEvents &events, Take take)
{
    for (const core::StreamEvent &event : events) {
        if (const auto *wanted = std::get_if<Event>(&event))
            take(*wanted);
    }
}

} // namespace

QString Received::text() const
{
    QString text;
    forEach<core::TextDelta>(events, [&](const core::TextDelta &delta) { text += delta.text; });
    return text;
}

QString Received::reasoning() const
{
    QString text;
    forEach<core::ReasoningDelta>(events,
                                  [&](const core::ReasoningDelta &delta) { text += delta.text; });
    return text;
}

QByteArray Received::signature() const
{
    QByteArray signature;
    forEach<core::ReasoningDelta>(
        events, [&](const core::ReasoningDelta &delta) { signature += delta.signature; });
    return signature;
}

QString Received::requestId() const
{
    QString id;
    forEach<core::ReplyStarted>(events,
                                [&](const core::ReplyStarted &start) { id = start.requestId; });
    return id;
}

std::optional<core::Usage> Received::usage() const
{
    std::optional<core::Usage> usage;
    forEach<core::UsageReport>(events,
                               [&](const core::UsageReport &report) { usage = report.usage; });
    return usage;
}

std::optional<core::Finish> Received::finish() const
{
    std::optional<core::Finish> finish;
    forEach<core::Finish>(events, [&](const core::Finish &end) { finish = end; });
    return finish;
}

WireCall::WireCall(core::HttpTransport &transport, const core::ProviderAdapter &adapter,
                   const core::HttpRequest &request, core::HttpDeadlines deadlines)
    : m_adapter(adapter)
    , m_exchange(transport.send(request, deadlines, this))
{
    connect(m_exchange, &core::HttpExchange::headersReceived, this, [this] {
        m_received.status = m_exchange->status();
        m_received.headers = m_exchange->headers();
        if (m_received.status == 200)
            m_decoder = m_adapter.makeDecoder(m_received.headers);
    });
    connect(m_exchange, &core::HttpExchange::bodyReceived, this, [this](const QByteArray &slice) {
        m_received.body += slice;
        if (m_decoder && !m_received.error)
            take(m_decoder->decode(slice));
    });
    connect(m_exchange, &core::HttpExchange::finished, this, &WireCall::conclude);
}

void WireCall::take(const core::Result<core::StreamEvents> &decoded)
{
    m_received.events += decoded ? *decoded : m_decoder->takeEvents();
    if (!decoded)
        m_received.error = decoded.error();
}

void WireCall::conclude()
{
    m_finished = true;
    if (m_received.error)
        return;
    if (m_exchange->error())
        m_received.error = m_exchange->error();
    else if (m_decoder)
        take(m_decoder->finish());
    else
        m_received.error =
            m_adapter.readError(m_received.status, m_received.headers, m_received.body);
}

const Received &WireCall::end()
{
    if (!QTest::qWaitFor([this] { return m_finished; }, 10'000))
        qFatal("no end in ten seconds");
    return m_received;
}

} // namespace tests
