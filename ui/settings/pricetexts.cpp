#include "ui/settings/pricetexts.h"

#include "ui/widgets/figures.h"
#include "ui/widgets/plaintext.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <array>

namespace ui {

namespace {

using core::UsageKind;
constexpr std::chrono::days FreshFor(90);

QString translated(const char *text)
{
    return QCoreApplication::translate("ui::PricesPage", text);
}

//! "cache_write_5m" of the catalogue's keys as a person reads it: "Cache write 5m".
QString wordsOf(QString key)
{
    key.replace(QLatin1Char('_'), QLatin1Char(' '));
    key[0] = key.at(0).toUpper();
    return key;
}

QString ratesText(const core::TokenRates &rates)
{
    QStringList texts;
    for (int i = 0; i <= static_cast<int>(UsageKind::OutputCitation); ++i) {
        const auto kind = static_cast<UsageKind>(i);
        if (const auto rate = rateOf(rates, kind))
            texts.append(QStringLiteral("%1 $%2")
                             .arg(wordsOf(core::usageKindName(kind)), rateText(rate))
                             .replace(QLatin1Char(' '), QChar::Nbsp)); // broken between them only
    }
    return texts.join(QStringLiteral(" \u00B7 "));
}

QString factorText(core::Multiplier multiplier)
{
    return QLocale::c().toString(
        static_cast<double>(multiplier.tenThousandths) / core::Multiplier::One, 'g', 6);
}

//! "$10 for 1,000", "$0.05 for 1, at least 300".
QString feeText(const core::PriceFee &fee)
{
    const QString text =
        translated("%1 for %2").arg(moneyText(fee.usd, Decimals::Exact), countText(fee.per));
    return fee.minimumUnits == 0
               ? text
               : translated("%1, at least %2").arg(text, countText(fee.minimumUnits));
}

QString dayText(core::UtcTime time)
{
    const auto since =
        std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch());
    return QLocale().toString(QDateTime::fromMSecsSinceEpoch(since.count(), Qt::UTC).date(),
                              QLocale::ShortFormat);
}

QString timeText(std::chrono::minutes time)
{
    constexpr int MinutesAnHour = 60;
    return QStringLiteral("%1:%2")
        .arg(time.count() / MinutesAnHour, 2, 10, QLatin1Char('0'))
        .arg(time.count() % MinutesAnHour, 2, 10, QLatin1Char('0'));
}

void addTiers(QStringList &lines, const core::RateCard &card)
{
    for (const core::ContextTier &tier : card.contextTiers)
        lines.append((tier.marginal ? translated("Tokens above %1: %2")
                                    : translated("Requests above %1 tokens: %2"))
                         .arg(countText(tier.above), ratesText(tier.rates)));
    for (auto it = card.serviceTiers.cbegin(); it != card.serviceTiers.cend(); ++it) {
        QStringList prices;
        if (it->rates.isEmpty() || it->multiplier != core::Multiplier())
            prices.append(QStringLiteral("\u00D7 ") + factorText(it->multiplier));
        if (!it->rates.isEmpty())
            prices.append(ratesText(it->rates));
        lines.append(translated("Service tier %1: %2")
                         .arg(it.key(), prices.join(QStringLiteral(" \u00B7 "))));
        for (const core::ContextTier &tier : it->contextTiers)
            lines.append(translated("Service tier %1 above %2 tokens: %3")
                             .arg(it.key(), countText(tier.above), ratesText(tier.rates)));
    }
    for (const core::PriceModifier &modifier : card.modifiers) {
        QStringList when;
        for (auto it = modifier.when.cbegin(); it != modifier.when.cend(); ++it)
            when.append(it.key() + QLatin1Char(' ') + it.value());
        const QString factor = factorText(modifier.multiplier);
        lines.append(
            when.isEmpty()
                ? translated("Always: \u00D7 %1").arg(factor)
                : translated("With %1: \u00D7 %2").arg(when.join(QStringLiteral(", ")), factor));
    }
}

} // namespace

