#pragma once

#include "core/base/error.h"

namespace core {

//! The program's own resource \p what cannot be what the generator wrote.
[[nodiscard]] inline Error damagedTable(const QString &what)
{
    return makeError(ErrorKind::Internal,
                     QStringLiteral("The built-in table of %1 is damaged.").arg(what));
}

} // namespace core
