#include "ui/transcript/blocklist.h"

#include <algorithm>

namespace ui {

int BlockList::append(const QString &delta)
{
    splitter.append(delta);
    const qsizetype from = std::min(splitter.firstChanged(), starts.size());
    const int first = from < starts.size() ? starts[from] : int(blocks.size());
    const bool wentOn = first > 0 && blocks[first - 1].continues;
    blocks.resize(first);
    starts.resize(from);
    const QSet<QString> relinked = links.update(splitter, from);
    for (qsizetype i = from; i < splitter.blocks().size(); ++i) {
        const SourceBlock &source = splitter.blocks()[i];
        starts.append(int(blocks.size()));
        if (source.continued && !blocks.isEmpty() && source.kind != SourceBlock::Kind::Text)
            blocks.back().continues = true;
        blocks += parseSourceBlock(splitter.source(), source, mode, links);
    }
    // A block that was cut just now lost its lower edge.
    const bool cut = first > 0 && blocks[first - 1].continues != wentOn;
    const int changed = cut ? first - 1 : first;
    for (std::size_t i = std::size_t(changed); i < layouts.size(); ++i) {
        if (!layouts[i])
            continue;
        --layoutCount;
        replaced[int(i)] = std::move(layouts[i]);
    }
    replaced.erase(replaced.begin(), replaced.lower_bound(changed));
    replaced.erase(replaced.lower_bound(int(blocks.size())), replaced.end());
    layouts.resize(std::size_t(changed));
    layouts.resize(std::size_t(blocks.size()));
    highlighters.erase(highlighters.lower_bound(int(blocks.size())), highlighters.end());
    return relinked.isEmpty() ? changed : relink(relinked, from, changed);
}

int BlockList::relink(const QSet<QString> &labels, qsizetype count, int unchanged)
{
    int changed = unchanged;
    for (qsizetype i = 0; i < count; ++i) {
        const SourceBlock &source = splitter.blocks()[i];
        const QStringView text =
            QStringView(splitter.source()).sliced(source.begin, source.end - source.begin);
        const bool linkless = source.kind == SourceBlock::Kind::Fence ||
                              source.kind == SourceBlock::Kind::Math ||
                              source.kind == SourceBlock::Kind::Definitions;
        if (linkless || !labelsIn(text).intersects(labels))
            continue;
        // A link changes what a block looks like, but not how many there are.
        const int end = i + 1 < starts.size() ? starts[i + 1] : int(blocks.size());
        int index = starts[i];
        QList<TextBlock> parsed = parseSourceBlock(splitter.source(), source, mode, links);
        for (TextBlock &now : parsed) {
            if (index == end)
                break;
            TextBlock &block = blocks[index];
            if (block.body.text != now.body.text)
                changed = std::min(changed, index);
            now.continues = block.continues;
            block = std::move(now);
            std::unique_ptr<BlockLayout> &layout = layouts[std::size_t(index++)];
            layoutCount -= layout ? 1 : 0;
            layout.reset();
        }
    }
    return changed;
}

QList<QTextLayout::FormatRange> BlockList::colorsOf(int block, const TranscriptStyle &style)
{
    const TextBlock &code = blocks[block];
    std::unique_ptr<CodeHighlighter> &highlighter = highlighters[block];
    if (!highlighter || highlighter->language() != code.language) {
        const auto before = code.continued ? highlighters.find(block - 1) : highlighters.end();
        highlighter = std::make_unique<CodeHighlighter>(
            code.language, style, before == highlighters.end() ? nullptr : before->second.get());
    }
    return highlighter->colors(code.body.text);
}

void BlockList::dropLayouts()
{
    highlighters.clear();
    replaced.clear();
    if (layoutCount == 0)
        return;
    for (auto &layout : layouts)
        layout.reset();
    layoutCount = 0;
}

} // namespace ui
