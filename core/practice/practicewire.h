#pragma once

#include "core/base/result.h"
#include "core/base/secretstring.h"
#include "core/practice/practicemodel.h"
#include "core/practice/practicerequest.h"
#include "core/practice/requestparser.h"

#include <QByteArray>
#include <QList>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <vector>

namespace core {

//! What a path of a service is for.
enum class PracticeAct {
    Answer, //!< A chat; the body may ask for a stream.
    Stream, //!< A chat whose answer is a stream, since the path says so.
    Count,
    Models,
};

//! One path that a service has.
struct PracticePath
{
    const char *method;
    const char *pattern; //!< Below the wire's root; "{model}" is a part without a slash, percent-
                         //!< encoded in the request.
    PracticeAct act;
};

//! A request that was found to be one of a wire's.
struct PracticeCall
{
    PracticeAct act = PracticeAct::Answer;
    QString model;   //!< As the path names it, decoded; empty: the body does.
    QByteArray path; //!< Below the wire's root.
    LoopbackRequest request;

    [[nodiscard]] QString queryItem(QLatin1StringView name) const; //!< Decoded; empty without it.
};

//! What the service refuses with, before or inside a stream.
enum class PracticeRefusal {
    BadRequest,
    UnknownModel,
    NotFound,
    WrongKey,
    RateLimited,
    QuotaExhausted,
    Overloaded,
    ServerError,
};

//! A refusal with what it has to say.
struct PracticeFailure
{
    PracticeRefusal refusal = PracticeRefusal::ServerError;
    QString message;
    QString id;                         //!< Of the request: 24 letters and digits.
    std::chrono::seconds retryAfter{0}; //!< 0: not said.
};

//! A refusal as an HTTP answer.
struct PracticeRefused
{
    int status = 0;
    HttpHeaders headers;
    QByteArray body;
};

//! An answer ready to be put into a protocol.
struct PracticeReply
{
    QString id;         //!< 24 letters and digits; the wire adds its own prefix.
    qint64 created = 0; //!< Seconds since 1970, UTC.
    QString model;
    QStringList reasoning; //!< Tokens.
    QStringList text;      //!< Tokens.
    qint64 promptTokens = 0;
    bool cut = false; //!< The token limit ended it.
    bool includeUsage = true;

    [[nodiscard]] qint64 outputTokens() const { return reasoning.size() + text.size(); }
};

//! A piece of a stream that leaves at one moment.
struct PracticePiece
{
    QByteArray bytes;
    bool isToken = false; //!< The speed counts these.
};

//! One wire protocol from the server's side: which requests are its own, how they are read, and how
//! answers and errors are written, with the shapes of the real service (reference wire/*.md). Pure
//! and thread-safe. A new protocol is one file and one line in practiceWires().
class PracticeWire
{
public:
    virtual ~PracticeWire() = default;

    //! Where the service stands on the one server, in place of a host of its own: "/cohere".
    [[nodiscard]] virtual QByteArray root() const = 0;
    [[nodiscard]] virtual QList<PracticePath> paths() const = 0;
    //! Whether \p request proves, the way that the service wants it, that its sender has \p token.
    [[nodiscard]] virtual bool isProven(const LoopbackRequest &request, const SecretString &token,
                                        std::chrono::sys_seconds now) const = 0;

    //! For Answer and Stream. InvalidRequest with a detail for the peer if the body is not what the
    //! service takes.
    [[nodiscard]] virtual Result<PracticeRequest> readRequest(const PracticeCall &call) const = 0;
    [[nodiscard]] virtual QByteArray streamType() const; //!< Content-Type of a stream.
    [[nodiscard]] virtual QList<PracticePiece> stream(const PracticeReply &reply) const = 0;
    [[nodiscard]] virtual QByteArray whole(const PracticeReply &reply) const = 0;
    [[nodiscard]] virtual PracticeRefused refused(const PracticeFailure &failure) const = 0;
    //! The error inside the stream of \p reply, of which \p sent pieces have left.
    [[nodiscard]] virtual QByteArray streamError(const PracticeReply &reply,
                                                 const PracticeFailure &failure,
                                                 qsizetype sent) const = 0;
    //! Headers of every good answer: request id and limits.
    [[nodiscard]] virtual HttpHeaders headers(const QString &id) const = 0;
    [[nodiscard]] virtual QByteArray models(const QList<PracticeModel> &models,
                                            const PracticeCall &call) const = 0;
    //! For Count: the answer, or InvalidRequest. Of wires that have such a path.
    [[nodiscard]] virtual Result<QByteArray> count(const PracticeCall &call) const;
};

//! \p request as one of \p wire's own; none: it has no such path.
[[nodiscard]] std::optional<PracticeCall> practiceCall(const PracticeWire &wire,
                                                       const LoopbackRequest &request);
//! Whether \p request is for the service at \p wire's root, with whatever path.
[[nodiscard]] bool isBelowRoot(const PracticeWire &wire, const LoopbackRequest &request);

//! The row of \p shapes for \p refusal, which every table has.
template <typename Shape, std::size_t Count>
[[nodiscard]] const Shape &shapeOf(const std::array<Shape, Count> &shapes, PracticeRefusal refusal)
{
    const auto found = std::find_if(shapes.begin(), shapes.end(), [refusal](const Shape &shape) {
        return shape.refusal == refusal;
    });
    return found == shapes.end() ? shapes.back() : *found;
}

//! A page of a service's list; \p next is the cursor for the next one, empty after the last.
struct PracticePage
{
    QList<PracticeModel> models;
    QString next;
};
//! At most \p limit of \p models from \p cursor on; empty: from the first.
[[nodiscard]] PracticePage practicePage(const QList<PracticeModel> &models, const QString &cursor,
                                        qsizetype limit);

//! Where the service says by header how long to wait.
void addRetryAfter(HttpHeaders &headers, const PracticeFailure &failure);

[[nodiscard]] std::unique_ptr<PracticeWire> practiceOpenAiWire();
[[nodiscard]] std::unique_ptr<PracticeWire> practiceResponsesWire();
[[nodiscard]] std::unique_ptr<PracticeWire> practiceAnthropicWire();
[[nodiscard]] std::unique_ptr<PracticeWire> practiceGeminiWire();
[[nodiscard]] std::unique_ptr<PracticeWire> practiceCohereWire();
[[nodiscard]] std::unique_ptr<PracticeWire> practiceAzureWire();
[[nodiscard]] std::unique_ptr<PracticeWire> practiceBedrockWire();

//! Every protocol, in the order in which they are asked whether a request is theirs.
[[nodiscard]] std::vector<std::unique_ptr<PracticeWire>> practiceWires();

namespace practiceRoots {
inline constexpr auto OpenAi = "/openai";
inline constexpr auto Anthropic = "/anthropic";
inline constexpr auto Google = "/google";
inline constexpr auto Cohere = "/cohere";
inline constexpr auto Azure = "/azure";
inline constexpr auto Bedrock = "/bedrock";
} // namespace practiceRoots

} // namespace core
