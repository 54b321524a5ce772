#include "app/console.h"
#include "app/jsonwriter.h"
#include "app/verbs/await.h"
#include "app/verbs/verbs.h"
#include "core/base/random.h"
#include "core/ledger/budget.h"
#include "core/stats/spendqueries.h"

#include <QDateTime>
#include <QFileInfo>

#include <algorithm>
#include <array>

namespace app {

using namespace Qt::StringLiterals;
using core::SpendGrouping;

namespace {

//! Where midnight comes twice, QDate names the second one; the rows of a day have both.
QDateTime startOf(const QDate &day, const QTimeZone &zone)
{
    const QDateTime start = day.startOfDay(zone);
    if (!start.isValid()) // the zone skipped that day
        return start;
    const core::UtcTime moment{std::chrono::milliseconds(start.toMSecsSinceEpoch())};
    const core::UtcTime first = core::spanAt(core::LimitPeriod::Day, moment, zone).begin;
    return QDateTime::fromMSecsSinceEpoch(first.time_since_epoch().count(), zone);
}

//! A day is taken from its first moment in the local zone.
core::Result<std::optional<core::UtcTime>> timeFrom(const CommandLine &line, const QString &option,
                                                    const QTimeZone &zone)
{
    if (!line.has(option))
        return std::optional<core::UtcTime>();
    const QString text = line.value(option);
    QDateTime time;
    if (const QDate day = QDate::fromString(text, Qt::ISODate); day.isValid() && text.size() == 10)
        time = startOf(day, zone);
    else
        time = QDateTime::fromString(text, Qt::ISODate);
    if (!time.isValid())
        return usageError(
            QStringLiteral("%1 takes a day as 2026-11-23 or a time as 2026-11-23T12:00:00Z.")
                .arg(option));
    return std::optional(core::UtcTime(std::chrono::milliseconds(time.toMSecsSinceEpoch())));
}

//! As --by takes it, and a member of a row is called.
QLatin1StringView nameOf(SpendGrouping grouping)
{
    switch (grouping) {
    case SpendGrouping::Model:
        return "model"_L1;
    case SpendGrouping::Day:
        return "day"_L1;
    case SpendGrouping::Session:
        return "session"_L1;
    case SpendGrouping::Provider:
        return "provider"_L1;
    }
    Q_UNREACHABLE();
}

QString valueIn(const core::SpendRow &row, SpendGrouping grouping)
{
    switch (grouping) {
    case SpendGrouping::Model:
        return row.model;
    case SpendGrouping::Day:
        return row.day.toString(Qt::ISODate);
    case SpendGrouping::Session:
        return QString::number(row.sessionId);
    case SpendGrouping::Provider:
        return row.provider;
    }
    Q_UNREACHABLE();
}

core::Result<QList<SpendGrouping>> groupingsFrom(const QString &text)
{
    QList<SpendGrouping> groupings;
    QStringList keys = text.split(QLatin1Char(','), Qt::SkipEmptyParts);
    keys.removeDuplicates(); // each is a member of a row, which has it once
    constexpr std::array All{SpendGrouping::Model, SpendGrouping::Day, SpendGrouping::Session,
                             SpendGrouping::Provider};
    for (const QString &key : std::as_const(keys)) {
        const auto known = std::find_if(All.begin(), All.end(), [&key](SpendGrouping grouping) {
            return key == nameOf(grouping);
        });
        if (known == All.end())
            return usageError(
                QStringLiteral("--by takes model, day, session or provider, not '%1'.").arg(key));
        groupings.append(*known);
    }
    return groupings;
}

QString tokensJson(const core::SpendSums &sums)
{
    JsonWriter json;
    for (const core::UsageKind kind :
         {core::UsageKind::Input, core::UsageKind::CacheRead, core::UsageKind::CacheWrite,
          core::UsageKind::Output, core::UsageKind::OutputReasoning}) {
        const auto found = sums.tokens.constFind(kind);
        const std::optional<std::int64_t> count =
            found == sums.tokens.constEnd() ? std::nullopt : std::optional(*found);
        json.member(QLatin1StringView(core::usageKindName(kind).toLatin1()), count);
    }
    return json.toString();
}

//! Nothing that was spent has a price: the sum of none is no amount.
bool isUnknown(const core::Cost &cost)
{
    return !cost.complete && cost.low == core::PicoUsd();
}

void addSums(JsonWriter &json, const core::SpendSums &sums)
{
    json.member("low"_L1, isUnknown(sums.cost) ? std::nullopt : std::optional(sums.cost.low));
    json.member("high"_L1, sums.cost.complete ? std::optional(sums.cost.high) : std::nullopt);
    json.member("complete"_L1, sums.cost.complete);
    json.member("requests"_L1, sums.requests)
        .member("attempts"_L1, sums.attempts)
        .member("failed"_L1, sums.failed);
    json.raw("tokens"_L1, tokensJson(sums));
    json.member("tokens_complete"_L1, sums.tokensUnknown == 0);
    const bool each = sums.requests > 0 && sums.cost.isExact();
    json.member("cost_per_request"_L1,
                each ? sums.cost.low.scaled(1, sums.requests) : std::nullopt);
    const auto average = sums.firstToken.count() > 0 ? sums.firstToken.mean() : std::nullopt;
    json.member("average"_L1, average);
    json.member("p50"_L1, sums.firstToken.percentile(0.50));
    json.member("p95"_L1, sums.firstToken.percentile(0.95));
    json.member("p99"_L1, sums.firstToken.percentile(0.99));
}

QString rowJson(const core::SpendRow &row, const QList<SpendGrouping> &by)
{
    JsonWriter json;
    for (const SpendGrouping grouping : by)
        json.member(nameOf(grouping), valueIn(row, grouping));
    addSums(json, row.sums);
    return json.toString();
}

QString timeOrNull(const std::optional<core::UtcTime> &time)
{
    if (!time)
        return {};
    return QDateTime::fromMSecsSinceEpoch(time->time_since_epoch().count(), Qt::UTC)
        .toString(Qt::ISODateWithMs);
}

//! Everything that one run prints.
struct Report
{
    core::SpendFilter filter;
    QList<SpendGrouping> by;
    core::SpendSums real, simulated;
    QList<core::SpendRow> rows;

