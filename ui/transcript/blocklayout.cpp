#include "ui/transcript/blocklayout.h"

#include "ui/transcript/textdirection.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>
#include <QtMath>

namespace ui {

using namespace metrics;

namespace {

constexpr qreal CodeLineFactor = 1.4;

//! Lines of one direction that stand below each other.
struct LineRun
{
    qsizetype begin = 0;
    qsizetype end = 0;
    std::optional<Qt::LayoutDirection> direction;
};

//! Each line is a paragraph of its own; one that tells no direction goes with the line above.
QList<LineRun> lineRuns(QStringView text)
{
    QList<LineRun> runs{LineRun()};
    for (qsizetype begin = 0; begin <= text.size();) {
        const qsizetype newline = text.indexOf(u'\n', begin);
        const qsizetype end = newline < 0 ? text.size() : newline;
        const auto direction = strongDirection(text.sliced(begin, end - begin));
        LineRun &last = runs.back();
        if (direction && last.direction && direction != last.direction) {
            runs.append({begin, end, direction});
        } else {
            last.end = end;
            last.direction = last.direction ? last.direction : direction;
        }
        begin = end + 1;
    }
    return runs;
}

QTextCharFormat formatOf(const TextSpan &span, const TranscriptStyle &style)
{
    QTextCharFormat format;
    if (span.flags.testFlag(SpanFlag::Bold))
        format.setFontWeight(QFont::DemiBold);
    if (span.flags.testFlag(SpanFlag::Italic))
        format.setFontItalic(true);
    if (span.flags.testFlag(SpanFlag::Strike))
        format.setFontStrikeOut(true);
    if (span.flags.testFlag(SpanFlag::Code)) {
        format.setFontFamilies(style.mono.families());
        format.setProperty(QTextFormat::FontPixelSize, style.mono.pixelSize());
        format.setBackground(style.code);
    }
    if (span.flags.testFlag(SpanFlag::Link)) {
        format.setForeground(style.accentText);
        format.setFontUnderline(true);
    }
    if (span.flags.testFlag(SpanFlag::Image)) {
        format.setForeground(style.mutedText);
        format.setBackground(style.code);
    }
    return format;
}

} // namespace

BlockLayout::BlockLayout(const TextBlock &block, const TranscriptStyle &style, int width,
                         bool wrapCode, const QList<QTextLayout::FormatRange> &colors,
                         BlockLayout *before)
    : m_block(block)
    , m_style(style)
    , m_colors(colors)
    , m_wrap(wrapCode)
    , m_width(width)
    , m_left(std::min(block.quoteDepth * QuoteIndent + block.listDepth * Indent, width / 2))
{
    if (before && !isLaterOf(*before))
        before = nullptr;
    switch (block.kind) {
    case BlockKind::Paragraph:
    case BlockKind::Heading:
        layOutText(width - m_left, before);
        break;
    case BlockKind::Code:
        layOutCode(width - m_left, before);
        break;
    case BlockKind::Table:
        layOutTable(width - m_left, before);
        break;
    case BlockKind::Rule:
        m_height = 9;
        m_naturalWidth = width;
        break;
    }
}

QFont BlockLayout::fontOf() const
{
    if (m_block.kind == BlockKind::Code)
        return m_style.mono;
    QFont font = m_style.body;
    if (m_block.kind == BlockKind::Heading) {
        static constexpr double factors[] = {1.4, 1.4, 1.25, 1.1, 1.0, 1.0, 1.0};
        font.setPixelSize(qRound(font.pixelSize() * factors[m_block.level]));
        font.setWeight(QFont::DemiBold);
    }
    return font;
}

//! \p start: where \p text stands in the block.
BlockLayout::Piece &BlockLayout::addPiece(const RichText &text, const QFont &font, int start,
                                          bool rightToLeft)
{
    const bool code = m_block.kind == BlockKind::Code;
    QString shown = text.text;
    shown.replace(u'\n', QChar::LineSeparator);
    Piece piece;
    piece.layout = std::make_unique<QTextLayout>(shown, font);
    piece.start = start;
    piece.rightToLeft = rightToLeft;
    QList<QTextLayout::FormatRange> formats;
    for (const TextSpan &span : text.spans)
        formats.append({span.start, span.length, formatOf(span, m_style)});
    for (const QTextLayout::FormatRange &color : std::as_const(m_colors)) {
        if (color.start + color.length > start)
            formats.append({color.start - start, color.length, color.format});
    }
    piece.layout->setFormats(formats);
    QTextOption option;
    option.setTextDirection(rightToLeft ? Qt::RightToLeft : Qt::LeftToRight);
    option.setAlignment(rightToLeft ? Qt::AlignRight : Qt::AlignLeft);
    option.setWrapMode(code && !m_wrap ? QTextOption::NoWrap
                                       : QTextOption::WrapAtWordBoundaryOrAnywhere);
    if (code)
        option.setTabStopDistance(QFontMetricsF(font).horizontalAdvance(u' ') * 4);
    piece.layout->setTextOption(option);
    piece.layout->setCacheEnabled(true);
    m_pieces.push_back(std::move(piece));
    return m_pieces.back();
}

void BlockLayout::addLinks(const RichText &text, int start)
{
    for (const TextSpan &span : text.spans) {
        if (!span.flags.testFlag(SpanFlag::Link))
            continue;
        const bool more = !m_links.isEmpty() && m_links.back().url == span.url &&
                          m_links.back().start + m_links.back().length == start + span.start;
        if (more) // one link of several looks
            m_links.back().length += span.length;
        else
            m_links.append({start + span.start, span.length, {}, span.url});
        m_links.back().text += text.text.sliced(span.start, span.length);
    }
}

//! From one line's top to the next one's.
qreal BlockLayout::pitchOf(const QFont &font) const
{
    const qreal factor = m_block.kind == BlockKind::Code ? CodeLineFactor : LineFactor;
    return qRound(QFontMetricsF(font).height() * factor / 1.2);
}

//! Breaks lines at a fixed pitch, so that a font fallback in one line does not make the text jump.
void BlockLayout::lineUp(Piece &piece, qreal width, Qt::Alignment align)
{
    QTextLayout &layout = *piece.layout;
    const qreal pitch = pitchOf(layout.font());
    QTextOption option = layout.textOption();
    if (align != Qt::Alignment())
        option.setAlignment(align);
    layout.setTextOption(option);
    qreal y = 0;
    layout.beginLayout();
    for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(width);
        const qreal height = std::max(pitch, line.height());
        line.setPosition({0, y + (height - line.height()) / 2});
        y += height;
        m_naturalWidth = std::max(m_naturalWidth, qCeil(line.naturalTextWidth()) + m_left);
    }
    layout.endLayout();
    piece.width = width;
    piece.height = y;
}

