#include "core/pricing/costcalculator.h"

#include "core/pricing/effectiverates.h"
#include "core/pricing/pricecatalogue.h"
#include "core/pricing/priceconditions.h"
#include "core/pricing/usagesplit.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace core {

namespace {

constexpr std::chrono::days FreshFor(90);
constexpr std::int64_t TokensPerRate = 1'000'000;
constexpr std::int64_t Pieces = 1'000'000; // at which fees by different numbers are compared

//! Rounded once, also with a factor.
std::optional<PicoUsd> feeAmount(const PriceFee &fee, std::int64_t units, PicoUsd multiplier)
{
    if (multiplier == PicoUsd(PicoUsd::PerDollar))
        return fee.usd.scaled(units, fee.per);
    const std::int64_t common = std::gcd(multiplier.count(), PicoUsd::PerDollar);
    const std::int64_t divisor = PicoUsd::PerDollar / common;
    const auto whole = fee.usd.scaled(units);
    if (!whole || divisor > std::numeric_limits<std::int64_t>::max() / fee.per)
        return std::nullopt;
    return whole->scaled(multiplier.count() / common, fee.per * divisor);
}

//! What every line says of its card: those by a rate that the user set, and the others.
struct CardFlags
{
    QStringList own;
    QStringList rest;
    void append(const QString &flag)
    {
        own.append(flag);
        rest.append(flag);
    }
};

//! Prices one usage record without parts by one card.
class LinePricer
{
public:
    LinePricer(const RateCardMatch &match, const Usage &usage, UtcTime at, CardFlags flags)
        : m_match(match)
        , m_card(*match.card)
        , m_usage(usage)
        , m_at(at)
        , m_flags(std::move(flags))
        , m_hourWrites(sellsWritesByTime(match.model) ? HourWrites::OwnPrice : HourWrites::AsOthers)
        , m_conditions(conditionsOf(match, usage))
    {
        if (m_conditions.assumed)
            m_flags.append(QStringLiteral("assumed"));
        m_complete = !m_conditions.isLeast;
    }

    [[nodiscard]] QList<CostLine> lines();
    [[nodiscard]] bool isComplete() const { return m_complete; }
    //! The lines are the most that it cost: what was cheaper about it has no price.
    [[nodiscard]] bool isMost() const { return m_conditions.isMost; }
    //! What of the lines may not have been charged: fees by what no answer tells.
    [[nodiscard]] PicoUsd doubtful() const { return m_doubtful; }
    //! The counts of a side that has a price are not there.
    [[nodiscard]] bool lacksSide() const { return m_lacksSide; }

private:
    void addSide(const UsageSide &side, UsageKind root, const QList<RateBand> &bands);
    void addLine(UsageKind kind, std::int64_t tokens, const AppliedRate &rate);
    void addFees();
    void addFee(FeeUnit unit, std::int64_t count);
    [[nodiscard]] QList<PriceFee> feesFor(FeeUnit unit) const;
    //! \p service times the factors for which \p concerns is true.
    template <typename Function>
    [[nodiscard]] std::optional<PicoUsd> multiplierOf(Multiplier service, Function concerns) const;
    void append(CostLine line, const QStringList &flags);

