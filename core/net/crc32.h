#pragma once

#include <QByteArrayView>

namespace core {

//! The CRC-32 of zlib, PNG and AWS's event stream (polynomial 0xEDB88320), of bytes that came
//! before with the checksum \p before (0: none) and \p bytes.
[[nodiscard]] quint32 crc32(quint32 before, QByteArrayView bytes);

} // namespace core
