#pragma once

#include <QByteArray>
#include <QList>
#include <QtEndian>

#include <zlib.h>

namespace fuzz {

inline QByteArray bigEndian(quint32 number)
{
    QByteArray bytes(4, Qt::Uninitialized);
    qToBigEndian(number, bytes.data());
    return bytes;
}

inline QByteArray withChecksum(const QByteArray &bytes)
{
    return bytes + bigEndian(static_cast<quint32>(
                       crc32(0, reinterpret_cast<const Bytef *>(bytes.constData()),
                             static_cast<uInt>(bytes.size()))));
}

inline QByteArray header(const QByteArray &name, const QByteArray &value)
{
    QByteArray length(2, Qt::Uninitialized);
    qToBigEndian(static_cast<quint16>(value.size()), length.data());
    return char(name.size()) + name + char(7) + length + value;
}

//! AWS's event stream from lines "TYPE PAYLOAD"; a TYPE that ends in "Exception" is one. With the
//! TYPE "error" the rest is "CODE MESSAGE", which stand in headers.
inline QByteArray eventStreamOf(const QByteArray &lines)
{
    QByteArray stream;
    for (const QByteArray &line : lines.split('\n')) {
        const qsizetype gap = line.indexOf(' ');
        const QByteArray type = (gap < 0 ? line : line.first(gap)).left(200);
        QByteArray payload = gap < 0 ? QByteArray() : line.sliced(gap + 1);
        const bool exception = type.endsWith("Exception");
        QByteArray headers = header(exception ? ":exception-type" : ":event-type", type) +
                             header(":message-type", exception ? "exception" : "event");
        if (type == "error") {
            const qsizetype end = payload.indexOf(' ');
            headers = header(":message-type", type) +
                      header(":error-code", payload.left(end).left(200)) +
                      header(":error-message", payload.mid(end + 1).left(1000));
            payload.clear();
        }
        const auto headerBytes = static_cast<quint32>(headers.size());
        const auto total = static_cast<quint32>(16 + headers.size() + payload.size());
        stream += withChecksum(withChecksum(bigEndian(total) + bigEndian(headerBytes)) + headers +
                               payload);
    }
    return stream;
}

} // namespace fuzz
