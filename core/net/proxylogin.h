#pragma once

#include "core/base/result.h"
#include "core/base/secretstring.h"

#include <QFuture>

#include <functional>

namespace core {

//! Who the user is to one proxy.
struct ProxyLogin
{
    QString proxy; //!< "host:port": no other one is told.
    QString user;
    SecretString password;
};

//! Asked when a proxy ("host:port") wants to know; the keychain may take its time. Errors:
//! KeyMissing (nothing was given for that proxy), KeyUnavailable (it cannot be read now).
using ProxyLoginSource = std::function<QFuture<Result<ProxyLogin>>(const QString &proxy)>;

} // namespace core
