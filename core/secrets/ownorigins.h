#pragma once

#include "core/net/regionurl.h"

#include <QStringList>

namespace core {

//! Where a provider's credentials may go without being asked: its own address, those of its
//! regions, and those that the user confirmed for this run.
struct OwnOrigins
{
    QStringList origins;
    QString regionUrl = {}; //!< As ProviderInfo::regionUrl.

    [[nodiscard]] bool contains(const QString &origin) const
    {
        return origins.contains(origin) || !regionOf(regionUrl, QUrl(origin)).isEmpty();
    }
};

} // namespace core
