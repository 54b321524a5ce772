#pragma once

#include <QLoggingCategory>

namespace core {

Q_DECLARE_LOGGING_CATEGORY(logNet)
Q_DECLARE_LOGGING_CATEGORY(logClient)
Q_DECLARE_LOGGING_CATEGORY(logStore)
Q_DECLARE_LOGGING_CATEGORY(logSecrets)
Q_DECLARE_LOGGING_CATEGORY(logUi)

//! Routes every message of Qt and ours through the Redactor to standard error: the one log sink.
//! Line breaks and control characters are escaped. Call once, first thing in main().
void installLogSink();

} // namespace core
