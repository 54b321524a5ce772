#pragma once

#include "core/net/shortbytes.h"

#include <QByteArrayView>

#include <cstddef>
#include <vector>

namespace core {

//! Bytes that are gathered piece by piece, forgotten, and gathered again in the same memory.
//! Unlike QByteArray it is never shared, so no append has to ask who else holds it.
class ByteBuffer
{
public:
    [[nodiscard]] bool isEmpty() const { return m_used == 0; }
    [[nodiscard]] qsizetype size() const { return static_cast<qsizetype>(m_used); }
    //! Valid until the next append().
    [[nodiscard]] QByteArrayView view() const { return {m_bytes.data(), size()}; }
    void clear() { m_used = 0; }
    void append(QByteArrayView bytes)
    {
        if (bytes.isEmpty())
            return;
        const auto count = static_cast<std::size_t>(bytes.size());
        if (m_bytes.size() - m_used < count)
            m_bytes.resize(2 * m_bytes.size() + count);
        copyBytes(m_bytes.data() + m_used, bytes.data(), count);
        m_used += count;
    }

private:
    std::vector<char> m_bytes; //!< The first m_used of them count.
    std::size_t m_used = 0;
};

} // namespace core
