#include "tests/arch/elffile.h"

#include <QFile>

#include <elf.h>

#include <cstring>

namespace tests {

namespace {

//! Reads a T at \p offset; zeros past the end.
template <typename T>
T at(const QByteArray &file, Elf64_Off offset)
{
    T value{};
    if (offset + sizeof value <= std::size_t(file.size()))
        std::memcpy(&value, file.constData() + offset, sizeof value);
    return value;
}

void readDynamic(const QByteArray &file, const Elf64_Phdr &segment, Hardening &hardening)
{
    for (Elf64_Off i = 0; i < segment.p_filesz / sizeof(Elf64_Dyn); ++i) {
        const auto entry = at<Elf64_Dyn>(file, segment.p_offset + i * sizeof(Elf64_Dyn));
        if (entry.d_tag == DT_BIND_NOW)
            hardening.bindsNow = true;
        if (entry.d_tag == DT_FLAGS && (entry.d_un.d_val & DF_BIND_NOW) != 0)
            hardening.bindsNow = true;
        if (entry.d_tag == DT_FLAGS_1) {
            hardening.bindsNow = hardening.bindsNow || (entry.d_un.d_val & DF_1_NOW) != 0;
            hardening.positionIndependent = (entry.d_un.d_val & DF_1_PIE) != 0;
        }
    }
}

} // namespace

std::optional<Hardening> hardeningOf(const QString &path)
{
    QFile source(path);
    if (!source.open(QIODevice::ReadOnly))
        return std::nullopt;
    const QByteArray file = source.readAll();
    const auto header = at<Elf64_Ehdr>(file, 0);
    if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64)
        return std::nullopt;
    Hardening hardening;
    for (Elf64_Half i = 0; i < header.e_phnum; ++i) {
        const auto segment = at<Elf64_Phdr>(file, header.e_phoff + i * sizeof(Elf64_Phdr));
        if (segment.p_type == PT_GNU_RELRO)
            hardening.relroSegment = true;
        else if (segment.p_type == PT_GNU_STACK)
            hardening.stackExecutable = (segment.p_flags & PF_X) != 0;
        else if (segment.p_type == PT_DYNAMIC)
            readDynamic(file, segment, hardening);
    }
    // Name and version stand in the table of dynamic symbol names, each with a NUL behind it.
    hardening.stackProtector = file.contains(QByteArray("\0__stack_chk_fail", 17) + '\0');
    return hardening;
}

} // namespace tests
