#pragma once

#include "core/providers/openaichat.h"

namespace core {

//! Azure OpenAI's chat completions (as of November 2026): OpenAI's protocol under other URLs. The
//! model is a deployment's name. The base URL tells the surface: with an api-version, or
//! as a pasted target URI (".../openai/deployments/NAME/chat/completions?api-version=V"), the
//! deployments' own paths; else the v1 surface.
class AzureAdapter final : public ProviderAdapter
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

private:
    OpenAiChatAdapter m_chat;
};

} // namespace core
