#include "ui/transcript/markdownblocks.h"

#include "ui/transcript/markdownparser.h"
#include "ui/transcript/mathspans.h"
#include "ui/transcript/tablesource.h"
#include "ui/transcript/visiblecharacters.h"

#include <QRegularExpression>

#include <algorithm>

namespace ui {

namespace {

//! A break at the end breaks nothing.
void chopBreaks(RichText &rich)
{
    while (rich.text.endsWith(u'\n')) {
        rich.text.chop(1);
        if (!rich.spans.isEmpty() && rich.spans.back().start == rich.text.size())
            rich.spans.removeLast();
        else if (!rich.spans.isEmpty())
            rich.spans.back().length =
                std::min(rich.spans.back().length, int(rich.text.size()) - rich.spans.back().start);
    }
}

//! "[!NOTE]" at the beginning of a quote is a title, as GitHub has it; it shows as a line of its
//! own.
void titleAlert(RichText &rich)
{
    static const QRegularExpression mark(
        QStringLiteral("^\\[!(note|tip|important|warning|caution)\\]\\s*"),
        QRegularExpression::CaseInsensitiveOption);
    const QRegularExpressionMatch match = mark.match(rich.text);
    if (!match.hasMatch())
        return;
    QString title = match.captured(1).toLower();
    title.front() = title.front().toUpper();
    RichText rest = rich.part(int(match.capturedEnd()), int(rich.text.size()));
    rich.text = rest.text.isEmpty() ? title : title + u'\n' + rest.text;
    rich.spans = {TextSpan{0, int(title.size()), SpanFlag::Bold, {}}};
    for (TextSpan &span : rest.spans) {
        span.start += int(title.size()) + 1;
        rich.spans.append(span);
    }
}

void finish(TextBlock &block)
{
    if (block.kind == BlockKind::Paragraph || block.kind == BlockKind::Heading)
        chopBreaks(block.body);
    if (block.kind == BlockKind::Paragraph && block.quotesFromAbove < block.quoteDepth)
        titleAlert(block.body);
    if (block.kind != BlockKind::Table)
        return;
    for (QList<RichText> &row : block.rows) {
        for (RichText &cell : row) {
            chopBreaks(cell);
            if (&cell != &row.front())
                block.body.text += u'\t';
            // Its own, breaks and entities, would end the cell.
            block.body.text += QString(cell.text).replace(u'\n', u' ').replace(u'\t', u' ');
        }
        if (&row != &block.rows.back())
            block.body.text += u'\n';
    }
}

//! md4c leaves out a definition that begins \p text, but no text is lost here: see
//! linkDefinition().
QString withoutDefinition(QString text)
{
    static const QRegularExpression label(QStringLiteral("^ {0,3}(?=\\[[^\\]\\n]+\\]:)"));
    const QRegularExpressionMatch match = label.match(text);
    return match.hasMatch() ? text.insert(match.capturedEnd(), u'\\') : text;
}

} // namespace

QString fenceText(const QString &source, const SourceBlock &block)
{
    QString text = source.sliced(block.begin, block.end - block.begin);
    text.replace(QLatin1StringView("\r\n"), QLatin1StringView("\n"));
    if (block.indent == 0)
        return text;
    QStringList lines = text.split(u'\n');
    for (QString &line : lines) {
        qsizetype blanks = 0;
        while (blanks < std::min(block.indent, line.size()) && line[blanks] == u' ')
            ++blanks;
        line.remove(0, blanks);
    }
    return lines.join(u'\n');
}

QList<TextBlock> parseSourceBlock(const QString &source, const SourceBlock &block,
                                  BlockSplitter::Mode mode, const LinkDefinitions &links)
{
    QList<TextBlock> blocks;
    QString text = source.sliced(block.begin, block.end - block.begin);
    text.replace(QLatin1StringView("\r\n"), QLatin1StringView("\n"));
    TextBlock plain;
    switch (block.kind) {
    case SourceBlock::Kind::Fence:
    case SourceBlock::Kind::Math:
        plain.kind = BlockKind::Code;
        plain.language =
            block.kind == SourceBlock::Kind::Math ? QStringLiteral("math") : block.language;
        plain.body.text = visibleCharacters(fenceText(source, block), Strictness::Code);
        plain.continued = block.continued;
        return {plain};
    case SourceBlock::Kind::Table:
        blocks = parseMarkdown(tableSource(source, block), 0, links);
        break;
    case SourceBlock::Kind::ListItem:
        blocks = parseMarkdown(nestedSource(withMathAsCode(text)),
                               block.ordered ? block.ordinal : 0, links);
        break;
    case SourceBlock::Kind::Text:
        if (mode == BlockSplitter::Mode::Plain) {
            plain.body.text = visibleCharacters(text, Strictness::Prose);
            plain.typed = true;
            return {plain};
        }
        if (!text.startsWith(u"    ") && !text.startsWith(u'\t')) { // indented code stays as it is
            text = withMathAsCode(text);
            if (text.trimmed().startsWith(u'>'))
                text = nestedSource(text);
        }
        blocks = parseMarkdown(withoutDefinition(text), 0, links);
        break;
    case SourceBlock::Kind::Definitions: {
        QStringList lines = text.split(u'\n');
        for (QString &line : lines)
            line = withoutDefinition(line.trimmed());
        blocks = parseMarkdown(lines.join(QStringLiteral("\\\n")), 0, {});
        break;
    }
    }
    for (TextBlock &each : blocks)
        finish(each);
    if (block.continued && !blocks.isEmpty())
        blocks.front().continued = true;
    return blocks;
}

} // namespace ui