//! The whole text from \p at on, below what \p before has of it. Gives the height.
qreal BlockLayout::layOutBody(QPointF at, qreal width, BlockLayout *before)
{
    const RichText &body = m_block.body;
    const bool rightToLeft =
        m_block.kind != BlockKind::Code && strongDirection(body.text) == Qt::RightToLeft;
    const qreal left = rightToLeft ? 0 : at.x();
    qreal y = at.y();
    const int start = before && !rightToLeft ? keepLines(*before, &y, width) : 0;
    Piece &piece = addPiece(start > 0 ? body.part(start, int(body.text.size())) : body, fontOf(),
                            start, rightToLeft);
    piece.at = QPointF(left, y);
    addLinks(body, 0);
    lineUp(piece, width);
    return y + piece.height - at.y();
}

void BlockLayout::layOutText(int width, BlockLayout *before)
{
    if (!m_block.typed) {
        m_height = qCeil(layOutBody(QPointF(m_left, 0), width, before));
        m_mirrored = m_pieces.front().rightToLeft;
        return;
    }
    qreal y = 0;
    for (const LineRun &run : lineRuns(m_block.body.text)) {
        const bool rightToLeft = run.direction == Qt::RightToLeft;
        const RichText text{m_block.body.text.sliced(run.begin, run.end - run.begin), {}};
        Piece &piece = addPiece(text, fontOf(), int(run.begin), rightToLeft);
        piece.at = QPointF(rightToLeft ? 0 : m_left, y);
        lineUp(piece, width);
        y += piece.height;
    }
    m_height = qCeil(y);
}

