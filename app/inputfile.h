#pragma once

#include "core/base/result.h"

#include <QByteArray>

namespace app {

//! The whole of \p path, or of standard input for "-" or nothing; at most \p limit bytes
//! (then InputRejected, as where it cannot be read to its end).
[[nodiscard]] core::Result<QByteArray> readInput(const std::optional<QString> &path, qint64 limit);

//! \p bytes inflated if they are gzip (as bodies are recorded), else as they are. At most \p limit
//! bytes come out.
[[nodiscard]] core::Result<QByteArray> inflated(const QByteArray &bytes, qint64 limit);

} // namespace app
