#include "ui/transcript/messagechrome.h"

#include "ui/widgets/painting.h"

#include <QFontMetrics>
#include <QPainter>

namespace ui {

using namespace metrics;
using Kind = MessagePart::Kind;

namespace {

constexpr int CardPadding = 12;
constexpr int FilePadding = 10;
constexpr int FileGap = 6;
constexpr int WidestFile = 260;

} // namespace

QString MessageChrome::reasoningText() const
{
    const QString label =
        message.reasoningLabel.isEmpty() ? tr("Reasoning") : message.reasoningLabel;
    return (reasoningOpen ? QStringLiteral("\u25BE  ") : QStringLiteral("\u25B8  ")) + label;
}

QRect MessageChrome::textRect(const QString &text, const QFont &font, int top) const
{
    const int room = width - 2 * CardPadding;
    return {CardPadding, top, room, wrappedHeight(text, font, room)};
}

//! Beside each other from the right, as the text below them stands; rows fill from the left file.
QList<QRect> MessageChrome::fileRects() const
{
    const QFontMetrics font(style.chrome);
    QList<QRect> rects;
    int rowStart = 0;
    const auto alignRow = [&] {
        const int free = rects.isEmpty() ? 0 : width - rects.constLast().right() - 1;
        for (qsizetype i = rowStart; i < rects.size(); ++i)
            rects[i].translate(free, 0);
        rowStart = static_cast<int>(rects.size());
    };
    int left = 0;
    int top = 0;
    for (const QString &file : message.files) {
        const int wanted = font.horizontalAdvance(file) + 2 * FilePadding + 2;
        const QSize size(std::min({wanted, WidestFile, width}), font.height() + 12);
        if (left > 0 && left + size.width() > width) {
            alignRow();
            left = 0;
            top += size.height() + FileGap;
        }
        rects.append(QRect(QPoint(left, top), size));
        left += size.width() + FileGap;
    }
    alignRow();
    return rects;
}

void MessageChrome::paintFiles(QPainter &painter, QPoint at) const
{
    const QFontMetrics font(style.chrome);
    const QList<QRect> rects = fileRects();
    painter.setFont(style.chrome);
    for (qsizetype i = 0; i < rects.size(); ++i) {
        const QRect box = rects[i].translated(at);
        painter.setPen(QPen(style.hairline, 1));
        painter.setBrush(style.card);
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), CardRadius, CardRadius);
        painter.setPen(style.mutedText);
        painter.drawText(
            box.adjusted(FilePadding, 0, -FilePadding, 0), Qt::AlignCenter | Qt::TextSingleLine,
            font.elidedText(message.files[i], Qt::ElideMiddle, box.width() - 2 * FilePadding));
    }
}

int MessageChrome::height(Kind kind) const
{
    const int line = QFontMetrics(style.chrome).height();
    switch (kind) {
    case Kind::Seam:
        return seamHeight();
    case Kind::Files:
        return message.files.isEmpty() ? 0 : fileRects().constLast().bottom() + 1 + FileGap;
    case Kind::Header:
        return line + 2;
    case Kind::ReasoningHead:
        return line + 8;
    case Kind::Error: {
        int sum = CardPadding + textRect(message.error->sentence, style.body, 0).height();
        if (!message.error->detail.isEmpty())
            sum += line + 10 +
                   (detailOpen ? textRect(message.error->detail, style.mono, 0).height() + 4 : 0);
        if (!message.error->actions.isEmpty())
            sum += line + 22;
        return sum + CardPadding;
    }
    default:
        return 0;
    }
}

QList<HotSpot> MessageChrome::errorSpots(int top) const
{
    const QFontMetrics font(style.chrome);
    QList<HotSpot> spots;
    int y = top + CardPadding + textRect(message.error->sentence, style.body, 0).height();
    if (!message.error->detail.isEmpty()) {
        const QString text = detailOpen ? tr("Hide details") : tr("Show details");
        spots.append(
            {HotSpot::Kind::ErrorDetail,
             {},
             text,
             0,
             QRect(CardPadding, y + 4, font.horizontalAdvance(text) + 4, font.height() + 4)});
        y += font.height() + 10 +
             (detailOpen ? textRect(message.error->detail, style.mono, 0).height() + 4 : 0);
    }
    int x = CardPadding;
    for (const MessageAction &action : message.error->actions) {
        const int wide = font.horizontalAdvance(action.text) + 24;
        spots.append({HotSpot::Kind::Action, action.id, action.text, 0,
                      QRect(x, y + 10, wide, font.height() + 12)});
        x += wide + 8;
    }
    return spots;
}

