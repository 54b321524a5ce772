#include "ui/transcript/markdownparser.h"

#include "ui/transcript/entities.h"
#include "ui/transcript/markdownhelp.h"
#include "ui/transcript/visiblecharacters.h"

#include <QRegularExpression>
#include <QUrl>

#include <md4c.h>

#include <algorithm>

Q_DECLARE_OPERATORS_FOR_FLAGS(ui::SpanFlags)

namespace ui {

namespace {

constexpr int MaxDepth = 8;
constexpr int MaxColumns = 30;

//! Collects what md4c calls back with. Builds TextBlocks whose order is that of the text.
class Builder
{
public:
    QList<TextBlock> blocks;

    int enterBlock(MD_BLOCKTYPE type, void *detail);
    int leaveBlock(MD_BLOCKTYPE type);
    int enterSpan(MD_SPANTYPE type, void *detail);
    int leaveSpan(MD_SPANTYPE type);
    int text(MD_TEXTTYPE type, const QString &text);
    int firstOrdinal = 0; // of the outermost list, which the splitter counts
    bool helped = false;  // the text holds helping signs

private:
    struct List
    {
        bool ordered = false;
        int next = 1;
        QChar mark;
    };
    [[nodiscard]] QString attribute(const MD_ATTRIBUTE &attribute) const;
    [[nodiscard]] QString withoutHelp(QString text) const;
    void open(BlockKind kind);
    RichText &target();
    void add(const QString &text);

