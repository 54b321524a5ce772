#pragma once

#include "core/chat/attachment.h"
#include "core/providers/provideradapter.h"

#include <QJsonArray>
#include <QJsonObject>

namespace core {

//! \p path below the endpoint's root.
[[nodiscard]] QUrl endpointUrl(const Endpoint &endpoint, const QString &path);

//! The key as the service's row wants it: "authorization" with Bearer, any other header bare.
//! Nothing without a key.
void addKey(HttpHeaders &headers, const Endpoint &endpoint, const Credential &credential);

//! \p sentence of this folder in the user's language.
[[nodiscard]] QString textFor(const char *sentence);

//! The object that \p json is; empty, if it is none.
[[nodiscard]] QJsonObject objectFrom(const QByteArray &json);

//! Appends a turn of \p role, its \p blocks in the member \p content. Turns of one side in a row
//! are joined, since these services want the sides to alternate.
void addTurn(QJsonArray &turns, const QString &role, QLatin1StringView content,
             const QJsonArray &blocks);

//! A POST of \p body as JSON, or a GET.
[[nodiscard]] HttpRequest jsonPost(const QUrl &url, const QJsonObject &body);
[[nodiscard]] HttpRequest jsonGet(const QUrl &url);

//! The free call that only a good key gets an answer to; none: the list of models is one.
[[nodiscard]] std::optional<WireRequest> keyCheck(const Endpoint &endpoint,
                                                  const Credential &credential);

//! The answer to a question for tokens: \p tokens, or a ProtocolError if there is no number.
[[nodiscard]] Result<TokenCount> tokenCount(std::optional<qint64> tokens);

//! InputRejected: nothing of a request is left that the service at \p endpoint can take.
[[nodiscard]] Error nothingToSend(const Endpoint &endpoint);

//! ProtocolError: what was to be a list of models is none.
[[nodiscard]] Error notAModelList();

//! The options that the endpoint's model takes: without a temperature and top_p where it refuses
//! them (newer Claudes all but a temperature of 1; OpenAI's first reasoning models). What is left
//! out and would have mattered is told in \p warnings.
[[nodiscard]] ChatOptions samplingTaken(ChatOptions options, const Endpoint &endpoint,
                                        QStringList &warnings);

//! The options that the endpoint's model takes: without a reasoning effort where the service or
//! the model refuses one. What is left out is told in \p warnings, but for an effort of none.
[[nodiscard]] ChatOptions effortTaken(ChatOptions options, const Endpoint &endpoint,
                                      QStringList &warnings);

//! A warning that \p what was left out, for ReplyStarted.
[[nodiscard]] QString leftOut(const Endpoint &endpoint, const QString &what);

//! Warnings that a tool's result went without the mark that the tool failed, and that \p effort has
//! no word of its own there.
[[nodiscard]] QString failureUnsaid(const Endpoint &endpoint);
[[nodiscard]] QString nearestEffort(const Endpoint &endpoint, const QString &effort);

} // namespace core
