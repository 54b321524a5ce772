#pragma once

#include "core/client/clientparts.h"

#include <QFuture>
#include <QHash>
#include <QList>
#include <QObject>

namespace core {

//! Asks services how many tokens a request has as input, where they count for nothing (Anthropic,
//! Gemini, Cohere, Bedrock): exact, with the service's own template, tools and images.
//!
//! The call carries the whole prompt to the service before Send was pressed: ask only when the
//! person wants to know. Main thread.
class TokenCounter : public QObject
{
    Q_OBJECT
public:
    TokenCounter(HttpTransport &transport, const ProviderRegistry &providers, KeyStore &keys,
                 const AccountBook &accounts, const Clock &clock, QObject *parent = nullptr);

    [[nodiscard]] bool canCount(const Target &target) const;
    //! The count of this very request at this target, if it was made before: no call is needed.
    [[nodiscard]] std::optional<TokenCount> known(const ChatRequest &request,
                                                  const Target &target) const;
    //! Errors as of a chat; InputRejected where the service counts nothing, or not this. Never
    //! retried. QFuture::cancel() closes the socket; there is no result then.
    [[nodiscard]] QFuture<Result<TokenCount>> count(const ChatRequest &request,
                                                    const Target &target);

Q_SIGNALS:
    void asking(const core::Target &target); //!< Before anything is read of it.

private:
    struct Plan;
    [[nodiscard]] Result<Plan> planFor(const ChatRequest &request, const Target &target) const;
    void remember(const QByteArray &content, const TokenCount &count);

    HttpTransport &m_transport;
    const ProviderRegistry &m_providers;
    KeyStore &m_keys;
    const AccountBook &m_accounts;
    const Clock &m_clock;
    QHash<QByteArray, TokenCount> m_known; //!< By the hash of URL and body, without a key.
    QList<QByteArray> m_order;             //!< Keys of m_known, oldest first.
};

} // namespace core