void BlockLayout::setShownWidth(int width)
{
    for (Piece &piece : m_pieces) {
        if (m_block.typed && piece.rightToLeft)
            piece.at.setX(width - m_width);
    }
}

void BlockLayout::layOutCode(int width, BlockLayout *before)
{
    const int bar = m_block.continued ? 0 : QFontMetrics(m_style.chrome).height() + 10;
    m_head = bar;
    const int padTop = m_block.continued ? 0 : CodePadding - 2;
    const qreal lines = layOutBody(QPointF(m_left + CodePadding, bar + padTop),
                                   m_wrap ? width - 2 * CodePadding : 1e6, before);
    m_contentWidth = m_naturalWidth - m_left;
    m_naturalWidth = std::max(m_naturalWidth + 2 * CodePadding, m_left + 220);
    m_height = bar + padTop + qCeil(lines) + (m_block.continues ? 0 : CodePadding - 2);
}

int BlockLayout::scrollRange() const
{
    if (m_block.kind != BlockKind::Code && m_block.kind != BlockKind::Table)
        return 0;
    const int room = m_width - m_left - (m_block.kind == BlockKind::Code ? 2 * CodePadding : 0);
    return std::max(0, m_contentWidth - room);
}

int BlockLayout::offsetAt(QPointF point, int scroll, bool *onText) const
{
    point.rx() += scroll;
    const Piece *best = nullptr;
    std::pair<qreal, qreal> distance(1e9, 1e9);
    for (const Piece &piece : m_pieces) {
        const QRectF lines = piece.layout->boundingRect();
        const QRectF rect(piece.at.x() + lines.left(), piece.at.y(), lines.width(), piece.height);
        const qreal dx = std::max({rect.left() - point.x(), 0.0, point.x() - rect.right()});
        const qreal dy = std::max({rect.top() - point.y(), 0.0, point.y() - rect.bottom()});
        if (std::pair(dy, dx) <= distance) { // on the edge of two it is the lower one's
            distance = {dy, dx};
            best = &piece;
        }
    }
    if (onText)
        *onText = false;
    if (!best)
        return 0;
    const QPointF local = point - best->at;
    const qreal pitch = pitchOf(best->layout->font());
    qreal bottom = 0;
    for (int i = 0; i < best->layout->lineCount(); ++i) {
        const QTextLine line = best->layout->lineAt(i);
        bottom += std::max(pitch, line.height());
        if (local.y() >= bottom && i + 1 < best->layout->lineCount())
            continue;
        if (onText)
            *onText = local.x() >= line.naturalTextRect().left() &&
                      local.x() <= line.naturalTextRect().right();
        return best->start + line.xToCursor(local.x());
    }
    return best->start;
}

QRectF BlockLayout::caretRect(int offset) const
{
    for (const Piece &piece : m_pieces) {
        const int length = int(piece.layout->text().size());
        if (offset < piece.start || offset > piece.start + length)
            continue;
        const bool endsHere = offset == piece.start + length && &piece != &m_pieces.back();
        if (endsHere && (&piece + 1)->start == offset) // the text goes on in the line below
            continue;
        const QTextLine line = piece.layout->lineForTextPosition(offset - piece.start);
        if (line.isValid())
            return {piece.at.x() + line.cursorToX(offset - piece.start), piece.at.y() + line.y(), 1,
                    line.height()};
    }
    return {qreal(m_left), 0, 1, qreal(m_height)};
}

