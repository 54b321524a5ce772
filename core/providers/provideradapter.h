#pragma once

#include "core/base/ratelimit.h"
#include "core/base/result.h"
#include "core/base/secretstring.h"
#include "core/chat/authmethod.h"
#include "core/chat/chatrequest.h"
#include "core/chat/providerinfo.h"
#include "core/chat/streamevent.h"
#include "core/net/httpmessage.h"

#include <chrono>
#include <memory>
#include <optional>

namespace core {

//! Where a request goes: the service's row, its root URL (the user's, else the row's) and the
//! model.
struct Endpoint
{
    ProviderInfo provider;
    QUrl baseUrl;
    QString model;
};

//! What proves who asks; fetched for one attempt and gone after it.
struct Credential
{
    SecretString key; //!< Empty where the service needs none.
    CredentialKind kind = CredentialKind::Key;
};

//! An HTTP request ready to send, and what could not be said in it.
struct WireRequest
{
    HttpRequest http;
    QStringList warnings; //!< For ReplyStarted: settings that were left out, as sentences.
    //! What was taken out of the credential and goes over the wire by itself: to be kept until the
    //! answer was read, so that an echo of it is redacted like the credential's.
    QList<SecretString> secrets;
};

//! What answer headers tell.
struct ResponseFacts
{
    QString requestId;
    RateLimit requests;
    RateLimit tokens;
    bool operator==(const ResponseFacts &) const = default;
};

//! One model of a service's list.
struct ModelInfo
{
    QString id;
    QString name; //!< For people; empty: use the id.
    std::optional<qint64> contextWindow;
    std::optional<qint64> maxOutput;
    bool operator==(const ModelInfo &) const = default;
};

struct ModelPage
{
    QList<ModelInfo> models;
    QString next; //!< Cursor for the next page; empty: this was the last.
};

//! Turns one response body into events. One per attempt; not thread-safe; bounded memory
//! (caps of threats.md A12).
class StreamDecoder
{
public:
    virtual ~StreamDecoder() = default;
    //! Consumes \p body, any slice of the response; it owns its framer. An Error is final: the
    //! service reported a failure inside the stream, or what it sends is not the protocol. Events
    //! that came before the error in the same slice are in takeEvents().
    [[nodiscard]] virtual Result<StreamEvents> decode(QByteArrayView body) = 0;
    //! End of body: the last events (Finish among them), or the Error that says it was cut short.
    [[nodiscard]] virtual Result<StreamEvents> finish() = 0;
    //! Events decoded in the call that returned an Error; empty otherwise.
    [[nodiscard]] virtual StreamEvents takeEvents() = 0;
};

//! Knows one wire protocol and nothing else: no sockets, timers, retries, logging or state.
//! Thread-safe. Time and credential come in as values: signing stays pure.
class ProviderAdapter
{
public:
    virtual ~ProviderAdapter() = default;

    [[nodiscard]] virtual Result<WireRequest> buildRequest(const ChatRequest &request,
                                                           const Endpoint &endpoint,
                                                           const Credential &credential,
                                                           std::chrono::sys_seconds now) const = 0;
    //! \p headers decide the framing: an event stream, or one whole JSON answer.
    [[nodiscard]] virtual std::unique_ptr<StreamDecoder>
    makeDecoder(const HttpHeaders &headers) const = 0;
    [[nodiscard]] virtual ResponseFacts readHeaders(const HttpHeaders &headers) const = 0;
    //! What an answer with a status other than 200 means; never fails, whatever the body holds.
    [[nodiscard]] virtual Error readError(int status, const HttpHeaders &headers,
                                          const QByteArray &body) const = 0;

    //! The free call that lists models; \p cursor as in ModelPage::next. Also the connection test.
    [[nodiscard]] virtual Result<WireRequest>
    buildModelList(const Endpoint &endpoint, const Credential &credential, const QString &cursor,
                   std::chrono::sys_seconds now) const = 0;
    [[nodiscard]] virtual Result<ModelPage> readModelList(const QByteArray &body) const = 0;
};

} // namespace core
