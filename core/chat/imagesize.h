#pragma once

#include <QByteArrayView>
#include <QSize>

#include <optional>

namespace core {

//! Pixels of a PNG, JPEG, GIF or WebP image, by its head alone; nothing is decoded. Nothing for
//! other bytes and for heads that are damaged or name no size. Pure; reads within the bytes only.
[[nodiscard]] std::optional<QSize> imageSize(QByteArrayView bytes);

} // namespace core
