#include "core/pricing/priceoverride.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace core {

namespace {

constexpr PicoUsd HighestRate(10'000 * PicoUsd::PerDollar);
constexpr std::int64_t SmallestStep = 1'000'000; // pico-USD a million tokens: one a token

struct RateField
{
    QLatin1StringView key;
    std::optional<PicoUsd> PriceOverride::*rate;
};

constexpr RateField RateFields[] = {
    {QLatin1StringView("input"), &PriceOverride::input},
    {QLatin1StringView("output"), &PriceOverride::output},
    {QLatin1StringView("cache_read"), &PriceOverride::cacheRead},
    {QLatin1StringView("cache_write"), &PriceOverride::cacheWrite},
};

constexpr QLatin1StringView ProvidersKey("providers");
constexpr QLatin1StringView ModelsKey("models");
constexpr QLatin1StringView IdKey("id");
constexpr QLatin1StringView CardsKey("rate_cards");
constexpr QLatin1StringView AliasKey("moving_alias_of");
constexpr QLatin1StringView RatesKey("rates");
constexpr QLatin1StringView ModifiersKey("modifiers");
constexpr QLatin1StringView FactorKey("multiplier");
constexpr QLatin1StringView DiscountId("discount"); // ours among the modifiers

constexpr int Whole = 10'000; // hundredths of a percent

QString decimalOf(int count, int decimals)
{
    QString digits = QString::number(count).rightJustified(decimals + 1, u'0');
    digits.insert(digits.size() - decimals, u'.');
    while (digits.endsWith(u'0'))
        digits.chop(1);
    return digits.endsWith(u'.') ? digits.chopped(1) : digits;
}

//! \p text in units of its last of \p decimals, if it is such a number.
std::optional<int> countFrom(const QString &text, int decimals)
{
    const QString part = text.section(u'.', 1);
    if (text.startsWith(u'-') || text.startsWith(u'+') || part.size() > decimals)
        return std::nullopt;
    bool isNumber = false;
    const int count =
        (text.section(u'.', 0, 0) + part.leftJustified(decimals, u'0')).toInt(&isNumber);
    return isNumber ? std::optional(count) : std::nullopt;
}

bool isDiscount(const QJsonValue &modifier)
{
    return modifier[IdKey].toString() == DiscountId &&
           modifier[QStringLiteral("when")].isUndefined();
}

//! \p card with the rates and the discount of \p price; the rest of it as it was.
QJsonObject pricedCard(QJsonObject card, const PriceOverride &price)
{
    QJsonObject rates = card.value(RatesKey).toObject();
    for (const RateField &field : RateFields) {
        rates.remove(field.key);
        if (const auto &rate = price.*field.rate)
            rates.insert(field.key, rate->toDecimal());
    }
    QJsonArray modifiers;
    for (const QJsonValue &modifier : card.value(ModifiersKey).toArray()) {
        if (!isDiscount(modifier))
            modifiers.append(modifier);
    }
    if (price.discount)
        modifiers.append(
            QJsonObject{{IdKey, DiscountId}, {FactorKey, decimalOf(Whole - *price.discount, 4)}});
    card.insert(RatesKey, rates);
    card.remove(ModifiersKey);
    if (!modifiers.isEmpty())
        card.insert(ModifiersKey, modifiers);
    return card;
}

QJsonObject newCard(const PriceOverride &price)
{
    const QJsonObject card{{IdKey, QStringLiteral("user/%1/%2").arg(price.provider, price.model)},
                           {QStringLiteral("confidence"), QStringLiteral("user")}};
    return pricedCard(card, price);
}

QJsonObject newModel(const PriceOverride &price)
{
    return {
        {IdKey, price.model},
        {QStringLiteral("match"), QJsonArray{QJsonObject{{QStringLiteral("exact"), price.model}}}},
        {CardsKey, QJsonArray{newCard(price)}}};
}

QJsonObject rootOf(const QByteArray &layer)
{
    const QJsonObject root = QJsonDocument::fromJson(layer).object();
    return !root.isEmpty()
               ? root
               : QJsonObject{{QStringLiteral("format"), QStringLiteral("llm-price-catalogue")},
                             {QStringLiteral("format_version"), 1},
                             {QStringLiteral("version"), QStringLiteral("user")},
                             {QStringLiteral("currency"), QStringLiteral("USD")}};
}

//! \p layer with what \p edit makes of the models of \p provider; a provider without is left out.
template <typename Edit>
QByteArray edited(const QByteArray &layer, const QString &provider, Edit edit)
{
    QJsonObject root = rootOf(layer);
    QJsonArray providers = root.value(ProvidersKey).toArray();
    qsizetype place = 0;
    while (place < providers.size() && providers.at(place)[IdKey].toString() != provider)
        ++place;
    if (place == providers.size())
        providers.append(QJsonObject{{IdKey, provider}});
    QJsonObject row = providers.at(place).toObject();
    const QJsonArray models = edit(row.value(ModelsKey).toArray());
    row.insert(ModelsKey, models);
    if (models.isEmpty())
        providers.removeAt(place);
    else
        providers.replace(place, row);
    root.insert(ProvidersKey, providers);
    return QJsonDocument(root).toJson();
}

bool isModel(const QJsonValue &row, const QString &model)
{
    return row[IdKey].toString().compare(model, Qt::CaseInsensitive) == 0;
}

Error refused(const QString &why)
{
    return rejected(QStringLiteral("The file of your own prices is damaged: ") + why);
}

} // namespace

std::optional<PicoUsd> rateFrom(const QString &text)
{
    QString number = text.trimmed();
    if (number.startsWith(QLatin1Char('$')))
        number = number.mid(1);
    const auto rate = PicoUsd::fromDecimal(number);
    const bool fits =
        rate && *rate >= PicoUsd() && *rate <= HighestRate && rate->count() % SmallestStep == 0;
    return fits ? rate : std::nullopt;
}

std::optional<int> discountFrom(const QString &text)
{
    QString number = text.trimmed();
    if (number.endsWith(u'%'))
        number = number.chopped(1).trimmed();
    const auto discount = countFrom(number, 2);
    return discount && *discount > 0 && *discount <= Whole ? discount : std::nullopt;
}

QString discountText(int hundredths)
{
    return decimalOf(hundredths, 2);
}

bool isSameModel(const PriceOverride &price, const QString &provider, const QString &model)
{
    return price.provider == provider && price.model.compare(model, Qt::CaseInsensitive) == 0;
}

QByteArray withOverride(const QByteArray &layer, const PriceOverride &price)
{
    return edited(layer, price.provider, [&price](QJsonArray models) {
        for (QJsonValueRef row : models) {
            if (!isModel(row, price.model))
                continue;
            QJsonObject model = row.toObject();
            QJsonArray cards = model.value(CardsKey).toArray();
            if (cards.isEmpty()) {
                cards.append(newCard(price));
                model.remove(AliasKey); // it would go on to cost what that one does
            } else {
                cards.replace(0, pricedCard(cards.first().toObject(), price));
            }
            model.insert(CardsKey, cards);
            row = model;
            return models;
        }
        models.append(newModel(price));
        return models;
    });
}

QByteArray withoutOverride(const QByteArray &layer, const QString &provider, const QString &model)
{
    return edited(layer, provider, [&model](const QJsonArray &models) {
        QJsonArray left;
        for (const QJsonValue &row : models) {
            if (!isModel(row, model))
                left.append(row);
        }
        return left;
    });
}

Result<QList<PriceOverride>> overridesFrom(const QByteArray &layer)
{
    if (layer.isEmpty())
        return QList<PriceOverride>();
    QJsonParseError fault;
    const QJsonObject root = QJsonDocument::fromJson(layer, &fault).object();
    if (fault.error != QJsonParseError::NoError)
        return refused(QStringLiteral("no JSON at byte %1").arg(fault.offset));
    QList<PriceOverride> overrides;
    for (const QJsonValue &provider : root.value(ProvidersKey).toArray()) {
        for (const QJsonValue &model : provider[ModelsKey].toArray()) {
            PriceOverride one;
            one.provider = provider[IdKey].toString();
            one.model = model[IdKey].toString();
            const QJsonValue card = model[CardsKey][0];
            for (const RateField &field : RateFields) {
                const QJsonValue rate = card[RatesKey][field.key];
                if (rate.isUndefined())
                    continue;
                one.*field.rate = rateFrom(rate.toString());
                if (!(one.*field.rate))
                    return refused(one.provider + QLatin1Char('/') + one.model);
            }
            for (const QJsonValue &modifier : card[ModifiersKey].toArray()) {
                const auto factor = countFrom(modifier[FactorKey].toString(), 4);
                if (isDiscount(modifier) && factor && *factor >= 0 && *factor < Whole)
                    one.discount = Whole - *factor;
            }
            if (one.provider.isEmpty() || one.model.isEmpty())
                return refused(QStringLiteral("a row without provider or model"));
            overrides.append(one);
        }
    }
    return overrides;
}

} // namespace core
