#include "core/practice/eventstreamwriter.h"

#include <QtEndian>

#include <zlib.h>

namespace core {

namespace {

constexpr quint32 Overhead = 16; // the lengths and both checksums
constexpr char StringType = 7;

template <typename T>
QByteArray bigEndian(T number)
{
    QByteArray bytes(sizeof(T), Qt::Uninitialized);
    qToBigEndian(number, bytes.data());
    return bytes;
}

QByteArray withChecksum(const QByteArray &bytes)
{
    const auto sum = crc32(0, reinterpret_cast<const Bytef *>(bytes.constData()),
                           static_cast<uInt>(bytes.size()));
    return bytes + bigEndian(static_cast<quint32>(sum));
}

} // namespace

QByteArray eventStreamFrame(const QList<std::pair<QByteArray, QByteArray>> &headers,
                            const QByteArray &payload)
{
    QByteArray head;
    for (const auto &[name, value] : headers)
        head += static_cast<char>(name.size()) + name + StringType +
                bigEndian(static_cast<quint16>(value.size())) + value;
    const auto headBytes = static_cast<quint32>(head.size());
    const auto total = Overhead + headBytes + static_cast<quint32>(payload.size());
    return withChecksum(withChecksum(bigEndian(total) + bigEndian(headBytes)) + head + payload);
}

} // namespace core
