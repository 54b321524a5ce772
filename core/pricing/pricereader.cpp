#include "core/pricing/pricereader.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSet>

#include <algorithm>

namespace core {

using namespace std::chrono;

namespace {

constexpr qsizetype MaxFileBytes = 32 * 1024 * 1024;
constexpr PicoUsd MaxPerMillion(10'000 * PicoUsd::PerDollar);
constexpr std::int64_t PicoPerStep = 1'000'000; // six decimals per million = 1 pico a token
constexpr std::int64_t MaxMultiplier = 100 * Multiplier::One;

//! A whole number that a JSON double holds exactly.
std::optional<std::int64_t> wholeNumber(const QJsonValue &value)
{
    const std::int64_t number = value.toInteger(-1);
    if (!value.isDouble() || number < 0 || number > 1'000'000'000'000)
        return std::nullopt;
    return number;
}

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

bool isAbsent(const QJsonValue &value)
{
    return value.isUndefined() || value.isNull();
}

} // namespace

bool PriceReader::refuse(const QString &why)
{
    if (m_fault.isEmpty())
        m_fault = m_row.isEmpty() ? why : m_row + QStringLiteral(": ") + why;
    return false;
}

template <typename Function>
bool PriceReader::forEach(const QJsonValue &value, const char *name, Function item)
{
    if (isAbsent(value))
        return true;
    if (!value.isArray())
        return refuse(QStringLiteral("%1 is no list").arg(QLatin1StringView(name)));
    const QJsonArray list = value.toArray();
    for (const QJsonValue &entry : list) {
        if (!entry.isObject())
            return refuse(QStringLiteral("%1 holds no object").arg(QLatin1StringView(name)));
        if (!item(entry.toObject()))
            return false;
    }
    return true;
}

bool PriceReader::readTime(const QJsonValue &value, std::optional<UtcTime> &time)
{
    if (isAbsent(value))
        return true;
    const QString text = value.toString();
    if (text.size() == 10) {
        const QDate date = QDate::fromString(text, Qt::ISODate);
        if (date.isValid()) {
            time = UtcTime(days(date.toJulianDay() - QDate(1970, 1, 1).toJulianDay()));
            return true;
        }
    } else if (text.endsWith(QLatin1Char('Z'))) {
        const QDateTime moment = QDateTime::fromString(text, Qt::ISODateWithMs);
        if (moment.isValid()) {
            time = UtcTime(milliseconds(moment.toMSecsSinceEpoch()));
            return true;
        }
    }
    return refuse(QStringLiteral("'%1' is no UTC time").arg(text.left(40)));
}

bool PriceReader::readMultiplier(const QJsonValue &value, Multiplier &multiplier)
{
    const auto amount = PicoUsd::fromDecimal(value.toString());
    constexpr std::int64_t Step = PicoUsd::PerDollar / Multiplier::One;
    if (!amount || amount->count() < 0 || amount->count() % Step != 0 ||
        amount->count() / Step > MaxMultiplier)
        return refuse(QStringLiteral("'%1' is no multiplier").arg(value.toString().left(40)));
    multiplier.tenThousandths = amount->count() / Step;
    return true;
}

bool PriceReader::readRates(const QJsonValue &value, TokenRates &rates)
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

bool PriceReader::readContextTiers(const QJsonValue &value, QList<ContextTier> &tiers)
{
    const bool read = forEach(value, "context_tiers", [&](const QJsonObject &row) {
        ContextTier tier;
        const auto above = wholeNumber(row.value(QStringLiteral("above")));
        const QString scope = row.value(QStringLiteral("scope")).toString();
        const QJsonArray counts = row.value(QStringLiteral("counts")).toArray();
        if (!above ||
            (scope != QLatin1StringView("whole_request") && scope != QLatin1StringView("marginal")))
            return refuse(QStringLiteral("context tier without threshold or scope"));
        for (const QJsonValue &side : counts) {
            const bool output = side.toString() == QLatin1StringView("output");
            if (counts.size() != 1 || (!output && side.toString() != QLatin1StringView("input")))
                return refuse(QStringLiteral("context tier counts neither input nor output"));
            tier.countsOutput = output;
        }
        tier.above = *above;
        tier.inclusive = row.value(QStringLiteral("inclusive")).toBool();
        tier.marginal = scope == QLatin1StringView("marginal");
        if (!readRates(row.value(QStringLiteral("rates")), tier.rates))
            return false;
        if (!tiers.isEmpty() && tiers.constLast().above >= tier.above)
            return refuse(QStringLiteral("context tiers do not ascend"));
        if (!tiers.isEmpty() && (tiers.constLast().marginal != tier.marginal ||
                                 tiers.constLast().countsOutput != tier.countsOutput))
            return refuse(QStringLiteral("context tiers of different scopes"));
        tiers.append(tier);
        return true;
    });
    return read;
}

bool PriceReader::readServiceTiers(const QJsonValue &value, QMap<QString, ServiceTier> &tiers)
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

bool PriceReader::readModifiers(const QJsonValue &value, QList<PriceModifier> &modifiers)
{
    return forEach(value, "modifiers", [&](const QJsonObject &row) {
        PriceModifier modifier;
        modifier.id = row.value(QStringLiteral("id")).toString();
        if (!readMultiplier(row.value(QStringLiteral("multiplier")), modifier.multiplier))
            return false;
        const QJsonObject when = row.value(QStringLiteral("when")).toObject();
        for (auto it = when.begin(); it != when.end(); ++it)
            modifier.when.insert(it.key(), it->toString().toLower());
        if (modifier.when.isEmpty())
            return refuse(QStringLiteral("modifier without a condition"));
        const QJsonArray kinds = row.value(QStringLiteral("kinds")).toArray();
        for (const QJsonValue &name : kinds) {
            const auto kind = usageKindOf(name.toString());
            if (!kind && name.toString() != QLatin1StringView("*"))
                return refuse(QStringLiteral("modifier of an unknown kind"));
            if (kind)
                modifier.kinds.append(*kind);
        }
        modifiers.append(modifier);
        return true;
    });
}

bool PriceReader::readSchedules(const QJsonValue &value, QList<PriceSchedule> &schedules)
{
    return forEach(value, "schedule", [&](const QJsonObject &row) {
        PriceSchedule schedule;
        const QJsonArray windows = row.value(QStringLiteral("utc")).toArray();
        for (const QJsonValue &window : windows) {
            const QStringList ends = window.toString().split(QLatin1Char('-'));
            const auto from = ends.size() == 2 ? timeOfDay(ends.at(0)) : std::nullopt;
            const auto to = ends.size() == 2 ? timeOfDay(ends.at(1)) : std::nullopt;
            if (!from || !to || *from == *to)
                return refuse(QStringLiteral("schedule '%1' is no span").arg(window.toString()));
            schedule.windows.append({*from, *to});
        }
        const QJsonArray weekdays = row.value(QStringLiteral("weekdays")).toArray();
        for (const QJsonValue &day : weekdays) {
            const auto number = wholeNumber(day);
            if (!number || *number < 1 || *number > 7)
                return refuse(QStringLiteral("schedule with an odd weekday"));
            schedule.weekdays.append(static_cast<int>(*number));
        }
        const QString zone =
            row.value(QStringLiteral("weekday_tz")).toString(QStringLiteral("UTC"));
        if (schedule.windows.isEmpty() || zone != QLatin1StringView("UTC"))
            return refuse(QStringLiteral("schedule without UTC hours"));
        if (!readRates(row.value(QStringLiteral("rates")), schedule.rates))
            return false;
        schedules.append(schedule);
        return true;
    });
}

bool PriceReader::readFees(const QJsonValue &value, QList<PriceFee> &fees)
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
        // Conditions on fees (search depth, picture size) are not in what providers report back.
        if (!row.value(QStringLiteral("when")).toObject().isEmpty())
            return true;
        const bool doubled = std::any_of(fees.cbegin(), fees.cend(),
                                         [&](const PriceFee &fee) { return fee.unit == *unit; });
        if (doubled)
            return refuse(QStringLiteral("two fees for one unit"));
        fees.append({*unit, *per, *usd, *minimumUnits});
        return true;
    });
}

