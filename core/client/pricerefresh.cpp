#include "core/client/pricerefresh.h"

#include "core/base/whenready.h"
#include "core/net/urlpolicy.h"

#include <QFile>
#include <QFileInfo>
#include <QPromise>
#include <QtConcurrentRun>

#include <memory>

namespace core {

namespace {

using namespace std::chrono_literals;

constexpr qsizetype LargestCatalogue = 32 * 1024 * 1024; // PriceReader's

PriceVersion aboutOf(const PriceOffer &offer, UtcTime at)
{
    PriceVersion about;
    about.version = offer.catalogue.version();
    about.source = offer.source;
    about.takenAt = at;
    about.checkedOn = offer.catalogue.checkedOn();
    about.models = offer.catalogue.modelCount();
    return about;
}

Result<PriceOffer> offerOf(const QByteArray &json, const QString &source,
                           const PriceCatalogue &inUse, UtcTime at)
{
    auto catalogue = PriceCatalogue::fromJson(json);
    if (!catalogue)
        return catalogue.error();
    PriceOffer offer;
    offer.json = json;
    offer.catalogue = std::move(catalogue).value();
    offer.diff = priceDiff(inUse, offer.catalogue, at);
    offer.source = source;
    return offer;
}

//! One download: ends its promise once, whatever comes.
class Download final : public QObject
{
public:
    using Offer = Result<PriceOffer>;
    //! What the body becomes, in the pool.
    using Read = std::function<QFuture<Offer>(const QByteArray &)>;

    Download(HttpTransport &transport, const QUrl &url, Read read, QObject *parent)
        : QObject(parent)
        , m_read(std::move(read))
    {
        HttpRequest request;
        request.method = "GET";
        request.url = url;
        request.headers.add("Accept", "application/json");
        m_exchange = transport.send(request, smallCallDeadlines(120s), this);
        m_promise.start();
        connect(m_exchange, &HttpExchange::bodyReceived, this, [this](const QByteArray &slice) {
            m_body += slice;
            if (m_body.size() <= LargestCatalogue)
                return;
            m_exchange->abort();
            end(makeError(
                ErrorKind::InputRejected,
                PriceRefresh::tr("The address sends more than a price catalogue can hold.")));
        });
        connect(m_exchange, &HttpExchange::finished, this, &Download::receive);
    }
    ~Download() override
    {
        if (!m_promise.future().isFinished())
            m_promise.finish(); // without a result: the program ends
    }

    [[nodiscard]] QFuture<Offer> future() { return m_promise.future(); }

private:
    void receive()
    {
        constexpr int Ok = 200;
        if (m_exchange->error())
            return end(*m_exchange->error());
        if (m_exchange->status() != Ok)
            return end(rejected(PriceRefresh::tr("The address answers with HTTP status %1.")
                                    .arg(m_exchange->status())));
        whenReady(this, m_read(m_body), [this](const Offer &offer) { end(offer); });
    }
    void end(const Offer &offer)
    {
        if (m_promise.future().isFinished())
            return;
        m_promise.addResult(offer);
        m_promise.finish();
        deleteLater();
    }

    Read m_read;
    QPromise<Offer> m_promise;
    HttpExchange *m_exchange = nullptr;
    QByteArray m_body;
};

} // namespace

//! What the pool did, to be taken over in the main thread.
struct PriceRefresh::Step
{
    PriceVersions versions;
    PriceCatalogue catalogue;
};

//! An offer, and what the archive holds where it went into quarantine.
struct PriceRefresh::Reading
{
    PriceOffer offer;
    std::optional<PriceVersions> versions;
};

namespace {

//! Reads \p json, and keeps what looks odd where a restart finds it.
template <typename Reading>
Result<Reading> readOrHold(const PriceArchive &archive, const QByteArray &json,
                           const QString &source, const PriceCatalogue &inUse, UtcTime at)
{
    auto offer = offerOf(json, source, inUse, at);
    if (!offer)
        return offer.error();
    Reading reading{std::move(offer).value(), {}};
    if (reading.offer.diff.doubts.isEmpty() || reading.offer.diff.changes.isEmpty())
        return reading;
    const auto versions = archive.hold(json, aboutOf(reading.offer, at));
    if (!versions)
        return versions.error();
    reading.versions = *versions;
    reading.offer.heldAs = versions->held ? versions->held->id : QString();
    return reading;
}

} // namespace

PriceRefresh::PriceRefresh(PriceBook &prices, PriceCatalogue shipped, const QString &directory,
                           HttpTransport &transport, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_prices(prices)
    , m_shipped(std::move(shipped))
    , m_archive(directory)
    , m_transport(transport)
    , m_clock(clock)
{
}

void PriceRefresh::restore()
{
    const auto versions = m_archive.versions();
    if (!versions) {
        m_fault = versions.error();
        return;
    }
    m_versions = *versions;
    const auto current = m_archive.current();
    if (!current) {
        m_fault = current.error();
        m_versions.current.clear();
    } else if (*current) {
        m_prices.setBase(**current);
    }
}

QFuture<Result<PriceOffer>> PriceRefresh::take(const QFuture<Result<Reading>> &reading)
{
    const auto promise = std::make_shared<QPromise<Result<PriceOffer>>>();
    promise->start();
    whenReady(this, reading, [this, promise](const Result<Reading> &read) {
        promise->addResult(read ? Result<PriceOffer>(read->offer)
                                : Result<PriceOffer>(read.error()));
        promise->finish();
        if (!read || !read->versions)
            return;
        m_versions = *read->versions;
        Q_EMIT changed();
    });
    return promise->future();
}

QFuture<Result<PriceOffer>> PriceRefresh::fromFile(const QString &path)
{
    return take(QtConcurrent::run([path, archive = m_archive, inUse = m_prices.base(),
                                   at = m_clock.utcNow()]() -> Result<Reading> {
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly))
            return makeError(ErrorKind::StorageFailed, tr("%1 cannot be read.").arg(path));
        return readOrHold<Reading>(archive, file.read(LargestCatalogue + 1),
                                   QFileInfo(path).fileName(), inUse, at);
    }));
}

