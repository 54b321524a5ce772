#pragma once

#include <QByteArray>

namespace core {

//! resources/providers.json as it was built in.
[[nodiscard]] QByteArray builtInProviders();

} // namespace core
