#pragma once

#include <QByteArray>
#include <QString>

#include <optional>

namespace tests {

//! How a 64-bit ELF program was hardened when it was linked, as its own headers say.
struct Hardening
{
    bool positionIndependent = false;
    bool relroSegment = false;
    bool bindsNow = false; //!< With relroSegment: full RELRO.
    bool stackExecutable = true;
    bool stackProtector = false; //!< Refers to __stack_chk_fail.
};

//! Empty if \p path is no ELF file that can be read.
[[nodiscard]] std::optional<Hardening> hardeningOf(const QString &path);

} // namespace tests
