#pragma once

#include "core/base/secretstring.h"
#include "core/net/httpmessage.h"

#include <chrono>

namespace core {

//! What proves an AWS account.
struct AwsCredentials
{
    QByteArray accessKeyId; //!< Not a secret: it stands in the request.
    SecretString secretAccessKey;
    SecretString sessionToken; //!< Empty: the credentials are not temporary.
};

//! Where and when a signature holds, and how what it covers is written down.
struct SigningScope
{
    QByteArray region;
    QByteArray service;
    std::chrono::sys_seconds time;
    //! "." and ".." in the path are resolved before signing, as the service does (S3 does not).
    bool normalizePath = true;
};

//! What of a request is signed, as it goes over the wire.
struct SigningInput
{
    QByteArray method;
    QByteArray path;                                  //!< As sent, percent-encoded once.
    QByteArray query;                                 //!< As sent, without "?".
    QList<std::pair<QByteArray, QByteArray>> headers; //!< All that are signed, host among them.
    QByteArray bodyHash;                              //!< Hex of the body's SHA-256.
};

//! AWS Signature Version 4. Pure functions: time and credentials come in as values.
[[nodiscard]] QByteArray canonicalRequest(const SigningInput &input, const SigningScope &scope);
[[nodiscard]] QByteArray stringToSign(const QByteArray &canonical, const SigningScope &scope);
[[nodiscard]] QByteArray sigv4Signature(const QByteArray &toSign, const AwsCredentials &credentials,
                                        const SigningScope &scope);
[[nodiscard]] QByteArray sigv4Date(std::chrono::sys_seconds time); //!< 20261123T070000Z
[[nodiscard]] QByteArray sha256Hex(const QByteArray &bytes);
//! Lower-case names of what is signed, sorted, joined by ";".
[[nodiscard]] QByteArray signedHeaderNames(const SigningInput &input);

//! Adds x-amz-date, x-amz-content-sha256, x-amz-security-token where there is one, and
//! Authorization, which covers them, host, and all headers that \p request has by now.
void sign(HttpRequest &request, const AwsCredentials &credentials, const SigningScope &scope);

} // namespace core
