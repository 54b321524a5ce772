#include "core/client/trafficstate.h"

#include <QJsonValue>

#include <algorithm>

namespace core {

using std::chrono::milliseconds;

namespace {

const QString Breaker = QStringLiteral("breaker");
const QString Gate = QStringLiteral("gate");
const QString OpenFor = QStringLiteral("open_ms");
const QString FailedProbes = QStringLiteral("failed_probes");

//! Foreign: of a sensible size, or nothing.
milliseconds lengthIn(const QJsonValue &value)
{
    constexpr double Longest = 31.0 * 24 * 3'600'000;
    return milliseconds(static_cast<qint64>(std::clamp(value.toDouble(), 0.0, Longest)));
}

} // namespace

std::optional<milliseconds> TrafficState::ageOf(const SavedState &saved) const
{
    const milliseconds age = m_clock.utcNow() - saved.savedAt;
    if (age < milliseconds(0) || age > LongestAge) // of the future: a clock was wrong
        return std::nullopt;
    return age;
}

QList<TrafficState::Endpoint> TrafficState::endpoints() const
{
    QList<Endpoint> found;
    if (!m_states)
        return found;
    for (const StateKey &key : m_states->keys(Breaker)) {
        const auto saved = m_states->state(key);
        const auto age = saved ? ageOf(*saved) : std::nullopt;
        if (!age)
            continue;
        const milliseconds left = lengthIn(saved->value.value(OpenFor)) - *age;
        if (left > milliseconds(0))
            found.append(
                {key.provider, key.baseUrl, {left, saved->value.value(FailedProbes).toInt()}});
    }
    return found;
}

QList<TrafficState::Account> TrafficState::accounts() const
{
    QList<Account> found;
    if (!m_states)
        return found;
    for (const StateKey &key : m_states->keys(Gate)) {
        const auto saved = m_states->state(key);
        const auto age = saved ? ageOf(*saved) : std::nullopt;
        if (!age)
            continue;
        Account account{key.provider, key.accountId, {}};
        for (auto it = saved->value.begin(); it != saved->value.end(); ++it) {
            if (const milliseconds left = lengthIn(it.value()) - *age; left > milliseconds(0))
                account.blocked.insert(it.key(), left);
        }
        if (!account.blocked.isEmpty())
            found.append(account);
    }
    return found;
}

void TrafficState::keep(const QString &provider, const QUrl &baseUrl,
                        const std::optional<CircuitBreaker::Hint> &hint)
{
    if (!m_states)
        return;
    const StateKey key{Breaker, provider, 0, baseUrl};
    if (hint)
        m_states->save(
            key, {{OpenFor, qint64(hint->openFor.count())}, {FailedProbes, hint->failedProbes}});
    else if (m_states->state(key))
        m_states->remove(key);
}

void TrafficState::keep(const Account &account)
{
    if (!m_states)
        return;
    const StateKey key{Gate, account.provider, account.accountId, {}};
    QJsonObject models;
    for (auto it = account.blocked.begin(); it != account.blocked.end(); ++it)
        models.insert(it.key(), qint64(it.value().count()));
    if (!models.isEmpty())
        m_states->save(key, models);
    else if (m_states->state(key))
        m_states->remove(key);
}

} // namespace core
