#include "core/stats/health.h"

#include "core/store/sql.h"
#include "core/store/storednames.h"

#include <algorithm>
#include <map>

namespace core {

namespace {

using namespace std::chrono_literals;

constexpr auto Quarter = 15min;
constexpr auto Day = 24h;
constexpr auto Aging = 1min;
constexpr double HealthyRatio = 0.95;

//! Whether a failure of this kind says something about the service, the way to it or the key.
bool tellsOfHealth(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::RateLimited:
    case ErrorKind::QuotaExhausted:
    case ErrorKind::Overloaded:
    case ErrorKind::ServerError:
    case ErrorKind::Timeout:
    case ErrorKind::ConnectionFailed:
    case ErrorKind::TlsFailed:
    case ErrorKind::Truncated:
    case ErrorKind::AuthenticationFailed:
    case ErrorKind::PermissionDenied:
    case ErrorKind::Billing:
    case ErrorKind::Redirected:
    case ErrorKind::ProtocolError:
        return true;
    case ErrorKind::InvalidRequest:
    case ErrorKind::ModelNotFound:
    case ErrorKind::ContextLengthExceeded:
    case ErrorKind::ContentBlocked:
    case ErrorKind::InputRejected:
    case ErrorKind::BudgetExceeded:
    case ErrorKind::KeyMissing:
    case ErrorKind::KeyUnavailable:
    case ErrorKind::StorageFailed:
    case ErrorKind::Cancelled:
    case ErrorKind::AllTargetsFailed:
    case ErrorKind::Internal:
        return false;
    }
    Q_UNREACHABLE();
}

//! One attempt, as far as it counts here.
struct Evidence
{
    UtcTime at{};
    std::optional<Error> failure;
    std::optional<std::chrono::milliseconds> firstToken;
};

void count(HealthSpan &span, const Evidence &evidence)
{
    if (evidence.failure) {
        ++span.failed;
        return;
    }
    ++span.answered;
    if (evidence.firstToken)
        span.firstToken.add(*evidence.firstToken);
}

void add(HealthReport &report, const Evidence &evidence, UtcTime now)
{
    report.everUsed = true;
    count(report.day, evidence);
    if (evidence.at >= now - Quarter)
        count(report.quarter, evidence);
    if (evidence.failure)
        report.lastFailure = HealthFailure{*evidence.failure, evidence.at};
    else
        report.lastAnswer = evidence.at;
}

//! Columns: outcome, error_code, http_status, queued_at, end_ms, first_visible_ms, visible.
std::optional<Evidence> evidenceFrom(const QSqlQuery &row, int column)
{
    Evidence evidence;
    evidence.at = utcFrom(row.value(column + 3)) +
                  std::chrono::milliseconds(row.value(column + 4).toLongLong());
    if (const QVariant visible = row.value(column + 5); !visible.isNull())
        evidence.firstToken = std::chrono::milliseconds(visible.toLongLong());
    const QString outcome = row.value(column).toString();
    if (outcome == QLatin1StringView("completed"))
        return evidence;
    const auto kind = errorKindOf(row.value(column + 1).toString());
    if (outcome != QLatin1StringView("failed") || !kind || !tellsOfHealth(*kind))
        return std::nullopt;
    evidence.failure = Error();
    evidence.failure->kind = *kind;
    evidence.failure->httpStatus = row.value(column + 2).toInt();
    return evidence;
}

} // namespace

std::optional<double> HealthSpan::successRatio() const
{
    const int all = answered + failed;
    return all == 0 ? std::nullopt : std::optional(double(answered) / all);
}

HealthVerdict HealthReport::verdict() const
{
    // The last quarter hour speaks first; without traffic in it, the day.
    const HealthSpan &span = quarter.successRatio() ? quarter : day;
    const auto ratio = span.successRatio();
    if (!ratio)
        return everUsed ? HealthVerdict::Idle : HealthVerdict::NotUsed;
    if (span.answered == 0)
        return HealthVerdict::Failing;
    const bool failedLast = lastFailure && (!lastAnswer || lastFailure->at > *lastAnswer);
    if (failedLast)
        return HealthVerdict::Unsteady;
    if (*ratio >= HealthyRatio)
        return HealthVerdict::Healthy;
    return quarter.failed > 0 ? HealthVerdict::Recovering : HealthVerdict::Unsteady;
}

Health::Health(Store &store, Clock &clock, QObject *parent)
    : QObject(parent)
    , m_store(store)
    , m_clock(clock)
    , m_alarm(clock)
    , m_reading([this] { return read(); }, [this](const Result<Reports> &read) { take(read); })
{
    connect(&store, &Store::ledgerChanged, this, [this] {
        if (m_isWatched)
            m_reading.request();
    });
}

void Health::watch(bool on)
{
    if (on == m_isWatched)
        return;
    m_isWatched = on;
    m_alarm.clear();
    if (on)
        m_reading.request();
}

QFuture<Result<Health::Reports>> Health::read()
{
    return m_store.read<Reports>(
        [now = m_clock.utcNow()](const QString &connection) { return reports(connection, now); });
}

void Health::take(const Result<Reports> &read)
{
    if (read) {
        m_reports = *read;
        Q_EMIT changed();
    }
    if (m_isWatched)
        m_alarm.set(Aging, [this] { m_reading.request(); });
}

Result<Health::Reports> Health::reports(const QString &connection, UtcTime now)
{
    Reports reports;
    std::map<std::pair<QString, QString>, HealthReport> models;
    Sql sql(connection);
    // A request that nobody was sent (no key, no room) is counted as well, and is no use of it.
    QSqlQuery used = sql.rows(QStringLiteral(
        "SELECT DISTINCT provider FROM rollup WHERE simulated = 0 AND attempts > 0"));
    while (sql.next(used)) {
        HealthReport &report = reports.providers[used.value(0).toString()];
        report.provider = used.value(0).toString();
        report.everUsed = true;
    }
    // What our own cache gave again was never sent: the service may be down all the same.
    QSqlQuery rows = sql.rows(
        QStringLiteral(
            "SELECT provider, model, outcome, error_code, http_status, queued_at, "
            "end_ms, first_visible_ms FROM attempt "
            "WHERE queued_at >= ? AND queued_at <= ? AND simulated = 0 "
            "AND outcome IN ('completed', 'failed') AND saved_by <> ? ORDER BY queued_at + end_ms"),
        {utcValue(now - Day), utcValue(now), storedName(SavedBy::ResponseCache)});
    while (sql.next(rows)) {
        const auto evidence = evidenceFrom(rows, 2);
        if (!evidence)
            continue;
        const QString provider = rows.value(0).toString();
        const QString model = rows.value(1).toString();
        for (HealthReport *report : {&reports.providers[provider], &models[{provider, model}]}) {
            report->provider = provider;
            add(*report, *evidence, now);
        }
        models[{provider, model}].model = model;
    }
    if (sql.failed())
        return sql.error();
    for (const auto &[key, report] : models)
        reports.models[key.first].append(report);
    for (QList<HealthReport> &list : reports.models)
        std::stable_sort(
            list.begin(), list.end(), [](const HealthReport &left, const HealthReport &right) {
                return left.day.answered + left.day.failed > right.day.answered + right.day.failed;
            });
    return reports;
}

HealthReport Health::provider(const QString &provider) const
{
    HealthReport report = m_reports.providers.value(provider);
    report.provider = provider;
    return report;
}

QList<HealthReport> Health::models(const QString &provider) const
{
    return m_reports.models.value(provider);
}

} // namespace core
