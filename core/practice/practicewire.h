#pragma once

#include "core/base/result.h"
#include "core/net/httpmessage.h"
#include "core/practice/practicemodel.h"
#include "core/practice/practicerequest.h"

#include <QByteArray>
#include <QList>

#include <memory>

namespace core {

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
};

//! A piece of a stream that leaves at one moment.
struct PracticePiece
{
    QByteArray bytes;
    bool isToken = false; //!< The speed counts these.
};

//! One wire protocol from the server's side: requests read, answers and errors written, with the
//! shapes of the real service (wire/openai.md, wire/anthropic.md). Pure and thread-safe.
class PracticeWire
{
public:
    virtual ~PracticeWire() = default;
    //! InvalidRequest with a detail for the peer if \p body is not what the service takes.
    [[nodiscard]] virtual Result<PracticeRequest> readRequest(const QByteArray &body) const = 0;
    [[nodiscard]] virtual QList<PracticePiece> stream(const PracticeReply &reply) const = 0;
    [[nodiscard]] virtual QByteArray whole(const PracticeReply &reply) const = 0;
    [[nodiscard]] virtual int status(PracticeRefusal refusal) const = 0;
    [[nodiscard]] virtual QByteArray error(PracticeRefusal refusal, const QString &message,
                                           const QString &id) const = 0;
    //! The error as an event inside a stream.
    [[nodiscard]] virtual QByteArray streamError(PracticeRefusal refusal, const QString &message,
                                                 const QString &id) const = 0;
    //! Headers of every answer: request id and limits.
    [[nodiscard]] virtual HttpHeaders headers(const QString &id) const = 0;
    //! \p query: the request's query string (paging).
    [[nodiscard]] virtual QByteArray models(const QList<PracticeModel> &models,
                                            const QByteArray &query) const = 0;
};

[[nodiscard]] std::unique_ptr<PracticeWire> practiceOpenAiWire();
[[nodiscard]] std::unique_ptr<PracticeWire> practiceAnthropicWire();

} // namespace core
