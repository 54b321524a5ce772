#pragma once

#include "core/client/modellists.h"
#include "core/pricing/pricecatalogue.h"

namespace core {

//! Where a model's price is from.
enum class PriceOrigin {
    Nowhere, //!< Nobody knows it.
    Catalogue,
    OtherProvider, //!< The catalogue's, of the provider that this one follows.
    User
};

//! One model that can be chosen.
struct ModelChoice
{
    Target target;
    QString providerName;
    QString name;   //!< For people.
    QString behind; //!< Id of the model that a deployment or a profile stands for; may be empty.
    std::optional<std::int64_t> contextTokens, maxOutputTokens;
    std::optional<bool> images, documents, tools, reasoning; //!< Unknown: the service is silent.
    std::optional<PicoUsd> inputPerMillion, outputPerMillion;
    std::optional<PicoUsd> cachedPerMillion; //!< Of input that the service has read before.
    PriceOrigin priceFrom = PriceOrigin::Nowhere;
    AccountState state = AccountState::Ready;
    bool local = false;
    bool wanted = true;         //!< Else the user took it out of what is offered.
    bool otherProtocol = false; //!< The same account's models stand under another row, too.
    bool operator==(const ModelChoice &) const = default;
};

//! Which models there are: what services listed, else what the price catalogue knows of them. Any
//! other id can still be typed. Main thread.
class ModelDirectory
{
public:
    ModelDirectory(const AccountSetup &accounts, ModelLists &lists, const PriceCatalogue &prices,
                   const Clock &clock)
        : m_accounts(accounts)
        , m_lists(lists)
        , m_prices(prices)
        , m_clock(clock)
    {
    }

    //! What is offered: those that are wanted, ready ones first; by provider, in the order of
    //! providers.json.
    [[nodiscard]] QList<ModelChoice> choices() const;
    //! All of them.
    [[nodiscard]] QList<ModelChoice> choicesOf(const QString &provider) const;
    //! What is known of \p target, which may have been typed: then no list has it.
    [[nodiscard]] ModelChoice choiceOf(const Target &target) const;
    [[nodiscard]] ModelLists &lists() const { return m_lists; }
    [[nodiscard]] QString nameOf(const Target &target) const;
    [[nodiscard]] std::optional<std::int64_t> contextLimitOf(const Target &target) const;
    [[nodiscard]] QString providerNameOf(const QString &provider) const;

private:
    [[nodiscard]] QList<ModelChoice> catalogued(const ProviderInfo &provider) const;
    [[nodiscard]] QList<ModelChoice> listed(const ProviderInfo &provider,
                                            const QList<ModelInfo> &models) const;
    [[nodiscard]] QString nameOf(const ProviderInfo &provider, const ModelInfo &model) const;
    //! Tells \p choice the price of \p model, as it is now.
    void addPrice(ModelChoice &choice, const ProviderInfo &provider, const QString &model) const;

    const AccountSetup &m_accounts;
    ModelLists &m_lists;
    const PriceCatalogue &m_prices;
    const Clock &m_clock;
};

} // namespace core
