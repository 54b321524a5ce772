#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

#include <cstdint>
#include <cstdlib>

//! Holds or the input is a finding.
#define REQUIRE(condition)                                                                         \
    do {                                                                                           \
        if (!(condition))                                                                          \
            std::abort();                                                                          \
    } while (false)

namespace fuzz {

//! One input: its first two bytes seed the choices, the rest is what is parsed.
class Input
{
public:
    Input(const std::uint8_t *data, std::size_t size)
        : m_bytes(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size))
    {
        for (int i = 0; i < 2 && !m_bytes.isEmpty(); ++i) {
            m_state = m_state * 257 + static_cast<std::uint8_t>(m_bytes.at(0));
            m_bytes = m_bytes.sliced(1);
        }
    }

    [[nodiscard]] QByteArrayView bytes() const { return m_bytes; }
    [[nodiscard]] QByteArray copy() const { return m_bytes.toByteArray(); }

    //! 0 to \p most, inclusive.
    [[nodiscard]] qsizetype choose(qsizetype most)
    {
        m_state = m_state * 6364136223846793005ULL + 1442695040888963407ULL;
        return static_cast<qsizetype>((m_state >> 33U) % static_cast<std::uint64_t>(most + 1));
    }

    //! The bytes in pieces of 1 to 32: as a network may hand them over.
    [[nodiscard]] QList<QByteArrayView> pieces()
    {
        QList<QByteArrayView> pieces;
        for (qsizetype at = 0; at < m_bytes.size();) {
            const qsizetype length = std::min<qsizetype>(1 + choose(31), m_bytes.size() - at);
            pieces.append(m_bytes.sliced(at, length));
            at += length;
        }
        return pieces;
    }

private:
    QByteArrayView m_bytes;
    std::uint64_t m_state = 1;
};

} // namespace fuzz
