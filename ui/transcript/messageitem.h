#pragma once

#include "ui/transcript/blocklist.h"
#include "ui/transcript/heightindex.h"
#include "ui/transcript/messagefooter.h"
#include "ui/transcript/messagepart.h"
#include "ui/transcript/transcriptmessage.h"

#include <QRect>

#include <map>
#include <optional>
#include <set>
#include <vector>

namespace ui {

struct MessageChrome;

//! One message on the screen. Parses its text when it is first asked for parts; until then its
//! height is an estimate.
class MessageItem
{
public:
    explicit MessageItem(TranscriptMessage message);

    [[nodiscard]] const TranscriptMessage &message() const { return m_message; }
    //! Both give the first part that may look or stand otherwise now; 0 before parsing.
    int appendText(const QString &delta);
    int appendReasoning(const QString &delta);
    void refreshChrome(); //!< After a change of header, footer, error or state.
    void setSeams(const QList<TextSeam> &seams);
    TranscriptMessage &mutableMessage() { return m_message; }

    void setGeometry(const TranscriptStyle &style,
                     int width); //!< Forgets layouts; heights stay as estimates.
    [[nodiscard]] int height() const;
    [[nodiscard]] bool isParsed() const { return m_parsed; }
    void parse();
    bool measure(int part); //!< Lays out if needed; true if the height changed. Parses.
    void dropLayouts();     //!< Heights stay.
    [[nodiscard]] int layoutCount() const
    {
        return m_content.layoutCount + m_reasoning.layoutCount;
    }

    [[nodiscard]] int partCount() const { return int(m_parts.size()); }
    [[nodiscard]] const MessagePart &part(int index) const { return m_parts[std::size_t(index)]; }
    [[nodiscard]] int partTop(int index) const;
    //! Of a part whose text grew: the first pixel row that may look otherwise than before.
    [[nodiscard]] int changedFrom(int index) const;
    [[nodiscard]] int partAt(int offset) const;
    [[nodiscard]] int tailPart() const; //!< The first below the content; 0 before parsing.
    [[nodiscard]] int partOfBlock(int block) const;
    [[nodiscard]] const QList<TextBlock> &blocks() const { return m_content.blocks; }
    [[nodiscard]] const BlockLayout *layout(int part) const;
    [[nodiscard]] QPoint
    contentOrigin(int part) const;            //!< Of the block's layout, from the part's top left.
    [[nodiscard]] QRect bubble() const;       //!< User: from the message's top left; else null.
    [[nodiscard]] int scroll(int part) const; //!< Sideways, pixels.
    bool scrollSideways(int part, int pixels);
    [[nodiscard]] QList<HotSpot> spots(int part) const;
    void toggle(const HotSpot &spot, int part);   //!< Reasoning, error detail, code wrap.
    [[nodiscard]] QString codeOf(int part) const; //!< Source of the fence that the part belongs to.
    void paintChrome(QPainter &painter, int part, QPoint at, const HotSpot *hovered) const;
    void paintSeam(QPainter &painter, int part, QPoint at) const; //!< If one stands above it.
    [[nodiscard]] bool reasoningOpen() const { return m_reasoningOpen; }

private:
    void buildParts(int contentFrom);
    void growParts(int contentFrom);
    void addPart(const MessagePart &part);
    void addChrome(MessagePart::Kind kind, int gap);
    void addTail();
    void addBlocks(MessagePart::Kind kind, const QList<TextBlock> &blocks, int from);
    [[nodiscard]] int estimate(const TextBlock &block, bool user) const;
    [[nodiscard]] int contentWidth() const;
    [[nodiscard]] int chromeHeight(const MessagePart &part) const;
    [[nodiscard]] int seamAbove(int block) const;
    [[nodiscard]] MessageChrome chrome() const;
    [[nodiscard]] const MessageFooter &footer() const;
    //! A fence or table that was cut: its text, and the first block of it.
    using Group = std::pair<MessagePart::Kind, int>;
    [[nodiscard]] Group groupOf(const MessagePart &part) const;
    [[nodiscard]] bool wraps(const MessagePart &part) const;

    TranscriptMessage m_message;
    BlockList m_content;
    BlockList m_reasoning{BlockSplitter::Mode::Markdown};
    std::vector<MessagePart> m_parts;
    HeightIndex m_heights;  //!< Of the parts.
    int m_contentStart = 0; //!< The first content part.
    TranscriptStyle m_style;
    int m_width = 0;
    int m_bubbleWidth = 0;
    mutable std::optional<MessageFooter> m_footer; //!< Laid out when it is first asked for.
    bool m_parsed = false;
    bool m_reasoningOpen = false;
    bool m_detailOpen = false;
    std::map<Group, int> m_scrolls;
    std::set<Group> m_wraps;
};

} // namespace ui
