#include "ui/transcript/blocksplitter.h"

#include <QRegularExpression>

#include <algorithm>

namespace ui {

namespace {

constexpr qsizetype SoftLimit = 8192;
constexpr qsizetype HardLimit = 16384;
constexpr int FenceLines = 16;
constexpr int TableRows = 100;

bool isBlank(QStringView line)
{
    return line.trimmed().isEmpty();
}

qsizetype indentOf(QStringView line)
{
    qsizetype indent = 0;
    for (const QChar c : line) {
        if (c == u' ')
            ++indent;
        else if (c == u'\t')
            indent += 4 - indent % 4;
        else
            break;
    }
    return indent;
}

qsizetype runOf(QStringView text, QChar mark)
{
    qsizetype length = 0;
    while (length < text.size() && text[length] == mark)
        ++length;
    return length;
}

struct ListMark
{
    QChar mark; // null: none
    int number = 0;
    qsizetype width = 0; // marker and the blanks after it
};

ListMark listMark(QStringView text)
{
    qsizetype digits = 0;
    while (digits < text.size() && digits < 9 && text[digits].isDigit() &&
           text[digits].unicode() < 128)
        ++digits;
    if (digits >= text.size())
        return {};
    const QChar mark = text[digits];
    const bool bullet = digits == 0 && (mark == u'-' || mark == u'*' || mark == u'+');
    const bool ordered = digits > 0 && (mark == u'.' || mark == u')');
    if (!bullet && !ordered)
        return {};
    const QStringView rest = text.sliced(digits + 1);
    if (!rest.isEmpty() && rest.front() != u' ' && rest.front() != u'\t')
        return {};
    const qsizetype blanks = isBlank(rest) ? 1 : indentOf(rest);
    return {mark, ordered ? text.first(digits).toInt() : 0, digits + 1 + (blanks > 4 ? 1 : blanks)};
}

bool isRule(QStringView text)
{
    text = text.trimmed();
    if (text.isEmpty() || (text[0] != u'-' && text[0] != u'*' && text[0] != u'_'))
        return false;
    qsizetype marks = 0;
    for (const QChar c : text) {
        if (c == text[0])
            ++marks;
        else if (c != u' ' && c != u'\t')
            return false;
    }
    return marks >= 3;
}

bool isHeading(QStringView text)
{
    const qsizetype level = runOf(text, u'#');
    return level >= 1 && level <= 6 &&
           (level == text.size() || text[level] == u' ' || text[level] == u'\t');
}

bool isFence(QStringView text)
{
    if (runOf(text, u'~') >= 3)
        return true;
    const qsizetype ticks = runOf(text, u'`');
    return ticks >= 3 && !text.sliced(ticks).contains(u'`');
}

//! "[^label]: text", which begins a paragraph of its own.
bool isFootnote(QStringView text)
{
    const qsizetype close = text.startsWith(u"[^") ? text.indexOf(u"]:") : -1;
    return close > 2 &&
           std::none_of(text.begin(), text.begin() + close, [](QChar c) { return c.isSpace(); });
}

QString mathEndOf(QStringView text)
{
    return text[0] == u'$' ? QStringLiteral("$$") : QStringLiteral("\\]");
}

//! A formula that ends before its line does stands in a paragraph. Dollars that a blank or a third
//! one follows are a level of prices, unless the line has marks of TeX.
bool opensMath(QStringView text)
{
    if (!text.startsWith(u"\\[") && !text.startsWith(u"$$"))
        return false;
    const qsizetype close = text.indexOf(mathEndOf(text), 2);
    if (close >= 0 || text[0] != u'$' || text.size() == 2)
        return close < 0 || close + 2 == text.size();
    if (text[2] != u' ')
        return text[2] != u'$';
    return std::any_of(text.begin(), text.end(),
                       [](QChar c) { return QStringView(u"\\^_{").contains(c); });
}

} // namespace

std::optional<LinkDefinition> linkDefinition(QStringView line)
{
    if (!line.trimmed().startsWith(u'['))
        return std::nullopt;
    // No backslash: what is put together from the parts means what they did.
    static const QRegularExpression pattern(
        QStringLiteral("^ {0,3}\\[(?!\\^)([^\\[\\]\\\\]{1,300})\\]:[ \\t]*"
                       "<?((?:https?://|mailto:)[^\\s<>\\\\]+)>?"
                       "(?:[ \\t]+(?:\"[^\"]*\"|'[^']*'|\\([^()]*\\)))?\\s*$"),
        QRegularExpression::CaseInsensitiveOption);
    const QRegularExpressionMatch match = pattern.match(line.toString());
    if (!match.hasMatch() || isBlank(match.capturedView(1)))
        return std::nullopt;
    return LinkDefinition{match.captured(1), match.captured(2)};
}

bool isTableDelimiter(QStringView line)
{
    line = line.trimmed();
    bool dash = false;
    bool pipe = false;
    for (const QChar c : line) {
        dash = dash || c == u'-';
        pipe = pipe || c == u'|';
        if (c != u'-' && c != u'|' && c != u':' && c != u' ' && c != u'\t')
            return false;
    }
    return dash && pipe;
}

void BlockSplitter::append(QStringView delta)
{
    // The unfinished line was taken for what it looked like; take that back and read on.
    if (m_blocks.size() > m_savedCount)
        m_blocks.resize(m_savedCount);
    if (m_savedCount > 0)
        m_blocks[m_savedCount - 1] = m_savedLast;
    m_state = m_savedState;
    m_firstChanged = std::max<qsizetype>(0, m_savedCount - 1);

    qsizetype from = std::max(m_lineBegin, m_source.size());
    m_source += delta;
    for (qsizetype newline = m_source.indexOf(u'\n', from); newline >= 0;
         newline = m_source.indexOf(u'\n', from)) {
        const bool carriage = newline > m_lineBegin && m_source[newline - 1] == u'\r';
        takeLine(m_lineBegin, carriage ? newline - 1 : newline);
        m_state.midLine = false;
        m_lineBegin = from = newline + 1;
    }
    keepState();
    if (m_lineBegin >= m_source.size())
        return;
    takeLine(m_lineBegin, m_source.size());
    // A line without end: keep its cuts, so that it is not read from its beginning again and again.
    if (m_state.open == Open::Paragraph && m_state.midLine && m_blocks.back().begin > m_lineBegin) {
        m_lineBegin = m_blocks.back().begin;
        keepState();
    }
}

void BlockSplitter::keepState()
{
    m_savedState = m_state;
    m_savedCount = m_blocks.size();
    if (m_savedCount > 0)
        m_savedLast = m_blocks.back();
}

//! Where to cut a paragraph that runs from \p begin to \p end: after a blank near the limit, else
//! hard; 0 = nowhere.
qsizetype BlockSplitter::softCut(qsizetype begin, qsizetype end) const
{
    if (end - begin <= SoftLimit)
        return 0;
    const qsizetype blank = m_source.indexOf(u' ', begin + SoftLimit);
    if (blank >= 0 && blank < std::min(end, begin + HardLimit))
        return blank + 1;
    if (end - begin <= HardLimit)
        return 0;
    const qsizetype cut = begin + HardLimit;
    return m_source[cut - 1].isHighSurrogate() ? cut - 1 : cut;
}

void BlockSplitter::takeLine(qsizetype begin, qsizetype end)
{
    const QStringView line = QStringView(m_source).sliced(begin, end - begin);
    if (m_state.open != Open::None && continueOpen(line, begin, end)) {
        // A paragraph of many lines is cut as well; where does not depend on the deltas.
        if (m_state.open == Open::Paragraph) {
            for (;;) {
                const qsizetype cut = softCut(m_blocks.back().begin, end);
                if (cut == 0 || cut >= end)
                    break;
                m_blocks.back().end = cut;
                start(Open::Paragraph, SourceBlock::Kind::Text, cut, end);
                m_blocks.back().continued = true;
                m_state.midLine = true;
            }
        }
        return;
    }
    m_state.open = Open::None;
    if (!isBlank(line)) {
        openBlock(line, begin, end);
        if (m_state.open == Open::Paragraph && end - begin > SoftLimit)
            takeLine(begin, end);
    }
}

void BlockSplitter::start(Open open, SourceBlock::Kind kind, qsizetype begin, qsizetype end)
{
    m_state.open = open;
    m_state.lines = 1;
    m_state.blank = false;
    m_state.innerFence = false;
    m_state.lastLine = begin;
    SourceBlock block;
    block.kind = kind;
    block.begin = begin;
    block.end = end;
    m_blocks.append(block);
}

bool BlockSplitter::startsBlock(QStringView line) const
{
    if (indentOf(line) > 3)
        return false;
    const QStringView text = line.trimmed();
    if (text.isEmpty())
        return false;
    if (isFence(text))
        return true;
    if (m_mode == Mode::Plain)
        return false;
    const ListMark mark = listMark(text);
    // As CommonMark has it, a number that breaks a paragraph is 1, and an item that does is not
    // empty.
    const bool item = !mark.mark.isNull() && text.size() > 2 && (mark.number <= 1);
    return text[0] == u'>' || isHeading(text) || isRule(text) || item || isFootnote(text) ||
           text.startsWith(u"\\[") ||
           (text.startsWith(u"$$") && (opensMath(text) || text.indexOf(u"$$", 2) > 2));
}

bool BlockSplitter::continueOpen(QStringView line, qsizetype begin, qsizetype end)
{
    SourceBlock &block = m_blocks.back();
    switch (m_state.open) {
    case Open::None:
        return false;
    case Open::Paragraph:
        return continueParagraph(line, begin, end);
    case Open::Fence:
        return continueFence(line, begin, end);
    case Open::List:
        return continueList(line, begin, end);
    case Open::Quote:
        if (isBlank(line) || (!line.trimmed().startsWith(u'>') && startsBlock(line)))
            return false;
        if (block.end - block.begin > SoftLimit / 2 && line.trimmed() == u">")
            return false;
        block.end = end;
        return true;
    case Open::Table:
        if (isBlank(line) || !line.contains(u'|'))
            return false;
        if (++m_state.lines > TableRows) {
            const qsizetype head = block.headBegin;
            start(Open::Table, SourceBlock::Kind::Table, begin, end);
            m_blocks.back().continued = true;
            m_blocks.back().headBegin = head;
            return true;
        }
        block.end = end;
        return true;
    case Open::Indented:
        if (isBlank(line))
            return true;
        if (indentOf(line) < 4)
            return false;
        block.end = end;
        return true;
    case Open::Math:
        if (isBlank(line)) // as TeX has it: what is never closed swallows no more than this
            return false;
        block.end = end;
        if (line.trimmed().endsWith(m_state.mathEnd))
            m_state.open = Open::None;
        return true;
    case Open::Definitions:
        if (!linkDefinition(line) || end - block.begin > SoftLimit)
            return false;
        block.end = end;
        return true;
    }
    return false;
}

bool BlockSplitter::continueParagraph(QStringView line, qsizetype begin, qsizetype end)
{
    if (m_state.midLine) {
        m_blocks.back().end = end;
        return true;
    }
    if (begin == m_blocks.back().begin) { // the same line again, to be cut
        m_blocks.back().end = end;
        return true;
    }
    if (isBlank(line))
        return false;
    if (m_mode == Mode::Markdown) {
        const qsizetype last = m_state.lastLine;
        const QStringView head = QStringView(m_source).sliced(last, m_blocks.back().end - last);
        if (isTableDelimiter(line) && head.contains(u'|')) {
            // The line before was a table's head; what stood above it stays a paragraph.
            if (last > m_blocks.back().begin) {
                m_blocks.back().end = last - 1;
                start(Open::Table, SourceBlock::Kind::Table, last, end);
            }
            m_state.open = Open::Table;
            m_state.lines = 1;
            m_blocks.back().kind = SourceBlock::Kind::Table;
            m_blocks.back().headBegin = last;
            m_blocks.back().end = end;
            return true;
        }
        const QStringView text = line.trimmed();
        if (indentOf(line) <= 3 &&
            (runOf(text, u'=') == text.size() || runOf(text, u'-') == text.size())) {
            m_blocks.back().end = end;
            m_state.open = Open::None;
            return true;
        }
    }
    if (startsBlock(line))
        return false;
    m_blocks.back().end = end;
    m_state.lastLine = begin;
    return true;
}

bool BlockSplitter::continueFence(QStringView line, qsizetype begin, qsizetype end)
{
    const QStringView text = line.trimmed();
    SourceBlock &block = m_blocks.back();
    if (indentOf(line) <= 3 && runOf(text, m_state.fenceMark) >= m_state.fenceLength &&
        runOf(text, m_state.fenceMark) == text.size()) {
        m_state.open = Open::None;
        return true;
    }
    if (++m_state.lines > FenceLines) {
        const QString language = block.language;
        const qsizetype blanks = block.indent;
        start(Open::Fence, SourceBlock::Kind::Fence, begin, end);
        m_blocks.back().language = language;
        m_blocks.back().indent = blanks;
        m_blocks.back().continued = true;
        return true;
    }
    if (m_state.lines == 2 && !block.continued)
        block.begin = begin;
    block.end = end;
    return true;
}

bool BlockSplitter::continueList(QStringView line, qsizetype begin, qsizetype end)
{
    if (isBlank(line)) {
        m_state.blank = true;
        return true;
    }
    const QStringView text = line.trimmed();
    const qsizetype indent = indentOf(line);
    if (indent >= m_state.contentIndent || m_state.innerFence) {
        followInnerFence(text);
        m_blocks.back().end = end;
        m_state.blank = false;
        return true;
    }
    const ListMark mark = listMark(text);
    if (!mark.mark.isNull() && mark.mark == m_state.listMark && !isRule(text)) {
        const int next = m_state.ordinal + 1;
        openListItem(line, begin, end);
        m_state.ordinal = next;
        m_blocks.back().ordinal = next;
        return true;
    }
    if (m_state.blank || startsBlock(line) || !mark.mark.isNull())
        return false;
    m_blocks.back().end = end;
    return true;
}

bool BlockSplitter::openListItem(QStringView line, qsizetype begin, qsizetype end)
{
    const ListMark mark = listMark(line.trimmed());
    if (mark.mark.isNull())
        return false;
    start(Open::List, SourceBlock::Kind::ListItem, begin, end);
    m_state.contentIndent = indentOf(line) + mark.width;
    m_state.listMark = mark.mark;
    m_state.ordinal = mark.number;
    m_blocks.back().ordered = mark.mark == u'.' || mark.mark == u')';
    m_blocks.back().ordinal = mark.number;
    followInnerFence(line.trimmed());
    return true;
}

//! Whether the item's next line is code, by its line \p text.
void BlockSplitter::followInnerFence(QStringView text)
{
    if (m_state.innerFence) {
        const qsizetype marks = runOf(text, m_state.fenceMark);
        m_state.innerFence = marks < m_state.fenceLength || marks < text.size();
        return;
    }
    // A fence may stand on the line that begins an item, also one within the item.
    while (!listMark(text).mark.isNull()) {
        while (!text.isEmpty() && !text.front().isSpace())
            text = text.sliced(1);
        text = text.trimmed();
    }
    if (!isFence(text))
        return;
    m_state.innerFence = true;
    m_state.fenceMark = text[0];
    m_state.fenceLength = runOf(text, text[0]);
}

void BlockSplitter::openBlock(QStringView line, qsizetype begin, qsizetype end)
{
    const QStringView text = line.trimmed();
    const bool indented = indentOf(line) > 3;
    if (!indented && isFence(text)) {
        start(Open::Fence, SourceBlock::Kind::Fence, end, end);
        m_state.fenceMark = text[0];
        m_state.fenceLength = runOf(text, text[0]);
        const QString info = text.sliced(m_state.fenceLength).trimmed().toString();
        m_blocks.back().indent = indentOf(line);
        m_blocks.back().language = info.section(QChar(u' '), 0, 0).left(40);
    } else if (m_mode == Mode::Plain) {
        start(Open::Paragraph, SourceBlock::Kind::Text, begin, end);
    } else if (indented) {
        start(Open::Indented, SourceBlock::Kind::Text, begin, end);
    } else if (isHeading(text) || isRule(text)) {
        start(Open::None, SourceBlock::Kind::Text, begin, end);
    } else if (text[0] == u'>') {
        start(Open::Quote, SourceBlock::Kind::Text, begin, end);
    } else if (opensMath(text)) {
        m_state.mathEnd = mathEndOf(text);
        const bool closed = text.size() > 3 && text.endsWith(m_state.mathEnd);
        start(closed ? Open::None : Open::Math, SourceBlock::Kind::Math, begin, end);
    } else if (linkDefinition(line)) {
        start(Open::Definitions, SourceBlock::Kind::Definitions, begin, end);
    } else if (!openListItem(line, begin, end)) {
        start(Open::Paragraph, SourceBlock::Kind::Text, begin, end);
    }
}

} // namespace ui
