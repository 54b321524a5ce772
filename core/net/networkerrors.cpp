#include "core/net/networkerrors.h"

#include "core/base/errortext.h"
#include "core/base/redactor.h"

namespace core {

namespace {

QString tlsReason(QSslError::SslError error)
{
    switch (error) {
    case QSslError::CertificateExpired:
        return QStringLiteral("its certificate has expired");
    case QSslError::CertificateNotYetValid:
        return QStringLiteral("its certificate is not valid yet");
    case QSslError::HostNameMismatch:
        return QStringLiteral("its certificate is for another host");
    case QSslError::SelfSignedCertificate:
        return QStringLiteral("its certificate is signed by itself");
    case QSslError::SelfSignedCertificateInChain:
    case QSslError::UnableToGetIssuerCertificate:
    case QSslError::UnableToGetLocalIssuerCertificate:
    case QSslError::UnableToVerifyFirstCertificate:
    case QSslError::CertificateUntrusted:
    case QSslError::InvalidCaCertificate:
        return QStringLiteral("its certificate comes from an authority that is not trusted here");
    case QSslError::CertificateRevoked:
    case QSslError::CertificateBlacklisted:
        return QStringLiteral("its certificate was revoked");
    case QSslError::NoPeerCertificate:
        return QStringLiteral("it showed no certificate");
    default: // Qt's list grows; each of them ends the same way
        return QStringLiteral("its certificate did not pass the check (code %1)").arg(int(error));
    }
}

QString tlsText(const NetworkFailure &failure)
{
    QStringList reasons;
    for (const QSslError::SslError error : failure.tlsErrors) {
        const QString reason = tlsReason(error);
        if (!reasons.contains(reason))
            reasons.append(reason);
    }
    if (reasons.isEmpty())
        return QStringLiteral("no common version of TLS, or the handshake broke off");
    return reasons.join(QStringLiteral("; "));
}

struct Verdict
{
    ErrorKind kind;
    QString text;
};

Verdict verdictOn(const NetworkFailure &failure)
{
    using enum QNetworkReply::NetworkError;
    switch (failure.code) {
    case ConnectionRefusedError:
        return {ErrorKind::ConnectionFailed, QStringLiteral("the connection was refused")};
    case RemoteHostClosedError:
    case ContentReSendError: // Qt wanted to send the request again by itself; that is not its call
        return {ErrorKind::ConnectionFailed,
                failure.status == 0
                    ? QStringLiteral("the connection was closed before the answer began")
                    : QStringLiteral("the connection was closed in the middle of the answer")};
    case HostNotFoundError:
        return {ErrorKind::ConnectionFailed, QStringLiteral("no such host was found")};
    case TimeoutError:
        return {ErrorKind::ConnectionFailed, QStringLiteral("the system gave up connecting")};
    case SslHandshakeFailedError:
        return {ErrorKind::TlsFailed, tlsText(failure)};
    case TooManyRedirectsError:
    case InsecureRedirectError:
        return {ErrorKind::Redirected, QStringLiteral("it points to another address")};
    case ProxyConnectionRefusedError:
    case ProxyConnectionClosedError:
    case ProxyNotFoundError:
    case ProxyTimeoutError:
        return {ErrorKind::ConnectionFailed,
                QStringLiteral("the proxy could not be reached or closed the connection")};
    case ProxyAuthenticationRequiredError: // its exchange knows more: proxyLoginError()
    case UnknownProxyError:
        return {ErrorKind::ConnectionFailed, QStringLiteral("the proxy failed")};
    case NetworkSessionFailedError:
    case TemporaryNetworkFailureError:
    case BackgroundRequestNotAllowedError:
    case OperationCanceledError:
    case UnknownNetworkError:
        return {ErrorKind::ConnectionFailed, QStringLiteral("the network failed")};
    case ProtocolUnknownError:
    case ProtocolInvalidOperationError:
    case ProtocolFailure:
        return {ErrorKind::ProtocolError, QStringLiteral("the answer is not HTTP")};
    case UnknownContentError: // with a status below 400: a compression bomb, or damaged
        return {ErrorKind::ProtocolError, QStringLiteral("the answer could not be decompressed")};
    case NoError:
    case ContentAccessDenied:
    case ContentOperationNotPermittedError:
    case ContentNotFoundError:
    case AuthenticationRequiredError:
    case ContentConflictError:
    case ContentGoneError:
    case InternalServerError:
    case OperationNotImplementedError:
    case ServiceUnavailableError:
    case UnknownServerError:
        break; // these come with a status of 400 or more, which is no failure of the transport
    }
    return {ErrorKind::ProtocolError, QStringLiteral("the answer could not be read")};
}

} // namespace

Error errorOf(const NetworkFailure &failure)
{
    const Verdict verdict = verdictOn(failure);
    return transportError(verdict.kind, failure.origin + QStringLiteral(": ") + verdict.text,
                          failure.status, failure.phase);
}

Error proxyLoginError(ProxyLoginFault fault, const QString &why)
{
    QString text;
    switch (fault) {
    case ProxyLoginFault::Missing:
        text = QStringLiteral("The proxy asks for a user name and a password. Enter them in "
                              "Settings, Network.");
        break;
    case ProxyLoginFault::Refused:
        text = QStringLiteral("The proxy refused the user name or the password. Correct them in "
                              "Settings, Network.");
        break;
    case ProxyLoginFault::Unreadable:
        text = QStringLiteral("The password for the proxy could not be read. ") + why;
        break;
    }
    Error error = transportError(ErrorKind::ConnectionFailed, text, 0, Phase::Connect);
    error.providerCode = QLatin1StringView(ProxyLoginCode);
    error.shouldRetry = false;
    return error;
}

Error transportError(ErrorKind kind, const QString &detail, int status, Phase phase)
{
    Error error = makeError(kind, redacted(detail));
    error.httpStatus = status;
    error.phase = phase;
    return error;
}

} // namespace core