QList<QRectF> BlockLayout::rangeRects(int start, int length) const
{
    QList<QRectF> rects;
    for (const Piece &piece : m_pieces) {
        for (int i = 0; i < piece.layout->lineCount(); ++i) {
            const QTextLine line = piece.layout->lineAt(i);
            const int from = std::max(start - piece.start, line.textStart());
            const int to =
                std::min(start + length - piece.start, line.textStart() + line.textLength());
            if (from >= to)
                continue;
            const qreal x1 = line.cursorToX(from);
            const qreal x2 = line.cursorToX(to);
            rects.append(QRectF(piece.at.x() + std::min(x1, x2), piece.at.y() + line.y(),
                                std::abs(x2 - x1), line.height()));
        }
    }
    return rects;
}

QRect BlockLayout::copyRect() const
{
    if (m_head == 0)
        return {};
    const int width =
        QFontMetrics(m_style.chrome)
            .horizontalAdvance(QCoreApplication::translate("ui::BlockLayout", "Copy")) +
        16;
    return {m_width - width - 4, 0, width, m_head};
}

QRect BlockLayout::wrapRect() const
{
    if (m_head == 0)
        return {};
    const int width =
        QFontMetrics(m_style.chrome)
            .horizontalAdvance(QCoreApplication::translate("ui::BlockLayout", "Wrap")) +
        16;
    return {copyRect().left() - width, 0, width, m_head};
}

//! The left edge of what stands \p distance from the side where the text begins.
qreal BlockLayout::fromEdge(qreal distance, qreal width) const
{
    return m_mirrored ? m_width - distance - width : distance;
}

void BlockLayout::paintFrame(QPainter &painter, QPointF at, const BlockMarks &marks) const
{
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(m_style.hairline);
    painter.setPen(Qt::NoPen);
    for (int depth = 0; depth < m_block.quoteDepth; ++depth) {
        // The end of the bar above is round.
        const int above = depth < m_block.quotesFromAbove ? marks.gapAbove + 3 : 0;
        const QRectF bar(fromEdge(depth * QuoteIndent, 3), -above, 3, m_height + above);
        painter.drawRoundedRect(bar.translated(at), 1.5, 1.5);
    }
    if (m_block.kind == BlockKind::Rule)
        painter.fillRect(QRectF(at.x() + m_left, at.y() + 4, m_width - m_left, 1),
                         m_style.hairline);
    if (m_block.kind != BlockKind::Code)
        return;
    painter.save();
    const QRectF box(at.x() + m_left + 0.5, at.y() + 0.5, m_width - m_left - 1, m_height - 1);
    // A cut fence is one box: the parts reach over the edge that they share.
    const QRectF whole =
        box.adjusted(0, m_block.continued ? -20 : 0, 0, m_block.continues ? 20 : 0);
    painter.setClipRect(QRectF(at.x(), at.y(), m_width, m_height), Qt::IntersectClip);
    painter.setPen(m_style.hairline);
    painter.setBrush(m_style.code);
    painter.drawRoundedRect(whole, CardRadius, CardRadius);
    if (m_head > 0) {
        painter.drawLine(QPointF(box.left(), at.y() + m_head - 0.5),
                         QPointF(box.right(), at.y() + m_head - 0.5));
        painter.setFont(m_style.chrome);
        painter.setPen(m_style.mutedText);
        const QRectF bar(box.left() + CodePadding, at.y(), box.width() - 2 * CodePadding, m_head);
        painter.drawText(bar, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                         m_block.language);
        painter.setPen(marks.copyHovered ? m_style.text : m_style.mutedText);
        painter.drawText(QRectF(copyRect()).translated(at), Qt::AlignCenter,
                         QCoreApplication::translate("ui::BlockLayout", "Copy"));
        painter.setPen(m_style.mutedText);
        painter.drawText(QRectF(wrapRect()).translated(at), Qt::AlignCenter,
                         QCoreApplication::translate("ui::BlockLayout", "Wrap"));
    }
    painter.restore();
}

