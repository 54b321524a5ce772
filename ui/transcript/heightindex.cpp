#include "ui/transcript/heightindex.h"

#include <algorithm>
#include <bit>

namespace ui {

void HeightIndex::clear()
{
    m_heights.clear();
    m_tree.clear();
}

void HeightIndex::append(int height)
{
    m_heights.push_back(height);
    const int row = count();
    m_tree.push_back(top(row) - top(row - (row & -row)));
}

// A node sums only rows before it, so the nodes that stay are right.
void HeightIndex::truncate(int count)
{
    m_heights.resize(std::size_t(count));
    m_tree.resize(std::size_t(count));
}

void HeightIndex::set(int row, int height)
{
    const int change = height - m_heights[std::size_t(row)];
    if (change == 0)
        return;
    m_heights[std::size_t(row)] = height;
    for (int node = row + 1; node <= count(); node += node & -node)
        m_tree[std::size_t(node - 1)] += change;
}

int HeightIndex::top(int row) const
{
    int sum = 0;
    int node = row;
    // While append() runs the newest row has no node yet: take its height itself.
    if (node > int(m_tree.size()))
        sum += m_heights[std::size_t(--node)];
    for (; node > 0; node -= node & -node)
        sum += m_tree[std::size_t(node - 1)];
    return sum;
}

int HeightIndex::rowAt(int offset) const
{
    if (m_heights.empty())
        return -1;
    int row = 0;
    for (auto step = int(std::bit_floor(unsigned(count()))); step > 0; step /= 2) {
        if (row + step <= count() && m_tree[std::size_t(row + step - 1)] <= offset) {
            row += step;
            offset -= m_tree[std::size_t(row - 1)];
        }
    }
    return std::min(row, count() - 1);
}

} // namespace ui
