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

//! What still holds of a gate's state after \p age.
QMap<QString, milliseconds> blockedIn(const QJsonObject &gate, milliseconds age)
{
    QMap<QString, milliseconds> blocked;
    for (auto it = gate.begin(); it != gate.end(); ++it) {
        if (const milliseconds left = lengthIn(it.value()) - age; left > milliseconds(0))
            blocked.insert(it.key(), left);
    }
    return blocked;
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
        Account account{key.provider, key.accountId, key.baseUrl.toString(), {}};
        account.blocked = blockedIn(saved->value, *age);
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
    change(account, {});
}

void TrafficState::forget(const Account &account, const QString &model)
{
    change(account, model);
}

void TrafficState::change(const Account &account, const QString &forgotten)
{
    if (!m_states)
        return;
    const auto merged = [blocked = account.blocked, forgotten,
                         now = m_clock.utcNow()](const std::optional<SavedState> &saved) {
        QMap<QString, milliseconds> models = blocked;
        // Another program may have saved since: that is no wrong clock.
        const milliseconds age = saved ? now - saved->savedAt : milliseconds(0);
        if (saved && std::chrono::abs(age) <= LongestAge) {
            const auto others = blockedIn(saved->value, std::max(age, milliseconds(0)));
            for (auto it = others.begin(); it != others.end(); ++it)
                models[it.key()] = std::max(models.value(it.key()), it.value());
            models.remove(forgotten);
        }
        QJsonObject gate;
        for (auto it = models.begin(); it != models.end(); ++it)
            gate.insert(it.key(), qint64(it.value().count()));
        return gate;
    };
    m_states->update({Gate, account.provider, account.accountId, QUrl(account.origin)}, merged);
}

} // namespace core
