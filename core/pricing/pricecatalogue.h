#pragma once

#include "core/base/result.h"
#include "core/pricing/ratecard.h"
#include "core/pricing/seller.h"

#include <QString>

#include <cstdint>
#include <memory>
#include <optional>

namespace core {

struct PriceTable;

//! A card that was found, and how.
struct RateCardMatch
{
    std::shared_ptr<const RateCard> card;
    QString model;         //!< The catalogue's id of the model.
    bool borrowed = false; //!< Of another provider (aliases_follow).
    //! What the name that was asked for says of the place: "regional", "global" or nothing; none:
    //! names do not tell it here.
    std::optional<QString> regionClass;
    QString provider{}; //!< Under whose name it was found; another's if the host says so.
    //! The region that the host names; empty: it is the host without one; none: it does not tell.
    std::optional<QString> hostRegion{};
};

//! A model that the catalogue prices now and does not say to be no chat model, or retired: a row of
//! the model picker.
struct PricedModel
{
    QString id;
    QString name; //!< For people; the id if the source has none.
    std::optional<std::int64_t> contextTokens;
    std::optional<PicoUsd> inputPerMillion, outputPerMillion;
    std::optional<std::int64_t> maxOutputTokens{};
};

//! All that a catalogue says of the prices of one model.
struct ModelPrices
{
    QString id;
    QString name; //!< For people; the id if the source has none.
    QList<std::shared_ptr<const RateCard>> cards;
};

//! The price catalogue: who charges what, since when.
//!
//! Loading is all-or-nothing: one row that is negative, huge, no number, half-written, doubled or
//! overlapping in time refuses the whole file, and the error's detail names the row. A value type;
//! copies share the data. Immutable, so thread-safe.
class PriceCatalogue
{
public:
    PriceCatalogue(); //!< Empty: every price is unknown.
    [[nodiscard]] static Result<PriceCatalogue> fromJson(const QByteArray &json);

    //! The card of \p model (the provider's id, any case) at \p seller that is valid at \p at. An
    //! exact rule beats a prefix, the longest prefix a suffix, that the first of the other rules.
    //! What the user set for the deployment goes first, then for the provider as configured, then
    //! what the host says.
    [[nodiscard]] std::optional<RateCardMatch> find(const Seller &seller, const QString &model,
                                                    UtcTime at) const;
    //! The provider whose prices \p seller has, by its host; empty: an unknown one, such as a
    //! relay, although that of the provider is known.
    [[nodiscard]] QString providerOf(const Seller &seller) const;
    //! The highest rates for a token of text in and out that \p provider's models have at \p at in
    //! \p serviceTier, at any length; those of the whole catalogue if it has none.
    [[nodiscard]] TokenRates dearest(const QString &provider, const QString &serviceTier,
                                     UtcTime at) const;

    //! Context window in tokens, as the catalogue knows it.
    [[nodiscard]] std::optional<std::int64_t> contextLimit(const QString &provider,
                                                           const QString &model) const;

    //! Chat models of \p provider with a card valid at \p at, in the catalogue's order.
    [[nodiscard]] QList<PricedModel> models(const QString &provider, UtcTime at) const;

    //! Name of \p model for people; the id itself if the catalogue has none.
    [[nodiscard]] QString nameOf(const QString &provider, const QString &model) const;

    //! This catalogue with the user's \p layer over it. What a card of the layer sets goes first;
    //! what it leaves unset (other rates, tiers, hours, modifiers, fees) stays as this catalogue
    //! has it. Names, limits and version stay this one's, too.
    [[nodiscard]] PriceCatalogue under(const PriceCatalogue &layer) const;

    //! Every model of \p provider with the cards of this catalogue or the layer over it, those of
    //! the layer first. For a page that shows prices.
    [[nodiscard]] QList<ModelPrices> pricesOf(const QString &provider) const;
    [[nodiscard]] QStringList providers() const; //!< Ids, sorted.

    [[nodiscard]] QString version() const;
    [[nodiscard]] std::optional<UtcTime> checkedOn() const; //!< Of rows without a day of their own.
    [[nodiscard]] int modelCount() const;

private:
    explicit PriceCatalogue(std::shared_ptr<const PriceTable> table);
    [[nodiscard]] std::optional<RateCardMatch> findDeployment(const QStringList &providers,
                                                              const QString &deployment,
                                                              const QString &model,
                                                              UtcTime at) const;
    [[nodiscard]] std::optional<RateCardMatch> findOwn(const QStringList &providers,
                                                       const QString &model, UtcTime at) const;
    [[nodiscard]] std::optional<RateCardMatch>
    findCatalogued(const QString &provider, const QString &model, UtcTime at) const;
    std::shared_ptr<const PriceTable> m_table;
    std::shared_ptr<const PriceTable> m_layer; //!< May be null.
};

//! The catalogue that is shipped with the application, as JSON.
[[nodiscard]] QByteArray builtInPrices();

} // namespace core
