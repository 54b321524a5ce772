#pragma once

#include "core/providers/provideradapter.h"

namespace core {

//! AWS Bedrock's ConverseStream (as of November 2026): signed with access keys, or with a bearer
//! key, as the key's form tells. The region is that of the base URL's host.
class BedrockAdapter final : public ProviderAdapter
{
public:
    [[nodiscard]] Result<WireRequest> buildRequest(const ChatRequest &request,
                                                   const Endpoint &endpoint,
                                                   const Credential &credential,
                                                   std::chrono::sys_seconds now) const override;
    [[nodiscard]] std::unique_ptr<StreamDecoder>
    makeDecoder(const HttpHeaders &headers) const override;
    [[nodiscard]] ResponseFacts readHeaders(const HttpHeaders &headers) const override;
    [[nodiscard]] Error readError(int status, const HttpHeaders &headers,
                                  const QByteArray &body) const override;
    [[nodiscard]] Result<WireRequest> buildModelList(const Endpoint &endpoint,
                                                     const Credential &credential,
                                                     const QString &cursor,
                                                     std::chrono::sys_seconds now) const override;
    [[nodiscard]] Result<ModelPage> readModelList(const QByteArray &body) const override;
    //! Profiles learn from the models behind them what these take and make.
    [[nodiscard]] QList<ModelInfo> joined(QList<ModelInfo> models) const override;
    [[nodiscard]] bool countsTokens() const override { return true; }
    [[nodiscard]] Result<WireRequest> buildTokenCount(const ChatRequest &request,
                                                      const Endpoint &endpoint,
                                                      const Credential &credential,
                                                      std::chrono::sys_seconds now) const override;
    [[nodiscard]] Result<TokenCount> readTokenCount(const QByteArray &body) const override;
    //! The lists come from the control plane of the same region, beside the host that answers.
    [[nodiscard]] QStringList origins(const QUrl &baseUrl) const override;
};

} // namespace core