QString rateText(const std::optional<core::PicoUsd> &perMillion)
{
    return perMillion ? rateText(*perMillion).mid(1) : QStringLiteral("\u2013");
}

std::optional<core::PicoUsd> rateOf(const core::TokenRates &rates, core::UsageKind kind)
{
    constexpr std::int64_t Million = 1'000'000;
    const auto rate = rates.rate(kind);
    return rate ? core::PicoUsd(*rate).scaled(Million) : std::nullopt;
}

std::shared_ptr<const core::RateCard>
cardAt(const QList<std::shared_ptr<const core::RateCard>> &cards, core::UtcTime at)
{
    const auto found = std::find_if(cards.cbegin(), cards.cend(),
                                    [at](const auto &card) { return card->isValidAt(at); });
    return found == cards.cend() ? nullptr : *found;
}

QString markText(const core::RateCard &card, const core::PriceCatalogue &catalogue,
                 core::UtcTime at)
{
    if (card.user)
        return translated("yours");
    const auto checked = card.checkedOn ? card.checkedOn : catalogue.checkedOn();
    QStringList marks;
    if (card.contested)
        marks.append(translated("contested"));
    if (!checked || at - *checked > FreshFor)
        marks.append(translated("stale"));
    return marks.join(QStringLiteral(", "));
}

namespace {

//! All of \p card beside its base rates and its span of time.
QStringList conditionsText(const core::RateCard &card)
{
    QStringList lines;
    addTiers(lines, card);
    for (const core::PriceSchedule &schedule : card.schedules) {
        QStringList hours;
        for (const core::PriceSchedule::Window &window : schedule.windows)
            hours.append(timeText(window.from) + QChar(0x2013) + timeText(window.to));
        lines.append(translated("%1 UTC: %2")
                         .arg(hours.join(QStringLiteral(", ")), ratesText(schedule.rates)));
    }
    for (const core::PriceFee &fee : card.fees) {
        QStringList when;
        for (auto it = fee.when.cbegin(); it != fee.when.cend(); ++it)
            when.append(wordsOf(it.key()).toLower() + QLatin1Char(' ') + it.value());
        const QString unit = wordsOf(core::feeUnitName(fee.unit));
        lines.append(QStringLiteral("%1: %2").arg(
            when.isEmpty() ? unit
                           : QStringLiteral("%1 (%2)").arg(unit, when.join(QStringLiteral(", "))),
            feeText(fee)));
    }
    return lines;
}

} // namespace

QStringList cardText(const core::RateCard &card)
{
    QStringList lines{ratesText(card.rates)};
    lines += conditionsText(card);
    if (card.from)
        lines.append(translated("Since %1").arg(dayText(*card.from)));
    if (card.to)
        lines.append(translated("Until %1").arg(dayText(*card.to)));
    if (!card.notes.isEmpty())
        lines.append(card.notes);
    return lines;
}

QStringList restText(const core::RateCard &card)
{
    // The four that a price of one's own names; a write for five minutes is the usual write.
    constexpr std::array Named{UsageKind::Input, UsageKind::Output, UsageKind::CacheRead,
                               UsageKind::CacheWrite, UsageKind::CacheWrite5m};
    core::TokenRates others;
    for (int i = 0; i <= static_cast<int>(UsageKind::OutputCitation); ++i) {
        const auto kind = static_cast<UsageKind>(i);
        const auto rate = card.rates.rate(kind);
        if (rate && std::find(Named.begin(), Named.end(), kind) == Named.end())
            others.set(kind, *rate);
    }
    const QStringList conditions = conditionsText(card);
    return others.isEmpty() ? conditions : QStringList{ratesText(others)} + conditions;
}

