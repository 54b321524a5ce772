#include "core/net/eventstreamparser.h"

#include <QSet>
#include <QtEndian>

#include <zlib.h>

#include <optional>

namespace core {

namespace {

constexpr quint32 PreludeBytes = 12; // total length, headers length, checksum of both
constexpr quint32 LeastBytes = PreludeBytes + 4;

enum HeaderType : quint8 { True, False, Byte, Short, Int, Long, Bytes, Text, Timestamp, Uuid };

Error broken(const char *reason)
{
    Error error;
    error.kind = ErrorKind::ProtocolError;
    error.detail = QStringLiteral("The event stream is broken: %1.").arg(QLatin1StringView(reason));
    return error;
}

quint32 checksum(QByteArrayView bytes)
{
    return static_cast<quint32>(
        crc32(0, reinterpret_cast<const Bytef *>(bytes.data()), static_cast<uInt>(bytes.size())));
}

quint32 numberAt(QByteArrayView bytes, qsizetype at)
{
    return qFromBigEndian<quint32>(bytes.data() + at);
}

//! Reads the headers of a message; every step checks that the bytes are there.
class HeaderReader
{
public:
    explicit HeaderReader(QByteArrayView bytes)
        : m_rest(bytes)
    {
    }

    //! None: malformed.
    [[nodiscard]] std::optional<QList<std::pair<QByteArray, QVariant>>> all()
    {
        QList<std::pair<QByteArray, QVariant>> headers;
        QSet<QByteArray> names;
        while (!m_rest.isEmpty()) {
            const auto length = integer<quint8>();
            const auto name = length ? take(*length) : std::nullopt;
            const auto type = name ? integer<quint8>() : std::nullopt;
            const auto value = type ? valueOf(*type) : std::nullopt;
            if (!value || name->isEmpty() || names.contains(name->toByteArray()))
                return std::nullopt;
            names.insert(name->toByteArray());
            headers.append({name->toByteArray(), *value});
        }
        return headers;
    }

private:
    std::optional<QByteArrayView> take(qsizetype count)
    {
        if (m_rest.size() < count)
            return std::nullopt;
        const QByteArrayView taken = m_rest.first(count);
        m_rest = m_rest.sliced(count);
        return taken;
    }

    template <typename T>
    std::optional<T> integer()
    {
        const auto bytes = take(sizeof(T));
        return bytes ? std::optional(qFromBigEndian<T>(bytes->data())) : std::nullopt;
    }

    template <typename T>
    std::optional<QVariant> number()
    {
        const auto value = integer<T>();
        return value ? std::optional(QVariant::fromValue(qlonglong(*value))) : std::nullopt;
    }

    std::optional<QByteArrayView> counted()
    {
        const auto length = integer<quint16>();
        return length ? take(*length) : std::nullopt;
    }

    std::optional<QVariant> valueOf(quint8 type)
    {
        constexpr qsizetype UuidBytes = 16;
        switch (type) {
        case True:
        case False:
            return QVariant(type == True);
        case Byte:
            return number<qint8>();
        case Short:
            return number<qint16>();
        case Int:
            return number<qint32>();
        case Long:
        case Timestamp:
            return number<qint64>();
        case Text: {
            const auto text = counted();
            return text ? std::optional<QVariant>(QString::fromUtf8(*text)) : std::nullopt;
        }
        case Bytes: {
            const auto bytes = counted();
            return bytes ? std::optional<QVariant>(bytes->toByteArray()) : std::nullopt;
        }
        case Uuid: {
            const auto bytes = take(UuidBytes);
            return bytes ? std::optional<QVariant>(bytes->toByteArray()) : std::nullopt;
        }
        default:
            return std::nullopt;
        }
    }

    QByteArrayView m_rest;
};

} // namespace

QString EventStreamFrame::text(QByteArrayView header) const
{
    for (const auto &[name, value] : headers) {
        if (name == header && value.typeId() == QMetaType::QString)
            return value.toString();
    }
    return {};
}

Result<QList<EventStreamFrame>> EventStreamParser::feed(QByteArrayView bytes)
{
    m_frames.clear();
    if (m_error)
        return *m_error;
    m_pending.append(bytes);
    while (true) {
        const Result<Step> step = takeOne();
        if (!step) {
            m_error = step.error();
            m_pending.clear();
            return *m_error;
        }
        if (*step == Step::NeedsMore)
            return takeFrames();
    }
}

Result<EventStreamParser::Step> EventStreamParser::takeOne()
{
    if (m_pending.size() < PreludeBytes)
        return Step::NeedsMore;
    const QByteArrayView bytes(m_pending);
    if (checksum(bytes.first(8)) != numberAt(bytes, 8))
        return broken("the checksum of a message's lengths is wrong");
    const quint32 total = numberAt(bytes, 0);
    const quint32 headerBytes = numberAt(bytes, 4);
    if (headerBytes > MostHeaderBytes)
        return broken("a message's headers are longer than 128 KiB");
    if (total < LeastBytes + headerBytes)
        return broken("a message is shorter than its headers");
    if (total - LeastBytes - headerBytes > MostPayloadBytes)
        return broken("a message is larger than 24 MiB");
    if (bytes.size() < total)
        return Step::NeedsMore;
    if (checksum(bytes.first(total - 4)) != numberAt(bytes, total - 4))
        return broken("the checksum of a message is wrong");
    const auto headers = HeaderReader(bytes.sliced(PreludeBytes, headerBytes)).all();
    if (!headers)
        return broken("a message's headers are malformed");
    const qsizetype payloadAt = PreludeBytes + headerBytes;
    m_frames.append({*headers, bytes.sliced(payloadAt, total - 4 - payloadAt).toByteArray()});
    m_pending.remove(0, total);
    return Step::Frame;
}

} // namespace core
