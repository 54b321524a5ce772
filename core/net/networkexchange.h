#pragma once

#include "core/base/clock.h"
#include "core/net/httpexchange.h"
#include "core/net/managerpool.h"

#include <QNetworkReply>
#include <QPointer>
#include <QSslError>

namespace core {

//! The exchange over a real socket: one QNetworkReply, watched by our own deadlines and caps.
class NetworkExchange final : public HttpExchange
{
    Q_OBJECT
public:
    NetworkExchange(Clock &clock, ManagerPool &pool, const HttpDeadlines &deadlines,
                    QObject *parent);
    ~NetworkExchange() override;

    void start(const HttpRequest &request); //!< Once.

    void abort() override;
    void noteSleep() override;
    [[nodiscard]] int status() const override { return m_status; }
    [[nodiscard]] const HttpHeaders &headers() const override { return m_headers; }
    [[nodiscard]] const std::optional<Error> &error() const override { return m_error; }

private:
    enum class State { Connecting, AwaitingHeaders, Receiving, Ended };

    [[nodiscard]] Result<Done> begin(const std::optional<ProxyLogin> &login);
    void post(QNetworkAccessManager *manager);
    void watchReply();
    void noteSent();
    void readHeaders();
    void drain();
    void end();
    void answerProxy();

    void guard(std::chrono::milliseconds limit);
    void touch() { m_lastActivity = m_clock.steadyNow(); }
    void checkDeadline();
    void expire(Phase phase);

    void fail(const Error &error);
    void failLater(const Error &error);
    void conclude(std::optional<Error> error, ManagerPool::Reuse reuse);
    void letGo(ManagerPool::Reuse reuse);
    void dropReply(ManagerPool::Reuse reuse);

    [[nodiscard]] Phase phase() const;
    [[nodiscard]] bool isErrorAnswer() const { return m_status >= 400; }
    [[nodiscard]] Error protocolError(const QString &text) const;

    Clock &m_clock;
    QPointer<ManagerPool> m_pool;
    NetworkOptions m_options;
    HttpDeadlines m_deadlines;
    QString m_origin;
    HttpRequest m_request;        //!< Until it leaves: a proxy may want a password first.
    bool m_hasAskedLogin = false; //!< For that proxy, once an exchange.

    State m_state = State::Connecting;
    QPointer<QNetworkAccessManager> m_manager;
    QPointer<QNetworkReply> m_reply; //!< Belongs to its manager; let go with deleteLater().
    QList<QSslError::SslError> m_tlsErrors;
    bool m_hasSlept = false;  //!< Nothing has come since the machine woke.
    bool m_isDamaged = false; //!< Decompression failed: what follows is not the answer.

    Alarm m_phaseAlarm;
    Alarm m_totalAlarm;
    std::chrono::milliseconds m_limit{0}; //!< Of the phase that runs.
    SteadyTime m_lastActivity;

    int m_status = 0;
    HttpHeaders m_headers;
    qint64 m_received = 0;
    std::optional<Error> m_error;
};

} // namespace core
