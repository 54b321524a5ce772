#include "core/providers/provideradapter.h"

#include "core/net/urlpolicy.h"

namespace core {

namespace {

Error noCount()
{
    return makeError(ErrorKind::InputRejected, QStringLiteral("This service counts no tokens."));
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
    return makeError(ErrorKind::Internal,
                     QStringLiteral("A request for %1 was to go to %2.")
                         .arg(originOf(endpoint.baseUrl), originOf(wire.http.url)),
                     endpoint.provider.id);
}

} // namespace core
