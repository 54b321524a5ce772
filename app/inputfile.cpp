#include "app/inputfile.h"

#include "app/commandline.h"

#include <QFile>

#include <errno.h>
#include <unistd.h>
#include <zlib.h>

namespace app {

namespace {

const QByteArray GzipMagic = QByteArrayLiteral("\x1f\x8b");

//! Goes by what comes, not by what a size says: devices and pipes have none.
core::Result<QByteArray> readToEnd(int file, const QString &name, qint64 limit)
{
    QByteArray all;
    QByteArray block(65'536, Qt::Uninitialized);
    while (all.size() <= limit) {
        const ssize_t count = ::read(file, block.data(), static_cast<size_t>(block.size()));
        if (count == 0)
            return all;
        if (count > 0)
            all.append(block.constData(), count);
        else if (errno != EINTR)
            return usageError(
                QStringLiteral("%1 cannot be read: %2.").arg(name, qt_error_string(errno)));
    }
    return usageError(QStringLiteral("%1 is larger than %2 MiB.").arg(name).arg(limit / 1'048'576));
}

} // namespace

core::Result<QByteArray> readInput(const std::optional<QString> &path, qint64 limit)
{
    if (!path || *path == QStringLiteral("-"))
        return readToEnd(STDIN_FILENO, QStringLiteral("Standard input"), limit);
    QFile file(*path);
    if (!file.exists())
        return usageError(QStringLiteral("There is no file %1.").arg(*path));
    if (!file.open(QIODevice::ReadOnly))
        return usageError(QStringLiteral("%1 cannot be read. Check its permissions.").arg(*path));
    return readToEnd(file.handle(), *path, limit);
}

core::Result<QByteArray> inflated(const QByteArray &bytes, qint64 limit)
{
    if (!bytes.startsWith(GzipMagic))
        return bytes;
    z_stream stream{};
    constexpr int GzipWindow = 15 + 16;
    if (inflateInit2(&stream, GzipWindow) != Z_OK)
        return usageError(QStringLiteral("The file is gzip, but cannot be unpacked."));
    QByteArray input = bytes; // zlib wants it writable
    stream.next_in = reinterpret_cast<Bytef *>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    QByteArray output;
    QByteArray block(65'536, Qt::Uninitialized);
    int state = Z_OK;
    while (state == Z_OK && output.size() <= limit) {
        stream.next_out = reinterpret_cast<Bytef *>(block.data());
        stream.avail_out = static_cast<uInt>(block.size());
        state = inflate(&stream, Z_NO_FLUSH);
        output.append(block.constData(), block.size() - static_cast<qsizetype>(stream.avail_out));
        // A file may have several members (RFC 1952, 2.2): they follow each other.
        const QByteArrayView rest(stream.next_in, static_cast<qsizetype>(stream.avail_in));
        if (state == Z_STREAM_END && rest.startsWith(GzipMagic))
            state = inflateReset(&stream);
    }
    inflateEnd(&stream);
    if (state != Z_STREAM_END || output.size() > limit)
        return usageError(QStringLiteral("The file is gzip, but damaged or too large."));
    return output;
}

} // namespace app
