#include "core/net/networkexchange.h"

#include "core/base/whenready.h"
#include "core/net/networkerrors.h"
#include "core/net/urlpolicy.h"

#include <algorithm>
#include <cstring>

namespace core {

namespace {

constexpr qint64 SliceBytes = 64 * 1024;
//! Routers forget connections while a machine sleeps, and nobody says so.
constexpr std::chrono::seconds FirstByteAfterSleep{60};
constexpr std::chrono::seconds IdleAfterSleep{15};

//! A body that can be read once. Qt sends a request again by itself when the server hangs up
//! before it answers (measured, 6.4.2); a body that cannot be rewound stops that, so that one
//! attempt is one request.
class OneWayBody final : public QIODevice
{
public:
    OneWayBody(QByteArray body, QObject *parent)
        : QIODevice(parent)
        , m_body(std::move(body))
    {
        open(QIODevice::ReadOnly | QIODevice::Unbuffered);
    }
    [[nodiscard]] bool isSequential() const override { return true; }
    [[nodiscard]] bool atEnd() const override { return m_read >= m_body.size(); }
    [[nodiscard]] qint64 bytesAvailable() const override { return m_body.size() - m_read; }
    bool seek(qint64) override { return false; }
    bool reset() override { return false; }

protected:
    qint64 readData(char *data, qint64 maxSize) override
    {
        const qint64 count = std::min(maxSize, bytesAvailable());
        if (count <= 0)
            return -1;
        std::memcpy(data, m_body.constData() + m_read, static_cast<std::size_t>(count));
        m_read += count;
        return count;
    }
    qint64 writeData(const char *, qint64) override { return -1; }

private:
    QByteArray m_body;
    qint64 m_read = 0;
};

bool isHeaderName(const QByteArray &name)
{
    static const QByteArray symbols = "!#$%&'*+-.^_`|~";
    return !name.isEmpty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               symbols.contains(c);
    });
}

bool isHeaderValue(const QByteArray &value)
{
    return std::none_of(value.begin(), value.end(), [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
    });
}

//! Why \p request must not go out at all. Values of headers are secrets: only names are told.
std::optional<Error> objectionTo(const HttpRequest &request)
{
    if (const auto allowed = checkRequestUrl(request.url); !allowed)
        return transportError(ErrorKind::ProtocolError, allowed.error().detail);
    if (!isHeaderName(request.method))
        return transportError(ErrorKind::Internal, QStringLiteral("The request has no method."));
    for (const auto &[name, value] : request.headers.fields()) {
        // A line break would begin another header; a pasted key may well bring one along.
        if (!isHeaderName(name) || !isHeaderValue(value)) {
            return transportError(
                ErrorKind::InputRejected,
                QStringLiteral("The header %1 holds a character that HTTP does not allow.")
                    .arg(isHeaderName(name) ? QString::fromLatin1(name) : QString()));
        }
    }
    if (!request.body.isEmpty() && !request.headers.contains("content-type")) {
        return transportError(ErrorKind::Internal,
                              QStringLiteral("The request has a body without a type."));
    }
    return std::nullopt;
}

} // namespace

NetworkExchange::NetworkExchange(Clock &clock, ManagerPool &pool, const HttpDeadlines &deadlines,
                                 QObject *parent)
    : HttpExchange(parent)
    , m_clock(clock)
    , m_pool(&pool)
    , m_options(pool.options())
    , m_deadlines(deadlines)
    , m_phaseAlarm(clock)
    , m_totalAlarm(clock)
{
}

NetworkExchange::~NetworkExchange()
{
    letGo(ManagerPool::Reuse::No);
}

void NetworkExchange::start(const HttpRequest &request)
{
    if (const auto objection = objectionTo(request)) {
        failLater(*objection);
        return;
    }
    m_origin = originOf(request.url);
    m_request = request;
    if (const auto begun = begin({}); !begun) {
        failLater(begun.error());
        return;
    }
    if (m_deadlines.total.count() > 0)
        m_totalAlarm.set(m_deadlines.total, [this] { expire(Phase::Total); });
}

