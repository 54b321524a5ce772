#pragma once

#include "core/net/httptransport.h"
#include "core/pricing/pricearchive.h"
#include "core/pricing/pricebook.h"
#include "core/pricing/pricediff.h"

#include <QFuture>
#include <QObject>

namespace core {

//! A catalogue that was read and found whole, and what it would change. Nothing is changed yet.
struct PriceOffer
{
    QByteArray json;
    PriceCatalogue catalogue;
    PriceDiff diff;   //!< From the catalogue in use; doubts: it is to be looked at first.
    QString source;   //!< For people.
    QString heldAs{}; //!< Its id in quarantine; empty: it is not there.
};

//! Takes other price catalogues into use: from a file, from an address, or one that was in use
//! before. Never by itself: each call is a person's. An offer with doubts is kept in quarantine
//! until it is applied or left, also over a restart. Reading, checking and writing happen in the
//! pool; what is in the ledger keeps its price. Main thread.
class PriceRefresh final : public QObject
{
    Q_OBJECT
public:
    //! Each must outlive this. \p directory: of the archive; it need not be there.
    PriceRefresh(PriceBook &prices, PriceCatalogue shipped, const QString &directory,
                 HttpTransport &transport, const Clock &clock, QObject *parent = nullptr);

    //! Reads what is kept and which of it is in use; fault() says what could not be read. The book
    //! has the shipped catalogue then. Called once, before the window is there; waits for the disk.
    void restore();

    //! Errors: StorageFailed (no such file, no room for a quarantine), InputRejected with the row
    //! that is wrong.
    [[nodiscard]] QFuture<Result<PriceOffer>> fromFile(const QString &path);
    //! \p address: https, or http to this computer. Never redirected, at most 32 MiB, no key goes
    //! along. Errors: those of a request, InputRejected.
    [[nodiscard]] QFuture<Result<PriceOffer>> fromAddress(const QString &address);

    //! What versions().held names, read and compared again with what is in use by now.
    [[nodiscard]] QFuture<Result<PriceOffer>> held();
    //! Ends a quarantine without taking it into use; nothing in it: nothing happens.
    [[nodiscard]] QFuture<Result<Done>> leave();

    //! Keeps \p offer and takes it into use. Errors: StorageFailed; then nothing has changed.
    [[nodiscard]] QFuture<Result<Done>> apply(const PriceOffer &offer);
    //! Takes a kept version into use again; empty: the shipped one. Errors as of apply().
    [[nodiscard]] QFuture<Result<Done>> use(const QString &id);

    [[nodiscard]] const PriceVersions &versions() const { return m_versions; }
    [[nodiscard]] const PriceCatalogue &shipped() const { return m_shipped; }
    [[nodiscard]] const std::optional<Error> &fault() const { return m_fault; }

Q_SIGNALS:
    void changed(); //!< What is kept or in use.

private:
    struct Step;
    struct Reading;
    [[nodiscard]] QFuture<Result<PriceOffer>> take(const QFuture<Result<Reading>> &reading);
    void take(const PriceVersions &versions, const PriceCatalogue &catalogue);

    PriceBook &m_prices;
    PriceCatalogue m_shipped;
    PriceArchive m_archive;
    HttpTransport &m_transport;
    const Clock &m_clock;
    PriceVersions m_versions;
    std::optional<Error> m_fault;
};

} // namespace core
