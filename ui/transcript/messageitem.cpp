#include "ui/transcript/messageitem.h"

#include "ui/transcript/messagechrome.h"

#include <QFontMetrics>

#include <algorithm>

namespace ui {

using namespace metrics;

namespace {

int gapBefore(const TextBlock *previous, const TextBlock &block)
{
    if (!previous || block.continued)
        return 0;
    if (block.kind == BlockKind::Heading)
        return BlockGap + 8;
    const bool items = previous->listDepth > 0 && block.listDepth > 0;
    const bool plain = previous->kind != BlockKind::Code && block.kind != BlockKind::Code;
    return items && plain ? ItemGap : BlockGap;
}

bool isBlockPart(const MessagePart &part)
{
    return part.kind == MessagePart::Kind::Content || part.kind == MessagePart::Kind::Reasoning;
}

} // namespace

MessageItem::MessageItem(TranscriptMessage message)
    : m_message(std::move(message))
    , m_content(m_message.role == MessageRole::User ? BlockSplitter::Mode::Plain
                                                    : BlockSplitter::Mode::Markdown)
{
}

int MessageItem::appendText(const QString &delta)
{
    m_message.text += delta;
    if (!m_parsed)
        return 0;
    const int block = m_content.append(delta);
    growParts(block);
    return m_contentStart + block;
}

int MessageItem::appendReasoning(const QString &delta)
{
    m_message.reasoning += delta;
    if (!m_parsed)
        return 0;
    m_reasoning.append(delta);
    buildParts(int(m_content.blocks.size()));
    return 0; // its head may be new, and moves all that stands below
}

int MessageItem::tailPart() const
{
    return m_parsed ? m_contentStart + int(m_content.blocks.size()) : 0;
}

void MessageItem::setSeams(const QList<TextSeam> &seams)
{
    m_message.seams = seams;
    if (m_parsed)
        buildParts(0); // they stand in the gaps
}

void MessageItem::refreshChrome()
{
    m_footer.reset();
    if (m_parsed)
        buildParts(int(m_content.blocks.size()));
}

void MessageItem::parse()
{
    if (m_parsed)
        return;
    m_parsed = true;
    m_content.append(m_message.text);
    if (!m_message.reasoning.isEmpty())
        m_reasoning.append(m_message.reasoning);
    buildParts(0);
}

void MessageItem::setGeometry(const TranscriptStyle &style, int width)
{
    m_style = style;
    m_width = width;
    m_bubbleWidth = 0;
    m_footer.reset();
    dropLayouts();
    for (int i = 0; i < partCount(); ++i) {
        MessagePart &part = m_parts[std::size_t(i)];
        part.measured = !isBlockPart(part);
        if (!part.measured)
            continue;
        part.height = part.gap + chromeHeight(part); // cheap, and files and errors wrap
        m_heights.set(i, part.height);
    }
}

void MessageItem::dropLayouts()
{
    m_content.dropLayouts();
    m_reasoning.dropLayouts();
}

//! Content parts before \p contentFrom keep what was measured; all others are made anew.
void MessageItem::buildParts(int contentFrom)
{
    std::vector<MessagePart> kept;
    for (const MessagePart &part : m_parts) {
        if (part.kind == MessagePart::Kind::Content && part.block < contentFrom)
            kept.push_back(part);
    }
    m_parts.clear();
    m_heights.clear();
    const bool user = m_message.role == MessageRole::User;
    using Kind = MessagePart::Kind;
    addChrome(Kind::Space, TurnGap);
    if (!m_message.seam.isEmpty())
        addChrome(Kind::Seam, 0);
    if (!m_message.files.isEmpty())
        addChrome(Kind::Files, 0);
    if (!user && !m_message.header.text.isEmpty())
        addChrome(Kind::Header, 0);
    if (!m_message.reasoning.isEmpty()) {
        addChrome(Kind::ReasoningHead, 4);
        if (m_reasoningOpen)
            addBlocks(Kind::Reasoning, m_reasoning.blocks, 0);
    }
    m_contentStart = int(m_parts.size());
    for (const MessagePart &part : kept)
        addPart(part);
    addBlocks(Kind::Content, m_content.blocks, int(kept.size()));
    addTail();
}

//! Text came at the end: what stands above the first changed block is left alone, and so is what
//! stands below the text, so that a token costs the same at any length.
void MessageItem::growParts(int contentFrom)
{
    std::vector<MessagePart> below;
    for (const MessagePart &part : m_parts) {
        if (part.kind == MessagePart::Kind::Error || part.kind == MessagePart::Kind::Footer)
            below.push_back(part);
    }
    m_parts.resize(std::size_t(m_contentStart + contentFrom));
    m_heights.truncate(m_contentStart + contentFrom);
    addBlocks(MessagePart::Kind::Content, m_content.blocks, contentFrom);
    if (m_content.blocks.isEmpty())
        return addTail();
    for (const MessagePart &part : below)
        addPart(part);
}

void MessageItem::addPart(const MessagePart &part)
{
    m_parts.push_back(part);
    m_heights.append(part.height);
}

void MessageItem::addChrome(MessagePart::Kind kind, int gap)
{
    MessagePart part;
    part.kind = kind;
    part.gap = gap;
    part.measured = true;
    part.height = gap + chromeHeight(part);
    addPart(part);
}

void MessageItem::addTail()
{
    using Kind = MessagePart::Kind;
    const bool user = m_message.role == MessageRole::User;
    if (!user && m_content.blocks.isEmpty() && m_message.state == MessageState::Streaming) {
        MessagePart part;
        part.gap = QFontMetrics(m_style.body).height();
        part.height = part.gap;
        part.measured = true;
        addPart(part);
    }
    if (m_message.error)
        addChrome(Kind::Error, BlockGap);
    if (!m_message.footer.isEmpty() || !m_message.actions.isEmpty() || m_message.version.count > 1)
        addChrome(Kind::Footer, user ? 2 : 8);
}

void MessageItem::addBlocks(MessagePart::Kind kind, const QList<TextBlock> &blocks, int from)
{
    const bool user = m_message.role == MessageRole::User;
    for (int i = from; i < blocks.size(); ++i) {
        MessagePart part;
        part.kind = kind;
        part.block = i;
        part.seam = kind == MessagePart::Kind::Content ? seamAbove(i) : -1;
        part.gap = i == 0 ? (user ? BubblePadding - 2 : 6) : gapBefore(&blocks[i - 1], blocks[i]);
        if (part.seam >= 0)
            part.gap += chrome().seamHeight();
        part.height = part.gap + estimate(blocks[i], user);
        if (user && i + 1 == blocks.size())
            part.height += BubblePadding - 2;
        addPart(part);
    }
}

//! The block that holds the first visible character of what came after the seam.
int MessageItem::seamAbove(int block) const
{
    const QList<SourceBlock> &sources = m_content.splitter.blocks();
    const QString &source = m_content.splitter.source();
    for (int i = 0; i < m_message.seams.size(); ++i) {
        qsizetype first = m_message.seams.at(i).at;
        while (first < source.size() && source.at(first).isSpace())
            ++first;
        if (first >= source.size())
            return -1;
        const auto after = std::upper_bound(
            sources.begin(), sources.end(), first,
            [](qsizetype offset, const SourceBlock &each) { return offset < each.begin; });
        const qsizetype of = std::max<qsizetype>(0, after - sources.begin() - 1);
        if (of < m_content.starts.size() && m_content.starts.at(of) == block)
            return i;
    }
    return -1;
}

MessageChrome MessageItem::chrome() const
{
    return {m_message, m_style, m_width, m_reasoningOpen, m_detailOpen};
}

const MessageFooter &MessageItem::footer() const
{
    if (!m_footer)
        m_footer.emplace(m_message, m_style, m_width);
    return *m_footer;
}

int MessageItem::estimate(const TextBlock &block, bool user) const
{
    const int line = std::max(1, qRound(m_style.body.pixelSize() * 1.53));
    const qsizetype perLine =
        std::max(10, contentWidth() / std::max(1, m_style.body.pixelSize() / 2));
    if (block.kind == BlockKind::Code)
        return int(block.body.text.count(u'\n') + 1) * qRound(m_style.mono.pixelSize() * 1.5) +
               (block.continued ? 0 : 44);
    if (block.kind == BlockKind::Table)
        return int(block.rows.size()) * (line + 12);
    return int(block.body.text.size() / perLine + 1) * line + (user ? 4 : 0);
}

int MessageItem::height() const
{
    if (m_parsed)
        return m_heights.top(m_heights.count());
    // Not parsed: a guess by length alone; right enough for the scroll bar.
    const int size = std::max(8, m_style.body.pixelSize());
    const qsizetype perLine = std::max(10, contentWidth() * 2 / size);
    const qsizetype lines = m_message.text.size() / perLine + m_message.text.count(u'\n') + 1;
    return TurnGap + int(lines) * size * 3 / 2 + (m_message.role == MessageRole::User ? 24 : 60);
}

int MessageItem::contentWidth() const
{
    if (m_message.role != MessageRole::User)
        return m_width;
    const int widest = m_width < NarrowColumn ? m_width * 92 / 100 : m_width * 72 / 100;
    return std::max(40, widest - 2 * BubblePadding);
}

bool MessageItem::measure(int index)
{
    MessagePart &part = m_parts[std::size_t(index)];
    if (!isBlockPart(part))
        return false;
    BlockList &list = part.kind == MessagePart::Kind::Content ? m_content : m_reasoning;
    auto &layout = list.layouts[std::size_t(part.block)];
    if (!layout) {
        const TextBlock &block = list.blocks[part.block];
        const bool inset = part.kind == MessagePart::Kind::Reasoning;
        TranscriptStyle style = m_style;
        if (inset)
            style.text = m_style.mutedText;
        const auto before = list.replaced.extract(part.block);
        layout = std::make_unique<BlockLayout>(
            block, style, contentWidth() - (inset ? QuoteIndent : 0), wraps(part),
            block.kind == BlockKind::Code ? list.colorsOf(part.block, style)
                                          : QList<QTextLayout::FormatRange>(),
            before ? before.mapped().get() : nullptr);
        ++list.layoutCount;
    }
    const bool user = m_message.role == MessageRole::User;
    if (user) {
        // Code stands in a frame as wide as it may be.
        const int wide = list.blocks[part.block].kind == BlockKind::Code
                             ? contentWidth()
                             : std::min(contentWidth(), layout->naturalWidth());
        const int before =
            std::exchange(m_bubbleWidth, std::max(m_bubbleWidth, wide + 2 * BubblePadding));
        layout->setShownWidth(m_bubbleWidth - 2 * BubblePadding);
        for (const auto &each : list.layouts) {
            if (each && m_bubbleWidth > before)
                each->setShownWidth(m_bubbleWidth - 2 * BubblePadding);
        }
    }
    const bool last = part.block + 1 == list.blocks.size();
    const int height = part.gap + layout->height() + (user && last ? BubblePadding - 2 : 0);
    const bool changed = height != part.height;
    part.height = height;
    part.measured = true;
    if (changed)
        m_heights.set(index, height);
    return changed;
}

int MessageItem::partTop(int index) const
{
    return m_heights.top(std::clamp(index, 0, m_heights.count()));
}

int MessageItem::changedFrom(int index) const
{
    const BlockLayout *block = index < partCount() ? layout(index) : nullptr;
    const int kept = block ? block->keptHeight() : 0;
    return partTop(index) + (kept > 0 ? m_parts[std::size_t(index)].gap + kept : 0);
}

int MessageItem::partAt(int offset) const
{
    return std::max(0, m_heights.rowAt(offset));
}

int MessageItem::partOfBlock(int block) const
{
    return std::min(m_contentStart + block, partCount() - 1);
}

const BlockLayout *MessageItem::layout(int index) const
{
    const MessagePart &part = m_parts[std::size_t(index)];
    if (!isBlockPart(part))
        return nullptr;
    const BlockList &list = part.kind == MessagePart::Kind::Content ? m_content : m_reasoning;
    return list.layouts[std::size_t(part.block)].get();
}

QPoint MessageItem::contentOrigin(int index) const
{
    const MessagePart &part = m_parts[std::size_t(index)];
    if (part.kind == MessagePart::Kind::Reasoning)
        return {QuoteIndent, part.gap};
    return {m_message.role == MessageRole::User ? m_width - m_bubbleWidth + BubblePadding : 0,
            part.gap};
}

QRect MessageItem::bubble() const
{
    if (m_message.role != MessageRole::User || !m_parsed || m_content.blocks.isEmpty())
        return {};
    const int top = partTop(m_contentStart);
    const int bottom = partTop(m_contentStart + int(m_content.blocks.size()));
    return {m_width - m_bubbleWidth, top, m_bubbleWidth, bottom - top};
}

MessageItem::Group MessageItem::groupOf(const MessagePart &part) const
{
    const QList<TextBlock> &blocks =
        part.kind == MessagePart::Kind::Reasoning ? m_reasoning.blocks : m_content.blocks;
    int block = part.block;
    while (block > 0 && block < blocks.size() && blocks[block].continued)
        --block;
    return {part.kind, block};
}

// Both are asked for each part that is seen, and a long fence has many: as a rule there is nothing
// to look up.
bool MessageItem::wraps(const MessagePart &part) const
{
    return !m_wraps.empty() && m_wraps.contains(groupOf(part));
}

int MessageItem::scroll(int part) const
{
    if (m_scrolls.empty())
        return 0;
    const auto found = m_scrolls.find(groupOf(m_parts[std::size_t(part)]));
    return found == m_scrolls.end() ? 0 : found->second;
}

bool MessageItem::scrollSideways(int index, int pixels)
{
    const BlockLayout *block = layout(index);
    if (!block || block->scrollRange() == 0 ||
        m_parts[std::size_t(index)].kind != MessagePart::Kind::Content)
        return false;
    int &scroll = m_scrolls[groupOf(m_parts[std::size_t(index)])];
    const int before = std::exchange(scroll, std::clamp(scroll + pixels, 0, block->scrollRange()));
    return before != scroll;
}

void MessageItem::toggle(const HotSpot &spot, int index)
{
    if (spot.kind == HotSpot::Kind::Reasoning) {
        m_reasoningOpen = !m_reasoningOpen;
    } else if (spot.kind == HotSpot::Kind::ErrorDetail) {
        m_detailOpen = !m_detailOpen;
    } else if (spot.kind == HotSpot::Kind::WrapCode) {
        const Group group = groupOf(m_parts[std::size_t(index)]);
        if (m_wraps.erase(group) == 0)
            m_wraps.insert(group);
        m_scrolls.clear();
        dropLayouts();
    }
    refreshChrome();
}

QString MessageItem::codeOf(int index) const
{
    const MessagePart &part = m_parts[std::size_t(index)];
    const BlockList &list = part.kind == MessagePart::Kind::Content ? m_content : m_reasoning;
    const auto found = std::upper_bound(list.starts.begin(), list.starts.end(), part.block);
    qsizetype source = found - list.starts.begin() - 1;
    const QList<SourceBlock> &sources = list.splitter.blocks();
    const QString &text = list.splitter.source();
    if (source < 0 || sources[source].kind != SourceBlock::Kind::Fence)
        return list.blocks[part.block].body.text;
    QString code = fenceText(text, sources[source]);
    while (++source < sources.size() && sources[source].continued)
        code += u'\n' + fenceText(text, sources[source]);
    return code;
}

int MessageItem::chromeHeight(const MessagePart &part) const
{
    return part.kind == MessagePart::Kind::Footer ? footer().height() : chrome().height(part.kind);
}

QList<HotSpot> MessageItem::spots(int index) const
{
    const MessagePart &part = m_parts[std::size_t(index)];
    if (part.kind == MessagePart::Kind::Footer)
        return footer().spots(part.gap);
    if (!isBlockPart(part))
        return chrome().spots(part.kind, part.gap);
    QList<HotSpot> spots;
    const BlockLayout *block = layout(index);
    if (!block)
        return spots;
    const QPoint origin = contentOrigin(index);
    if (block->headHeight() > 0) {
        spots.append({HotSpot::Kind::WrapCode,
                      {},
                      MessageChrome::tr("Wrap"),
                      0,
                      block->wrapRect().translated(origin)});
        spots.append({HotSpot::Kind::CopyCode,
                      {},
                      MessageChrome::tr("Copy"),
                      0,
                      block->copyRect().translated(origin)});
    }
    for (int i = 0; i < block->links().size(); ++i) {
        const BlockLink &link = block->links()[i];
        for (const QRectF &rect : block->rangeRects(link.start, link.length)) {
            const QRect place =
                rect.toAlignedRect().translated(origin).translated(-scroll(index), 0);
            spots.append({HotSpot::Kind::Link, link.url, link.text, i, place});
            break; // one stop a link; the mouse asks the text itself
        }
    }
    return spots;
}

void MessageItem::paintChrome(QPainter &painter, int index, QPoint at, const HotSpot *hovered) const
{
    const MessagePart &part = m_parts[std::size_t(index)];
    const QPoint top = at + QPoint(0, part.gap);
    if (part.kind == MessagePart::Kind::Footer)
        footer().paint(painter, m_style, top, hovered);
    else
        chrome().paint(painter, part.kind, top, hovered);
}

void MessageItem::paintSeam(QPainter &painter, int index, QPoint at) const
{
    const MessagePart &part = m_parts[std::size_t(index)];
    if (part.seam >= 0 && part.seam < m_message.seams.size())
        chrome().paintSeam(painter, m_message.seams.at(part.seam).text,
                           at + QPoint(0, part.gap - chrome().seamHeight()));
}

} // namespace ui
