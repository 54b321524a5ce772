#include "core/providers/provideradapter.h"

#include "core/net/urlpolicy.h"

namespace core {

namespace {

Error noCount()
{
    Error error;
    error.kind = ErrorKind::InputRejected;
    error.detail = QStringLiteral("This service counts no tokens.");
    return error;
}

} // namespace

Result<WireRequest> ProviderAdapter::buildTokenCount(const ChatRequest &, const Endpoint &,
                                                     const Credential &,
                                                     std::chrono::sys_seconds) const
{
    return noCount();
}

Result<TokenCount> ProviderAdapter::readTokenCount(const QByteArray &) const
{
    return noCount();
}

QStringList ProviderAdapter::origins(const QUrl &baseUrl) const
{
    return {originOf(baseUrl)};
}

Result<Done> checkOrigin(const ProviderAdapter &adapter, const Endpoint &endpoint,
                         const WireRequest &wire)
{
    if (adapter.origins(endpoint.baseUrl).contains(originOf(wire.http.url)))
        return Done();
    Error error;
    error.kind = ErrorKind::Internal;
    error.provider = endpoint.provider.id;
    error.detail = QStringLiteral("A request for %1 was to go to %2.")
                       .arg(originOf(endpoint.baseUrl), originOf(wire.http.url));
    return error;
}

} // namespace core
