// How text that is still being written keeps its lines: what stands above the last one does not
// change with a token, and is neither laid out nor painted again.
#include "ui/transcript/blocklayout.h"

#include <QtMath>

#include <algorithm>

namespace ui {

namespace {

//! Whether the line that begins at \p at of \p layout begins there whatever comes behind the first
//! \p length characters: its first character is whole. (Emoji of several become narrower with
//! their last one, and may go up to the line above then.)
bool isSettled(const QTextLayout &layout, int at, int length)
{
    const bool isBroken = at > 0 && layout.text().at(at - 1) == QChar::LineSeparator;
    return isBroken ? at <= length : layout.nextCursorPosition(at) < length;
}

//! Lines with text from right to left depend on each other.
bool isLeftToRight(QStringView text)
{
    return std::all_of(text.begin(), text.end(), [](QChar c) {
        switch (c.direction()) {
        case QChar::DirR:
        case QChar::DirAL:
        case QChar::DirAN:
        case QChar::DirLRE:
        case QChar::DirLRO:
        case QChar::DirRLE:
        case QChar::DirRLO:
        case QChar::DirPDF:
        case QChar::DirLRI:
        case QChar::DirRLI:
        case QChar::DirFSI:
        case QChar::DirPDI:
            return false;
        default:
            return true;
        }
    });
}

//! Where \p one and \p other begin to differ, at most \p length.
template <typename Range>
int sameUpTo(const QList<Range> &one, const QList<Range> &other, int length)
{
    const auto [first, second] = std::mismatch(one.begin(), one.end(), other.begin(), other.end());
    if (first != one.end())
        length = std::min(length, first->start);
    if (second != other.end())
        length = std::min(length, second->start);
    return length;
}

//! A blank at a line's end has no look of its own where the text goes on.
void hideBlankAtEnd(QTextLayout &layout)
{
    QList<QTextLayout::FormatRange> formats = layout.formats();
    const int end = int(layout.text().size());
    if (!layout.text().endsWith(u' ') || formats.isEmpty() ||
        formats.back().start + formats.back().length < end)
        return;
    --formats.back().length;
    QTextCharFormat blank = formats.back().format;
    blank.clearBackground();
    blank.setFontUnderline(false);
    blank.setFontStrikeOut(false);
    formats.append({end - 1, 1, blank});
    layout.setFormats(formats);
}

} // namespace

//! Whether this can be \p before with more text.
bool BlockLayout::isLaterOf(const BlockLayout &before) const
{
    const TextBlock &one = m_block;
    const TextBlock &other = before.m_block;
    return one.kind == other.kind && one.level == other.level &&
           one.quoteDepth == other.quoteDepth && one.quotesFromAbove == other.quotesFromAbove &&
           one.listDepth == other.listDepth && one.marker == other.marker &&
           one.columns == other.columns && one.language == other.language && !one.typed &&
           !other.typed && one.continued == other.continued && m_width == before.m_width &&
           m_wrap == before.m_wrap && !before.m_mirrored;
}

//! How much of the text, from its beginning on, looks as it does in \p before.
int BlockLayout::sameLength(const BlockLayout &before) const
{
    const RichText &body = m_block.body;
    const RichText &other = before.m_block.body;
    const auto end =
        std::mismatch(body.text.begin(), body.text.end(), other.text.begin(), other.text.end())
            .first;
    const int length = sameUpTo(body.spans, other.spans, int(end - body.text.begin()));
    return sameUpTo(m_colors, before.m_colors, length);
}

//! Takes the lines of \p before that are closed and have not changed. Gives how many characters
//! they have, and in \p y where the next line begins.
int BlockLayout::keepLines(BlockLayout &before, qreal *y, qreal width)
{
    const QString &text = m_block.body.text;
    const int same = sameLength(before);
    int kept = 0;
    std::vector<Piece> &pieces = before.m_pieces;
    for (std::size_t i = 0; i + 1 < pieces.size(); ++i) {
        const Piece &below = pieces[i + 1];
        if (below.start > same)
            break;
        const bool isBroken = text.at(below.start - 1) == u'\n';
        if (!isBroken && !isSettled(*below.layout, 0, same - below.start))
            break;
        kept = below.start;
        *y = below.at.y();
        const QTextLayout &layout = *pieces[i].layout;
        for (int line = 0; line < layout.lineCount(); ++line)
            m_naturalWidth =
                std::max(m_naturalWidth, qCeil(layout.lineAt(line).naturalTextWidth()) + m_left);
        m_pieces.push_back(std::move(pieces[i]));
    }
    m_keptHeight = kept > 0 ? qFloor(*y) : 0;
    // Of the piece that was the last one, all lines but the last are closed by now.
    const Piece &open = pieces.back();
    const int lines = open.layout->lineCount() - 1;
    if (open.start != kept || lines < 1)
        return kept;
    const int last = open.layout->lineAt(lines).textStart();
    if (!isSettled(*open.layout, last, same - open.start))
        return kept;
    const int next = open.start + last;
    const RichText closed = m_block.body.part(kept, text.at(next - 1) == u'\n' ? next - 1 : next);
    if (!isLeftToRight(closed.text))
        return kept;
    Piece &piece = addPiece(closed, fontOf(), kept, false);
    piece.at = QPointF(open.at.x(), *y);
    hideBlankAtEnd(*piece.layout);
    lineUp(piece, width);
    if (piece.layout->lineCount() != lines) { // it does depend on what follows
        m_pieces.pop_back();
        return kept;
    }
    *y += piece.height;
    m_keptHeight = qFloor(*y);
    return next;
}

//! Takes the cells of \p before up to the first one that has changed.
void BlockLayout::keepCells(BlockLayout &before)
{
    std::size_t next = 0;
    for (qsizetype row = 0; row < std::min(m_block.rows.size(), before.m_block.rows.size());
         ++row) {
        const QList<RichText> &cells = m_block.rows[row];
        const QList<RichText> &others = before.m_block.rows[row];
        const auto same = static_cast<std::size_t>(
            std::mismatch(cells.begin(), cells.end(), others.begin(), others.end()).first -
            cells.begin());
        for (std::size_t i = 0; i < same; ++i, ++next)
            m_pieces.push_back(std::move(before.m_pieces[next]));
        if (cells.size() != others.size() || same < static_cast<std::size_t>(cells.size()))
            return;
    }
}

} // namespace ui
