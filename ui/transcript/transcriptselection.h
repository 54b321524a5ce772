#pragma once

#include <compare>
#include <utility>

namespace ui {

//! A place in the text: message, block within its content, UTF-16 offset within the block's visible
//! text.
struct TextPosition
{
    int message = -1;
    int block = 0;
    int offset = 0;
    auto operator<=>(const TextPosition &) const = default;
};

//! A run of visible text inside one block.
struct TextRange
{
    TextPosition start;
    int length = 0;
};

//! From where the reader began to where they are; in either direction.
struct Selection
{
    TextPosition anchor;
    TextPosition cursor;

    [[nodiscard]] bool isEmpty() const { return anchor.message < 0 || anchor == cursor; }
    [[nodiscard]] TextPosition first() const { return anchor < cursor ? anchor : cursor; }
    [[nodiscard]] TextPosition last() const { return anchor < cursor ? cursor : anchor; }
    //! The selected offsets of one block, [from, to); equal if there are none.
    [[nodiscard]] std::pair<int, int> within(int message, int block, int blockLength) const
    {
        if (isEmpty())
            return {0, 0};
        const TextPosition begin{message, block, 0};
        const TextPosition end{message, block, blockLength};
        if (last() < begin || end < first())
            return {0, 0};
        return {first() < begin ? 0 : first().offset, end < last() ? blockLength : last().offset};
    }
};

} // namespace ui
