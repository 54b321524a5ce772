#pragma once

#include "core/base/picousd.h"
#include "core/base/result.h"

#include <QString>

#include <optional>

namespace core {

//! A message and the most that it may cost.
struct CappedText
{
    QString text;
    std::optional<PicoUsd> cap; //!< None: none was given.
    bool operator==(const CappedText &) const = default;
};

//! Takes "/max 5c", "/max $0.05" or "/max 0.05" off the beginning of \p typed. Error:
//! InputRejected where "/max" stands there without an amount above zero.
[[nodiscard]] Result<CappedText> withoutCap(const QString &typed);

//! "5c", "$0.05", "0.05" as money above zero; nothing if it is none.
[[nodiscard]] std::optional<PicoUsd> capFrom(const QString &amount);

} // namespace core
