#pragma once

#include "ui/transcript/blocklayout.h"
#include "ui/transcript/codehighlighter.h"
#include "ui/transcript/markdownblocks.h"

#include <QList>
#include <QTextLayout>

#include <map>
#include <memory>
#include <vector>

namespace ui {

//! Markdown that grows: its source blocks, their visible blocks, and layouts of those that were
//! seen lately.
struct BlockList
{
    explicit BlockList(BlockSplitter::Mode splitMode)
        : splitter(splitMode)
        , mode(splitMode)
    {
    }
    int append(const QString &delta); //!< Gives the first visible block that may have changed.
    //! Reads the first \p count source blocks anew where they have links of \p labels. Gives the
    //! first visible block whose text is another now, else \p unchanged.
    int relink(const QSet<QString> &labels, qsizetype count, int unchanged);

    //! Of a code block; what was read before is kept.
    [[nodiscard]] QList<QTextLayout::FormatRange> colorsOf(int block, const TranscriptStyle &style);
    void dropLayouts();

    BlockSplitter splitter;
    LinkDefinitions links;
    BlockSplitter::Mode mode;
    QList<TextBlock> blocks;
    QList<int> starts; //!< The first visible block of each source block.
    std::vector<std::unique_ptr<BlockLayout>> layouts;
    int layoutCount = 0; //!< Of those that are there.
    //! By block: how it was laid out last, with less text. Its lines go into the next layout.
    std::map<int, std::unique_ptr<BlockLayout>> replaced;
    std::map<int, std::unique_ptr<CodeHighlighter>> highlighters; //!< By block.
};

} // namespace ui
