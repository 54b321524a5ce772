#pragma once

#include "core/net/reachability.h"

#include <QUrl>

#include <utility>

namespace tests {

//! A network that a test takes away and gives back. All servers of a test run on this machine; that
//! counts as elsewhere for those that were put far.
class FakeReachability final : public core::Reachability
{
public:
    [[nodiscard]] bool isOffline() const override { return m_isOffline; }
    [[nodiscard]] bool mayReach(const QUrl &root) const override
    {
        return m_far.contains(root.port()) ? !m_isOffline : Reachability::mayReach(root);
    }

    void putFar(const QUrl &server) { m_far.append(server.port()); }
    void setOffline(bool isOffline)
    {
        if (std::exchange(m_isOffline, isOffline) != isOffline)
            Q_EMIT changed();
    }

private:
    bool m_isOffline = false;
    QList<int> m_far; //!< Ports.
};

} // namespace tests
