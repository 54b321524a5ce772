#include "core/net/eventstreamparser.h"

#include "core/net/crc32.h"

#include <QSet>
#include <QtEndian>

namespace core {

namespace {

constexpr quint32 PreludeBytes = 12; // total length, headers length, checksum of both
constexpr quint32 LeastBytes = PreludeBytes + 4;

quint32 numberAt(QByteArrayView bytes, qsizetype at)
{
    return qFromBigEndian<quint32>(bytes.data() + at);
}

std::optional<QByteArrayView> take(QByteArrayView &bytes, qsizetype count)
{
    if (bytes.size() < count)
        return std::nullopt;
    const QByteArrayView taken = bytes.first(count);
    bytes = bytes.sliced(count);
    return taken;
}

std::optional<quint8> takeByte(QByteArrayView &bytes)
{
    const auto taken = take(bytes, 1);
    return taken ? std::optional(static_cast<quint8>(taken->front())) : std::nullopt;
}

std::optional<QByteArrayView> takeCounted(QByteArrayView &bytes)
{
    const auto length = take(bytes, 2);
    return length ? take(bytes, qFromBigEndian<quint16>(length->data())) : std::nullopt;
}

std::optional<QByteArrayView> takeValue(QByteArrayView &bytes, quint8 type)
{
    constexpr qsizetype UuidBytes = 16;
    switch (type) {
    case EventStreamHeader::True:
    case EventStreamHeader::False:
        return QByteArrayView();
    case EventStreamHeader::Byte:
        return take(bytes, 1);
    case EventStreamHeader::Short:
        return take(bytes, 2);
    case EventStreamHeader::Int:
        return take(bytes, 4);
    case EventStreamHeader::Long:
    case EventStreamHeader::Timestamp:
        return take(bytes, 8);
    case EventStreamHeader::Bytes:
    case EventStreamHeader::Text:
        return takeCounted(bytes);
    case EventStreamHeader::Uuid:
        return take(bytes, UuidBytes);
    default:
        return std::nullopt;
    }
}

} // namespace

std::optional<EventStreamHeader> EventStreamFrame::takeHeader(QByteArrayView &bytes)
{
    const auto length = takeByte(bytes);
    const auto name = length ? take(bytes, *length) : std::nullopt;
    const auto type = name ? takeByte(bytes) : std::nullopt;
    const auto value = type ? takeValue(bytes, *type) : std::nullopt;
    if (!value || name->isEmpty())
        return std::nullopt;
    return EventStreamHeader{*name, static_cast<EventStreamHeader::Type>(*type), *value};
}

QByteArrayView EventStreamFrame::text(QByteArrayView header) const
{
    QByteArrayView rest = headerBytes;
    while (const auto each = takeHeader(rest)) {
        if (each->type == EventStreamHeader::Text && each->name == header)
            return each->value;
    }
    return {};
}

bool EventStreamParser::areHeaders(QByteArrayView bytes)
{
    QSet<QByteArray> names;
    QByteArrayView rest = bytes;
    while (!rest.isEmpty()) {
        const auto header = EventStreamFrame::takeHeader(rest);
        if (!header || names.contains(header->name.toByteArray()))
            return false;
        names.insert(header->name.toByteArray());
    }
    return true;
}

void EventStreamParser::fail(const char *reason)
{
    m_error.emplace();
    m_error->kind = ErrorKind::ProtocolError;
    m_error->detail =
        QStringLiteral("The event stream is broken: %1.").arg(QLatin1StringView(reason));
}

qsizetype EventStreamParser::lacking() const
{
    // takeFrame() has seen a whole prelude and found it good.
    const qsizetype wanted =
        m_pending.size() < PreludeBytes ? PreludeBytes : numberAt(m_pending.view(), 0);
    return wanted - m_pending.size();
}

std::optional<EventStreamFrame> EventStreamParser::takeFrame(QByteArrayView &rest)
{
    const QByteArrayView bytes = rest;
    const auto fails = [this](const char *reason) {
        fail(reason);
        return std::nullopt;
    };
    if (bytes.size() < PreludeBytes)
        return std::nullopt;
    constexpr qsizetype LengthsBytes = 8;
    const quint32 ofLengths = crc32(0, bytes.first(LengthsBytes));
    if (ofLengths != numberAt(bytes, LengthsBytes))
        return fails("the checksum of a message's lengths is wrong");
    const quint32 total = numberAt(bytes, 0);
    const quint32 headerBytes = numberAt(bytes, 4);
    if (headerBytes > MostHeaderBytes)
        return fails("a message's headers are longer than 128 KiB");
    if (total < LeastBytes + headerBytes)
        return fails("a message is shorter than its headers");
    if (total - LeastBytes - headerBytes > MostPayloadBytes)
        return fails("a message is larger than 24 MiB");
    if (bytes.size() < total)
        return std::nullopt;
    if (crc32(ofLengths, bytes.first(total - 4).sliced(LengthsBytes)) != numberAt(bytes, total - 4))
        return fails("the checksum of a message is wrong");
    const QByteArrayView headers = bytes.sliced(PreludeBytes, headerBytes);
    const bool known = !headers.isEmpty() && headers == QByteArrayView(m_goodHeaders);
    if (!known && !areHeaders(headers))
        return fails("a message's headers are malformed");
    if (!known)
        m_goodHeaders = headers.toByteArray();
    const qsizetype payloadAt = PreludeBytes + headerBytes;
    rest = bytes.sliced(total);
    return EventStreamFrame{headers, bytes.sliced(payloadAt, total - 4 - payloadAt), known};
}

} // namespace core
