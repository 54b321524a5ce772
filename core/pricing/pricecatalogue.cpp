#include "core/pricing/pricecatalogue.h"

#include "core/pricing/effectiverates.h"
#include "core/pricing/pricelayer.h"
#include "core/pricing/pricereader.h"

#include <QFile>

#include <algorithm>

// Outside any namespace, as Q_INIT_RESOURCE asks: a linker drops the resources of a static library
// unless someone names them.
static void initPriceResources()
{
    Q_INIT_RESOURCE(prices);
}

namespace core {

PriceCatalogue::PriceCatalogue()
    : m_table(std::make_shared<PriceTable>())
{
}

PriceCatalogue::PriceCatalogue(std::shared_ptr<const PriceTable> table)
    : m_table(std::move(table))
{
}

Result<PriceCatalogue> PriceCatalogue::fromJson(const QByteArray &json)
{
    auto table = PriceReader().read(json);
    if (!table)
        return table.error();
    return PriceCatalogue(std::move(table).value());
}

namespace {

std::optional<RateCardMatch> findAt(const PriceTable::Provider &provider, const QString &model,
                                    UtcTime at)
{
    const PriceTable::Hit hit = provider.match(model);
    if (!hit.model)
        return std::nullopt;
    const PriceTable::Model &known = provider.standsFor(*hit.model, at);
    for (const auto &card : known.cards) {
        if (card->isValidAt(at))
            return RateCardMatch{card, known.id, false, hit.regionClass, provider.id, {}};
    }
    return std::nullopt;
}

} // namespace

std::optional<RateCardMatch> PriceCatalogue::find(const Seller &seller, const QString &model,
                                                  UtcTime at) const
{
    if (model.isEmpty() && !m_layer) // no answer has named one yet
        return std::nullopt;
    const PriceTable::Place place = m_table->placeOf(seller.provider, seller.host);
    const QStringList own{seller.provider, place.provider};
    auto match = findDeployment(own, seller.deployment, model, at);
    if (!match)
        match = findOwn(own, model, at);
    if (!match)
        match = findCatalogued(place.provider, model, at);
    if (match)
        match->hostRegion = place.region;
    return match;
}

std::optional<RateCardMatch> PriceCatalogue::findDeployment(const QStringList &providers,
                                                            const QString &deployment,
                                                            const QString &model, UtcTime at) const
{
    if (deployment.isEmpty() || model.isEmpty() || deployment == model)
        return std::nullopt;
    auto match = findOwn(providers, deployment, at);
    if (!match || match->card->below)
        return match;
    // No catalogue knows the name; the model behind it has what the user left unset.
    const auto base = findCatalogued(providers.constLast(), model, at);
    if (!base)
        return match;
    match->card = laidOver(base->card, *match->card, base->borrowed);
    match->regionClass = base->regionClass;
    return match;
}

QString PriceCatalogue::providerOf(const Seller &seller) const
{
    return m_table->placeOf(seller.provider, seller.host).provider;
}

std::optional<RateCardMatch> PriceCatalogue::findOwn(const QStringList &providers,
                                                     const QString &model, UtcTime at) const
{
    for (qsizetype i = 0; m_layer && i < providers.size(); ++i) {
        const QString &provider = providers.at(i);
        const auto over = m_layer->providers.constFind(provider);
        auto match = over == m_layer->providers.cend() ? std::nullopt : findAt(*over, model, at);
        if (!match)
            continue;
        const auto row = m_table->providers.constFind(provider);
        if (row != m_table->providers.cend())
            match->regionClass = row->match(model).regionClass;
        return match;
    }
    return std::nullopt;
}

std::optional<RateCardMatch> PriceCatalogue::findCatalogued(const QString &provider,
                                                            const QString &model, UtcTime at) const
{
    const auto row = m_table->providers.constFind(provider);
    if (row == m_table->providers.cend() || model.isEmpty())
        return std::nullopt;
    if (auto match = findAt(*row, model, at))
        return match;
    for (const QString &follow : row->follows) {
        const auto other = m_table->providers.constFind(follow);
        if (other == m_table->providers.cend())
            continue;
        if (auto match = findAt(*other, model, at)) {
            match->borrowed = true;
            match->provider = provider;
            return match;
        }
    }
    return std::nullopt;
}

namespace {

void raise(TokenRates &highest, UsageKind kind, const EffectiveRates &rates,
           std::initializer_list<UsageKind> paidAs)
{
    for (const UsageKind one : paidAs) {
        const AppliedRate rate = rates.of(one, HourWrites::OwnPrice);
        const auto paid = rate.picoPerToken
                              ? PicoUsd(*rate.picoPerToken)
                                    .scaled(rate.multiplier.tenThousandths, Multiplier::One)
                              : std::nullopt;
        if (paid && paid->count() > highest.rate(kind).value_or(-1))
            highest.set(kind, paid->count());
    }
}

void raise(TokenRates &highest, const PriceTable::Provider &provider, const QString &serviceTier,
           UtcTime at)
{
    for (const PriceTable::Model &model : provider.models) {
        for (const auto &card : model.cards) {
            if (!card->isValidAt(at))
                continue;
            const QList<EffectiveRates> reachable = reachableRates(*card, serviceTier, at);
            for (const EffectiveRates &rates : reachable) {
                raise(highest, UsageKind::Input, rates,
                      {UsageKind::Input, UsageKind::CacheWrite, UsageKind::CacheWrite5m,
                       UsageKind::CacheWrite1h});
                raise(highest, UsageKind::Output, rates,
                      {UsageKind::Output, UsageKind::OutputReasoning});
            }
        }
    }
}

} // namespace

TokenRates PriceCatalogue::dearest(const QString &provider, const QString &serviceTier,
                                   UtcTime at) const
{
    TokenRates highest;
    if (m_layer && m_layer->providers.contains(provider))
        raise(highest, *m_layer->providers.constFind(provider), serviceTier, at);
    const auto row = m_table->providers.constFind(provider);
    if (row != m_table->providers.cend())
        raise(highest, *row, serviceTier, at);
    if (highest.rate(UsageKind::Input) && highest.rate(UsageKind::Output))
        return highest;
    for (const PriceTable::Provider &other : m_table->providers)
        raise(highest, other, serviceTier, at);
    return highest;
}

std::optional<std::int64_t> PriceCatalogue::contextLimit(const QString &provider,
                                                         const QString &model) const
{
    const auto row = m_table->providers.constFind(provider);
    if (row == m_table->providers.cend())
        return std::nullopt;
    if (const auto *known = row->find(model))
        return known->contextLimit;
    for (const QString &follow : row->follows) {
        const auto other = m_table->providers.constFind(follow);
        if (other == m_table->providers.cend())
            continue;
        if (const auto *known = other->find(model))
            return known->contextLimit;
    }
    return std::nullopt;
}

namespace {

//! The layer's rates in place of those of \p models; models that only it has behind them.
void layOver(QList<PricedModel> &models, const PriceTable &layer, const QString &provider,
             UtcTime at)
{
    const auto row = layer.providers.constFind(provider);
    for (qsizetype i = 0; row != layer.providers.cend() && i < row->models.size(); ++i) {
        const PriceTable::Model &over = row->models.at(i);
        const auto card = std::find_if(over.cards.cbegin(), over.cards.cend(),
                                       [at](const auto &one) { return one->isValidAt(at); });
        if (card == over.cards.cend())
            continue;
        auto known = std::find_if(models.begin(), models.end(), [&](const PricedModel &model) {
            return model.id.compare(over.id, Qt::CaseInsensitive) == 0;
        });
        if (known == models.end())
            known = models.insert(models.end(), {over.id, over.id, {}, {}, {}});
        known->inputPerMillion = (*card)->rates.perMillion(UsageKind::Input);
        known->outputPerMillion = (*card)->rates.perMillion(UsageKind::Output);
    }
}

} // namespace

QList<PricedModel> PriceCatalogue::models(const QString &provider, UtcTime at) const
{
    const auto row = m_table->providers.constFind(provider);
    QList<PricedModel> models;
    for (qsizetype i = 0; row != m_table->providers.cend() && i < row->models.size(); ++i) {
        const PriceTable::Model &model = row->models.at(i);
        if (!model.chats || (model.retiredOn && *model.retiredOn <= at))
            continue;
        for (const std::shared_ptr<const RateCard> &card : model.cards) {
            if (!card->isValidAt(at))
                continue;
            models.append({model.id, model.name.isEmpty() ? model.id : model.name,
                           model.contextLimit, card->rates.perMillion(UsageKind::Input),
                           card->rates.perMillion(UsageKind::Output), model.outputLimit});
            break;
        }
    }
    if (m_layer)
        layOver(models, *m_layer, provider, at);
    return models;
}

PriceCatalogue PriceCatalogue::under(const PriceCatalogue &layer) const
{
    PriceCatalogue both = *this;
    both.m_layer = laidOver(*m_table, *layer.m_table);
    return both;
}

QStringList PriceCatalogue::providers() const
{
    QStringList ids = m_table->providers.keys();
    if (m_layer)
        ids += m_layer->providers.keys();
    ids.sort();
    ids.removeDuplicates();
    return ids;
}

QList<ModelPrices> PriceCatalogue::pricesOf(const QString &provider) const
{
    QList<ModelPrices> models;
    QHash<QString, qsizetype> places;
    const auto add = [&](const PriceTable &table) {
        const auto row = table.providers.constFind(provider);
        for (qsizetype i = 0; row != table.providers.cend() && i < row->models.size(); ++i) {
            const PriceTable::Model &model = row->models.at(i);
            const QString key = model.id.toLower();
            const auto known = places.constFind(key);
            if (known != places.cend()) {
                models[*known].cards += model.cards;
                continue;
            }
            places.insert(key, models.size());
            models.append({model.id, nameOf(provider, model.id), model.cards});
        }
    };
    if (m_layer)
        add(*m_layer);
    add(*m_table);
    return models;
}

QString PriceCatalogue::nameOf(const QString &provider, const QString &model) const
{
    const auto row = m_table->providers.constFind(provider);
    const PriceTable::Model *known = row == m_table->providers.cend() ? nullptr : row->find(model);
    return known && !known->name.isEmpty() ? known->name : model;
}

QString PriceCatalogue::version() const
{
    return m_table->version;
}

std::optional<UtcTime> PriceCatalogue::checkedOn() const
{
    return m_table->checkedOn;
}

int PriceCatalogue::modelCount() const
{
    qsizetype count = 0;
    for (const auto &provider : m_table->providers)
        count += provider.models.size();
    return static_cast<int>(count);
}

QByteArray builtInPrices()
{
    initPriceResources();
    QFile file(QStringLiteral(":/farthing/prices.json"));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace core
