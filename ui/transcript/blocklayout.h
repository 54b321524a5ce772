#pragma once

#include "ui/transcript/markdownblocks.h"
#include "ui/transcript/transcriptstyle.h"

#include <QPointF>
#include <QRectF>
#include <QTextLayout>

#include <memory>
#include <vector>

class QPainter;

namespace ui {

//! What is painted on top of a block's own look.
struct BlockMarks
{
    std::pair<int, int> selection{0, 0}; //!< [from, to)
    QList<std::pair<int, int>> matches;  //!< start, length
    int currentMatch = -1;
    int focusedLink = -1;
    int scroll = 0;   //!< Sideways, pixels.
    int gapAbove = 0; //!< A quote goes on over it.
    bool copyHovered = false;
    bool caret = false; //!< The answer goes on after the last character.
};

//! One link within a block.
struct BlockLink
{
    int start = 0;
    int length = 0;
    QString text;
    QString url;
};

//! A block laid out at a width: measures, paints, finds places. Text directions follow each
//! paragraph's first strong character, or each line's of what was typed; code is left-to-right.
//! Holds copies of what it needs.
class BlockLayout
{
public:
    //! \p colors: of code; may be empty. \p before: of the same block when its text was shorter, in
    //! the same style; what has not changed is taken out of it, so that a token costs the line
    //! that it stands in.
    BlockLayout(const TextBlock &block, const TranscriptStyle &style, int width, bool wrapCode,
                const QList<QTextLayout::FormatRange> &colors = {}, BlockLayout *before = nullptr);

    //! Typed text is seen within \p width, at most that of the layout: lines from right to left
    //! end there.
    void setShownWidth(int width);

    [[nodiscard]] int height() const { return m_height; }
    //! What stands above looks as it did in the layout before.
    [[nodiscard]] int keptHeight() const { return m_keptHeight; }
    [[nodiscard]] int naturalWidth() const
    {
        return m_naturalWidth;
    }                                      //!< Width the text really takes.
    [[nodiscard]] int scrollRange() const; //!< How far code or a table goes on at the right.
    [[nodiscard]] int headHeight() const
    {
        return m_head;
    } //!< Code: of the bar with language and Copy.
    [[nodiscard]] int textLength() const { return int(m_block.body.text.size()); }
    [[nodiscard]] const TextBlock &block() const { return m_block; }
    [[nodiscard]] const QList<BlockLink> &links() const { return m_links; }

    [[nodiscard]] int offsetAt(QPointF point, int scroll, bool *onText) const;
    [[nodiscard]] QRectF caretRect(int offset) const; //!< Sideways scroll not taken off.
    [[nodiscard]] QList<QRectF> rangeRects(int start, int length) const;
    [[nodiscard]] QRect copyRect() const; //!< Code: the Copy button.
    [[nodiscard]] QRect wrapRect() const; //!< Code: the Wrap toggle.
    void paint(QPainter &painter, QPointF at, const BlockMarks &marks) const;

private:
    struct Piece
    {
        std::unique_ptr<QTextLayout> layout;
        QPointF at;
        int start = 0;
        bool rightToLeft = false;
        qreal width = -1; //!< Where its lines were broken.
        qreal height = 0; //!< Of those lines.
        // Of a table's cell:
        qreal narrowWidth = 0; //!< What it takes of CellWidth.
        qreal wantedWidth = 0; //!< What it takes of all the room.
    };
    void layOutText(int width, BlockLayout *before);
    void layOutCode(int width, BlockLayout *before);
    void layOutTable(int width, BlockLayout *before);
    [[nodiscard]] qreal layOutBody(QPointF at, qreal width, BlockLayout *before);
    Piece &addPiece(const RichText &text, const QFont &font, int start, bool rightToLeft);
    void addLinks(const RichText &text, int start);
    void lineUp(Piece &piece, qreal width, Qt::Alignment align = Qt::Alignment());

    // How text that grows keeps what was laid out of it:
    [[nodiscard]] bool isLaterOf(const BlockLayout &before) const;
    [[nodiscard]] int sameLength(const BlockLayout &before) const;
    [[nodiscard]] int keepLines(BlockLayout &before, qreal *y, qreal width);
    void keepCells(BlockLayout &before);

    [[nodiscard]] QFont fontOf() const;
    [[nodiscard]] qreal pitchOf(const QFont &font) const;
    [[nodiscard]] qreal fromEdge(qreal distance, qreal width) const;
    void paintMarker(QPainter &painter, QPointF at) const;
    void paintFrame(QPainter &painter, QPointF at, const BlockMarks &marks) const;

    TextBlock m_block;
    TranscriptStyle m_style;
    std::vector<Piece> m_pieces;
    QList<BlockLink> m_links;
    QList<QTextLayout::FormatRange> m_colors;
    std::vector<qreal> m_rowTops;
    bool m_wrap = false; //!< Code.
    int m_width = 0;
    int m_left = 0;          //!< Room for quotes and list markers, where the text begins.
    bool m_mirrored = false; //!< That room is at the right.
    int m_head = 0;
    int m_height = 0;
    int m_keptHeight = 0;
    int m_naturalWidth = 0;
    int m_contentWidth = 0;
};

} // namespace ui
