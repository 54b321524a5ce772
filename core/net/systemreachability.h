#pragma once

#include "core/base/clock.h"
#include "core/net/reachability.h"

#include <QNetworkInformation>

namespace core {

//! What NetworkManager says, through Qt; where there is none, or it does not answer, nothing is
//! known. It begins to look once the loop has run for a moment: finding Qt's backends costs a start
//! ten milliseconds. One in the program.
class SystemReachability final : public Reachability
{
    Q_OBJECT
public:
    explicit SystemReachability(Clock &clock, QObject *parent = nullptr);

    [[nodiscard]] bool isOffline() const override { return m_isOffline; }

private:
    void look();
    void follow();
    void take(QNetworkInformation::Reachability reachability);

    bool m_isOffline = false;
};

} // namespace core
