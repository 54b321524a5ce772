#include "core/client/modellister.h"

#include "core/base/redactor.h"
#include "core/net/urlpolicy.h"

#include <QPromise>
#include <QSet>

#include <algorithm>
#include <memory>

namespace core {

namespace {

using namespace std::chrono_literals;
using Models = QList<ModelInfo>;

constexpr qsizetype MostModels = 5'000;
constexpr qsizetype LongestName = 200;
constexpr int MostPages = 200; // of a service that gives its pages one entry, or none

HttpDeadlines listDeadlines()
{
    HttpDeadlines deadlines;
    deadlines.firstByte = 20s;
    deadlines.idle = 20s;
    deadlines.total = 60s;
    return deadlines;
}

Error problem(ErrorKind kind, const QString &provider, const QString &detail)
{
    Error error;
    error.kind = kind;
    error.provider = provider;
    error.detail = detail;
    return error;
}

//! Ids that the service's row tells to be no chat models: lists often have no other sign.
bool isHidden(const ProviderInfo &provider, const QString &id)
{
    return std::any_of(
        provider.hiddenModels.begin(), provider.hiddenModels.end(), [&id](const QString &part) {
            return part.startsWith(QLatin1Char('-')) ? id.contains(part) : id.startsWith(part);
        });
}

//! One listing on its way: page after page, then its promise is kept and it is gone.
class Listing : public QObject
{
public:
    Listing(HttpTransport &transport, const ProviderAdapter &adapter, const Clock &clock,
            Endpoint endpoint, QObject *parent)
        : QObject(parent)
        , m_transport(transport)
        , m_adapter(adapter)
        , m_clock(clock)
        , m_endpoint(std::move(endpoint))
    {
        m_promise.start();
    }

    ~Listing() override
    {
        if (!m_ended)
            end(problem(ErrorKind::Cancelled, m_endpoint.provider.id, {}));
    }

    [[nodiscard]] QFuture<Result<Models>> future() { return m_promise.future(); }

    void start(const Credential &credential)
    {
        m_credential = credential;
        fetch(QString());
    }

    void end(const Result<Models> &result)
    {
        m_ended = true;
        m_promise.addResult(result);
        m_promise.finish();
        deleteLater();
    }

private:
    void fetch(const QString &cursor)
    {
        const auto now = std::chrono::floor<std::chrono::seconds>(m_clock.utcNow());
        const auto wire = m_adapter.buildModelList(m_endpoint, m_credential, cursor, now);
        if (!wire)
            return end(wire.error());
        if (const auto checked = checkOrigin(m_adapter, m_endpoint, *wire); !checked)
            return end(checked.error());
        m_body.clear();
        m_secrets = wire->secrets;
        HttpExchange *exchange = m_transport.send(wire->http, listDeadlines(), this);
        connect(exchange, &HttpExchange::bodyReceived, this,
                [this](const QByteArray &slice) { m_body += slice; });
        connect(exchange, &HttpExchange::finished, this, [this, exchange] {
            exchange->deleteLater();
            read(*exchange);
        });
    }

    void read(const HttpExchange &exchange)
    {
        if (exchange.error()) {
            Error error = *exchange.error();
            error.provider = m_endpoint.provider.id;
            return end(error);
        }
        if (exchange.status() != 200) {
            Error error = m_adapter.readError(exchange.status(), exchange.headers(), m_body);
            error.provider = m_endpoint.provider.id;
            return end(error);
        }
        const auto page = m_adapter.readModelList(m_body);
        if (!page)
            return end(page.error());
        for (ModelInfo model : page->models) {
            if (model.id.isEmpty() || model.id.size() > LongestName ||
                model.behind.size() > LongestName || m_models.size() == MostModels)
                continue; // no sane service has such an id
            model.name.truncate(LongestName);
            m_models.append(model);
        }
        const bool more = !page->next.isEmpty() && page->next != m_cursor &&
                          ++m_pages < MostPages && m_models.size() < MostModels;
        if (!more)
            return end(askable());
        m_cursor = page->next;
        fetch(m_cursor);
    }

    //! What can be asked, each once.
    [[nodiscard]] Models askable() const
    {
        Models models;
        QSet<QString> ids;
        for (const ModelInfo &model : m_adapter.joined(m_models)) {
            if (model.use == ModelUse::Chat && !ids.contains(model.id) &&
                !isHidden(m_endpoint.provider, model.id)) {
                ids.insert(model.id);
                models.append(model);
            }
        }
        return models;
    }

    HttpTransport &m_transport;
    const ProviderAdapter &m_adapter;
    const Clock &m_clock;
    Endpoint m_endpoint;
    Credential m_credential;
    QList<SecretString> m_secrets; //!< Of the request under way.
    QPromise<Result<Models>> m_promise;
    QByteArray m_body;
    QString m_cursor;
    int m_pages = 0;
    Models m_models;
    bool m_ended = false;
};

} // namespace

ModelLister::ModelLister(HttpTransport &transport, const ProviderRegistry &providers,
                         KeyStore &keys, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_transport(transport)
    , m_providers(providers)
    , m_keys(keys)
    , m_clock(clock)
{
}

QFuture<Result<QList<ModelInfo>>> ModelLister::list(const Account &account)
{
    const ProviderInfo *provider = m_providers.provider(account.provider);
    const ProviderAdapter *adapter = provider ? m_providers.adapter(provider->protocol) : nullptr;
    if (!adapter)
        return QtFuture::makeReadyFuture(
            Result<Models>(problem(ErrorKind::InputRejected, account.provider,
                                   QStringLiteral("There is no such provider."))));
    const QUrl baseUrl = account.baseUrl.isEmpty() ? provider->baseUrl : account.baseUrl;
    auto *listing =
        new Listing(m_transport, *adapter, m_clock, Endpoint{*provider, baseUrl, {}}, this);
    const QFuture<Result<Models>> future = listing->future();
    if (provider->authHeader.isEmpty()) {
        listing->start({});
        return future;
    }
    m_keys.read(account, originOf(baseUrl))
        .then(listing, [listing, required = provider->keyRequired,
                        kind = m_keys.kindOf(account)](const Result<SecretString> &key) {
            // Servers at home often want no key: ask without one and let them say so.
            if (!key && (required || key.error().kind != ErrorKind::KeyMissing))
                listing->end(key.error());
            else
                listing->start(Credential{key ? *key : SecretString(), kind});
        });
    return future;
}

} // namespace core
