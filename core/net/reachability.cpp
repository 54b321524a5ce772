#include "core/net/reachability.h"

#include "core/net/urlpolicy.h"

namespace core {

bool Reachability::mayReach(const QUrl &root) const
{
    return !isOffline() || isLoopback(root);
}

} // namespace core