QString checkedText(const core::RateCard &card, const core::PriceCatalogue &catalogue,
                    core::UtcTime at)
{
    if (card.user) {
        QStringList own;
        for (int i = 0; i <= static_cast<int>(UsageKind::OutputCitation); ++i) {
            const auto kind = static_cast<UsageKind>(i);
            if (card.ownRates.rate(kind))
                own.append(wordsOf(core::usageKindName(kind)).toLower());
        }
        if (std::any_of(
                card.modifiers.cbegin(), card.modifiers.cend(),
                [](const core::PriceModifier &modifier) { return modifier.when.isEmpty(); }))
            own.append(translated("discount"));
        if (own.isEmpty()) // written into the file by hand
            own.append(translated("conditions"));
        const QString text = translated("Your own price: %1. It beats the catalogue's.")
                                 .arg(own.join(QStringLiteral(", ")));
        if (!card.below)
            return text;
        return text + QLatin1Char('\n') +
               (card.belowIsBorrowed ? translated("The rest is the price of the model's maker. %1")
                                     : translated("The rest is the catalogue's. %1"))
                   .arg(checkedText(*card.below, catalogue, at));
    }
    const auto checked = card.checkedOn ? card.checkedOn : catalogue.checkedOn();
    if (!checked)
        return translated("Nobody has said when this price was checked.");
    const auto age = std::chrono::duration_cast<std::chrono::days>(at - *checked);
    return translated("Of %1, checked %2, %3 days ago")
        .arg(catalogue.version(), dayText(*checked))
        .arg(age.count());
}

QString catalogueAgeText(const std::optional<core::UtcTime> &checked, core::UtcTime at)
{
    if (!checked)
        return translated("Nobody has said when its prices were checked. They may be old.");
    const auto age = std::chrono::duration_cast<std::chrono::days>(at - *checked);
    const QString when = age.count() <= 0   ? translated("today")
                         : age.count() == 1 ? translated("yesterday")
                                            : translated("%1 days ago").arg(age.count());
    const QString text = translated("Most of it was checked %1, %2.").arg(dayText(*checked), when);
    return age <= FreshFor
               ? text
               : text + QLatin1Char(' ') +
                     translated("It is stale: services may charge something else by now.");
}

namespace {

QString stepText(const core::PriceChange &change)
{
    const auto step = [](const QString &what, const QString &before, const QString &after) {
        return QStringLiteral("%1: %2 \u2192 %3").arg(what, before, after);
    };
    const QString where = shownName(change.where);
    switch (change.kind) {
    case core::PriceChange::Kind::Added:
        return translated("new");
    case core::PriceChange::Kind::Removed:
        return translated("gone");
    case core::PriceChange::Kind::Rate: {
        const auto price = [](const std::optional<core::PicoUsd> &rate) {
            return rate ? QLatin1Char('$') + rateText(rate) : translated("unknown");
        };
        const QString rate = wordsOf(core::usageKindName(change.rate)).toLower();
        return step(where.isEmpty() ? rate : QStringLiteral("%1 (%2)").arg(rate, where),
                    price(change.before), price(change.after));
    }
    case core::PriceChange::Kind::Factor: {
        const auto factor = [](const std::optional<core::Multiplier> &one) {
            return one ? QStringLiteral("\u00D7 ") + factorText(*one) : translated("no factor");
        };
        return step(where, factor(change.factorBefore), factor(change.factorAfter));
    }
    case core::PriceChange::Kind::Fee: {
        const auto fee = [](const std::optional<core::PriceFee> &one) {
            return one ? feeText(*one) : translated("unknown");
        };
        const core::FeeUnit unit =
            (change.feeAfter ? change.feeAfter : change.feeBefore).value_or(core::PriceFee()).unit;
        const QString name = wordsOf(core::feeUnitName(unit)).toLower();
        return step(where.isEmpty() ? name : QStringLiteral("%1 (%2)").arg(name, where),
                    fee(change.feeBefore), fee(change.feeAfter));
    }
    }
    return {};
}

} // namespace

QString changeText(const core::PriceChange &change)
{
    return QStringLiteral("%1/%2, %3")
        .arg(shownName(change.provider), shownName(change.model), stepText(change));
}

} // namespace ui
