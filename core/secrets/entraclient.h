#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/base/secretstring.h"
#include "core/chat/target.h"

#include <QFuture>
#include <QObject>

#include <optional>

namespace core {

class HttpTransport;

//! What a token endpoint gives.
struct EntraTokens
{
    SecretString accessToken;
    SecretString refreshToken; //!< Empty where the one that was used goes on.
    std::chrono::seconds lifetime{0};
    QString person; //!< Who signed in, as personIn() gives it; may be empty.
};

//! Microsoft's own, and the endpoint below it where nothing else is set.
inline constexpr auto EntraAuthority = "https://login.microsoftonline.com";
inline constexpr auto EntraTenant = "organizations";

//! The origin that sign-ins of \p directory belong to: what a refresh token is bound to.
[[nodiscard]] QString entraOrigin(const EntraDirectory &directory);
//! Whether one can sign in there: https (http to this machine only), a tenant, an app's id. Errors:
//! InputRejected, with what is wrong.
[[nodiscard]] Result<Done> checkDirectory(const EntraDirectory &directory);

//! The body of an answer of the token endpoint. Errors: KeyMissing when signing in anew is what
//! helps, else KeyUnavailable; what the server said is quoted, without control characters.
[[nodiscard]] Result<EntraTokens> entraTokensFrom(int status, const QByteArray &body);

//! One sign-in by device code (RFC 8628): the person types a code on a page of the directory, on
//! this or another device, while this asks whether it was done.
//!
//! Signals: codeReceived at most once, then exactly one finished, none before the event loop runs
//! again. Deleting it ends it silently. Main thread.
class EntraSignIn final : public QObject
{
    Q_OBJECT
public:
    EntraSignIn(HttpTransport &transport, Clock &clock, EntraDirectory directory, QObject *parent);
    ~EntraSignIn() override;

    [[nodiscard]] const QString &userCode() const { return m_userCode; } //!< Foreign text.
    [[nodiscard]] const QUrl &verificationUrl() const { return m_verificationUrl; } //!< https.
    [[nodiscard]] UtcTime expires() const { return m_expires; } //!< When the code ends.
    //! Valid from finished() on; it always holds a refresh token. Errors: AuthenticationFailed
    //! (declined, or the server's own words), Timeout (the code was not used), as of a call.
    [[nodiscard]] const Result<EntraTokens> &result() const { return m_result; }

Q_SIGNALS:
    void codeReceived();
    void finished();

private:
    void begin();
    void takeCode(int status, const QByteArray &body);
    void waitToPoll();
    void waitLonger();
    void poll();
    void takePoll(int status, const QByteArray &body);
    void end(const Result<EntraTokens> &result);

    HttpTransport &m_transport;
    Clock &m_clock;
    EntraDirectory m_directory;
    SecretString m_deviceCode;
    QString m_userCode;
    QUrl m_verificationUrl;
    std::chrono::seconds m_interval{5};
    UtcTime m_expires{};
    Alarm m_alarm;
    Result<EntraTokens> m_result;
};

//! Exchanges a refresh token for an access token. Main thread.
class EntraClient final : public QObject
{
    Q_OBJECT
public:
    EntraClient(HttpTransport &transport, Clock &clock, QObject *parent = nullptr);

    //! Errors also as of a call: ConnectionFailed, TlsFailed, Timeout, ...
    [[nodiscard]] QFuture<Result<EntraTokens>> refresh(const EntraDirectory &directory,
                                                       const SecretString &refreshToken);
    //! The sign-in belongs to \p owner.
    [[nodiscard]] EntraSignIn *signIn(const EntraDirectory &directory, QObject *owner);

private:
    HttpTransport &m_transport;
    Clock &m_clock;
};

} // namespace core
