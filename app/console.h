#pragma once

#include <QString>

namespace app {

//! The terminal: the only place that writes to standard output and standard error (but for the log
//! sink). Control characters of foreign text are left as they are on a pipe and made visible on a
//! terminal.
class Console
{
public:
    static void out(const QString &text); //!< As it is, flushed.
    static void outLine(const QString &line);
    static void errorLine(const QString &line); //!< To standard error, redacted, escaped.
    [[nodiscard]] static bool stdinIsTerminal();
    //! False once a write failed: the reader has gone.
    [[nodiscard]] static bool isOpen();
};

} // namespace app
