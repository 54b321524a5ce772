#pragma once

#include <QFlags>
#include <QList>
#include <QString>

namespace ui {

enum class SpanFlag { Bold = 1, Italic = 2, Strike = 4, Code = 8, Link = 16, Image = 32 };
Q_DECLARE_FLAGS(SpanFlags, SpanFlag)

//! A run of one look within a block's visible text.
struct TextSpan
{
    int start = 0;
    int length = 0;
    SpanFlags flags;
    QString url; //!< Link: the target as written.
    bool operator==(const TextSpan &) const = default;
};

struct RichText
{
    QString text;
    QList<TextSpan> spans;
    bool operator==(const RichText &) const = default;

    //! From \p begin up to \p end.
    [[nodiscard]] RichText part(int begin, int end) const;
};

enum class BlockKind { Paragraph, Heading, Code, Table, Rule };

//! One block as it is laid out: flat, nesting is told by depths.
struct TextBlock
{
    BlockKind kind = BlockKind::Paragraph;
    int level = 0; //!< Heading: 1 to 6.
    int quoteDepth = 0;
    int quotesFromAbove = 0; //!< So many of them hold the block above as well.
    int listDepth = 0;
    QString marker;              //!< "•", "3.", "☐", "☑"; only on an item's first block.
    RichText body;               //!< Table: all cells, tab between columns, newline between rows.
    QList<QList<RichText>> rows; //!< Table: the first one is the head.
    QList<Qt::Alignment> columns;
    QString language;       //!< Code.
    bool typed = false;     //!< By a person: each line is a paragraph.
    bool continued = false; //!< The block before goes on.
    bool continues = false; //!< The block after goes on with this one.
    bool operator==(const TextBlock &) const = default;
};

} // namespace ui
