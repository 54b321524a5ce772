#pragma once

#include <QtGlobal>

#include <sys/mman.h>

#include <cstddef>
#include <memory>
#include <new>
#include <span>

namespace core {

//! One block for all tables of a vocabulary, in huge pages where the system has them: it hands out
//! a few instead of thousands, each of which costs more than to fill it.
class TableMemory
{
public:
    static constexpr std::size_t LineBytes = 64; //!< A table takes up to a line more than it holds.

    TableMemory() = default;
    explicit TableMemory(std::size_t bytes)
        : m_size((bytes + PageBytes - 1) / PageBytes * PageBytes)
        , m_block(static_cast<std::byte *>(operator new(m_size, Alignment)))
    {
        // As well if it fails. A last page of which less than half is used is not worth its room.
        madvise(m_block.get(), (bytes + PageBytes / 2) / PageBytes * PageBytes, MADV_HUGEPAGE);
    }

    //! A table of \p count times \p value, which lives as long as this.
    template <typename T>
    [[nodiscard]] std::span<T> take(std::size_t count, const T &value)
    {
        auto *const table = reinterpret_cast<T *>(m_block.get() + m_used);
        m_used += (count * sizeof(T) + LineBytes - 1) / LineBytes * LineBytes;
        Q_ASSERT(m_used <= m_size);
        std::uninitialized_fill_n(table, count, value);
        return {table, count};
    }

private:
    static constexpr std::size_t PageBytes = std::size_t{2} << 20U;
    static constexpr std::align_val_t Alignment{PageBytes};
    struct Free
    {
        void operator()(std::byte *block) const { operator delete(block, Alignment); }
    };

    std::size_t m_size = 0, m_used = 0;
    std::unique_ptr<std::byte, Free> m_block;
};

} // namespace core
