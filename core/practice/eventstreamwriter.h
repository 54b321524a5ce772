#pragma once

#include <QByteArray>
#include <QList>

#include <utility>

namespace core {

//! One message of application/vnd.amazon.eventstream with string headers, in the order given, and
//! both checksums: what EventStreamParser reads.
[[nodiscard]] QByteArray eventStreamFrame(const QList<std::pair<QByteArray, QByteArray>> &headers,
                                          const QByteArray &payload);

} // namespace core
