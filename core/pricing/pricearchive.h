#pragma once

#include "core/pricing/pricecatalogue.h"

namespace core {

//! A catalogue that was taken over the shipped one, as the archive lists it.
struct PriceVersion
{
    QString id;      //!< Within the archive; empty: the shipped catalogue.
    QString version; //!< As the catalogue calls itself.
    QString source;  //!< For people: the name of a file, or an address.
    UtcTime takenAt;
    std::optional<UtcTime> checkedOn;
    int models = 0;
    bool operator==(const PriceVersion &) const = default;
};

//! What the archive holds.
struct PriceVersions
{
    QList<PriceVersion> kept; //!< Newest first, at most PriceArchive::Kept.
    QString current;          //!< Id of the one in use; empty: the shipped catalogue.
    //! In quarantine: it looked odd, and nobody has used or refused it yet. None of the kept.
    std::optional<PriceVersion> held{};
    bool operator==(const PriceVersions &) const = default;
};

//! The catalogues that were taken over the shipped one: a folder of whole files and one index.
//!
//! Each file is written whole under a new name before the index names it, and the index is replaced
//! whole: whenever the process dies, the folder holds the old state or the new one. Every call
//! reads or writes the disk and belongs in the pool. One process writes at a time (the window); any
//! may read.
class PriceArchive
{
public:
    static constexpr qsizetype Kept = 5;

    explicit PriceArchive(QString directory)
        : m_directory(std::move(directory))
    {
    }

    //! An archive that was never used is empty. Errors: StorageFailed, where the index is damaged.
    [[nodiscard]] Result<PriceVersions> versions() const;
    //! The catalogue \p id, read and checked again. Errors: StorageFailed, InputRejected.
    [[nodiscard]] Result<PriceCatalogue> read(const QString &id) const;
    //! The one in use; nothing: the shipped one. Errors as of read().
    [[nodiscard]] Result<std::optional<PriceCatalogue>> current() const;

    //! Keeps \p json as the newest and takes it into use; \p about.id is chosen here. What is more
    //! than Kept goes, oldest first.
    [[nodiscard]] Result<PriceVersions> keep(const QByteArray &json, PriceVersion about) const;
    //! Takes \p id into use again; empty: the shipped catalogue. A damaged index is begun anew
    //! then.
    [[nodiscard]] Result<PriceVersions> use(const QString &id) const;

    //! Puts \p json into quarantine, in place of what was there; what is in use stays. keep()
    //! ends a quarantine. \p about.id is chosen here.
    [[nodiscard]] Result<PriceVersions> hold(const QByteArray &json, PriceVersion about) const;
    //! Removes what is in quarantine.
    [[nodiscard]] Result<PriceVersions> dropHeld() const;
    //! The bytes of the catalogue \p id, unread. Errors: StorageFailed.
    [[nodiscard]] Result<QByteArray> bytes(const QString &id) const;

private:
    [[nodiscard]] QString pathOf(const QString &id) const;
    //! Writes \p json under an id of its own, which is put into \p about.
    [[nodiscard]] Result<Done> add(const PriceVersions &known, const QByteArray &json,
                                   PriceVersion &about) const;
    [[nodiscard]] Result<Done> write(const PriceVersions &versions) const;
    void removeOthers(const PriceVersions &versions) const;

    QString m_directory;
};

} // namespace core
