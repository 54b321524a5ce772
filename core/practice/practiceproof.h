#pragma once

#include "core/base/secretstring.h"
#include "core/practice/requestparser.h"

#include <chrono>

namespace core {

//! Whether a request brings \p token as "Authorization: Bearer TOKEN". None of these comparisons
//! tells by its duration how much was right.
[[nodiscard]] bool isBearer(const HttpHeaders &headers, const SecretString &token);
//! ... as the bare value of the header \p name.
[[nodiscard]] bool isBareKey(const HttpHeaders &headers, QByteArrayView name,
                             const SecretString &token);
//! ... as the secret access key of a Signature Version 4 for the service "bedrock", of any access
//! key id and region. Host and x-amz-date must be signed, and the date within five minutes of
//! \p now.
[[nodiscard]] bool isSigned(const LoopbackRequest &request, const SecretString &token,
                            std::chrono::sys_seconds now);

} // namespace core
