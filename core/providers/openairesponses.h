#pragma once

#include "core/providers/openaichat.h"

namespace core {

//! OpenAI's Responses API (as of November 2026), stateless: nothing is stored there.
class OpenAiResponsesAdapter final : public ProviderAdapter
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
    OpenAiChatAdapter m_chat; //!< Headers, errors and models are the same.
};

} // namespace core
