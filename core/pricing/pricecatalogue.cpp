#include "core/pricing/pricecatalogue.h"

#include "core/pricing/pricecataloguedata.h"

#include <QFile>

#include <algorithm>

// Outside any namespace, as Q_INIT_RESOURCE asks: a linker drops the resources of a static library
// unless someone names them.
static void initPriceResources()
{
    Q_INIT_RESOURCE(prices);
}

namespace core {

using namespace std::chrono;

void TokenRates::overlay(const TokenRates &over)
{
    for (std::size_t i = 0; i < Kinds; ++i) {
        if (over.m_rates.at(i))
            m_rates.at(i) = over.m_rates.at(i);
    }
}

bool TokenRates::isEmpty() const
{
    return std::none_of(m_rates.begin(), m_rates.end(),
                        [](const auto &rate) { return rate.has_value(); });
}

bool PriceSchedule::covers(UtcTime at) const
{
    const auto day = floor<days>(at);
    const auto sinceMidnight = at - day;
    const auto isOn = [this](sys_days start) {
        const int weekday = static_cast<int>(std::chrono::weekday(start).iso_encoding());
        return weekdays.isEmpty() || weekdays.contains(weekday);
    };
    return std::any_of(windows.begin(), windows.end(), [&](const Window &window) {
        if (window.from <= window.to)
            return sinceMidnight >= window.from && sinceMidnight < window.to && isOn(day);
        // Past midnight a window still belongs to the day on which it began.
        return (sinceMidnight >= window.from && isOn(day)) ||
               (sinceMidnight < window.to && isOn(day - days(1)));
    });
}

const PriceCatalogue::Data::Model *PriceCatalogue::Data::Provider::find(const QString &model) const
{
    QString name = model.toLower();
    for (const QString &decoration : strip) {
        if (name.startsWith(decoration)) {
            name.remove(0, decoration.size());
            break;
        }
    }
    if (const auto hit = exact.constFind(name); hit != exact.cend())
        return &models.at(*hit);
    for (const qsizetype length : prefixLengths) {
        if (length > name.size())
            continue;
        if (const auto hit = prefixes.constFind(name.first(length)); hit != prefixes.cend())
            return &models.at(*hit);
    }
    for (const Text &suffix : suffixes) {
        if (name.endsWith(suffix.text))
            return &models.at(suffix.model);
    }
    for (const Other &other : others) {
        const bool hits = other.contained.isEmpty() ? other.expression.match(name).hasMatch()
                                                    : name.contains(other.contained);
        if (hits)
            return &models.at(other.model);
    }
    return nullptr;
}

PriceCatalogue::PriceCatalogue()
    : m_data(std::make_shared<Data>())
{
}

PriceCatalogue::PriceCatalogue(std::shared_ptr<const Data> data)
    : m_data(std::move(data))
{
}

namespace {

using Provider = PriceCatalogue::Data::Provider;

std::optional<RateCardMatch> findAt(const Provider &provider, const QString &model, UtcTime at)
{
    const auto *known = provider.find(model);
    if (!known)
        return std::nullopt;
    for (const auto &card : known->cards) {
        if (card->isValidAt(at))
            return RateCardMatch{card, known->id, false};
    }
    return std::nullopt;
}

} // namespace

std::optional<RateCardMatch> PriceCatalogue::find(const QString &provider, const QString &model,
                                                  UtcTime at) const
{
    const auto row = m_data->providers.constFind(provider);
    if (row == m_data->providers.cend() || model.isEmpty())
        return std::nullopt;
    if (auto match = findAt(*row, model, at))
        return match;
    for (const QString &follow : row->follows) {
        const auto other = m_data->providers.constFind(follow);
        if (other == m_data->providers.cend())
            continue;
        if (auto match = findAt(*other, model, at)) {
            match->borrowed = true;
            return match;
        }
    }
    return std::nullopt;
}

std::optional<std::int64_t> PriceCatalogue::contextLimit(const QString &provider,
                                                         const QString &model) const
{
    const auto row = m_data->providers.constFind(provider);
    if (row == m_data->providers.cend())
        return std::nullopt;
    if (const auto *known = row->find(model))
        return known->contextLimit;
    for (const QString &follow : row->follows) {
        const auto other = m_data->providers.constFind(follow);
        if (other == m_data->providers.cend())
            continue;
        if (const auto *known = other->find(model))
            return known->contextLimit;
    }
    return std::nullopt;
}

QString PriceCatalogue::version() const
{
    return m_data->version;
}

std::optional<UtcTime> PriceCatalogue::checkedOn() const
{
    return m_data->checkedOn;
}

int PriceCatalogue::modelCount() const
{
    qsizetype count = 0;
    for (const auto &provider : m_data->providers)
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