QList<HotSpot> MessageChrome::spots(Kind kind, int top) const
{
    if (kind == Kind::Error)
        return errorSpots(top);
    if (kind == Kind::ReasoningHead) {
        const QString text = reasoningText();
        return {
            {HotSpot::Kind::Reasoning,
             {},
             text,
             0,
             QRect(0, top, QFontMetrics(style.chrome).horizontalAdvance(text) + 8, height(kind))}};
    }
    return {};
}

int MessageChrome::seamHeight() const
{
    return QFontMetrics(style.chrome).height() + 16;
}

void MessageChrome::paintSeam(QPainter &painter, const QString &words, QPoint at) const
{
    const QFontMetrics font(style.chrome);
    const QRect box(at, QSize(width, seamHeight()));
    const QString text = font.elidedText(words, Qt::ElideMiddle, width - 48);
    const int side = (width - font.horizontalAdvance(text) - 24) / 2;
    painter.save();
    painter.setFont(style.chrome);
    painter.setPen(style.mutedText);
    painter.drawText(box, Qt::AlignCenter | Qt::TextSingleLine, text);
    painter.fillRect(QRect(box.left(), box.center().y(), side, 1), style.hairline);
    painter.fillRect(QRect(box.right() + 1 - side, box.center().y(), side, 1), style.hairline);
    painter.restore();
}

void MessageChrome::paint(QPainter &painter, Kind kind, QPoint at, const HotSpot *hovered) const
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(style.chrome);
    painter.setPen(style.mutedText);
    const QRect box(at, QSize(width, height(kind)));
    if (kind == Kind::Seam) {
        paintSeam(painter, message.seam, at);
    } else if (kind == Kind::Header) {
        int x = at.x();
        if (message.header.dot.isValid()) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(message.header.dot);
            painter.drawEllipse(QRectF(x, box.center().y() - 3.5, 8, 8));
            painter.setPen(style.mutedText);
            x += 15;
        }
        QString text = message.header.text;
        if (message.simulated)
            text += QStringLiteral(" \u00B7 ") + tr("simulated");
        const QRect room(x, box.top(), box.right() - x, box.height());
        painter.drawText(room, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                         QFontMetrics(style.chrome).elidedText(text, Qt::ElideRight, room.width()));
    } else if (kind == Kind::ReasoningHead) {
        painter.setPen(hovered ? style.text : style.mutedText);
        painter.drawText(box, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                         reasoningText());
    } else if (kind == Kind::Files) {
        paintFiles(painter, at);
    } else if (kind == Kind::Error) {
        paintError(painter, at, hovered);
    }
    painter.restore();
}

void MessageChrome::paintError(QPainter &painter, QPoint at, const HotSpot *hovered) const
{
    const QRectF box(at.x() + 0.5, at.y() + 0.5, width - 1, height(Kind::Error) - 1);
    painter.setPen(Qt::NoPen);
    painter.setBrush(style.errorSoft);
    painter.drawRoundedRect(box, CardRadius + 4, CardRadius + 4);
    painter.setFont(style.body);
    painter.setPen(style.error);
    paintWrapped(painter, textRect(message.error->sentence, style.body, CardPadding).translated(at),
                 message.error->sentence);
    for (const HotSpot &spot : errorSpots(0)) {
        const QRect rect = spot.rect.translated(at);
        const bool hot = hovered && hovered->kind == spot.kind && hovered->id == spot.id;
        painter.setFont(style.chrome);
        if (spot.kind == HotSpot::Kind::ErrorDetail) {
            painter.setPen(hot ? style.text : style.mutedText);
            painter.drawText(rect, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                             spot.text);
            if (detailOpen) {
                painter.setFont(style.mono);
                painter.setPen(style.text);
                paintWrapped(painter,
                             textRect(message.error->detail, style.mono, spot.rect.bottom() + 4)
                                 .translated(at),
                             message.error->detail);
            }
            continue;
        }
        painter.setPen(hot ? style.text : style.controlBorder);
        painter.setBrush(style.card);
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
        painter.setPen(style.text);
        painter.drawText(rect, Qt::AlignCenter | Qt::TextSingleLine, spot.text);
    }
}

} // namespace ui
