#pragma once

#include <QString>
#include <QUrl>

#include <optional>

namespace core {

//! The base URL of \p region by \p pattern ("https://bedrock-runtime.{region}.amazonaws.com"); none
//! if \p region is not in AWS's form ("eu-west-1", "us-gov-east-1"), so that no text can name
//! another host. China's regions have a suffix of their own.
[[nodiscard]] std::optional<QUrl> regionUrl(const QString &pattern, const QString &region);

//! The region that \p url names by \p pattern, whatever its path; empty if it is another host.
[[nodiscard]] QString regionOf(const QString &pattern, const QUrl &url);

} // namespace core
