#pragma once

#include <QByteArray>
#include <QString>

namespace core {

//! Whom \p token (a JWT, RFC 7519) says that it is about: "Ada Lovelace (ada@contoso.com)", or the
//! one of both that is there. Its signature is not checked: for show only, never to decide by.
//! Foreign text without control characters, on one line. Empty: no JWT, or no such claim.
[[nodiscard]] QString personIn(const QByteArray &token);

} // namespace core
