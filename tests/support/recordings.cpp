#include "tests/support/recordings.h"

#include <QDir>
#include <QFile>

#include <zlib.h>

namespace tests {

namespace {

//! Empty if \p packed is no gzip stream.
QByteArray gunzipped(QByteArray packed)
{
    QByteArray plain;
    z_stream stream{};
    if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK)
        return plain;
    stream.next_in = reinterpret_cast<Bytef *>(packed.data());
    stream.avail_in = uInt(packed.size());
    int state = Z_OK;
    while (state == Z_OK) {
        QByteArray piece(64 * 1024, Qt::Uninitialized);
        stream.next_out = reinterpret_cast<Bytef *>(piece.data());
        stream.avail_out = uInt(piece.size());
        state = inflate(&stream, Z_NO_FLUSH);
        plain += piece.first(piece.size() - qsizetype(stream.avail_out));
    }
    inflateEnd(&stream);
    return state == Z_STREAM_END ? plain : QByteArray();
}

} // namespace

QString Recordings::folder()
{
    const QString named = qEnvironmentVariable("FARTHING_RECORDINGS");
    if (!named.isEmpty())
        return QDir(named).absolutePath();
    return QDir::cleanPath(QDir(QStringLiteral(FARTHING_SOURCE_DIR))
                               .absoluteFilePath(QStringLiteral("../shared/fixtures")));
}

bool Recordings::present()
{
    return QDir(folder()).exists(QStringLiteral("openai"));
}

bool Recordings::required()
{
    return qEnvironmentVariable("CI") == QLatin1StringView("true");
}

QString Recordings::path(const QString &name)
{
    return QDir(folder()).filePath(name);
}

QByteArray Recordings::read(const QString &name)
{
    QFile file(path(name));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QByteArray bytes = file.readAll();
    return name.endsWith(QLatin1StringView(".gz")) ? gunzipped(bytes) : bytes;
}

QString Recordings::absence()
{
    return QStringLiteral("no recordings in %1: set FARTHING_RECORDINGS").arg(folder());
}

} // namespace tests