void BlockLayout::paintMarker(QPainter &painter, QPointF at) const
{
    const QFont font = m_block.kind == BlockKind::Code ? m_style.body : fontOf();
    const qreal line = qRound(QFontMetricsF(font).height() * LineFactor / 1.2);
    const bool done = m_block.marker.startsWith(u'\u2611');
    if (!done && !m_block.marker.startsWith(u'\u2610')) {
        painter.setFont(font);
        painter.setPen(m_style.text);
        const int wide = 3 * Indent - 7;
        const auto side = static_cast<int>(m_mirrored ? Qt::AlignLeft : Qt::AlignRight);
        painter.drawText(QRectF(fromEdge(m_left - 3 * Indent, wide), 0, wide, line).translated(at),
                         side | static_cast<int>(Qt::AlignVCenter), m_block.marker);
        return;
    }
    // A task's box is drawn: fonts bring a coloured picture of another size and line.
    const qreal side = qRound(font.pixelSize() * 0.9);
    const QRectF box(at.x() + fromEdge(m_left - 7 - side, side) + 0.5,
                     at.y() + qRound((line - side) / 2) + 0.5, side - 1, side - 1);
    painter.setPen(QPen(done ? m_style.accent : m_style.controlBorder, 1));
    painter.setBrush(done ? m_style.accent : m_style.card);
    painter.drawRoundedRect(box, 3, 3);
    if (!done)
        return;
    const auto inside = [&box](qreal x, qreal y) {
        return QPointF(box.left() + x * box.width(), box.top() + y * box.height());
    };
    painter.setPen(QPen(m_style.onAccent, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    painter.drawPolyline(QPolygonF({inside(0.24, 0.52), inside(0.43, 0.72), inside(0.77, 0.3)}));
}

void BlockLayout::paint(QPainter &painter, QPointF at, const BlockMarks &marks) const
{
    painter.save();
    paintFrame(painter, at, marks);
    const bool scrolls = m_block.kind == BlockKind::Code || m_block.kind == BlockKind::Table;
    if (scrolls) {
        const int pad = m_block.kind == BlockKind::Code ? 1 : 0;
        painter.setClipRect(
            QRectF(at.x() + m_left + pad, at.y(), m_width - m_left - 2 * pad, m_height),
            Qt::IntersectClip);
    }
    const QPointF origin = at - QPointF(marks.scroll, 0);
    if (m_block.kind == BlockKind::Table) {
        for (size_t row = 1; row < m_rowTops.size(); ++row)
            painter.fillRect(
                QRectF(origin.x() + m_left, at.y() + m_rowTops[row] - 1, m_contentWidth, 1),
                m_style.hairline);
    }
    for (qsizetype i = 0; i < marks.matches.size(); ++i) {
        for (const QRectF &rect : rangeRects(marks.matches[i].first, marks.matches[i].second))
            painter.fillRect(rect.translated(origin),
                             i == marks.currentMatch ? m_style.accentSoft : m_style.find);
    }
    if (marks.selection.first < marks.selection.second) {
        for (const QRectF &rect :
             rangeRects(marks.selection.first, marks.selection.second - marks.selection.first))
            painter.fillRect(rect.translated(origin), m_style.selection);
    }
    if (!m_block.marker.isEmpty())
        paintMarker(painter, at);
    painter.setPen(m_style.text);
    const QRectF clip = painter.clipBoundingRect();
    for (const Piece &piece : m_pieces)
        piece.layout->draw(&painter, origin + piece.at, {}, clip.isEmpty() ? QRectF() : clip);
    if (marks.focusedLink >= 0 && marks.focusedLink < m_links.size()) {
        const BlockLink &link = m_links[marks.focusedLink];
        painter.setPen(QPen(m_style.accent, 2));
        painter.setBrush(Qt::NoBrush);
        for (const QRectF &rect : rangeRects(link.start, link.length))
            painter.drawRoundedRect(rect.translated(origin).adjusted(-2, -1, 2, 1), 3, 3);
    }
    if (marks.caret) {
        const QRectF rect = caretRect(textLength()).translated(origin);
        painter.fillRect(QRectF(rect.right() + 3, rect.top() + 1, 7, rect.height() - 2),
                         m_style.accent);
    }
    painter.restore();
}

} // namespace ui
