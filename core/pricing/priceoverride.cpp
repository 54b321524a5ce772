#include "core/pricing/priceoverride.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMap>

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

QJsonObject modelOf(const PriceOverride &one)
{
    QJsonObject rates;
    for (const RateField &field : RateFields) {
        if (const auto &rate = one.*field.rate)
            rates.insert(field.key, rate->toDecimal());
    }
    const QJsonObject card{
        {QStringLiteral("id"), QStringLiteral("user/%1/%2").arg(one.provider, one.model)},
        {QStringLiteral("confidence"), QStringLiteral("user")},
        {QStringLiteral("rates"), rates}};
    return {
        {QStringLiteral("id"), one.model},
        {QStringLiteral("match"), QJsonArray{QJsonObject{{QStringLiteral("exact"), one.model}}}},
        {QStringLiteral("rate_cards"), QJsonArray{card}}};
}

Error refused(const QString &why)
{
    Error error;
    error.kind = ErrorKind::InputRejected;
    error.detail = QStringLiteral("The file of your own prices is damaged: ") + why;
    return error;
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

QByteArray overridesJson(const QList<PriceOverride> &overrides)
{
    QMap<QString, QJsonArray> models;
    for (const PriceOverride &one : overrides)
        models[one.provider].append(modelOf(one));
    QJsonArray providers;
    for (auto it = models.cbegin(); it != models.cend(); ++it)
        providers.append(
            QJsonObject{{QStringLiteral("id"), it.key()}, {QStringLiteral("models"), it.value()}});
    return QJsonDocument(
               QJsonObject{{QStringLiteral("format"), QStringLiteral("llm-price-catalogue")},
                           {QStringLiteral("format_version"), 1},
                           {QStringLiteral("version"), QStringLiteral("user")},
                           {QStringLiteral("currency"), QStringLiteral("USD")},
                           {QStringLiteral("providers"), providers}})
        .toJson();
}

Result<QList<PriceOverride>> overridesFrom(const QByteArray &json)
{
    QJsonParseError fault;
    const QJsonObject root = QJsonDocument::fromJson(json, &fault).object();
    if (fault.error != QJsonParseError::NoError)
        return refused(QStringLiteral("no JSON at byte %1").arg(fault.offset));
    QList<PriceOverride> overrides;
    for (const QJsonValue &provider : root.value(QStringLiteral("providers")).toArray()) {
        for (const QJsonValue &model : provider[QStringLiteral("models")].toArray()) {
            PriceOverride one;
            one.provider = provider[QStringLiteral("id")].toString();
            one.model = model[QStringLiteral("id")].toString();
            const QJsonValue rates =
                model[QStringLiteral("rate_cards")][0][QStringLiteral("rates")];
            for (const RateField &field : RateFields) {
                const QJsonValue rate = rates[field.key];
                if (rate.isUndefined())
                    continue;
                one.*field.rate = rateFrom(rate.toString());
                if (!(one.*field.rate))
                    return refused(one.provider + QLatin1Char('/') + one.model);
            }
            if (one.provider.isEmpty() || one.model.isEmpty())
                return refused(QStringLiteral("a row without provider or model"));
            overrides.append(one);
        }
    }
    return overrides;
}

} // namespace core
