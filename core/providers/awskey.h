#pragma once

#include "core/base/secretstring.h"
#include "core/net/sigv4.h"

#include <QUrl>

#include <optional>

namespace core {

//! Whether \p key is access keys, whole or not, joined by ":". A bearer key has none; what is a
//! pair may sign, but never goes out itself.
[[nodiscard]] bool isAwsPair(const SecretString &key);

//! The access keys that a secret of the form ACCESS_KEY_ID:SECRET_ACCESS_KEY[:SESSION_TOKEN] holds;
//! none: it is a bearer key, or a pair that lacks a part.
[[nodiscard]] std::optional<AwsCredentials> awsCredentialsFrom(const SecretString &key);

//! The region that a Bedrock host names ("bedrock-runtime.eu-west-1.amazonaws.com", also FIPS and
//! VPC endpoints); us-east-1 for any other.
[[nodiscard]] QByteArray awsRegionOf(const QUrl &url);

} // namespace core
