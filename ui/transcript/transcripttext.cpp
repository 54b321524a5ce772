// What can be taken out of the transcript: selected text.
#include "ui/transcript/transcriptview.h"

#include <QApplication>
#include <QClipboard>

namespace ui {

namespace {

//! Visible text between two places of one message; a blank line between blocks, none inside a cut
//! fence or a list. A place may lie beyond its block's end: text that is still being written loses
//! the marks that turn out to be some.
QString textBetween(const MessageItem &item, const TextPosition &from, const TextPosition &to)
{
    QString text;
    for (int block = from.block; block <= to.block && block < item.blocks().size(); ++block) {
        const TextBlock &current = item.blocks()[block];
        const qsizetype size = current.body.text.size();
        const qsizetype begin = block == from.block ? std::min<qsizetype>(from.offset, size) : 0;
        const qsizetype end = block == to.block ? std::min<qsizetype>(to.offset, size) : size;
        if (block > from.block) {
            const bool items = current.listDepth > 0 && item.blocks()[block - 1].listDepth > 0;
            text += current.continued || items ? QStringLiteral("\n") : QStringLiteral("\n\n");
        }
        if (begin == 0 && !current.marker.isEmpty() && end > 0)
            text += QString((std::max(1, current.listDepth) - 1) * 2, u' ') + current.marker + u' ';
        text += current.body.text.sliced(begin, std::max<qsizetype>(0, end - begin));
    }
    return text;
}

} // namespace

QString TranscriptView::plainText(int message, int fromBlock)
{
    MessageItem &each = *m_items[std::size_t(message)];
    each.parse();
    refreshHeight(message);
    if (each.blocks().isEmpty())
        return {};
    const int last = int(each.blocks().size()) - 1;
    return textBetween(each, {message, fromBlock, 0},
                       {message, last, int(each.blocks()[last].body.text.size())});
}

QString TranscriptView::selectedText() const
{
    if (m_selection.isEmpty())
        return {};
    const TextPosition first = m_selection.first();
    const TextPosition last = m_selection.last();
    QStringList texts;
    for (int message = first.message; message <= last.message; ++message) {
        const MessageItem &each = item(message);
        const qsizetype blocks = each.blocks().size();
        const TextPosition begin = message == first.message ? first : TextPosition{message, 0, 0};
        const TextPosition end =
            message == last.message
                ? last
                : TextPosition{message, int(blocks) - 1,
                               blocks == 0 ? 0 : int(each.blocks().back().body.text.size())};
        const bool toEnd =
            message != last.message || (blocks > 0 && end.block == blocks - 1 &&
                                        end.offset >= each.blocks().back().body.text.size());
        const bool whole =
            begin.block == 0 && begin.offset == 0 && toEnd && first.message != last.message;
        texts.append(whole ? each.message().text.trimmed() : textBetween(each, begin, end));
    }
    return texts.join(QStringLiteral("\n\n"));
}

void TranscriptView::selectAll()
{
    if (m_items.empty())
        return;
    MessageItem &last = *m_items.back();
    last.parse();
    refreshHeight(messageCount() - 1);
    const qsizetype blocks = last.blocks().size();
    m_selection.anchor = {0, 0, 0};
    m_selection.cursor = {messageCount() - 1, std::max(0, int(blocks) - 1),
                          blocks == 0 ? 0 : int(last.blocks().back().body.text.size())};
    relayout();
}

void TranscriptView::clearSelection()
{
    m_selection = {};
    viewport()->update();
}

void TranscriptView::copySelection() const
{
    if (hasSelection())
        QApplication::clipboard()->setText(selectedText());
}

} // namespace ui