bool PriceReader::readCard(const QJsonObject &row, RateCard &card)
{
    card.id = row.value(QStringLiteral("id")).toString();
    if (card.id.isEmpty())
        return refuse(QStringLiteral("rate card without id"));
    if (m_cardIds.contains(card.id))
        return refuse(QStringLiteral("two rate cards '%1'").arg(card.id.left(80)));
    m_cardIds.insert(card.id);
    const QString confidence = row.value(QStringLiteral("confidence")).toString();
    card.contested = confidence == QLatin1StringView("contested");
    card.user = confidence == QLatin1StringView("user");
    if (!readTime(row.value(QStringLiteral("from")), card.from) ||
        !readTime(row.value(QStringLiteral("to")), card.to) ||
        !readTime(row.value(QStringLiteral("checked_on")), card.checkedOn))
        return false;
    if (card.from && card.to && *card.from >= *card.to)
        return refuse(QStringLiteral("rate card ends before it begins"));
    if (!readRates(row.value(QStringLiteral("rates")), card.rates) ||
        !readContextTiers(row.value(QStringLiteral("context_tiers")), card.contextTiers) ||
        !readServiceTiers(row.value(QStringLiteral("service_tiers")), card.serviceTiers) ||
        !readModifiers(row.value(QStringLiteral("modifiers")), card.modifiers) ||
        !readSchedules(row.value(QStringLiteral("schedule")), card.schedules) ||
        !readFees(row.value(QStringLiteral("fees")), card.fees))
        return false;
    if (card.user)
        card.ownRates = card.rates;
    if (card.rates.isEmpty() && card.fees.isEmpty())
        return refuse(QStringLiteral("rate card without a price"));
    return true;
}

