#pragma once

#include "core/base/clock.h"

#include <QJsonObject>
#include <QString>
#include <QUrl>

#include <cstdint>
#include <functional>
#include <optional>

namespace core {

//! What a state is about: one kind of it for a provider, an account and an endpoint.
struct StateKey
{
    QString kind;     //!< "models", "breaker", ...
    QString provider; //!< Row id of providers.json.
    std::int64_t accountId = 0;
    QUrl baseUrl; //!< May be empty: whatever the address is.
    bool operator==(const StateKey &) const = default;
    [[nodiscard]] bool operator<(const StateKey &other) const;
};

struct SavedState
{
    QJsonObject value;
    UtcTime savedAt{};
    bool operator==(const SavedState &) const = default;
};

//! Small facts about providers that outlive the program; never money and never a secret. Read whole
//! when the store opens and kept in memory, so nothing here waits; what other processes save
//! meanwhile is seen by update() alone. What is on disk is no promise: a reader checks each member
//! and the age. Main thread.
class StateStore
{
public:
    virtual ~StateStore() = default;
    //! Nothing if none was saved, or if what is on disk is no JSON object.
    [[nodiscard]] virtual std::optional<SavedState> state(const StateKey &key) const = 0;
    //! All keys of \p kind that have a state, in the order of StateKey.
    [[nodiscard]] virtual QList<StateKey> keys(const QString &kind) const = 0;
    //! Replaces; takes effect in state() at once, on disk soon.
    virtual void save(const StateKey &key, const QJsonObject &value) = 0;
    virtual void remove(const StateKey &key) = 0;

    using Change = std::function<QJsonObject(const std::optional<SavedState> &saved)>;
    //! Replaces a state by what \p change makes of it; an empty object removes it. Takes effect in
    //! state() at once. On disk \p change is asked again, soon and in the thread that writes, about
    //! what stands there by then: what another process saved is not lost.
    virtual void update(const StateKey &key, const Change &change);
};

} // namespace core
