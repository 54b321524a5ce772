#pragma once

#include "core/pricing/pricecatalogue.h"
#include "core/pricing/priceoverride.h"

#include <QObject>

namespace core {

//! The prices of one profile: the shipped catalogue or one taken in its place, and over it what the
//! user set, kept in a file of its own. Later requests are priced by what holds then; what is in
//! the ledger stays. Main thread.
class PriceBook final : public QObject
{
    Q_OBJECT
public:
    //! \p file: of the user's prices; it need not be there. One that is damaged is left as it is
    //! and told by fault(): then nothing is over the catalogue, and nothing can be set.
    PriceBook(PriceCatalogue shipped, QString file, QObject *parent = nullptr);

    //! Both layers. The same object all the time; what is in it changes with changed().
    [[nodiscard]] const PriceCatalogue &catalogue() const { return m_catalogue; }
    //! The layer below: no price of the user's is in it.
    [[nodiscard]] const PriceCatalogue &base() const { return m_base; }
    void setBase(PriceCatalogue catalogue); //!< In place of the shipped one.
    [[nodiscard]] const QList<PriceOverride> &overrides() const { return m_overrides; }
    [[nodiscard]] std::optional<PriceOverride> overrideOf(const QString &provider,
                                                          const QString &model) const;
    [[nodiscard]] const std::optional<Error> &fault() const { return m_fault; }

    //! Sets the price of one model, in place of what was set before; what was written into the file
    //! by hand beside it stays. Errors: InputRejected (no name, no price, a rate out of range),
    //! StorageFailed; then nothing has changed.
    [[nodiscard]] Result<Done> set(const PriceOverride &price);
    [[nodiscard]] Result<Done> remove(const QString &provider, const QString &model);

Q_SIGNALS:
    void changed();

private:
    [[nodiscard]] Result<Done> keep(const QByteArray &layer);
    [[nodiscard]] Result<Done> layOver(const QByteArray &json);

    PriceCatalogue m_base;
    PriceCatalogue m_catalogue;
    QString m_file;
    QByteArray m_layer;               //!< What is in the file; empty: it is not there.
    QList<PriceOverride> m_overrides; //!< What of it the screens can show.
    std::optional<Error> m_fault;
};

} // namespace core
