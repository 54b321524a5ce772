// md4c 0.4.8 takes no table with one dash a cell, and none right under text. Models write both,
// and code of an item that stands less far in than the item.
#include "ui/transcript/tablesource.h"

#include "ui/transcript/mathspans.h"

#include <QRegularExpression>
#include <QStringList>

#include <algorithm>

namespace ui {

namespace {

//! With three dashes a cell.
QString delimiterRow(QStringView line)
{
    QString row;
    for (qsizetype i = 0; i < line.size(); ++i) {
        row += line[i];
        if (line[i] == u'-' && (i + 1 == line.size() || line[i + 1] != u'-'))
            row += QStringLiteral("--");
    }
    return row;
}

//! Where the text of \p line begins, after what quotes and indents it.
qsizetype textBegin(QStringView line)
{
    qsizetype at = 0;
    while (at < line.size() && QStringView(u" \t>").contains(line[at]))
        ++at;
    return at;
}

//! Follows the fences of text that is nested.
class NestedFence
{
public:
    [[nodiscard]] bool isOpen() const { return !m_marks.isEmpty(); }
    bool holds(QStringView line); //!< Also its first and last line.
    [[nodiscard]] QString indented(QStringView line) const;

private:
    QString m_marks; // empty: none is open
    qsizetype m_indent = 0;
};

bool NestedFence::holds(QStringView line)
{
    if (!m_marks.isEmpty()) {
        const QStringView text = line.sliced(textBegin(line)).trimmed();
        if (text.startsWith(m_marks) && text.count(m_marks[0]) == text.size())
            m_marks.clear();
        return true;
    }
    // It may begin an item.
    static const QRegularExpression opening(
        QStringLiteral("^(?:[ \\t>]|(?:[-+*]|[0-9]{1,9}[.)])[ \\t])*(`{3,}(?!.*`)|~{3,})"));
    const QRegularExpressionMatch match = opening.match(line.toString());
    m_marks = match.captured(1);
    const QStringView before = line.first(std::max<qsizetype>(0, match.capturedStart(1)));
    m_indent = before.contains(u'>') || before.contains(u'\t') ? 0 : before.size();
    return isOpen();
}

//! A line of the fence that stands less far in would end the item for md4c. Models write such, and
//! the splitter follows the fence to its end.
QString NestedFence::indented(QStringView line) const
{
    const qsizetype blanks =
        std::find_if(line.begin(), line.end(), [](QChar c) { return c != u' '; }) - line.begin();
    const bool outside = blanks < line.size() && blanks < m_indent && line[blanks] != u'\t';
    return outside ? QString(m_indent - blanks, u' ') + line.toString() : line.toString();
}

} // namespace

QString tableSource(const QString &source, const SourceBlock &block)
{
    const QStringView all(source);
    const qsizetype headEnd = source.indexOf(u'\n', block.headBegin);
    const qsizetype ruleEnd = source.indexOf(u'\n', headEnd + 1);
    const QStringView head = all.sliced(block.headBegin, headEnd - block.headBegin);
    const QStringView rule =
        all.sliced(headEnd + 1, (ruleEnd < 0 ? source.size() : ruleEnd) - headEnd - 1);
    const qsizetype rows =
        block.continued ? block.begin : std::min(ruleEnd < 0 ? block.end : ruleEnd + 1, block.end);
    QString table = withMathAsCode(head.toString()) + u'\n' + delimiterRow(rule);
    // A formula ends with its row.
    for (const QStringView row : all.sliced(rows, block.end - rows).split(u'\n'))
        table += u'\n' + withMathAsCode(row.toString());
    return table;
}

QString nestedSource(const QString &text)
{
    static const QRegularExpression worthALook(QStringLiteral("\\||```|~~~"));
    if (!text.contains(worthALook))
        return text;
    QStringList lines;
    NestedFence fence;
    bool inTable = false;
    for (const QStringView line : QStringView(text).split(u'\n')) {
        const qsizetype begin = textBegin(line);
        const QStringView row = line.sliced(begin);
        inTable = inTable && row.contains(u'|');
        if (fence.isOpen()) {
            fence.holds(line);
            lines.append(fence.indented(line));
            continue;
        }
        if (fence.holds(line) || inTable || !isTableDelimiter(row) || lines.isEmpty() ||
            !lines.back().contains(u'|')) {
            lines.append(line.toString());
            continue;
        }
        const QString head = lines.takeLast();
        const QString quote = head.first(head.first(textBegin(head)).lastIndexOf(u'>') + 1);
        if (!lines.isEmpty())
            lines.append(quote); // a blank line
        lines << head << line.first(begin).toString() + delimiterRow(row);
        inTable = true;
    }
    return lines.join(u'\n');
}

} // namespace ui
