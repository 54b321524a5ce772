#include "core/client/modeldirectory.h"

#include <algorithm>

namespace core {

QList<PricedModel> ModelDirectory::modelsOf(const ProviderInfo &provider) const
{
    const QList<PricedModel> priced = m_prices.models(provider.priceProvider, m_clock.utcNow());
    const QList<ModelInfo> listed = m_accounts.models(provider.id);
    if (listed.isEmpty()) {
        // The catalogue knows embeddings, old completions and speech, too: what can chat has a
        // context and a price out.
        QList<PricedModel> chat = priced;
        chat.removeIf([](const PricedModel &model) {
            return !model.contextTokens || !model.outputPerMillion;
        });
        return chat;
    }
    QHash<QString, PricedModel> known;
    for (const PricedModel &model : priced)
        known.insert(model.id, model);
    QList<PricedModel> models;
    for (const ModelInfo &info : listed) {
        PricedModel model = known.value(info.id);
        model.id = info.id;
        if (!info.name.isEmpty())
            model.name = info.name;
        else if (model.name.isEmpty())
            model.name = m_prices.nameOf(provider.priceProvider, info.id);
        if (info.contextWindow)
            model.contextTokens = info.contextWindow;
        models.append(model);
    }
    return models;
}

QList<ModelChoice> ModelDirectory::choicesOf(const QString &provider) const
{
    QList<ModelChoice> choices;
    const ProviderInfo *row = m_accounts.provider(provider);
    if (!row)
        return choices;
    const AccountState state = m_accounts.state(provider);
    for (const PricedModel &model : modelsOf(*row)) {
        ModelChoice choice;
        choice.target = m_accounts.target(provider, model.id);
        choice.providerName = row->name;
        choice.name = model.name;
        choice.contextTokens = model.contextTokens;
        choice.inputPerMillion = model.inputPerMillion;
        choice.outputPerMillion = model.outputPerMillion;
        choice.state = state;
        choice.local = row->local;
        choice.otherProtocol = !row->accountOf.isEmpty();
        choices.append(choice);
    }
    return choices;
}

QList<ModelChoice> ModelDirectory::choices() const
{
    QList<ModelChoice> choices;
    for (const ProviderInfo &provider : m_accounts.providers())
        choices.append(choicesOf(provider.id));
    std::stable_partition(choices.begin(), choices.end(), [](const ModelChoice &choice) {
        return choice.state == AccountState::Ready;
    });
    return choices;
}

QString ModelDirectory::nameOf(const Target &target) const
{
    for (const ModelInfo &info : m_accounts.models(target.provider)) {
        if (info.id == target.model && !info.name.isEmpty())
            return info.name;
    }
    const ProviderInfo *provider = m_accounts.provider(target.provider);
    return provider ? m_prices.nameOf(provider->priceProvider, target.model) : target.model;
}

std::optional<std::int64_t> ModelDirectory::contextLimitOf(const Target &target) const
{
    for (const ModelInfo &info : m_accounts.models(target.provider)) {
        if (info.id == target.model && info.contextWindow)
            return info.contextWindow;
    }
    const ProviderInfo *provider = m_accounts.provider(target.provider);
    return provider ? m_prices.contextLimit(provider->priceProvider, target.model) : std::nullopt;
}

QString ModelDirectory::providerNameOf(const QString &provider) const
{
    const ProviderInfo *row = m_accounts.provider(provider);
    return row ? row->name : provider;
}

} // namespace core