bool PriceReader::checkSpans(QList<std::shared_ptr<const RateCard>> &cards)
{
    std::sort(cards.begin(), cards.end(),
              [](const auto &a, const auto &b) { return a->from < b->from; });
    for (qsizetype i = 1; i < cards.size(); ++i) {
        const auto &to = cards.at(i - 1)->to;
        const auto &from = cards.at(i)->from;
        if (!to || !from || *to > *from)
            return refuse(QStringLiteral("rate cards overlap in time"));
    }
    return true;
}

bool PriceReader::readText(const QString &kind, const QString &text, qsizetype model,
                           PriceTable::Provider &provider)
{
    const auto claim = [&](QHash<QString, qsizetype> &taken) {
        if (taken.contains(text) && taken.value(text) != model)
            return refuse(QStringLiteral("two models claim %1 '%2'").arg(kind, text.left(80)));
        taken.insert(text, model);
        return true;
    };
    if (kind == QLatin1StringView("exact"))
        return claim(provider.exact);
    if (kind == QLatin1StringView("prefix"))
        return claim(provider.prefixes);
    if (kind == QLatin1StringView("suffix")) {
        provider.suffixes.append({text, model});
        return true;
    }
    if (kind == QLatin1StringView("contains")) {
        provider.others.append({text, {}, model});
        return true;
    }
    return refuse(QStringLiteral("unknown rule '%1'").arg(kind.left(40)));
}

bool PriceReader::readRule(const QJsonObject &rule, qsizetype model, PriceTable::Provider &provider)
{
    const QString text = rule.isEmpty() ? QString() : rule.begin()->toString();
    if (rule.size() != 1 || text.isEmpty())
        return refuse(QStringLiteral("a rule is one kind with one text"));
    if (rule.begin().key() != QLatin1StringView("regex"))
        return readText(rule.begin().key(), text.toLower(), model, provider);
    const QRegularExpression expression(text, QRegularExpression::CaseInsensitiveOption);
    if (!expression.isValid())
        return refuse(QStringLiteral("rule '%1' is no expression").arg(text.left(80)));
    provider.others.append({{}, expression, model});
    return true;
}

