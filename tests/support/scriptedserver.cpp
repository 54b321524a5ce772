#include "tests/support/scriptedserver.h"

#include <algorithm>

namespace tests {

using core::BodyFraming;
using core::LoopbackRequest;
using core::LoopbackResponse;

Answer Answer::whole(int status, const QByteArray &body, const QByteArray &contentType)
{
    Answer answer;
    answer.status(status).header("Content-Type", contentType);
    answer.framing(BodyFraming::ContentLength, body.size()).write(body);
    return answer;
}

Answer Answer::stream(const QList<QByteArray> &pieces)
{
    Answer answer;
    answer.header("Content-Type", "text/event-stream; charset=utf-8");
    answer.m_steps.append({Kind::Head, {}, {}});
    for (const QByteArray &piece : pieces)
        answer.write(piece);
    return answer;
}

Answer Answer::nothing()
{
    Answer answer;
    answer.stall();
    return answer;
}

Answer Answer::rawBytes(const QByteArray &bytes)
{
    Answer answer;
    answer.raw(bytes).close();
    return answer;
}

Answer &Answer::header(const QByteArray &name, const QByteArray &value)
{
    m_headers.set(name, value);
    return *this;
}

Answer &Answer::status(int code)
{
    m_status = code;
    return *this;
}

Answer &Answer::framing(BodyFraming framing, qint64 contentLength)
{
    m_framing = framing;
    m_contentLength = contentLength;
    return *this;
}

Answer &Answer::write(const QByteArray &piece)
{
    // The head goes out before the first piece of a body, whoever asked for it; a hold() or pause()
    // that was asked for earlier stands before the head.
    const bool started = std::any_of(m_steps.begin(), m_steps.end(), [](const Step &step) {
        return step.kind == Kind::Head || step.kind == Kind::Raw;
    });
    if (!started)
        m_steps.append({Kind::Head, {}, {}});
    m_steps.append({Kind::Write, piece, {}});
    return *this;
}

Answer &Answer::raw(const QByteArray &bytes)
{
    m_steps.append({Kind::Raw, bytes, {}});
    return *this;
}

Answer &Answer::pause(std::chrono::milliseconds duration)
{
    m_steps.append({Kind::Pause, {}, duration});
    return *this;
}

Answer &Answer::hold()
{
    m_steps.append({Kind::Hold, {}, {}});
    return *this;
}

Answer &Answer::stall()
{
    m_steps.append({Kind::Stall, {}, {}});
    return *this;
}

Answer &Answer::close()
{
    m_steps.append({Kind::Close, {}, {}});
    return *this;
}

Answer &Answer::reset()
{
    m_steps.append({Kind::Reset, {}, {}});
    return *this;
}

qint64 Answer::bodyBytes() const
{
    qint64 sum = 0;
    for (const Step &step : m_steps)
        sum += step.kind == Kind::Write ? step.bytes.size() : 0;
    return sum;
}

//! Plays one answer's steps; a child of its response, so that it ends with it.
class ScriptedServer::Player final : public QObject
{
public:
    Player(Answer answer, LoopbackResponse &response, ScriptedServer &server)
        : QObject(&response)
        , m_answer(std::move(answer))
        , m_response(response)
        , m_server(server)
        , m_request(server.m_requests.size() - 1)
    {
    }

    void play()
    {
        while (m_response.isOpen()) {
            if (m_next == m_answer.m_steps.size()) {
                m_response.end();
                return;
            }
            if (!perform(m_answer.m_steps.at(m_next++)))
                return;
        }
    }

private:
    //! Whether the next step follows at once.
    bool perform(const Answer::Step &step)
    {
        using Kind = Answer::Kind;
        switch (step.kind) {
        case Kind::Head:
            m_response.sendHead(m_answer.m_status, m_answer.m_headers, m_answer.m_framing,
                                m_answer.m_contentLength);
            return true;
        case Kind::Write:
            m_response.write(step.bytes);
            ++m_server.m_piecesWritten[m_request];
            return true;
        case Kind::Raw:
            m_response.writeRaw(step.bytes);
            return true;
        case Kind::Pause:
            m_server.m_clock.after(step.duration, this, [this] { play(); });
            return false;
        case Kind::Hold:
            m_server.m_held.append(this);
            Q_EMIT m_server.holding();
            return false;
        case Kind::Stall:
            return false;
        case Kind::End:
            m_response.end();
            return false;
        case Kind::Close:
            m_response.close();
            return false;
        case Kind::Reset:
            m_response.reset();
            return false;
        }
        return false;
    }

    Answer m_answer;
    LoopbackResponse &m_response;
    ScriptedServer &m_server;
    qsizetype m_request; //!< Its place in requests().
    qsizetype m_next = 0;
};

ScriptedServer::ScriptedServer(QObject *parent)
    : QObject(parent)
    , m_server([this](const LoopbackRequest &request, LoopbackResponse &response) {
        answer(request, response);
    })
{
    connect(&m_server, &core::LoopbackServer::connectionClosed, this,
            &ScriptedServer::connectionClosed);
    if (!m_server.listen())
        qFatal("no loopback port for a test");
}

void ScriptedServer::release()
{
    const auto held = std::exchange(m_held, {});
    for (const QPointer<Player> &player : held) {
        if (player)
            player->play();
    }
}

qsizetype ScriptedServer::held() const
{
    return std::count_if(m_held.begin(), m_held.end(),
                         [](const QPointer<Player> &player) { return !player.isNull(); });
}

void ScriptedServer::answer(const LoopbackRequest &request, LoopbackResponse &response)
{
    m_requests.append(request);
    m_piecesWritten.append(0);
    auto *player = new Player(choose(request), response, *this);
    Q_EMIT requestReceived();
    player->play();
}

Answer ScriptedServer::choose(const LoopbackRequest &request)
{
    if (!m_queue.empty()) {
        Answer answer = std::move(m_queue.front());
        m_queue.pop_front();
        return answer;
    }
    if (m_chooser) {
        if (std::optional<Answer> chosen = m_chooser(request))
            return std::move(*chosen);
    }
    if (const auto found = m_table.constFind(request.path()); found != m_table.constEnd())
        return *found;
    ++m_unscripted;
    return Answer::whole(599, "no answer was scripted for this request", "text/plain");
}

} // namespace tests