Result<Done> NetworkExchange::begin(const std::optional<ProxyLogin> &login)
{
    const auto manager = m_pool->lease(m_origin, login);
    if (!manager)
        return manager.error();
    m_manager = *manager;
    post(*manager);
    m_reply->setReadBufferSize(m_options.readBufferBytes);
    watchReply();
    guard(m_deadlines.connect);
    return Done{};
}

void NetworkExchange::post(QNetworkAccessManager *manager)
{
    const HttpRequest &request = m_request;
    const QNetworkRequest wire = m_pool->wireRequest(request);
    if (request.body.isEmpty()) {
        m_reply = request.method == "GET" ? manager->get(wire)
                                          : manager->sendCustomRequest(wire, request.method);
        return;
    }
    auto *body = new OneWayBody(request.body, manager);
    m_reply = request.method == "POST" ? manager->post(wire, body)
                                       : manager->sendCustomRequest(wire, request.method, body);
    body->setParent(m_reply);
}

void NetworkExchange::watchReply()
{
    QNetworkReply *reply = m_reply;
    connect(reply, &QNetworkReply::uploadProgress, this, [this](qint64 bytes) {
        if (bytes > 0)
            noteSent();
    });
    connect(reply, &QNetworkReply::requestSent, this, &NetworkExchange::noteSent);
    connect(reply, &QNetworkReply::metaDataChanged, this, &NetworkExchange::readHeaders);
    connect(reply, &QNetworkReply::readyRead, this, &NetworkExchange::drain);
    connect(reply, &QNetworkReply::sslErrors, this, [this](const QList<QSslError> &errors) {
        for (const QSslError &error : errors)
            m_tlsErrors.append(error.error());
    });
    // Qt finds compression bombs while it is read from. Its thread then waits for a reader, so that
    // finished() would never come, and what it hands out next is not decoded.
    connect(reply, &QNetworkReply::errorOccurred, this, [this](QNetworkReply::NetworkError code) {
        if (code != QNetworkReply::UnknownContentError)
            return;
        const bool mayBeStatus = m_status >= 400 && m_status < 500; // Qt says it of a 429 too
        m_isDamaged = !mayBeStatus;
        QMetaObject::invokeMethod(this, &NetworkExchange::end, Qt::QueuedConnection);
    });
    connect(reply, &QNetworkReply::finished, this, &NetworkExchange::end);
}

void NetworkExchange::noteSent()
{
    if (m_state == State::AwaitingHeaders)
        touch(); // a long upload is no silence of the server
    if (m_state != State::Connecting)
        return;
    m_state = State::AwaitingHeaders;
    m_request = {};
    guard(m_deadlines.firstByte);
    Q_EMIT sent();
}

void NetworkExchange::readHeaders()
{
    const int status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (m_state == State::Receiving || status < 200)
        return; // Qt repeats itself; 1xx are only a prelude
    const QPointer<NetworkExchange> self(this);
    noteSent(); // an answer may overtake the news of what was sent
    if (!self || m_state == State::Ended)
        return;
    m_status = status;
    m_state = State::Receiving;
    guard(m_deadlines.idle);
    qint64 bytes = 0;
    for (const auto &[name, value] : m_reply->rawHeaderPairs()) {
        m_headers.add(name, value);
        bytes += name.size() + value.size();
    }
    if (bytes > m_options.headerLimitBytes) {
        m_headers = {};
        fail(protocolError(QStringLiteral("the headers of the answer are too large")));
        return;
    }
    // Qt drops all headers without a word when they are malformed or beyond its own limit.
    if (m_headers.fields().isEmpty() && !isErrorAnswer()) {
        fail(protocolError(QStringLiteral("the headers of the answer could not be read")));
        return;
    }
    if (status >= 300 && status < 400) {
        const QByteArray location = m_headers.value("location");
        const QUrl target = m_reply->url().resolved(QUrl::fromEncoded(location));
        Error error = protocolError(
            location.isEmpty() ? QStringLiteral("it points to another address without naming it")
                               : QStringLiteral("it points to %1").arg(originOf(target)));
        error.kind = ErrorKind::Redirected;
        fail(error);
        return;
    }
    Q_EMIT headersReceived();
}

