#pragma once

#include <QByteArrayView>
#include <QtEndian>

#include <cstdint>
#include <cstring>

namespace core {

//! Whether \p literal stands at \p at, which may be read up to \p end. Most literals are short, and
//! then a call of memcmp() costs more than it does.
Q_ALWAYS_INLINE bool standsAt(const char *at, const char *end, QByteArrayView literal)
{
    const qsizetype size = literal.size();
    const char *const other = literal.data();
    if (end - at < size)
        return false;
    const auto differ = [&](qsizetype i) {
        return qFromUnaligned<std::uint64_t>(at + i) ^ qFromUnaligned<std::uint64_t>(other + i);
    };
    if (size > 32)
        return std::memcmp(at, other, static_cast<std::size_t>(size)) == 0;
    if (size >= 16)
        return (differ(0) | differ(8) | differ(size - 16) | differ(size - 8)) == 0;
    if (size >= 8)
        return (differ(0) | differ(size - 8)) == 0;
    for (qsizetype i = 0; i < size; ++i) {
        if (at[i] != other[i])
            return false;
    }
    return true;
}

//! Copies \p count bytes; \p to and \p from do not overlap. The words of a stream are short, and
//! then a call of memcpy() costs more than it does.
Q_ALWAYS_INLINE void copyBytes(char *to, const char *from, std::size_t count)
{
    const auto ends = [&](auto piece) { // the first and the last bytes, which may overlap
        std::memcpy(&piece, from, sizeof piece);
        auto last = piece;
        std::memcpy(&last, from + count - sizeof last, sizeof last);
        std::memcpy(to, &piece, sizeof piece);
        std::memcpy(to + count - sizeof last, &last, sizeof last);
    };
    if (count > 16)
        std::memcpy(to, from, count);
    else if (count >= 8)
        ends(std::uint64_t());
    else if (count >= 4)
        ends(std::uint32_t());
    else
        for (std::size_t i = 0; i < count; ++i)
            to[i] = from[i];
}

} // namespace core
