#pragma once

#include <QString>

namespace core {

//! Beside a database stands, between sessions, what its file was when the last one ended in order.
//! A file that is still the same need not be read from end to end before the window can open: for
//! a gigabyte that takes seconds. What rots on the disk meanwhile is found by the daily backup,
//! which verifies its copy, or when it is read. Any thread; under the write lock, but noteDamage().

//! The last connection has closed, and all is in the file \p database. Not where damage was noted.
void noteCleanEnd(const QString &database);
//! Something in a database could not be read as what it should be: what begins next looks at all of
//! it. \p name: its path, or the URI that it was opened by for reading.
void noteDamage(const QString &name);
//! \p database is as noteCleanEnd() saw it. Asked once: the next answer is no until a session has
//! ended in order again.
[[nodiscard]] bool takeCleanEnd(const QString &database);

} // namespace core
