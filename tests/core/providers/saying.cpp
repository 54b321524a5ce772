#include "tests/core/providers/saying.h"

#include <QMap>
#include <QStringList>

#include <algorithm>
#include <optional>

namespace tests {

using namespace core;

namespace {

//! All that a stream said, in a line that can be compared.
class Saying
{
public:
    void take(const StreamEvents &events)
    {
        for (const StreamEvent &event : events)
            std::visit([this](const auto &one) { add(one); }, event);
    }
    void fail(const Error &error) { m_error = error; }
    [[nodiscard]] bool hasFailed() const { return m_error.has_value(); }
    [[nodiscard]] QString line() const
    {
        QStringList parts;
        const auto part = [&parts](const char *name, const QString &value) {
            if (!value.isEmpty())
                parts.append(QString::fromLatin1(name) + QLatin1Char(' ') + value);
        };
        part("thought", m_reasoning);
        part("signature", m_signature);
        part("sealed", m_redacted);
        part("text", m_text);
        for (const Call &call : m_calls)
            parts.append(QStringLiteral("call ") + call.id + QLatin1Char(' ') + call.name +
                         QLatin1Char(' ') + call.arguments);
        part("counts", counts());
        if (m_finish)
            part("finish", finishReasonName(m_finish->reason));
        if (m_error)
            part("error", errorCode(m_error->kind));
        return parts.join(QStringLiteral(" | "));
    }

private:
    struct Call
    {
        QString id, name, arguments;
    };
    void add(const ReplyStarted &) {}
    void add(const TextDelta &delta) { m_text += delta.text; }
    void add(const ReasoningDelta &delta)
    {
        m_reasoning += delta.text;
        m_signature += QString::fromUtf8(delta.signature);
        m_redacted += QString::fromUtf8(delta.redacted);
    }
    void add(const ToolCallDelta &delta)
    {
        Call &call = m_calls[delta.index];
        if (call.id.isEmpty())
            call.id = delta.id;
        if (call.name.isEmpty())
            call.name = delta.name;
        call.arguments += QString::fromUtf8(delta.arguments);
    }
    void add(const UsageReport &report) { m_usage = report.usage; }
    void add(const Finish &finish) { m_finish = finish; }
    [[nodiscard]] QString counts() const
    {
        QStringList counts;
        const std::pair<UsageKind, const char *> kinds[] = {
            {UsageKind::Input, "in"},
            {UsageKind::InputAudio, "of-it-heard"},
            {UsageKind::InputImage, "of-it-seen"},
            {UsageKind::CacheRead, "read"},
            {UsageKind::CacheReadAudio, "of-it-heard"},
            {UsageKind::CacheWrite, "written"},
            {UsageKind::CacheWrite5m, "5m"},
            {UsageKind::CacheWrite1h, "1h"},
            {UsageKind::Output, "out"},
            {UsageKind::OutputReasoning, "of-it-thought"}};
        for (const auto &[kind, name] : kinds) {
            if (const auto count = m_usage.count(kind))
                counts.append(QStringLiteral("%1 %2").arg(QLatin1StringView(name)).arg(*count));
        }
        for (auto it = m_usage.fees.constBegin(); it != m_usage.fees.constEnd(); ++it)
            counts.append(feeUnitName(it.key()) + QLatin1Char(' ') + QString::number(*it));
        if (m_finish && m_usage.basis == UsageBasis::ProviderPartial)
            counts.append(QStringLiteral("in part"));
        if (!m_usage.serviceTier.isEmpty())
            counts.append(QStringLiteral("tier ") + m_usage.serviceTier);
        if (m_usage.reportedCost)
            counts.append(QStringLiteral("cost ") + m_usage.reportedCost->toDecimal());
        return counts.join(QStringLiteral(", "));
    }

    QString m_reasoning, m_signature, m_redacted, m_text;
    QMap<int, Call> m_calls;
    Usage m_usage;
    std::optional<Finish> m_finish;
    std::optional<Error> m_error;
};

} // namespace

QString said(const ProviderAdapter &adapter, const QByteArray &contentType, const QByteArray &body,
             const std::function<qsizetype()> &nextLength)
{
    const auto decoder = adapter.makeDecoder({{"content-type", contentType}});
    Saying saying;
    const auto take = [&](const Result<StreamEvents> &events) {
        saying.take(events ? *events : decoder->takeEvents());
        if (!events)
            saying.fail(events.error());
    };
    for (qsizetype at = 0; at < body.size() && !saying.hasFailed();) {
        const qsizetype length = std::min(nextLength(), body.size() - at);
        take(decoder->decode(QByteArrayView(body).sliced(at, length)));
        at += length;
    }
    if (!saying.hasFailed())
        take(decoder->finish());
    return saying.line();
}

QString said(const ProviderAdapter &adapter, const QByteArray &contentType, const QByteArray &body,
             qsizetype slice)
{
    return said(adapter, contentType, body, [slice] { return slice; });
}

} // namespace tests
