#pragma once

#include "core/providers/provideradapter.h"

#include <QByteArray>
#include <QString>

#include <functional>

namespace tests {

//! All that a body says, decoded by \p adapter in slices whose lengths \p nextLength gives, in a
//! line that can be compared: "thought hm | text a | call ID NAME ARGUMENTS | counts in 7, out 3 |
//! finish stop". A part of which nothing came is left out; a failure ends in "error CODE".
[[nodiscard]] QString said(const core::ProviderAdapter &adapter, const QByteArray &contentType,
                           const QByteArray &body, const std::function<qsizetype()> &nextLength);

//! In slices of one length.
[[nodiscard]] QString said(const core::ProviderAdapter &adapter, const QByteArray &contentType,
                           const QByteArray &body, qsizetype slice);

} // namespace tests
