#pragma once

#include "core/ledger/statestore.h"

#include <map>

namespace tests {

//! A state store that forgets with the test.
class TestStateStore final : public core::StateStore
{
public:
    explicit TestStateStore(const core::Clock &clock)
        : m_clock(clock)
    {
    }

    [[nodiscard]] std::optional<core::SavedState> state(const core::StateKey &key) const override
    {
        const auto found = m_states.find(key);
        return found == m_states.end() ? std::nullopt : std::optional(found->second);
    }
    [[nodiscard]] QList<core::StateKey> keys(const QString &kind) const override
    {
        QList<core::StateKey> found;
        for (const auto &[key, state] : m_states) {
            if (key.kind == kind)
                found.append(key);
        }
        return found;
    }
    void save(const core::StateKey &key, const QJsonObject &value) override
    {
        m_states.insert_or_assign(key, core::SavedState{value, m_clock.utcNow()});
    }
    void remove(const core::StateKey &key) override { m_states.erase(key); }

private:
    const core::Clock &m_clock;
    std::map<core::StateKey, core::SavedState> m_states;
};

} // namespace tests