    [[nodiscard]] QString toJson() const
    {
        JsonWriter json;
        json.textOrNull("since"_L1, timeOrNull(filter.since))
            .textOrNull("until"_L1, timeOrNull(filter.until));
        json.member("currency"_L1, QStringLiteral("USD"));
        addSums(json, real);
        JsonWriter practice;
        addSums(practice, simulated);
        json.raw("simulated"_L1, practice.toString());
        QStringList lines;
        for (const core::SpendRow &row : rows)
            lines.append(rowJson(row, by));
        return json.raw("rows"_L1, JsonWriter::array(lines)).toString();
    }

    [[nodiscard]] static QString money(const core::Cost &cost)
    {
        if (isUnknown(cost))
            return QStringLiteral("unknown cost");
        QString text = QLatin1Char('$') + cost.low.toDecimal();
        if (!cost.isExact() && cost.complete)
            text += QStringLiteral(" to $") + cost.high.toDecimal();
        return cost.complete ? text : QStringLiteral("at least ") + text;
    }

    [[nodiscard]] QString toText() const
    {
        QString text = QStringLiteral("%1, %2 requests, %3 attempts, %4 failed\n")
                           .arg(money(real.cost))
                           .arg(real.requests)
                           .arg(real.attempts)
                           .arg(real.failed);
        if (simulated.requests > 0)
            text += QStringLiteral("Practice, simulated and not counted: %1, %2 requests\n")
                        .arg(money(simulated.cost))
                        .arg(simulated.requests);
        for (const core::SpendRow &row : rows) {
            QStringList keys;
            for (const SpendGrouping grouping : by)
                keys.append(valueIn(row, grouping));
            text += QStringLiteral("%1  %2  %3 requests\n")
                        .arg(keys.join(QStringLiteral("  ")))
                        .arg(money(row.sums.cost))
                        .arg(row.sums.requests);
        }
        return text;
    }
};

} // namespace

ExitCode runCost(const CommandLine &line, const Profile &profile)
{
    core::SystemClock clock;
    core::SystemRandom random;
    core::IdSource ids(clock, random);
    Report report;
    const auto since = timeFrom(line, QStringLiteral("--since"), clock.zone());
    const auto until = timeFrom(line, QStringLiteral("--until"), clock.zone());
    const auto by = groupingsFrom(line.value(QStringLiteral("--by")));
    if (!since || !until || !by)
        return fail(!since ? since.error() : !until ? until.error() : by.error());
    if (*since && *until && **since > **until)
        return fail(usageError(QStringLiteral("--until is earlier than --since.")));
    report.filter.since = *since;
    report.filter.until = *until;
    report.by = *by;

    const QFileInfo database(profile.dataDirectory() + QStringLiteral("/farthing.db"));
    if (database.size() > 0) { // else nothing was ever asked
        core::StoreOptions options;
        options.directory = profile.dataDirectory();
        options.session = core::SessionKind::Verb;
        options.readOnly = true;
        const auto store = core::Store::open(options, clock, ids);
        if (!store)
            return fail(store.error());
        if (const QString notice = (*store)->notice(); !notice.isEmpty())
            Console::errorLine(QStringLiteral("farthing: ") + notice);
        core::SpendQueries queries(**store);
        const auto real = await(queries.total(report.filter));
        core::SpendFilter practice = report.filter;
        practice.simulated = true;
        const auto simulated = await(queries.total(practice));
        if (!real || !simulated)
            return fail(!real ? real.error() : simulated.error());
        report.real = *real;
        report.simulated = *simulated;
        if (!report.by.isEmpty()) {
            const auto rows = await(queries.groups(report.filter, report.by, clock.zone()));
            if (!rows)
                return fail(rows.error());
            report.rows = *rows;
        }
    }
    if (line.has(QStringLiteral("--json")))
        Console::outLine(report.toJson());
    else
        Console::out(report.toText());
    return ExitCode::Success;
}

} // namespace app
