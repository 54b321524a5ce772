#pragma once

#include <QHash>
#include <QString>

namespace core {

//! How the machine's network is to be used; filled from settings by app/.
struct NetworkOptions
{
    bool useSystemProxy = true;
    //! Additional certificate authorities, PEM files, by the origin that each may vouch for: no
    //! other endpoint trusts them.
    QHash<QString, QString> authorityFiles;
    qint64 readBufferBytes = 256 * 1024;
    qint64 bodyLimitBytes = 64 * 1024 * 1024;
    qint64 errorBodyLimitBytes = 64 * 1024;
    qint64 headerLimitBytes = 64 * 1024;
    bool operator==(const NetworkOptions &) const = default;
};

} // namespace core
