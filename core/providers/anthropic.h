#pragma once

#include "core/providers/provideradapter.h"

namespace core {

//! Anthropic's Messages API, version 2023-06-01 (as of November 2026).
class AnthropicAdapter final : public ProviderAdapter
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
    [[nodiscard]] bool countsTokens() const override { return true; }
    [[nodiscard]] Result<WireRequest> buildTokenCount(const ChatRequest &request,
                                                      const Endpoint &endpoint,
                                                      const Credential &credential,
                                                      std::chrono::sys_seconds now) const override;
    [[nodiscard]] Result<TokenCount> readTokenCount(const QByteArray &body) const override;
};

} // namespace core
