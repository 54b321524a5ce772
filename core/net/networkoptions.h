#pragma once

#include <QString>

namespace core {

//! How the machine's network is to be used; filled from settings by app/.
struct NetworkOptions
{
    bool useSystemProxy = true;
    QString caFile; //!< An additional certificate authority, PEM; empty: the system's only.
    qint64 readBufferBytes = 256 * 1024;
    qint64 bodyLimitBytes = 64 * 1024 * 1024;
    qint64 errorBodyLimitBytes = 64 * 1024;
    qint64 headerLimitBytes = 64 * 1024;
    bool operator==(const NetworkOptions &) const = default;
};

} // namespace core