    const RateCardMatch &m_match;
    const RateCard &m_card;
    const Usage &m_usage;
    UtcTime m_at;
    CardFlags m_flags;
    HourWrites m_hourWrites;
    PriceConditions m_conditions;
    PicoUsd m_doubtful;
    bool m_complete = true;
    bool m_lacksSide = false;
    QList<CostLine> m_lines;
};

QList<CostLine> LinePricer::lines()
{
    const UsageSide input = splitInput(m_usage);
    const UsageSide output = splitOutput(m_usage);
    const RateBands bands = rateBands(m_card, m_usage.serviceTier, input.total.value_or(0),
                                      output.total.value_or(0), m_at);
    addSide(input, UsageKind::Input, bands.input);
    addSide(output, UsageKind::Output, bands.output);
    addFees();
    return m_lines;
}

void LinePricer::addSide(const UsageSide &side, UsageKind root, const QList<RateBand> &bands)
{
    if (side.contradictory) {
        addLine(root, std::max<std::int64_t>(side.total.value_or(0), 0), AppliedRate());
        return;
    }
    // A model that has no price for a side (embeddings have no output) lacks nothing there.
    if (!side.total && m_card.rates.rate(root))
        m_lacksSide = true;
    qsizetype band = 0;
    std::int64_t left = bands.constFirst().tokens;
    for (const TokenShare &share : side.shares) {
        std::int64_t tokens = share.tokens;
        do {
            while (left == 0) {
                ++band;
                left = bands.at(band).tokens;
            }
            const std::int64_t taken = std::min(tokens, left);
            const AppliedRate rate = bands.at(band).rates.of(share.kind, m_hourWrites);
            if (share.tokens > 0 || rate.picoPerToken) // none at an unknown rate cost nothing
                addLine(share.kind, taken, rate);
            tokens -= taken;
            left -= taken;
        } while (tokens > 0);
    }
}

//! The product of the factors, as a number with twelve decimals; none if it has more.
template <typename Function>
std::optional<PicoUsd> LinePricer::multiplierOf(Multiplier service, Function concerns) const
{
    const PicoUsd one(PicoUsd::PerDollar);
    std::optional<PicoUsd> product = one.scaled(service.tenThousandths, Multiplier::One);
    for (const PriceModifier &modifier : m_conditions.modifiers) {
        if (!product || !concerns(modifier))
            continue;
        const auto wide = product->scaled(modifier.multiplier.tenThousandths);
        if (!wide || wide->count() % Multiplier::One != 0)
            return std::nullopt;
        product = PicoUsd(wide->count() / Multiplier::One);
    }
    return product;
}

void LinePricer::addLine(UsageKind kind, std::int64_t tokens, const AppliedRate &rate)
{
    CostLine line;
    line.kind = usageKindName(kind);
    line.quantity = tokens;
    if (rate.picoPerToken) {
        const PicoUsd perToken(*rate.picoPerToken);
        line.perMillion = perToken.scaled(TokensPerRate);
        const auto multiplier = multiplierOf(rate.multiplier, [&](const PriceModifier &modifier) {
            return modifier.concerns(kind, rate.kind);
        });
        const auto plain = perToken.scaled(tokens); // whole pico-dollars: nothing is rounded yet
        if (multiplier) {
            line.multiplier = multiplier->toDecimal();
            if (plain)
                line.amount = plain->scaled(multiplier->count(), PicoUsd::PerDollar);
        }
    }
    if (rate.assumed)
        line.flags.append(QStringLiteral("assumed"));
    append(line, rate.own ? m_flags.own : m_flags.rest);
}

void LinePricer::addFees()
{
    for (auto it = m_usage.fees.begin(); it != m_usage.fees.end(); ++it) {
        if (*it != 0)
            addFee(it.key(), *it);
    }
    // Providers that charge for each request do not report that there was one.
    const bool perRequest =
        std::any_of(m_card.fees.cbegin(), m_card.fees.cend(), [this](const PriceFee &fee) {
            return fee.unit == FeeUnit::Request && holds(fee.when, m_usage, m_match) != Holds::No;
        });
    if (perRequest && !m_usage.fees.contains(FeeUnit::Request))
        addFee(FeeUnit::Request, 1);
}

//! The fees that may hold for \p unit, cheapest first: the most special one that does, and those
//! of which nobody can tell. Empty: none is known to hold.
QList<PriceFee> LinePricer::feesFor(FeeUnit unit) const
{
    QList<PriceFee> fees;
    const PriceFee *holding = nullptr;
    for (const PriceFee &fee : m_card.fees) {
        const Holds answer = fee.unit == unit ? holds(fee.when, m_usage, m_match) : Holds::No;
        if (answer == Holds::Unknown)
            fees.append(fee);
        else if (answer == Holds::Yes && (!holding || fee.when.size() > holding->when.size()))
            holding = &fee;
    }
    if (holding)
        fees.append(*holding);
    else if (fees.size() == 1) // it may as well be another that has no price here
        fees.clear();
    std::stable_sort(fees.begin(), fees.end(), [](const PriceFee &a, const PriceFee &b) {
        return a.usd.scaled(Pieces, a.per) < b.usd.scaled(Pieces, b.per);
    });
    return fees;
}

void LinePricer::addFee(FeeUnit unit, std::int64_t count)
{
    constexpr std::int64_t Thousand = 1000;
    CostLine line;
    line.kind = feeUnitName(unit);
    line.quantity = count;
    const QList<PriceFee> fees = feesFor(unit);
    if (!fees.isEmpty() && count > 0) {
        const PriceFee &dearest = fees.constLast();
        line.perMillion = dearest.usd.scaled(Thousand, dearest.per);
        const auto multiplier = multiplierOf(
            {}, [&](const PriceModifier &modifier) { return modifier.fees.contains(unit); });
        const auto amountOf = [&](const PriceFee &fee) {
            return multiplier ? feeAmount(fee, std::max(count, fee.minimumUnits), *multiplier)
                              : std::nullopt;
        };
        if (multiplier)
            line.multiplier = multiplier->toDecimal();
        line.amount = amountOf(dearest);
        if (fees.size() > 1) { // the line is the most that it was
            line.flags.append(QStringLiteral("assumed"));
            const auto least = amountOf(fees.constFirst());
            if (line.amount && least && *least < *line.amount)
                m_doubtful =
                    saturatingSum(m_doubtful, PicoUsd(line.amount->count() - least->count()));
        }
    }
    append(line, m_flags.rest);
}

void LinePricer::append(CostLine line, const QStringList &flags)
{
    line.rateCard = m_card.id;
    line.flags = flags + line.flags;
    line.flags.removeDuplicates();
    if (!line.amount) {
        line.flags.append(QStringLiteral("unknown"));
        m_complete = false;
    }
    m_lines.append(line);
}

//! Lines of a usage record that no card prices: quantities stay, amounts are unknown.
QList<CostLine> unknownLines(const Usage &usage)
{
    QList<CostLine> lines;
    const auto add = [&lines](const QString &kind, std::int64_t quantity) {
        CostLine line;
        line.kind = kind;
        line.quantity = quantity;
        line.flags = {QStringLiteral("unknown")};
        lines.append(line);
    };
    const QList<TokenShare> shares = splitInput(usage).shares + splitOutput(usage).shares;
    for (const TokenShare &share : shares)
        add(usageKindName(share.kind), share.tokens);
    for (auto it = usage.fees.begin(); it != usage.fees.end(); ++it)
        add(feeUnitName(it.key()), *it);
    return lines;
}

CostBreakdown reportedCost(PicoUsd amount)
{
    CostLine line;
    line.kind = QStringLiteral("reported");
    line.quantity = 1;
    line.amount = amount;
    line.flags = {QStringLiteral("reported")};
    return {{line}, {amount, amount, true}, {}, line.flags};
}

//! Fills total and flags from the lines; \p complete: nothing else is missing.
void sumUp(CostBreakdown &breakdown, bool complete)
{
    PicoUsd sum;
    breakdown.flags.clear();
    for (const CostLine &line : breakdown.lines) {
        breakdown.flags += line.flags;
        const auto next = line.amount ? sum.plus(*line.amount) : std::nullopt;
        complete = complete && next.has_value();
        sum = line.amount ? saturatingSum(sum, *line.amount) : sum;
    }
    breakdown.flags.removeDuplicates();
    breakdown.total = {sum, sum, complete};
}

//! What \p lines charge by the piece, as far as it is known.
PicoUsd feesIn(const QList<CostLine> &lines)
{
    PicoUsd sum;
    for (const CostLine &line : lines) {
        if (line.amount && feeUnitOf(line.kind))
            sum = saturatingSum(sum, *line.amount);
    }
    return sum;
}

QStringList cataloguedFlags(const RateCard &card, bool borrowed, const PriceCatalogue &catalogue,
                            UtcTime at)
{
    QStringList flags;
    if (borrowed)
        flags.append(QStringLiteral("borrowed"));
    if (card.contested)
        flags.append(QStringLiteral("contested"));
    const auto checked = card.checkedOn ? card.checkedOn : catalogue.checkedOn();
    if (!checked || at - *checked > FreshFor)
        flags.append(QStringLiteral("stale"));
    return flags;
}

CardFlags cardFlags(const RateCardMatch &match, const PriceCatalogue &catalogue, UtcTime at)
{
    const RateCard &card = *match.card;
    const QStringList own{QStringLiteral("user")}; // nobody else has to check it
    if (!card.user)
        return {{}, cataloguedFlags(card, match.borrowed, catalogue, at)};
    if (!card.below)
        return {own, own};
    return {own, cataloguedFlags(*card.below, card.belowIsBorrowed, catalogue, at)};
}

//! Iterations that are billed one by one; what is charged by the piece stands beside them.
QList<Usage> billedRecords(const Usage &usage)
{
    QList<Usage> records = usage.parts;
    const bool partsHaveFees = std::any_of(records.cbegin(), records.cend(),
                                           [](const Usage &part) { return !part.fees.isEmpty(); });
    if (!records.isEmpty() && !partsHaveFees)
        records.last().fees = usage.fees;
    for (Usage &record : records) {
        record.parts.clear();
        if (record.model.isEmpty())
            record.model = usage.model;
        if (record.serviceTier.isEmpty())
            record.serviceTier = usage.serviceTier;
        if (record.inferenceGeo.isEmpty())
            record.inferenceGeo = usage.inferenceGeo;
        if (record.speed.isEmpty())
            record.speed = usage.speed;
    }
    return records;
}

//! The records of one attempt together. The lines tell the high end alone: low ones are added up.
CostBreakdown sumOf(const QList<CostBreakdown> &records)
{
    CostBreakdown sum;
    bool complete = true;
    PicoUsd low;
    QStringList flags;
    for (const CostBreakdown &record : records) {
        sum.lines += record.lines;
        sum.rateCard = record.rateCard;
        complete = complete && record.total.complete;
        low = saturatingSum(low, record.total.low);
        flags += record.flags;
    }
    sumUp(sum, complete);
    sum.total.low = low;
    flags.removeDuplicates();
    sum.flags = flags;
    return sum;
}

//! Whose card prices an answer.
struct CardChoice
{
    std::optional<RateCardMatch> match; //!< None: nobody knows a price.
    bool stoodIn = false; //!< The answer named a model that is in no table: the one asked for.
};

CardChoice chosenCard(const PriceCatalogue &catalogue, const Seller &seller, const QString &asked,
                      const QString &answered, UtcTime at)
{
    const auto ofAsked = catalogue.find(seller, asked, at);
    const auto ofAnswered = answered == asked ? ofAsked : catalogue.find(seller, answered, at);
    const bool answeredIsOwn = ofAnswered && ofAnswered->card->user &&
                               (ofAnswered->card->below || !ofAsked || !ofAsked->card->below);
    if (ofAsked && ofAsked->card->user && !answeredIsOwn)
        return {ofAsked}; // "gpt-4o" has the user's price, and "gpt-4o-2024-08-06" answered
    if (ofAnswered)
        return {ofAnswered};
    return {ofAsked, !answered.isEmpty() && answered != asked};
}

} // namespace

