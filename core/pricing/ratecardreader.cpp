#include "core/pricing/ratecardreader.h"

#include <algorithm>

namespace core {

using namespace std::chrono;

namespace {

constexpr PicoUsd MaxPerMillion(10'000 * PicoUsd::PerDollar);
constexpr std::int64_t PicoPerStep = 1'000'000; // six decimals per million = 1 pico a token
constexpr std::int64_t MaxMultiplier = 100 * Multiplier::One;

std::optional<minutes> timeOfDay(QStringView text)
{
    bool hourOk = false;
    bool minuteOk = false;
    if (text.size() != 5 || text.at(2) != QLatin1Char(':'))
        return std::nullopt;
    const int hour = text.first(2).toInt(&hourOk);
    const int minute = text.last(2).toInt(&minuteOk);
    if (!hourOk || !minuteOk || hour < 0 || hour > 24 || minute < 0 || minute > 59 ||
        (hour == 24 && minute != 0))
        return std::nullopt;
    return hours(hour) + minutes(minute);
}

} // namespace

bool RateCardReader::readMultiplier(const QJsonValue &value, Multiplier &multiplier)
{
    const auto amount = PicoUsd::fromDecimal(value.toString());
    constexpr std::int64_t Step = PicoUsd::PerDollar / Multiplier::One;
    if (!amount || amount->count() < 0 || amount->count() % Step != 0 ||
        amount->count() / Step > MaxMultiplier)
        return refuse(QStringLiteral("'%1' is no multiplier").arg(value.toString().left(40)));
    multiplier.tenThousandths = amount->count() / Step;
    return true;
}

bool RateCardReader::readRates(const QJsonValue &value, TokenRates &rates)
{
    if (!value.isObject())
        return refuse(QStringLiteral("rates are no object"));
    const QJsonObject object = value.toObject();
    for (auto it = object.begin(); it != object.end(); ++it) {
        if (it->isNull())
            continue; // written out as unknown
        const auto kind = usageKindOf(it.key());
        if (!kind)
            return refuse(QStringLiteral("unknown rate '%1'").arg(it.key().left(40)));
        // A JSON number went through a double: only the decimal text is exact.
        const auto rate = it->isString() ? PicoUsd::fromDecimal(it->toString()) : std::nullopt;
        if (!rate || *rate < PicoUsd() || *rate > MaxPerMillion || rate->count() % PicoPerStep != 0)
            return refuse(QStringLiteral("rate '%1' is not 0 to 10000 with six decimals as text")
                              .arg(it.key()));
        rates.set(*kind, rate->count() / PicoPerStep);
    }
    return true;
}

bool RateCardReader::readContextTiers(const QJsonValue &value, QList<ContextTier> &tiers)
{
    const bool read = forEach(value, "context_tiers", [&](const QJsonObject &row) {
        ContextTier tier;
        const auto above = wholeNumber(row.value(QStringLiteral("above")));
        const QString scope = row.value(QStringLiteral("scope")).toString();
        const QJsonValue inclusive = row.value(QStringLiteral("inclusive"));
        QStringList counts;
        if (!readTexts(row.value(QStringLiteral("counts")), "counts", counts))
            return false;
        if (!isAbsent(inclusive) && !inclusive.isBool())
            return refuse(QStringLiteral("inclusive is neither true nor false"));
        if (!above ||
            (scope != QLatin1StringView("whole_request") && scope != QLatin1StringView("marginal")))
            return refuse(QStringLiteral("context tier without threshold or scope"));
        for (const QString &side : std::as_const(counts)) {
            if (side != QLatin1StringView("input") && side != QLatin1StringView("output"))
                return refuse(QStringLiteral("context tier counts neither input nor output"));
        }
        tier.countsOutput = counts.contains(QStringLiteral("output"));
        tier.countsInput = counts.isEmpty() || counts.contains(QStringLiteral("input"));
        tier.above = *above;
        tier.inclusive = inclusive.toBool();
        tier.marginal = scope == QLatin1StringView("marginal");
        if (!readRates(row.value(QStringLiteral("rates")), tier.rates))
            return false;
        const auto differs = [&](const ContextTier &one) {
            return one.marginal != tier.marginal || one.countsInput != tier.countsInput ||
                   one.countsOutput != tier.countsOutput;
        };
        if (std::any_of(tiers.cbegin(), tiers.cend(), differs))
            return refuse(QStringLiteral("context tiers of different scopes"));
        const auto next = std::lower_bound(
            tiers.begin(), tiers.end(), tier,
            [](const ContextTier &a, const ContextTier &b) { return a.above < b.above; });
        if (next != tiers.end() && next->above == tier.above)
            return refuse(QStringLiteral("two context tiers of one threshold"));
        tiers.insert(next, tier);
        return true;
    });
    return read;
}

bool RateCardReader::readServiceTiers(const QJsonValue &value, QMap<QString, ServiceTier> &tiers)
{
    if (isAbsent(value))
        return true;
    if (!value.isObject())
        return refuse(QStringLiteral("service_tiers are no object"));
    const QJsonObject object = value.toObject();
    for (auto it = object.begin(); it != object.end(); ++it) {
        const QJsonObject row = it->toObject();
        const QJsonValue multiplier = row.value(QStringLiteral("multiplier"));
        const QJsonValue rates = row.value(QStringLiteral("rates"));
        ServiceTier tier;
        if (isAbsent(multiplier) && isAbsent(rates))
            return refuse(QStringLiteral("service tier '%1' has no price").arg(it.key().left(40)));
        if (!isAbsent(multiplier) && !readMultiplier(multiplier, tier.multiplier))
            return false;
        if (!isAbsent(rates) && !readRates(rates, tier.rates))
            return false;
        if (!readContextTiers(row.value(QStringLiteral("context_tiers")), tier.contextTiers))
            return false;
        tiers.insert(it.key().toLower(), tier);
    }
    return true;
}

bool RateCardReader::readConditions(const QJsonValue &value, const char *of,
                                    QMap<QString, QString> &when)
{
    if (!isAbsent(value) && !value.isObject())
        return refuse(
            QStringLiteral("the conditions of a %1 are no object").arg(QLatin1String(of)));
    const QJsonObject conditions = value.toObject();
    for (auto it = conditions.begin(); it != conditions.end(); ++it) {
        if (!it->isString())
            return refuse(QStringLiteral("condition '%1' is no text").arg(it.key().left(40)));
        when.insert(it.key(), it->toString().toLower());
    }
    return true;
}

bool RateCardReader::readKinds(const QJsonValue &value, PriceModifier &modifier)
{
    QStringList names;
    if (!readTexts(value, "kinds", names))
        return false;
    modifier.everyToken = names.isEmpty();
    for (const QString &name : std::as_const(names)) {
        const auto kind = usageKindOf(name);
        const auto fee = feeUnitOf(name);
        if (name == QLatin1StringView("*"))
            modifier.everyToken = true;
        else if (kind)
            modifier.kinds.append(*kind);
        else if (fee)
            modifier.fees.append(*fee);
        else
            return refuse(QStringLiteral("modifier of an unknown kind"));
    }
    if (modifier.everyToken)
        modifier.kinds.clear();
    return true;
}

bool RateCardReader::readModifiers(const QJsonValue &value, QList<PriceModifier> &modifiers)
{
    return forEach(value, "modifiers", [&](const QJsonObject &row) {
        PriceModifier modifier;
        modifier.id = row.value(QStringLiteral("id")).toString();
        if (!readMultiplier(row.value(QStringLiteral("multiplier")), modifier.multiplier))
            return false;
        if (!readConditions(row.value(QStringLiteral("when")), "modifier", modifier.when) ||
            !readKinds(row.value(QStringLiteral("kinds")), modifier))
            return false;
        modifiers.append(modifier);
        return true;
    });
}

bool RateCardReader::readSchedules(const QJsonValue &value, QList<PriceSchedule> &schedules)
{
    return forEach(value, "schedule", [&](const QJsonObject &row) {
        PriceSchedule schedule;
        QStringList windows;
        if (!readTexts(row.value(QStringLiteral("utc")), "utc", windows))
            return false;
        for (const QString &window : std::as_const(windows)) {
            const QStringList ends = window.split(QLatin1Char('-'));
            const auto from = ends.size() == 2 ? timeOfDay(ends.at(0)) : std::nullopt;
            const auto to = ends.size() == 2 ? timeOfDay(ends.at(1)) : std::nullopt;
            if (!from || !to || *from == *to)
                return refuse(QStringLiteral("schedule '%1' is no span").arg(window.left(40)));
            schedule.windows.append({*from, *to});
        }
        const QJsonValue weekdays = row.value(QStringLiteral("weekdays"));
        if (!isAbsent(weekdays) && !weekdays.isArray())
            return refuse(QStringLiteral("weekdays is no list"));
        const QJsonArray days = weekdays.toArray();
        for (const QJsonValue &day : days) {
            const auto number = wholeNumber(day);
            if (!number || *number < 1 || *number > 7)
                return refuse(QStringLiteral("schedule with an odd weekday"));
            schedule.weekdays.append(static_cast<int>(*number));
        }
        const QJsonValue zone = row.value(QStringLiteral("weekday_tz"));
        if (!isAbsent(zone) && zone != QStringLiteral("UTC"))
            schedule.weekdayZone = QTimeZone(zone.toString().toLatin1());
        if (!schedule.weekdayZone.isValid())
            return refuse(QStringLiteral("schedule of an unknown time zone"));
        if (schedule.windows.isEmpty())
            return refuse(QStringLiteral("schedule without UTC hours"));
        if (!readRates(row.value(QStringLiteral("rates")), schedule.rates))
            return false;
        schedules.append(schedule);
        return true;
    });
}

bool RateCardReader::readFees(const QJsonValue &value, QList<PriceFee> &fees)
{
    return forEach(value, "fees", [&](const QJsonObject &row) {
        const auto unit = feeUnitOf(row.value(QStringLiteral("unit")).toString());
        const auto per = wholeNumber(row.value(QStringLiteral("per")));
        const auto usd = PicoUsd::fromDecimal(row.value(QStringLiteral("usd")).toString());
        const QJsonValue minimum = row.value(QStringLiteral("min_units"));
        const auto minimumUnits =
            isAbsent(minimum) ? std::optional<std::int64_t>(0) : wholeNumber(minimum);
        if (!unit || !per || *per == 0 || !usd || *usd < PicoUsd() || *usd > MaxPerMillion ||
            !minimumUnits)
            return refuse(QStringLiteral("fee without unit, amount or divisor"));
        PriceFee fee{*unit, *per, *usd, *minimumUnits};
        if (!readConditions(row.value(QStringLiteral("when")), "fee", fee.when))
            return false;
        const bool doubled = std::any_of(fees.cbegin(), fees.cend(), [&](const PriceFee &one) {
            return one.unit == fee.unit && one.when == fee.when;
        });
        if (doubled)
            return refuse(QStringLiteral("two fees for one unit"));
        fees.append(fee);
        return true;
    });
}

bool RateCardReader::readCard(const QJsonObject &row, RateCard &card)
{
    card.id = row.value(QStringLiteral("id")).toString();
    if (card.id.isEmpty())
        return refuse(QStringLiteral("rate card without id"));
    if (m_cardIds.contains(card.id))
        return refuse(QStringLiteral("two rate cards '%1'").arg(card.id.left(80)));
    m_cardIds.insert(card.id);
    // "official", "agreed" and "single" tell whom to believe when catalogues are made: here each is
    // the price. A free_allowance would count only for accounts that are said to have it: none is.
    const QString confidence = row.value(QStringLiteral("confidence")).toString();
    static const QStringList known{QString(),
                                   QStringLiteral("user"),
                                   QStringLiteral("official"),
                                   QStringLiteral("agreed"),
                                   QStringLiteral("single"),
                                   QStringLiteral("contested")};
    if (!known.contains(confidence))
        return refuse(QStringLiteral("confidence '%1' is unknown").arg(confidence.left(40)));
    card.notes = row.value(QStringLiteral("notes")).toString().left(500);
    card.contested = confidence == QLatin1StringView("contested");
    card.user = confidence == QLatin1StringView("user");
    if (!readTime(row.value(QStringLiteral("from")), card.from) ||
        !readTime(row.value(QStringLiteral("to")), card.to) ||
        !readTime(row.value(QStringLiteral("checked_on")), card.checkedOn))
        return false;
    if (card.from && card.to && *card.from >= *card.to)
        return refuse(QStringLiteral("rate card ends before it begins"));
    const QJsonValue rates = row.value(QStringLiteral("rates"));
    const bool mayLackRates = card.user && isAbsent(rates);
    if ((!mayLackRates && !readRates(rates, card.rates)) ||
        !readContextTiers(row.value(QStringLiteral("context_tiers")), card.contextTiers) ||
        !readServiceTiers(row.value(QStringLiteral("service_tiers")), card.serviceTiers) ||
        !readModifiers(row.value(QStringLiteral("modifiers")), card.modifiers) ||
        !readSchedules(row.value(QStringLiteral("schedule")), card.schedules) ||
        !readFees(row.value(QStringLiteral("fees")), card.fees))
        return false;
    if (card.user)
        card.ownRates = card.rates;
    // The user's may be a discount alone.
    const bool isDiscount = card.user && !card.modifiers.isEmpty();
    if (card.rates.isEmpty() && card.fees.isEmpty() && !isDiscount)
        return refuse(QStringLiteral("rate card without a price"));
    return true;
}

} // namespace core
