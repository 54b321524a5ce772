#pragma once

#include "core/base/clock.h"
#include "core/ledger/statestore.h"
#include "core/store/storethreads.h"

#include <map>

namespace core {

//! The states in memory and their rows, which follow by the writer.
class StoreStates final : public StateStore
{
public:
    //! JSON as it is on disk: parsed when asked for, as a list of models may be long.
    struct Row
    {
        QByteArray json;
        UtcTime savedAt{};
    };
    using Rows = std::map<StateKey, Row>;

    StoreStates(StoreThreads &threads, const Clock &clock, Rows rows)
        : m_threads(threads)
        , m_clock(clock)
        , m_rows(std::move(rows))
    {
    }
    [[nodiscard]] std::optional<SavedState> state(const StateKey &key) const override;
    [[nodiscard]] QList<StateKey> keys(const QString &kind) const override;
    void save(const StateKey &key, const QJsonObject &value) override;
    void remove(const StateKey &key) override;
    void update(const StateKey &key, const Change &change) override;

    //! What state() begins with. Rows that are too long to be ours are left out.
    [[nodiscard]] static Rows readAll(Sql &sql);

private:
    StoreThreads &m_threads;
    const Clock &m_clock;
    Rows m_rows;
};

} // namespace core
