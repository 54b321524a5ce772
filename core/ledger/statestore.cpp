#include "core/ledger/statestore.h"

#include <tuple>

namespace core {

bool StateKey::operator<(const StateKey &other) const
{
    return std::tie(kind, provider, accountId, baseUrl) <
           std::tie(other.kind, other.provider, other.accountId, other.baseUrl);
}

void StateStore::update(const StateKey &key, const Change &change)
{
    const QJsonObject value = change(state(key));
    if (value.isEmpty())
        remove(key);
    else
        save(key, value);
}

} // namespace core