void NetworkExchange::drain()
{
    const QPointer<NetworkExchange> self(this);
    const qint64 limit = isErrorAnswer() ? m_options.errorBodyLimitBytes : m_options.bodyLimitBytes;
    while (m_state == State::Receiving && m_reply && !m_isDamaged &&
           m_reply->bytesAvailable() > 0) {
        if (std::exchange(m_hasSlept, false)) // it lives
            guard(m_deadlines.idle);
        touch();
        const qint64 room = limit - m_received;
        if (room <= 0) {
            // The status of an error answer says enough: its body is cut, the answer counts.
            if (isErrorAnswer())
                conclude(std::nullopt, ManagerPool::Reuse::No);
            else
                fail(
                    protocolError(QStringLiteral("the answer is longer than %1 bytes").arg(limit)));
            return;
        }
        // Qt makes room for all that it may read, however little there is.
        const QByteArray slice =
            m_reply->read(std::min({room, SliceBytes, m_reply->bytesAvailable()}));
        if (slice.isEmpty())
            return;
        m_received += slice.size();
        Q_EMIT bodyReceived(slice);
        if (!self)
            return;
    }
}

void NetworkExchange::end()
{
    if (!m_reply) // ended before a queued call arrived
        return;
    const QPointer<NetworkExchange> self(this);
    drain(); // Qt does not announce the last bytes once more
    if (!self || m_state == State::Ended)
        return;
    const QNetworkReply::NetworkError code = m_reply->error();
    if (code == QNetworkReply::ProxyAuthenticationRequiredError && m_status == 0) {
        answerProxy();
    } else if (code == QNetworkReply::NoError && m_state == State::Receiving) {
        conclude(std::nullopt, ManagerPool::Reuse::Yes);
    } else if (isErrorAnswer()) {
        conclude(std::nullopt, ManagerPool::Reuse::No);
    } else if (code == QNetworkReply::NoError) {
        fail(protocolError(QStringLiteral("there was no final status")));
    } else {
        fail(errorOf({code, m_origin, m_status, phase(), m_tlsErrors}));
    }
}

//! Nothing has left for the service: a proxy that wants a password takes no more than the name of
//! the host. The password is looked up now, by whoever keeps it, and the exchange begins anew.
void NetworkExchange::answerProxy()
{
    const bool isRefused = m_pool && m_manager && m_pool->isLoginRefused(m_manager);
    if (isRefused || m_hasAskedLogin || m_state != State::Connecting || !m_pool || !m_manager)
        return fail(
            proxyLoginError(isRefused ? ProxyLoginFault::Refused : ProxyLoginFault::Missing));
    m_hasAskedLogin = true;
    m_phaseAlarm.clear(); // a person may be unlocking the keychain
    const QFuture<Result<ProxyLogin>> login = m_pool->proxyLogin(m_manager);
    dropReply(ManagerPool::Reuse::No);
    whenReady(this, login, [this](const Result<ProxyLogin> &answer) {
        if (m_state == State::Ended || !m_pool)
            return;
        if (!answer)
            return fail(answer.error().kind == ErrorKind::KeyMissing
                            ? proxyLoginError(ProxyLoginFault::Missing)
                            : proxyLoginError(ProxyLoginFault::Unreadable, answer.error().detail));
        if (const auto begun = begin(*answer); !begun)
            fail(begun.error());
    });
}

void NetworkExchange::guard(std::chrono::milliseconds limit)
{
    m_limit = limit;
    touch();
    m_phaseAlarm.clear();
    if (limit.count() > 0)
        m_phaseAlarm.set(limit, [this] { checkDeadline(); });
}

