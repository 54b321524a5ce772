#pragma once

#include <cstddef>
#include <vector>

namespace ui {

//! Heights of many rows with sums in O(log n): a Fenwick tree. Pixels.
class HeightIndex
{
public:
    void clear();
    void append(int height);
    void truncate(int count);
    void set(int row, int height);
    [[nodiscard]] int height(int row) const { return m_heights[std::size_t(row)]; }
    [[nodiscard]] int count() const { return int(m_heights.size()); }
    [[nodiscard]] int
    top(int row) const; //!< Sum of the heights before \p row; row == count() gives the total.
    [[nodiscard]] int
    rowAt(int offset) const; //!< The row that holds \p offset, clamped; -1 if there are no rows.

private:
    std::vector<int> m_heights;
    std::vector<int> m_tree; //!< One-based: m_tree[i - 1] sums the rows (i - lowbit(i), i].
};

} // namespace ui
