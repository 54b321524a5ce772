#include "ui/transcript/rendermarkdown.h"

#include "ui/transcript/messageitem.h"

#include <QPainter>

namespace ui {

QImage renderMarkdown(const QString &markdown, const Theme &theme, int width)
{
    TranscriptMessage message;
    message.text = markdown;
    const TranscriptStyle style = TranscriptStyle::of(theme);
    MessageItem item(message);
    item.setGeometry(style, std::max(120, width - 2 * metrics::Margin));
    item.parse();
    for (int part = 0; part < item.partCount(); ++part)
        item.measure(part);
    QImage image(width, std::min(item.height() + metrics::TurnGap, HighestPicture),
                 QImage::Format_RGB32);
    image.fill(style.window);
    QPainter painter(&image);
    for (int part = 0; part < item.partCount(); ++part) {
        const BlockLayout *layout = item.layout(part);
        if (!layout)
            continue;
        BlockMarks marks;
        marks.gapAbove = item.part(part).gap;
        layout->paint(
            painter, QPoint(metrics::Margin, item.partTop(part)) + item.contentOrigin(part), marks);
    }
    return image;
}

QString visibleText(const QString &markdown)
{
    BlockList list(BlockSplitter::Mode::Markdown);
    list.append(markdown);
    QStringList lines;
    for (const TextBlock &block : std::as_const(list.blocks))
        lines.append(block.marker.isEmpty() ? block.body.text
                                            : block.marker + u' ' + block.body.text);
    return lines.join(u'\n');
}

} // namespace ui
