#pragma once

#include "core/client/accountsetup.h"
#include "core/pricing/pricecatalogue.h"

namespace core {

//! One model that can be chosen.
struct ModelChoice
{
    Target target;
    QString providerName;
    QString name; //!< For people.
    std::optional<std::int64_t> contextTokens;
    std::optional<PicoUsd> inputPerMillion, outputPerMillion;
    AccountState state = AccountState::Ready;
    bool local = false;
    bool otherProtocol = false; //!< The same account's models stand under another row, too.
};

//! Which models there are: what services listed, else what the price catalogue knows of them. Any
//! other id can still be typed. Main thread.
class ModelDirectory
{
public:
    ModelDirectory(const AccountSetup &accounts, const PriceCatalogue &prices, const Clock &clock)
        : m_accounts(accounts)
        , m_prices(prices)
        , m_clock(clock)
    {
    }

    [[nodiscard]] QList<ModelChoice>
    choices() const; //!< Ready ones first; by provider, in the order of providers.json.
    [[nodiscard]] QList<ModelChoice> choicesOf(const QString &provider) const;
    [[nodiscard]] QString nameOf(const Target &target) const;
    [[nodiscard]] std::optional<std::int64_t> contextLimitOf(const Target &target) const;
    [[nodiscard]] QString providerNameOf(const QString &provider) const;

private:
    [[nodiscard]] QList<PricedModel> modelsOf(const ProviderInfo &provider) const;

    const AccountSetup &m_accounts;
    const PriceCatalogue &m_prices;
    const Clock &m_clock;
};

} // namespace core
