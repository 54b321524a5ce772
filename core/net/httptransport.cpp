#include "core/net/httptransport.h"

#include "core/net/managerpool.h"
#include "core/net/networkexchange.h"

namespace core {

class HttpTransport::Private
{
public:
    Private(Clock &timeSource, NetworkOptions options)
        : clock(timeSource)
        , pool(std::move(options))
    {
    }

    Clock &clock;
    ManagerPool pool;
};

HttpTransport::HttpTransport(Clock &clock, NetworkOptions options, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(clock, std::move(options)))
{
}

HttpTransport::~HttpTransport() = default;

HttpExchange *HttpTransport::send(const HttpRequest &request, const HttpDeadlines &deadlines,
                                  QObject *owner)
{
    auto *exchange = new NetworkExchange(d->clock, d->pool, deadlines, owner);
    exchange->start(request);
    return exchange;
}

void HttpTransport::setOptions(NetworkOptions options)
{
    d->pool.setOptions(std::move(options));
}

void HttpTransport::setProxyLogins(ProxyLoginSource source)
{
    d->pool.setProxyLogins(std::move(source));
}

void HttpTransport::forgetProxyLogins()
{
    d->pool.forgetProxyLogins();
}

void HttpTransport::noteSleep()
{
    d->pool.dropIdle();
}

} // namespace core
