#include "core/client/modellister.h"

#include "core/client/freecall.h"
#include "core/client/modelstate.h"
#include "core/providers/wirerequest.h"

#include <QPromise>
#include <QSet>

#include <algorithm>

namespace core {

bool isHiddenModel(const ProviderInfo &provider, const QString &id)
{
    return std::any_of(
        provider.hiddenModels.begin(), provider.hiddenModels.end(), [&id](const QString &part) {
            return part.startsWith(QLatin1Char('-')) ? id.contains(part) : id.startsWith(part);
        });
}

namespace {

using Models = QList<ModelInfo>;

constexpr int MostPages = 200; // of a service that gives its pages one entry, or none

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
            end(makeError(ErrorKind::Cancelled, {}, m_endpoint.provider.id));
    }

    [[nodiscard]] QFuture<Result<Models>> future() { return m_promise.future(); }

    void start(KeyStore &keys, const Account &account)
    {
        readCredential(keys, account, m_endpoint, this, [this](const Result<Credential> &read) {
            if (!read)
                return end(read.error());
            m_credential = *read;
            proveKey();
        });
    }

    void end(const Result<Models> &result)
    {
        m_ended = true;
        m_promise.addResult(result);
        m_promise.finish();
        deleteLater();
    }

private:
    void proveKey()
    {
        const auto wire = keyCheck(m_endpoint, m_credential);
        if (!wire)
            return fetch();
        sendFreeCall(m_transport, m_adapter, m_endpoint, *wire, this,
                     [this](const Result<QByteArray> &body) {
                         // Another server at the user's own address may not have it.
                         constexpr int NotFound = 404;
                         if (!body && body.error().httpStatus != NotFound)
                             return end(body.error());
                         fetch();
                     });
    }

    void fetch()
    {
        const auto now = std::chrono::floor<std::chrono::seconds>(m_clock.utcNow());
        const auto wire = m_adapter.buildModelList(m_endpoint, m_credential, m_cursor, now);
        if (!wire)
            return end(wire.error());
        sendFreeCall(m_transport, m_adapter, m_endpoint, *wire, this,
                     [this](const Result<QByteArray> &body) {
                         if (!body)
                             return end(body.error());
                         read(*body);
                     });
    }

    void read(const QByteArray &body)
    {
        const auto page = m_adapter.readModelList(body);
        if (!page) {
            Error error = page.error();
            error.provider = m_endpoint.provider.id;
            return end(error);
        }
        for (ModelInfo model : page->models) {
            if (model.id.isEmpty() || model.id.size() > LongestModelName ||
                model.behind.size() > LongestModelName || m_models.size() == MostModels)
                continue; // no sane service has such an id
            model.name.truncate(LongestModelName);
            m_models.append(model);
        }
        const bool more = !page->next.isEmpty() && page->next != m_cursor &&
                          ++m_pages < MostPages && m_models.size() < MostModels;
        if (!more)
            return end(askable());
        m_cursor = page->next;
        fetch();
    }

    //! What can be asked, each once.
    [[nodiscard]] Models askable() const
    {
        Models models;
        QSet<QString> ids;
        for (const ModelInfo &model : m_adapter.joined(m_models)) {
            if (model.use == ModelUse::Chat && !ids.contains(model.id) &&
                !isHiddenModel(m_endpoint.provider, model.id)) {
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
    QPromise<Result<Models>> m_promise;
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
        return QtFuture::makeReadyFuture(Result<Models>(
            makeError(ErrorKind::InputRejected, QStringLiteral("There is no such provider."),
                      account.provider)));
    const QUrl baseUrl = account.baseUrl.isEmpty() ? provider->baseUrl : account.baseUrl;
    auto *listing =
        new Listing(m_transport, *adapter, m_clock, Endpoint{*provider, baseUrl, {}}, this);
    const QFuture<Result<Models>> future = listing->future();
    listing->start(m_keys, account);
    return future;
}

} // namespace core