bool PriceReader::readModel(const QJsonObject &row, PriceTable::Provider &provider)
{
    PriceTable::Model model;
    model.id = row.value(QStringLiteral("id")).toString();
    m_row = provider.id + QLatin1Char('/') + model.id;
    if (model.id.isEmpty())
        return refuse(QStringLiteral("model without id"));
    if (m_modelIds.contains(m_row))
        return refuse(QStringLiteral("model stands twice"));
    m_modelIds.insert(m_row);
    const QJsonValue context =
        row.value(QStringLiteral("limits")).toObject().value(QStringLiteral("context"));
    model.name = row.value(QStringLiteral("name")).toString();
    if (!isAbsent(context)) {
        model.contextLimit = wholeNumber(context);
        if (!model.contextLimit)
            return refuse(QStringLiteral("context limit is no count"));
    }
    const bool read = forEach(row.value(QStringLiteral("rate_cards")), "rate_cards",
                              [&](const QJsonObject &cardRow) {
                                  const auto card = std::make_shared<RateCard>();
                                  if (!readCard(cardRow, *card))
                                      return false;
                                  model.cards.append(card);
                                  return true;
                              });
    if (!read || !checkSpans(model.cards))
        return false;
    const qsizetype index = provider.models.size();
    const QJsonValue rules = row.value(QStringLiteral("match"));
    if (model.cards.isEmpty() || rules.toArray().isEmpty())
        return refuse(QStringLiteral("model without rate cards or rules"));
    provider.models.append(model);
    return forEach(rules, "match",
                   [&](const QJsonObject &rule) { return readRule(rule, index, provider); });
}

bool PriceReader::readProvider(const QJsonObject &row)
{
    PriceTable::Provider provider;
    provider.id = row.value(QStringLiteral("id")).toString();
    m_row = provider.id;
    if (provider.id.isEmpty() || m_table->providers.contains(provider.id))
        return refuse(QStringLiteral("provider without id, or twice"));
    const QJsonValue follows = row.value(QStringLiteral("aliases_follow"));
    if (follows.isString())
        provider.follows = {follows.toString()};
    const QJsonArray followList = follows.toArray();
    for (const QJsonValue &follow : followList)
        provider.follows.append(follow.toString());
    const QJsonArray strip = row.value(QStringLiteral("strip")).toArray();
    for (const QJsonValue &decoration : strip)
        provider.strip.append(decoration.toString().toLower());
    if (!row.value(QStringLiteral("models")).isArray())
        return refuse(QStringLiteral("provider without models"));
    const auto readOne = [&](const QJsonObject &model) { return readModel(model, provider); };
    if (!forEach(row.value(QStringLiteral("models")), "models", readOne))
        return false;
    QSet<qsizetype> lengths;
    for (auto it = provider.prefixes.cbegin(); it != provider.prefixes.cend(); ++it)
        lengths.insert(it.key().size());
    provider.prefixLengths = lengths.values();
    std::sort(provider.prefixLengths.begin(), provider.prefixLengths.end(), std::greater<>());
    std::stable_sort(provider.suffixes.begin(), provider.suffixes.end(),
                     [](const auto &a, const auto &b) { return a.text.size() > b.text.size(); });
    m_table->providers.insert(provider.id, provider);
    return true;
}

Result<std::shared_ptr<const PriceTable>> PriceReader::read(const QByteArray &json)
{
    const auto failed = [](const QString &why) {
        Error error;
        error.kind = ErrorKind::InputRejected;
        error.detail = QStringLiteral("price catalogue refused: ") + why;
        return error;
    };
    if (json.size() > MaxFileBytes)
        return failed(QStringLiteral("larger than 32 MiB"));
    QJsonParseError parseError;
    const QJsonObject root = QJsonDocument::fromJson(json, &parseError).object();
    if (parseError.error != QJsonParseError::NoError)
        return failed(QStringLiteral("no JSON at byte %1").arg(parseError.offset));
    if (root.value(QStringLiteral("format")) != QStringLiteral("llm-price-catalogue") ||
        root.value(QStringLiteral("format_version")) != 1 ||
        root.value(QStringLiteral("currency")) != QStringLiteral("USD"))
        return failed(QStringLiteral("not a price catalogue of version 1 in USD"));
    m_table->version = root.value(QStringLiteral("version")).toString();
    const QJsonValue providers = root.value(QStringLiteral("providers"));
    const auto readOne = [this](const QJsonObject &row) { return readProvider(row); };
    if (m_table->version.isEmpty() || providers.toArray().isEmpty())
        return failed(QStringLiteral("no version or no providers"));
    if (!readTime(root.value(QStringLiteral("checked_on")), m_table->checkedOn) ||
        !forEach(providers, "providers", readOne))
        return failed(m_fault);
    return std::shared_ptr<const PriceTable>(m_table);
}

} // namespace core
