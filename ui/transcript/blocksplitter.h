#pragma once

#include <QList>
#include <QString>

#include <optional>

namespace ui {

//! A piece of Markdown that can be parsed by itself.
struct SourceBlock
{
    enum class Kind { Text, Fence, Table, ListItem, Math, Definitions };
    Kind kind = Kind::Text;
    qsizetype begin = 0;
    qsizetype end = 0;    //!< Past the last character; the line's end is left out.
    QString language;     //!< Fence: the info string's first word.
    qsizetype indent = 0; //!< Fence: blanks before it, which do not belong to its lines.
    bool ordered = false; //!< ListItem.
    int ordinal = 0;      //!< ListItem: the number to show.
    bool continued =
        false; //!< Goes on with the block before: a long fence, table or paragraph was cut.
    qsizetype headBegin = 0; //!< Table: its head line, also when continued.
    bool operator==(const SourceBlock &) const = default;
};

//! Cuts Markdown into blocks line by line while it arrives. The blocks depend on the text alone,
//! not on how it was cut into deltas. A delta changes at most the blocks from firstChanged() on,
//! whose number is bounded: long paragraphs, fences and tables are cut, so that the cost of a delta
//! does not grow with the text.
class BlockSplitter
{
public:
    enum class Mode {
        Markdown,
        Plain
    }; //!< Plain: paragraphs and fences only; for what a person typed.
    explicit BlockSplitter(Mode mode = Mode::Markdown)
        : m_mode(mode)
    {
    }

    void append(QStringView delta);
    [[nodiscard]] const QString &source() const { return m_source; }
    [[nodiscard]] const QList<SourceBlock> &blocks() const { return m_blocks; }
    [[nodiscard]] qsizetype firstChanged() const
    {
        return m_firstChanged;
    } //!< By the last append().

private:
    enum class Open { None, Paragraph, Fence, List, Quote, Table, Indented, Math, Definitions };
    struct State
    {
        Open open = Open::None;
        QChar fenceMark;
        qsizetype fenceLength = 0;
        qsizetype contentIndent = 0;
        QChar listMark;
        int ordinal = 0;
        int lines = 0;
        bool blank = false;      //!< A blank line came since the last one of the item.
        bool innerFence = false; //!< Inside the item or quote.
        bool midLine = false;    //!< The paragraph was cut within this line.
        qsizetype lastLine = 0;  //!< Where the paragraph's last line begins.
        QString mathEnd;
    };
    void keepState();
    void takeLine(qsizetype begin, qsizetype end);
    bool continueOpen(QStringView line, qsizetype begin, qsizetype end);
    bool continueParagraph(QStringView line, qsizetype begin, qsizetype end);
    bool continueList(QStringView line, qsizetype begin, qsizetype end);
    bool continueFence(QStringView line, qsizetype begin, qsizetype end);
    void openBlock(QStringView line, qsizetype begin, qsizetype end);
    bool openListItem(QStringView line, qsizetype begin, qsizetype end);
    void followInnerFence(QStringView text);
    void start(Open open, SourceBlock::Kind kind, qsizetype begin, qsizetype end);
    [[nodiscard]] bool startsBlock(QStringView line) const;
    [[nodiscard]] qsizetype softCut(qsizetype begin, qsizetype end) const;

    Mode m_mode;
    QString m_source;
    QList<SourceBlock> m_blocks;
    State m_state;
    qsizetype m_lineBegin = 0; //!< Of the line that is not yet complete.
    qsizetype m_firstChanged = 0;
    State m_savedState; //!< As it was before that line.
    qsizetype m_savedCount = 0;
    SourceBlock m_savedLast;
};

//! "[label]: address", both as written.
struct LinkDefinition
{
    QString label;
    QString address;
};

//! Of a web or mail address alone: CommonMark takes any word for one, but "[Note]: done" is text.
[[nodiscard]] std::optional<LinkDefinition> linkDefinition(QStringView line);

//! Whether \p line is a table's delimiter row; one dash a cell is enough.
[[nodiscard]] bool isTableDelimiter(QStringView line);

} // namespace ui
