#pragma once

#include "core/base/clock.h"
#include "core/practice/loopbackserver.h"

#include <QHash>
#include <QList>

#include <chrono>
#include <deque>
#include <memory>

namespace tests {

//! What a server answers to one request: a head, then steps that run one after the other.
//!
//! \code
//! Answer::stream({"data: a\n\n"}).hold().write("data: b\n\n").reset();
//! Answer::whole(429, R"({"error":{}})").header("Retry-After", "2");
//! \endcode
class Answer
{
public:
    //! A body with Content-Length, as application/json.
    [[nodiscard]] static Answer whole(int status, const QByteArray &body,
                                      const QByteArray &contentType = "application/json");
    //! A chunked text/event-stream, one network piece each; ends properly if no step ends it.
    [[nodiscard]] static Answer stream(const QList<QByteArray> &pieces = {});
    [[nodiscard]] static Answer nothing(); //!< Never even a head: a stall before the first byte.
    [[nodiscard]] static Answer rawBytes(const QByteArray &bytes); //!< No head of ours, then close.

    Answer &header(const QByteArray &name, const QByteArray &value); //!< Replaces one of that name.
    Answer &status(int code);
    Answer &framing(core::BodyFraming framing, qint64 contentLength = 0);
    Answer &write(const QByteArray &piece);            //!< One piece of the body, sent at once.
    Answer &raw(const QByteArray &bytes);              //!< Bytes past the framing.
    Answer &pause(std::chrono::milliseconds duration); //!< Of real time.
    Answer &hold();                                    //!< Waits for ScriptedServer::release().
    Answer &stall();                                   //!< Silence until the client leaves.
    Answer &close();                                   //!< FIN without the proper end of the body.
    Answer &reset();                                   //!< RST.

    [[nodiscard]] qint64 bodyBytes() const; //!< Of all its pieces.

private:
    friend class ScriptedServer;
    enum class Kind { Head, Write, Raw, Pause, Hold, Stall, End, Close, Reset };
    struct Step
    {
        Kind kind = Kind::End;
        QByteArray bytes;
        std::chrono::milliseconds duration{0};
    };

    int m_status = 200;
    core::HttpHeaders m_headers;
    core::BodyFraming m_framing = core::BodyFraming::Chunked;
    qint64 m_contentLength = 0;
    QList<Step> m_steps; //!< Without the last End, which runs if nothing else ended the answer.
};

//! A loopback HTTP server that answers by script and remembers what it was asked.
//!
//! Answers are looked for in this order: the queue, the handler, the table by path. What nobody
//! scripted gets status 599 and counts in unscripted(), which a test can check. Lives in the test's
//! thread; listens from its construction on.
class ScriptedServer final : public QObject
{
    Q_OBJECT
public:
    using Chooser = std::function<std::optional<Answer>(const core::LoopbackRequest &)>;

    explicit ScriptedServer(QObject *parent = nullptr);

    void enqueue(const Answer &answer) { m_queue.push_back(answer); } //!< For the next request.
    void setAnswer(const QByteArray &path, const Answer &answer) { m_table.insert(path, answer); }
    void setChooser(Chooser chooser) { m_chooser = std::move(chooser); }
    void release(); //!< Lets every answer that stands at hold() go on.

    [[nodiscard]] QUrl url(QStringView path = {}) const { return m_server.url(path); }
    [[nodiscard]] quint16 port() const { return m_server.port(); }
    void shutDown() { m_server.close(); } //!< From now on connections are refused.

    [[nodiscard]] const QList<core::LoopbackRequest> &requests() const { return m_requests; }
    [[nodiscard]] qsizetype unscripted() const { return m_unscripted; }
    //! Body pieces that went out, request by request, as requests() has them.
    [[nodiscard]] const QList<int> &piecesWritten() const { return m_piecesWritten; }
    [[nodiscard]] qsizetype
    held() const; //!< Answers that stand at hold(), their client still there.
    [[nodiscard]] int connectionsAccepted() const { return m_server.connectionsAccepted(); }
    [[nodiscard]] int connectionsOpen() const { return m_server.connectionsOpen(); }

Q_SIGNALS:
    void requestReceived(); //!< Before its answer begins.
    void holding();         //!< An answer came to a hold().
    void connectionClosed(int connection);

private:
    class Player;
    void answer(const core::LoopbackRequest &request, core::LoopbackResponse &response);
    [[nodiscard]] Answer choose(const core::LoopbackRequest &request);

    core::SystemClock m_clock;
    std::deque<Answer> m_queue;
    QHash<QByteArray, Answer> m_table;
    Chooser m_chooser;
    QList<core::LoopbackRequest> m_requests;
    QList<int> m_piecesWritten;
    QList<QPointer<Player>> m_held;
    qsizetype m_unscripted = 0;
    core::LoopbackServer m_server; //!< Last: its end calls no one any more.
};

} // namespace tests