QFuture<Result<PriceOffer>> PriceRefresh::fromAddress(const QString &address)
{
    const QUrl url(address.trimmed(), QUrl::StrictMode);
    if (const auto checked = checkRequestUrl(url); !checked)
        return QtFuture::makeReadyFuture(Result<PriceOffer>(checked.error()));
    const QString source = url.toString(QUrl::RemoveScheme | QUrl::RemoveQuery).mid(2);
    const auto read = [this, source](const QByteArray &json) {
        return take(QtConcurrent::run(
            [json, source, archive = m_archive, inUse = m_prices.base(), at = m_clock.utcNow()] {
                return readOrHold<Reading>(archive, json, source, inUse, at);
            }));
    };
    return (new Download(m_transport, url, read, this))->future();
}

QFuture<Result<PriceOffer>> PriceRefresh::held()
{
    if (!m_versions.held)
        return QtFuture::makeReadyFuture(Result<PriceOffer>(rejected(tr("Nothing is held back."))));
    return QtConcurrent::run([held = *m_versions.held, archive = m_archive, inUse = m_prices.base(),
                              at = m_clock.utcNow()]() -> Result<PriceOffer> {
        const auto json = archive.bytes(held.id);
        if (!json)
            return json.error();
        auto offer = offerOf(*json, held.source, inUse, at);
        if (!offer)
            return offer.error();
        PriceOffer again = std::move(offer).value();
        again.heldAs = held.id;
        return again;
    });
}

QFuture<Result<Done>> PriceRefresh::leave()
{
    if (!m_versions.held)
        return QtFuture::makeReadyFuture(Result<Done>(Done{}));
    const auto promise = std::make_shared<QPromise<Result<Done>>>();
    promise->start();
    whenReady(this, QtConcurrent::run([archive = m_archive] { return archive.dropHeld(); }),
              [this, promise](const Result<PriceVersions> &left) {
                  if (left)
                      m_versions = *left;
                  promise->addResult(left ? Result<Done>(Done{}) : Result<Done>(left.error()));
                  promise->finish();
                  if (left)
                      Q_EMIT changed();
              });
    return promise->future();
}

QFuture<Result<Done>> PriceRefresh::apply(const PriceOffer &offer)
{
    const PriceVersion about = aboutOf(offer, m_clock.utcNow());
    const auto promise = std::make_shared<QPromise<Result<Done>>>();
    promise->start();
    whenReady(this, QtConcurrent::run([archive = m_archive, json = offer.json, about] {
                  return archive.keep(json, about);
              }),
              [this, promise, catalogue = offer.catalogue](const Result<PriceVersions> &kept) {
                  if (kept)
                      take(*kept, catalogue);
                  promise->addResult(kept ? Result<Done>(Done{}) : Result<Done>(kept.error()));
                  promise->finish();
              });
    return promise->future();
}

QFuture<Result<Done>> PriceRefresh::use(const QString &id)
{
    const auto promise = std::make_shared<QPromise<Result<Done>>>();
    promise->start();
    const auto read = [archive = m_archive, shipped = m_shipped, id]() -> Result<Step> {
        // Read before the index names it: a damaged one is never in use.
        auto catalogue = id.isEmpty() ? Result<PriceCatalogue>(shipped) : archive.read(id);
        if (!catalogue)
            return catalogue.error();
        const auto versions = archive.use(id);
        if (!versions)
            return versions.error();
        return Step{*versions, std::move(catalogue).value()};
    };
    whenReady(this, QtConcurrent::run(read), [this, promise](const Result<Step> &step) {
        if (step)
            take(step->versions, step->catalogue);
        promise->addResult(step ? Result<Done>(Done{}) : Result<Done>(step.error()));
        promise->finish();
    });
    return promise->future();
}

void PriceRefresh::take(const PriceVersions &versions, const PriceCatalogue &catalogue)
{
    m_versions = versions;
    m_fault.reset();
    m_prices.setBase(catalogue);
    Q_EMIT changed();
}

} // namespace core
