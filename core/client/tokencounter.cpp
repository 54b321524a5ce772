#include "core/client/tokencounter.h"

#include "core/client/freecall.h"

#include <QCryptographicHash>
#include <QFutureWatcher>
#include <QPromise>

namespace core {

namespace {

constexpr qsizetype MostKnown = 256;
constexpr qsizetype MostBodyBytes = 20 * 1024 * 1024; // what services take at most

Error refused(const Target &target, const QString &detail)
{
    return makeError(ErrorKind::InputRejected, detail, target.provider);
}

//! One count on its way; gone with its answer, or when nobody wants that any more.
class Counting : public QObject
{
public:
    explicit Counting(QObject *parent)
        : QObject(parent)
    {
        m_promise.start();
        connect(&m_watcher, &QFutureWatcherBase::canceled, this, [this] {
            m_promise.finish();
            delete this; // the exchange is a child: its socket closes now
        });
        m_watcher.setFuture(m_promise.future());
    }
    ~Counting() override
    {
        if (!m_promise.future().isFinished())
            m_promise.finish(); // without a result: the program ends
    }

    [[nodiscard]] QFuture<Result<TokenCount>> future() { return m_promise.future(); }

    void end(const Result<TokenCount> &result)
    {
        m_promise.addResult(result);
        m_promise.finish();
        deleteLater();
    }

private:
    QPromise<Result<TokenCount>> m_promise;
    QFutureWatcher<Result<TokenCount>> m_watcher;
};

} // namespace

//! Everything about a count but the key.
struct TokenCounter::Plan
{
    const ProviderAdapter *adapter = nullptr;
    Account account;
    Endpoint endpoint;
    QByteArray content;
};

TokenCounter::TokenCounter(HttpTransport &transport, const ProviderRegistry &providers,
                           KeyStore &keys, const AccountBook &accounts, const Clock &clock,
                           QObject *parent)
    : QObject(parent)
    , m_transport(transport)
    , m_providers(providers)
    , m_keys(keys)
    , m_accounts(accounts)
    , m_clock(clock)
{
}

bool TokenCounter::canCount(const Target &target) const
{
    const ProviderInfo *provider = m_providers.provider(target.provider);
    const ProviderAdapter *adapter = provider ? m_providers.adapter(provider->protocol) : nullptr;
    return adapter && adapter->countsTokens() && !target.model.isEmpty();
}

Result<TokenCounter::Plan> TokenCounter::planFor(const ChatRequest &request,
                                                 const Target &target) const
{
    if (!canCount(target))
        return refused(target, QStringLiteral("This service counts no tokens."));
    Plan plan;
    const ProviderInfo &provider = *m_providers.provider(target.provider);
    plan.adapter = m_providers.adapter(provider.protocol);
    plan.account = m_accounts.account(target);
    plan.endpoint = {provider, target.baseUrl.isEmpty() ? provider.baseUrl : target.baseUrl,
                     target.model};
    // Built without a key, only to know it again.
    const auto wire = plan.adapter->buildTokenCount(request, plan.endpoint, {}, {});
    if (!wire)
        return wire.error();
    if (wire->http.body.size() > MostBodyBytes)
        return refused(target, QStringLiteral("The request is too large to be counted there."));
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(wire->http.url.toEncoded());
    hash.addData("\n");
    hash.addData(wire->http.body);
    plan.content = hash.result();
    return plan;
}

std::optional<TokenCount> TokenCounter::known(const ChatRequest &request,
                                              const Target &target) const
{
    const auto plan = planFor(request, target);
    const auto found = plan ? m_known.constFind(plan->content) : m_known.constEnd();
    return found == m_known.constEnd() ? std::nullopt : std::optional(*found);
}

QFuture<Result<TokenCount>> TokenCounter::count(const ChatRequest &request, const Target &target)
{
    Q_EMIT asking(target);
    const auto planned = planFor(request, target);
    if (!planned)
        return QtFuture::makeReadyFuture(Result<TokenCount>(planned.error()));
    const Plan plan = *planned;
    if (const auto found = m_known.constFind(plan.content); found != m_known.constEnd())
        return QtFuture::makeReadyFuture(Result<TokenCount>(*found));
    auto *counting = new Counting(this);
    const QFuture<Result<TokenCount>> future = counting->future();
    const auto read = [this, counting, plan](const Result<QByteArray> &body) {
        if (!body)
            return counting->end(body.error());
        auto count = plan.adapter->readTokenCount(*body);
        if (!count) {
            Error error = count.error();
            error.provider = plan.endpoint.provider.id;
            return counting->end(error);
        }
        remember(plan.content, *count);
        counting->end(*count);
    };
    readCredential(m_keys, plan.account, plan.endpoint, counting,
                   [this, counting, plan, request, read](const Result<Credential> &credential) {
                       if (!credential)
                           return counting->end(credential.error());
                       const auto now = std::chrono::floor<std::chrono::seconds>(m_clock.utcNow());
                       const auto wire =
                           plan.adapter->buildTokenCount(request, plan.endpoint, *credential, now);
                       if (!wire)
                           return counting->end(wire.error());
                       sendFreeCall(m_transport, *plan.adapter, plan.endpoint, *wire, counting,
                                    read);
                   });
    return future;
}

void TokenCounter::remember(const QByteArray &content, const TokenCount &count)
{
    if (!m_known.contains(content))
        m_order.append(content);
    m_known.insert(content, count);
    if (m_order.size() > MostKnown)
        m_known.remove(m_order.takeFirst());
}

} // namespace core
