// How the columns of a table share the width, and where its cells stand.
#include "ui/transcript/blocklayout.h"
#include "ui/transcript/textdirection.h"

#include <QtMath>

#include <algorithm>

namespace ui {

using namespace metrics;

namespace {

constexpr qreal CellWidth = 360; // a wider cell wraps, unless there is room

//! Gives columns that want more the room that is left, in equal shares.
void shareRoom(std::vector<qreal> &widths, const std::vector<qreal> &wanted, qreal room)
{
    for (const qreal each : widths)
        room -= each;
    while (room >= 1) {
        std::vector<std::size_t> hungry;
        for (std::size_t i = 0; i < widths.size(); ++i) {
            if (widths[i] + 1 <= wanted[i])
                hungry.push_back(i);
        }
        if (hungry.empty())
            return;
        const qreal share = room / qreal(hungry.size());
        for (const std::size_t i : hungry) {
            const qreal more = std::min(share, wanted[i] - widths[i]);
            widths[i] += more;
            room -= more;
        }
    }
}

} // namespace

void BlockLayout::layOutTable(int width, BlockLayout *before)
{
    const auto columns = std::size_t(m_block.columns.size());
    std::vector<qreal> widths(columns, 0);
    std::vector<qreal> wanted(columns, 0); // without a wrap
    if (before)
        keepCells(*before);
    const std::size_t kept = m_pieces.size();
    const auto measured = [this](Piece &piece, qreal limit) {
        m_naturalWidth = 0;
        lineUp(piece, limit);
        return qreal(m_naturalWidth - m_left + 1);
    };
    int start = 0;
    std::size_t next = 0;
    for (qsizetype row = 0; row < m_block.rows.size(); ++row) {
        QFont font = m_style.body;
        if (row == 0)
            font.setWeight(QFont::DemiBold);
        for (qsizetype column = 0; column < m_block.rows[row].size(); ++column, ++next) {
            const RichText &cell = m_block.rows[row][column];
            addLinks(cell, start);
            if (next >= kept) {
                Piece &fresh =
                    addPiece(cell, font, start, strongDirection(cell.text) == Qt::RightToLeft);
                if (std::size_t(column) < columns) {
                    fresh.narrowWidth = measured(fresh, CellWidth);
                    if (fresh.layout->lineCount() > 1)
                        fresh.wantedWidth = measured(fresh, width);
                }
            }
            start += int(cell.text.size()) + 1;
            if (std::size_t(column) >= columns)
                continue;
            const Piece &piece = m_pieces[next];
            widths[std::size_t(column)] = std::max(widths[std::size_t(column)], piece.narrowWidth);
            wanted[std::size_t(column)] = std::max(wanted[std::size_t(column)], piece.wantedWidth);
        }
    }
    shareRoom(widths, wanted, width - qreal(columns) * 2 * CellPadding);
    qreal y = 0;
    next = 0;
    bool same = before != nullptr;
    for (const QList<RichText> &row : std::as_const(m_block.rows)) {
        m_rowTops.push_back(y);
        // In its last row stood the caret: that is painted anew, though its text be the same.
        if (same && qsizetype(m_rowTops.size()) <= before->m_block.rows.size())
            m_keptHeight = int(y);
        qreal height = 0;
        qreal x = m_left;
        for (size_t column = 0; column < std::size_t(row.size()); ++column, ++next) {
            Piece &piece = m_pieces[next];
            const qreal cellWidth = column < columns ? widths[column] : 0;
            const QPointF at(x + CellPadding, y + CellPadding - 2);
            const bool stays = next < kept && qFuzzyCompare(piece.width, cellWidth);
            if (!stays)
                lineUp(piece, cellWidth, m_block.columns.value(qsizetype(column), Qt::AlignLeft));
            same = same && stays && piece.at == at;
            piece.at = at;
            height = std::max(height, piece.height);
            x += cellWidth + 2 * CellPadding;
        }
        m_contentWidth = std::max(m_contentWidth, qCeil(x) - m_left);
        y += height + 2 * CellPadding - 4;
    }
    m_rowTops.push_back(y);
    m_naturalWidth = std::min(m_left + width, m_left + m_contentWidth);
    m_height = qCeil(y) + (m_block.continues ? 0 : 2);
}

} // namespace ui