    QList<List> m_lists;
    QString m_marker;
    int m_quotes = 0;
    int m_quotesKept = 0; // of those that held the last block
    int m_bold = 0, m_italic = 0, m_strike = 0, m_code = 0, m_image = 0;
    QString m_url;
    int m_links = 0; // an address in a link's text is one more to md4c; the outer one counts
    bool m_open = false;
    QString m_imageText;
    QString m_imageUrl;
};

QString Builder::withoutHelp(QString text) const
{
    return helped ? withoutMarkdownHelp(std::move(text)) : text;
}

QString Builder::attribute(const MD_ATTRIBUTE &attribute) const
{
    QString text;
    for (int i = 0; attribute.size > 0 && attribute.substr_offsets[i] < attribute.size; ++i) {
        const MD_OFFSET from = attribute.substr_offsets[i];
        const QString part = QString::fromUtf8(attribute.text + from,
                                               qsizetype(attribute.substr_offsets[i + 1] - from));
        text += attribute.substr_types[i] == MD_TEXT_ENTITY ? entityText(part) : part;
    }
    return withoutHelp(text);
}

//! The one tag of HTML that is more than text: in a table's cell nothing else can break a line.
QString withLineBreaks(QString text)
{
    static const QRegularExpression tag(QStringLiteral("[ \\t]*<br[ \\t]*/?>[ \\t]*"),
                                        QRegularExpression::CaseInsensitiveOption);
    return text.replace(tag, QStringLiteral("\n"));
}

void Builder::open(BlockKind kind)
{
    TextBlock block;
    block.kind = kind;
    block.quoteDepth = std::min(m_quotes, MaxDepth);
    block.quotesFromAbove = std::min(std::exchange(m_quotesKept, m_quotes), MaxDepth);
    block.listDepth = std::min(int(m_lists.size()), MaxDepth);
    block.marker = std::exchange(m_marker, {});
    blocks.append(block);
    m_open = true;
}

int Builder::enterBlock(MD_BLOCKTYPE type, void *detail)
{
    switch (type) {
    case MD_BLOCK_QUOTE:
        ++m_quotes;
        break;
    case MD_BLOCK_UL:
        m_lists.append(List{});
        m_open = false;
        break;
    case MD_BLOCK_OL: {
        const auto *list = static_cast<MD_BLOCK_OL_DETAIL *>(detail);
        const bool outer = m_lists.isEmpty() && m_quotes == 0 && firstOrdinal > 0;
        m_lists.append(List{true, outer ? firstOrdinal : int(list->start),
                            QChar::fromLatin1(list->mark_delimiter)});
        m_open = false;
        break;
    }
    case MD_BLOCK_LI: {
        const auto *item = static_cast<MD_BLOCK_LI_DETAIL *>(detail);
        List &list = m_lists.back();
        if (item->is_task)
            m_marker = item->task_mark == ' ' ? QStringLiteral("\u2610\uFE0E")
                                              : QStringLiteral("\u2611\uFE0E");
        else if (list.ordered)
            m_marker = QString::number(list.next++) + list.mark;
        else
            m_marker =
                m_lists.size() % 2 == 1 ? QStringLiteral("\u2022") : QStringLiteral("\u25E6");
        m_open = false;
        break;
    }
    case MD_BLOCK_HR:
        open(BlockKind::Rule);
        m_open = false;
        break;
    case MD_BLOCK_H:
        open(BlockKind::Heading);
        blocks.back().level = int(static_cast<MD_BLOCK_H_DETAIL *>(detail)->level);
        break;
    case MD_BLOCK_CODE:
        open(BlockKind::Code);
        blocks.back().language =
            attribute(static_cast<MD_BLOCK_CODE_DETAIL *>(detail)->lang).left(40);
        break;
    case MD_BLOCK_P:
        open(BlockKind::Paragraph);
        break;
    case MD_BLOCK_TABLE:
        open(BlockKind::Table);
        break;
    case MD_BLOCK_TR:
        blocks.back().rows.append(QList<RichText>());
        break;
    case MD_BLOCK_TH:
    case MD_BLOCK_TD: {
        QList<RichText> &row = blocks.back().rows.back();
        if (row.size() >= MaxColumns) {
            row.back().text += u' '; // further cells go on in the last one: nothing is lost
            break;
        }
        row.append(RichText());
        if (type == MD_BLOCK_TH) {
            const MD_ALIGN align = static_cast<MD_BLOCK_TD_DETAIL *>(detail)->align;
            blocks.back().columns.append(align == MD_ALIGN_RIGHT    ? Qt::AlignRight
                                         : align == MD_ALIGN_CENTER ? Qt::AlignHCenter
                                                                    : Qt::AlignLeft);
        }
        break;
    }
    default:
        break;
    }
    return 0;
}

int Builder::leaveBlock(MD_BLOCKTYPE type)
{
    switch (type) {
    case MD_BLOCK_QUOTE:
        --m_quotes;
        m_quotesKept = std::min(m_quotesKept, m_quotes);
        m_open = false;
        break;
    case MD_BLOCK_UL:
    case MD_BLOCK_OL:
        m_lists.removeLast();
        m_open = false;
        break;
    case MD_BLOCK_LI:
        if (!m_marker.isEmpty()) // an empty item is shown as well
            open(BlockKind::Paragraph);
        m_open = false;
        break;
    case MD_BLOCK_P:
    case MD_BLOCK_H:
    case MD_BLOCK_TABLE:
        m_open = false;
        break;
    case MD_BLOCK_CODE:
        if (blocks.back().body.text.endsWith(u'\n'))
            blocks.back().body.text.chop(1);
        m_open = false;
        break;
    default:
        break;
    }
    return 0;
}

int Builder::enterSpan(MD_SPANTYPE type, void *detail)
{
    switch (type) {
    case MD_SPAN_EM:
        ++m_italic;
        break;
    case MD_SPAN_STRONG:
        ++m_bold;
        break;
    case MD_SPAN_DEL:
        ++m_strike;
        break;
    case MD_SPAN_CODE:
        ++m_code;
        break;
    case MD_SPAN_A:
        if (++m_links == 1)
            m_url = attribute(static_cast<MD_SPAN_A_DETAIL *>(detail)->href);
        break;
    case MD_SPAN_IMG:
        ++m_image;
        m_imageUrl = attribute(static_cast<MD_SPAN_IMG_DETAIL *>(detail)->src);
        break;
    default:
        break;
    }
    return 0;
}

int Builder::leaveSpan(MD_SPANTYPE type)
{
    switch (type) {
    case MD_SPAN_EM:
        --m_italic;
        break;
    case MD_SPAN_STRONG:
        --m_bold;
        break;
    case MD_SPAN_DEL:
        --m_strike;
        break;
    case MD_SPAN_CODE:
        --m_code;
        break;
    case MD_SPAN_A:
        --m_links;
        break;
    case MD_SPAN_IMG: {
        if (--m_image > 0)
            break;
        // Never fetched: a chip that says whose image it is.
        const QString host = QUrl(m_imageUrl).host();
        const QString name =
            m_imageText.isEmpty() ? QString() : QStringLiteral(" \u201C%1\u201D").arg(m_imageText);
        const int start = int(target().text.size());
        const QString chip = QStringLiteral("image%1 (%2) \u2013 not loaded")
                                 .arg(name, host.isEmpty() ? QStringLiteral("no host") : host);
        add(visibleCharacters(chip, Strictness::Prose));
        target().spans.append(
            TextSpan{start, int(target().text.size()) - start, SpanFlag::Image, m_imageUrl});
        m_imageText.clear();
        break;
    }
    default:
        break;
    }
    return 0;
}

RichText &Builder::target()
{
    // Tight items have text without a paragraph around it.
    if (!m_open)
        open(BlockKind::Paragraph);
    TextBlock &block = blocks.back();
    if (block.kind == BlockKind::Table && !block.rows.isEmpty() && !block.rows.back().isEmpty())
        return block.rows.back().back();
    return block.body;
}

void Builder::add(const QString &text)
{
    target().text += text;
}

int Builder::text(MD_TEXTTYPE type, const QString &text)
{
    QString shown = withoutHelp(text);
    if (type == MD_TEXT_BR)
        shown = QStringLiteral("\n");
    else if (type == MD_TEXT_SOFTBR)
        shown = QStringLiteral(" ");
    else if (type == MD_TEXT_NULLCHAR)
        shown = QString(QChar(0xFFFD));
    else if (type == MD_TEXT_ENTITY)
        shown = entityText(text);
    else if (type == MD_TEXT_NORMAL && m_links > 0) // of an address; elsewhere they come alone
        shown = withoutEntities(shown);
    else if (type == MD_TEXT_NORMAL && text.contains(u'<'))
        shown = withLineBreaks(shown);
    if (m_image > 0) {
        m_imageText += shown;
        return 0;
    }
    if (type == MD_TEXT_SOFTBR && target().text.endsWith(u'\n'))
        return 0; // the line that a tag broke ends here as well
    // A code span of a table's cell keeps the backslash that md4c 0.4.8 had for the cell's edge.
    if (m_code > 0 && !blocks.isEmpty() && blocks.back().kind == BlockKind::Table)
        shown.replace(QLatin1StringView("\\|"), QLatin1StringView("|"));
    const bool strict = m_code > 0 || m_links > 0 || type == MD_TEXT_CODE;
    shown = visibleCharacters(shown, strict ? Strictness::Code : Strictness::Prose);
    RichText &rich = target();
    SpanFlags flags;
    flags.setFlag(SpanFlag::Bold, m_bold > 0);
    flags.setFlag(SpanFlag::Italic, m_italic > 0);
    flags.setFlag(SpanFlag::Strike, m_strike > 0);
    flags.setFlag(SpanFlag::Code, m_code > 0);
    flags.setFlag(SpanFlag::Link, m_links > 0);
    const int start = int(rich.text.size());
    rich.text += shown;
    if (flags == SpanFlags())
        return 0;
    const QString url = m_links > 0 ? m_url : QString();
    TextSpan *last = rich.spans.isEmpty() ? nullptr : &rich.spans.back();
    if (last && last->flags == flags && last->url == url && last->start + last->length == start)
        last->length += int(shown.size());
    else
        rich.spans.append(TextSpan{start, int(shown.size()), flags, url});
    return 0;
}

} // namespace

QList<TextBlock> parseMarkdown(const QString &text, int ordinal, const LinkDefinitions &links)
{
    Builder builder;
    builder.firstOrdinal = ordinal;
    MD_PARSER parser{};
    // Bare addresses are found by withMarkdownHelp().
    parser.flags = (MD_DIALECT_GITHUB & ~MD_FLAG_PERMISSIVEURLAUTOLINKS) | MD_FLAG_NOHTML;
    parser.enter_block = [](MD_BLOCKTYPE t, void *d, void *u) {
        return static_cast<Builder *>(u)->enterBlock(t, d);
    };
    parser.leave_block = [](MD_BLOCKTYPE t, void *, void *u) {
        return static_cast<Builder *>(u)->leaveBlock(t);
    };
    parser.enter_span = [](MD_SPANTYPE t, void *d, void *u) {
        return static_cast<Builder *>(u)->enterSpan(t, d);
    };
    parser.leave_span = [](MD_SPANTYPE t, void *, void *u) {
        return static_cast<Builder *>(u)->leaveSpan(t);
    };
    parser.text = [](MD_TEXTTYPE t, const MD_CHAR *s, MD_SIZE n, void *u) {
        return static_cast<Builder *>(u)->text(t, QString::fromUtf8(s, qsizetype(n)));
    };
    const QString helpedText = withMarkdownHelp(text);
    builder.helped = helpedText.size() != text.size();
    QString needed = links.neededBy(text);
    if (!needed.isEmpty())
        needed += u'\n';
    const QByteArray utf8 = (needed + helpedText).toUtf8();
    md_parse(utf8.constData(), MD_SIZE(utf8.size()), &parser, &builder);
    // A definition of links leaves nothing; show it, so that no text is lost.
    if (builder.blocks.isEmpty()) {
        TextBlock block;
        block.body.text = visibleCharacters(text.trimmed(), Strictness::Code);
        builder.blocks.append(block);
    }
    return builder.blocks;
}

} // namespace ui