// The alarm is not moved with every slice; it looks at the clock when it rings.
void NetworkExchange::checkDeadline()
{
    const auto silence = m_clock.steadyNow() - m_lastActivity;
    if (silence < m_limit) {
        m_phaseAlarm.set(std::chrono::ceil<std::chrono::milliseconds>(m_limit - silence),
                         [this] { checkDeadline(); });
        return;
    }
    expire(phase());
}

void NetworkExchange::expire(Phase phase)
{
    if (isErrorAnswer()) {
        conclude(std::nullopt, ManagerPool::Reuse::No);
        return;
    }
    Error error = protocolError(QStringLiteral("no answer in the time allowed"));
    if (phase == Phase::Connect)
        error = protocolError(QStringLiteral("no connection in the time allowed"));
    else if (phase == Phase::Idle)
        error = protocolError(QStringLiteral("silence in the middle of the answer"));
    error.kind = ErrorKind::Timeout;
    error.phase = phase;
    fail(error);
}

void NetworkExchange::fail(const Error &error)
{
    conclude(error, ManagerPool::Reuse::No);
}

void NetworkExchange::failLater(const Error &error)
{
    QMetaObject::invokeMethod(
        this,
        [this, error] {
            if (m_state != State::Ended)
                fail(error);
        },
        Qt::QueuedConnection);
}

// Nothing may follow: a handler of finished() may have deleted this object.
void NetworkExchange::conclude(std::optional<Error> error, ManagerPool::Reuse reuse)
{
    letGo(reuse);
    m_error = std::move(error);
    Q_EMIT finished();
}

void NetworkExchange::abort()
{
    letGo(ManagerPool::Reuse::No);
}

void NetworkExchange::noteSleep()
{
    const auto atMost = [](std::chrono::milliseconds limit, std::chrono::milliseconds most) {
        return limit.count() > 0 ? std::min(limit, most) : most;
    };
    switch (m_state) {
    case State::Connecting:
        if (m_reply) // else a person may be unlocking the keychain, for a proxy
            guard(m_deadlines.connect);
        return;
    case State::AwaitingHeaders:
        return guard(atMost(m_deadlines.firstByte, FirstByteAfterSleep));
    case State::Receiving:
        m_hasSlept = true;
        return guard(atMost(m_deadlines.idle, IdleAfterSleep));
    case State::Ended:
        return;
    }
}

void NetworkExchange::letGo(ManagerPool::Reuse reuse)
{
    m_state = State::Ended;
    m_request = {};
    m_phaseAlarm.clear();
    m_totalAlarm.clear();
    dropReply(reuse);
}

void NetworkExchange::dropReply(ManagerPool::Reuse reuse)
{
    if (m_reply) {
        // Its end closes the socket within this turn of the event loop. QNetworkReply::abort()
        // would emit from inside, and warn when an error is already on its way from Qt's own
        // thread.
        m_reply->disconnect(this);
        if (m_pool && m_manager && reuse == ManagerPool::Reuse::No) {
            connect(
                m_reply, &QObject::destroyed, m_pool,
                [pool = m_pool.data(), manager = m_manager.data()] {
                    pool->release(manager, ManagerPool::Reuse::No);
                },
                Qt::QueuedConnection);
        }
        m_reply->deleteLater();
        m_reply = nullptr;
    }
    // A whole answer: the next request may come from the handler of this end, and use it.
    if (m_pool && m_manager && reuse == ManagerPool::Reuse::Yes)
        m_pool->release(m_manager, reuse);
    m_manager = nullptr;
}

Phase NetworkExchange::phase() const
{
    switch (m_state) {
    case State::Connecting:
        return Phase::Connect;
    case State::AwaitingHeaders:
        return Phase::FirstByte;
    case State::Receiving:
        return Phase::Idle;
    case State::Ended:
        break;
    }
    return Phase::None;
}

Error NetworkExchange::protocolError(const QString &text) const
{
    return transportError(ErrorKind::ProtocolError, m_origin + QStringLiteral(": ") + text,
                          m_status);
}

} // namespace core
