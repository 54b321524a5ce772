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

enum class ModelUse {
    Chat,       //!< Can be asked.
    OnlyBehind, //!< Can be asked through a profile that points to it.
    Other       //!< Makes no text.
};

//! One model of a service's list. What the service does not say is unknown, not "no".
struct ModelInfo
{
    QString id;
    QString name;   //!< For people; empty: use the id.
    QString behind; //!< Id of the model that answers, where \c id only points to it: an inference
                    //!< profile, a deployment. It has the price and the tokenizer.
    std::optional<qint64> contextWindow; //!< Tokens.
    std::optional<qint64> maxOutput;     //!< Tokens.
    std::optional<bool> images, documents, tools, reasoning;
    ModelUse use = ModelUse::Chat;
    bool operator==(const ModelInfo &) const = default;
};

struct ModelPage
{
    QList<ModelInfo> models;
    QString next; //!< Cursor for the next page; empty: this was the last.
};

//! What the service says that a request will have as input.
struct TokenCount
{
    qint64 tokens = 0;
    bool whole = true; //!< False: only the text was counted, not what the service puts around it.
    bool operator==(const TokenCount &) const = default;
};

inline constexpr int MostToolCalls = 128; //!< An answer with more is broken or hostile.

//! Turns one response body into events. One per attempt; not thread-safe; bounded memory.
class StreamDecoder
{
public:
    virtual ~StreamDecoder() = default;
    //! Consumes \p body, any slice of the response; it owns its framer. An Error is final: the
    //! service reported a failure inside the stream, or what it sends is not the protocol. Events
    //! that came before the error in the same slice are in takeEvents().
    [[nodiscard]] virtual Result<StreamEvents> decode(QByteArrayView body) = 0;
    //! Whether the protocol's terminal event has come though decode() has not told Finish yet: only
    //! counts may follow. The end of the body needs no waiting for then; finish() tells the rest.
    [[nodiscard]] virtual bool isWhole() const { return false; }
    //! End of body: the last events (Finish among them, unless decode() told it), or the Error that
    //! says it was cut short.
    [[nodiscard]] virtual Result<StreamEvents> finish() = 0;
    //! What no call has returned yet: events decoded in the call that returned an Error, and counts
    //! that were held back since others may replace them. For whoever stops before the end.
    [[nodiscard]] virtual StreamEvents takeEvents() = 0;
    //! Gives events back that are done with, so that their memory serves the next call.
    //! Not needed.
    virtual void reuse(StreamEvents) {}
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
    //! All pages in one, where entries of one page say more about those of another.
    [[nodiscard]] virtual QList<ModelInfo> joined(QList<ModelInfo> models) const { return models; }

    //! Whether the service counts the tokens of a request for nothing; if not, buildTokenCount()
    //! fails with InputRejected.
    [[nodiscard]] virtual bool countsTokens() const { return false; }
    [[nodiscard]] virtual Result<WireRequest> buildTokenCount(const ChatRequest &request,
                                                              const Endpoint &endpoint,
                                                              const Credential &credential,
                                                              std::chrono::sys_seconds now) const;
    [[nodiscard]] virtual Result<TokenCount> readTokenCount(const QByteArray &body) const;

    //! The origins that requests for \p baseUrl go to, and the key with them: its own, and what the
    //! protocol makes part of it (Bedrock's lists have a host of their own).
    [[nodiscard]] virtual QStringList origins(const QUrl &baseUrl) const;
};

//! Whether \p wire stays with the origins that the key of \p endpoint may go to; asked before
//! anything is sent. Error: Internal.
[[nodiscard]] Result<Done> checkOrigin(const ProviderAdapter &adapter, const Endpoint &endpoint,
                                       const WireRequest &wire);

} // namespace core