CostBreakdown CostCalculator::cost(const Seller &seller, const QString &model, const Usage &usage,
                                   UtcTime at) const
{
    if (usage.reportedCost && *usage.reportedCost >= PicoUsd())
        return reportedCost(*usage.reportedCost);

    if (!usage.parts.isEmpty()) {
        QList<CostBreakdown> costs;
        const QList<Usage> records = billedRecords(usage);
        for (const Usage &record : records)
            costs.append(cost(seller, model, record, at));
        return sumOf(costs);
    }
    CostBreakdown breakdown;
    const auto [match, stoodIn] = chosenCard(m_catalogue, seller, model, usage.model, at);
    if (!match) {
        breakdown.lines = unknownLines(usage);
        sumUp(breakdown, false);
        return breakdown;
    }
    breakdown.rateCard = match->card->id;
    if (usage.tokens.isEmpty() && usage.fees.isEmpty()) {
        breakdown.total.complete = false;
        breakdown.flags = {QStringLiteral("unknown")};
        return breakdown;
    }
    CardFlags flags = cardFlags(*match, m_catalogue, at);
    if (stoodIn)
        flags.append(QStringLiteral("assumed"));
    LinePricer pricer(*match, usage, at, flags);
    breakdown.lines = pricer.lines();
    const bool isComplete = pricer.isComplete() && !pricer.lacksSide();
    sumUp(breakdown, isComplete && usage.basis != UsageBasis::ProviderPartial);
    if (pricer.lacksSide() && !breakdown.flags.contains(QStringLiteral("unknown")))
        breakdown.flags.append(QStringLiteral("unknown"));
    breakdown.total.low = pricer.isMost()
                              ? PicoUsd()
                              : PicoUsd(breakdown.total.low.count() - pricer.doubtful().count());
    return breakdown;
}

QString CostCalculator::pricedUnder(const Seller &seller, const QString &model, UtcTime at) const
{
    const auto match = m_catalogue.find(seller, model, at);
    return match ? match->provider : m_catalogue.providerOf(seller);
}

PicoUsd CostCalculator::most(const Seller &seller, const QString &model, const Usage &usage,
                             UtcTime at) const
{
    const CostBreakdown known = cost(seller, model, usage, at);
    if (known.total.complete)
        return known.total.high;
    const TokenRates dearest =
        m_catalogue.dearest(m_catalogue.providerOf(seller), usage.serviceTier, at);
    const auto priced = [&](UsageKind kind) {
        const PicoUsd rate(dearest.rate(kind).value_or(0));
        return rate.scaled(std::max<std::int64_t>(usage.count(kind).value_or(0), 0))
            .value_or(PicoUsd(std::numeric_limits<std::int64_t>::max()));
    };
    const PicoUsd tokens = saturatingSum(priced(UsageKind::Input), priced(UsageKind::Output));
    return std::max(known.total.high, saturatingSum(tokens, feesIn(known.lines)));
}

} // namespace core
