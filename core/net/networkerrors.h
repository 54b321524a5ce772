#pragma once

#include "core/base/error.h"

#include <QNetworkReply>
#include <QSslError>

namespace core {

//! What is known when an exchange ends badly.
struct NetworkFailure
{
    QNetworkReply::NetworkError code = QNetworkReply::UnknownNetworkError;
    QString origin; //!< Of the URL asked for; never its path or query.
    int status = 0; //!< 0 if no headers came.
    Phase phase = Phase::None;
    QList<QSslError::SslError> tlsErrors;
};

//! The Error for a failure below HTTP, in our own words: Qt's sentences hold the whole URL and the
//! server's reason phrase, which may say anything.
[[nodiscard]] Error errorOf(const NetworkFailure &failure);

enum class ProxyLoginFault { Missing, Refused, Unreadable };
//! A proxy wants a password; \p why it cannot be read. Not asked again by itself: proxies lock
//! those out who guess.
[[nodiscard]] Error proxyLoginError(ProxyLoginFault fault, const QString &why = {});
//! An error that the transport found itself. \p detail is redacted here.
[[nodiscard]] Error transportError(ErrorKind kind, const QString &detail, int status = 0,
                                   Phase phase = Phase::None);

} // namespace core
