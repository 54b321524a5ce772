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
    for (qsizetype i = from; i < splitter.blocks().size(); ++i) {
        const SourceBlock &source = splitter.blocks()[i];
        starts.append(int(blocks.size()));
        if (source.continued && !blocks.isEmpty() && source.kind != SourceBlock::Kind::Text)
            blocks.back().continues = true;
        blocks += parseSourceBlock(splitter.source(), source, mode);
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
