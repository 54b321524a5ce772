#include "core/client/modeldirectory.h"

#include "core/client/modellister.h"
#include "core/client/sellers.h"

#include <QSet>

#include <algorithm>

namespace core {

namespace {

//! Whether \p id stands for others: fine-tuned models are their users' own, and aggregators' models
//! stand in the catalogue by their short names, too.
bool isNoModel(const QString &id, const QSet<QString> &lastParts)
{
    return id.startsWith(QLatin1StringView("ft:")) || id.contains(QLatin1StringView(".ft-")) ||
           lastParts.contains(id);
}

} // namespace

//! The catalogue knows embeddings, old completions and speech, too: what can chat has a price out
//! and is none of the provider's that are hidden. Its context may be unknown.
QList<ModelChoice> ModelDirectory::catalogued(const ProviderInfo &provider) const
{
    const QList<PricedModel> models = m_prices.models(provider.priceProvider, m_clock.utcNow());
    QSet<QString> lastParts;
    for (const PricedModel &model : models) {
        if (const qsizetype slash = model.id.lastIndexOf(QLatin1Char('/')); slash >= 0)
            lastParts.insert(model.id.sliced(slash + 1));
    }
    QList<ModelChoice> choices;
    for (const PricedModel &model : models) {
        if (!model.outputPerMillion || isHiddenModel(provider, model.id) ||
            isNoModel(model.id, lastParts))
            continue;
        ModelChoice choice;
        choice.target.model = model.id;
        choice.name = model.name;
        choice.contextTokens = model.contextTokens;
        choice.maxOutputTokens = model.maxOutputTokens;
        addPrice(choice, provider, model.id);
        choices.append(choice);
    }
    return choices;
}

QList<ModelChoice> ModelDirectory::listed(const ProviderInfo &provider,
                                          const QList<ModelInfo> &models) const
{
    QList<ModelChoice> choices;
    for (const ModelInfo &info : models) {
        ModelChoice choice;
        choice.target.model = info.id;
        choice.name = nameOf(provider, info);
        choice.behind = info.behind;
        choice.contextTokens = info.contextWindow;
        choice.maxOutputTokens = info.maxOutput;
        choice.images = info.images;
        choice.documents = info.documents;
        choice.tools = info.tools;
        choice.reasoning = info.reasoning;
        const QString &priced = info.behind.isEmpty() ? info.id : info.behind;
        if (!choice.contextTokens)
            choice.contextTokens = m_prices.contextLimit(provider.priceProvider, priced);
        addPrice(choice, provider, priced);
        choices.append(choice);
    }
    return choices;
}

void ModelDirectory::addPrice(ModelChoice &choice, const ProviderInfo &provider,
                              const QString &model) const
{
    const auto match = m_prices.find(
        sellerOf(providerAt(provider, m_accounts.target(provider.id, model)), choice.target.model),
        model, m_clock.utcNow());
    if (!match)
        return;
    const RateCard &card = *match->card;
    choice.inputPerMillion = card.rates.perMillion(UsageKind::Input);
    choice.cachedPerMillion = card.rates.perMillion(UsageKind::CacheRead);
    choice.outputPerMillion = card.rates.perMillion(UsageKind::Output);
    choice.priceFrom = card.user         ? PriceOrigin::User
                       : match->borrowed ? PriceOrigin::OtherProvider
                                         : PriceOrigin::Catalogue;
}

QString ModelDirectory::nameOf(const ProviderInfo &provider, const ModelInfo &model) const
{
    if (!model.name.isEmpty())
        return model.name;
    if (model.behind.isEmpty() || model.behind == model.id)
        return m_prices.nameOf(provider.priceProvider, model.id);
    // A deployment is known by the name that its user gave it.
    return model.id + QLatin1String(" (") + m_prices.nameOf(provider.priceProvider, model.behind) +
           QLatin1Char(')');
}

QList<ModelChoice> ModelDirectory::choicesOf(const QString &provider) const
{
    const ProviderInfo *row = m_accounts.provider(provider);
    if (!row)
        return {};
    const QList<ModelInfo> models = m_lists.models(provider);
    QList<ModelChoice> choices;
    if (!models.isEmpty())
        choices = listed(*row, models);
    else if (!row->deployments)
        choices = catalogued(*row);
    const AccountState state = m_accounts.state(provider);
    const QSet<QString> unwanted = row->deployments ? QSet<QString>() : m_lists.unwanted(provider);
    for (ModelChoice &choice : choices) {
        choice.wanted = !unwanted.contains(choice.target.model);
        choice.target = m_accounts.target(provider, choice.target.model);
        choice.providerName = row->name;
        choice.state = state;
        choice.local = row->local;
        choice.otherProtocol = !row->accountOf.isEmpty();
    }
    return choices;
}

ModelChoice ModelDirectory::choiceOf(const Target &target) const
{
    for (const ModelChoice &choice : choicesOf(target.provider)) {
        if (choice.target.model == target.model)
            return choice;
    }
    ModelChoice typed;
    typed.target = target;
    if (const ProviderInfo *provider = m_accounts.provider(target.provider))
        addPrice(typed, *provider, m_lists.modelBehind(target));
    return typed;
}

QList<ModelChoice> ModelDirectory::choices() const
{
    QList<ModelChoice> choices;
    for (const ProviderInfo &provider : m_accounts.providers())
        choices.append(choicesOf(provider.id));
    choices.removeIf([](const ModelChoice &choice) { return !choice.wanted; });
    std::stable_partition(choices.begin(), choices.end(), [](const ModelChoice &choice) {
        return choice.state == AccountState::Ready;
    });
    return choices;
}

QString ModelDirectory::nameOf(const Target &target) const
{
    const ProviderInfo *provider = m_accounts.provider(target.provider);
    if (!provider)
        return target.model;
    for (const ModelInfo &info : m_lists.models(target.provider)) {
        if (info.id == target.model)
            return nameOf(*provider, info);
    }
    return m_prices.nameOf(provider->priceProvider, target.model);
}

std::optional<std::int64_t> ModelDirectory::contextLimitOf(const Target &target) const
{
    for (const ModelInfo &info : m_lists.models(target.provider)) {
        if (info.id == target.model && info.contextWindow)
            return info.contextWindow;
    }
    const ProviderInfo *provider = m_accounts.provider(target.provider);
    return provider ? m_prices.contextLimit(provider->priceProvider, m_lists.modelBehind(target))
                    : std::nullopt;
}

QString ModelDirectory::providerNameOf(const QString &provider) const
{
    const ProviderInfo *row = m_accounts.provider(provider);
    return row ? row->name : provider;
}

} // namespace core
