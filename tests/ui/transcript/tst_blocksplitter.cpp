#include "ui/transcript/blocklist.h"
#include "ui/transcript/blocksplitter.h"
#include "ui/transcript/rendermarkdown.h"

#include <QTest>

using ui::BlockList;
using ui::BlockSplitter;
using ui::SourceBlock;

class tst_BlockSplitter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }
    void cuts_data();
    void cuts();
    void kinds();
    void longLineIsCut();
    void cutFenceKeepsBlankLines();
    void visibleText_data();
    void visibleText();
    void links_data();
    void links();
};

void tst_BlockSplitter::cuts_data()
{
    QTest::addColumn<QString>("source");
    const auto row = [](const char *name, const char *text) {
        QTest::newRow(name) << QString::fromUtf8(text);
    };
    row("paragraphs", "One\ntwo\r\n\r\nthree *four*\n");
    row("headings", "# One\ntext\n## Two\nSetext\n===\nmore\n---\n\n---\nend");
    row("fence", "before\n```cpp\nint a;\n\n# no heading\n```\nafter\n~~~\n```\n~~~\n");
    row("indented-fence", "  ```\n  a\n b\n  ```\nc");
    row("list", "- a\n- b\n  still b\n\n  second\n- c\n\nend\n3. x\n4. y\n   ```\n   code\n   "
                "```\n9. z\nlazy\n");
    row("fence-in-item",
        "- ```py\n  x\n  ```\n- a\n  - ~~~\n    ```\n    ~~~\n\ntext\n```\n# c\n```\n");
    row("quote", "> a\n> b\nlazy\n\n> - c\n# h");
    row("table", "text\n| a | b |\n|-|-:|\n| 1 | 2 |\n| 3 | 4 |\nno table\n\na|b\n-|-\n1|2");
    row("math", "\\[\nx_1\n\\]\n$$ y $$\n$$\nz\n$$\ntext \\(a_b\\)");
    row("math-in-a-line", "$$x$$ is **so**\n\n\\[y\\] and $$z$$\nthen\n\n$$w$$\nend");
    row("price-levels", "$ a\n$$ = b\n$$$ c\n\n$$ d_1\ne$$\n$$$ f");
    row("definitions",
        "a [b] and [c][B]\n\n- [d]\n- [b] [e]\n\n|[b]|\n|-|\n|[D]|\n\n```\n[b]\n```\n"
        "> [E ]\n\n[b]: https://example.org/1\n[D]: <https://example.org/2> 'x'\r\n"
        "[b]: https://example.org/3\ntext [b]\n\n[ e]: mailto:a@example.org\n\n[f]: b c\n"
        "d\n\n[g]: https://example.org/4 \"a\nend");
    row("footnotes", "a[^1] b[^c]\n[^1]: one\ntwo\n[^c]: https://example.org\n\n- d\n[^3]: e");
    row("entities-and-breaks", "a &amp; b &#39;<br>c\n<br/>\n\n|a<br>b|&lt;|\n|-|-|\n|c<br>|d|");
    row("code-less-far-in", "- a\n  ```\nb\n  ```\n- c\n  - ~~~\nd\n\n    ~~~\ne");
    row("tables-in-items", "- a\n  |b|c|\n  |-|-|\n  |1|2|\n  d\n\n> e\n> |f|\n> |-|\n> |3|\n\nf");
    row("marks-among-chinese",
        "\u4E2D**\u300C\u5F15\u300D**\u6587 https://example.org/a\u3002b\n**\u6CE8\uFF1A**\u8BF7");
    row("indented", "    code\n\n    more\ntext\n    lazy");
}

void tst_BlockSplitter::cuts()
{
    QFETCH(const QString, source);
    BlockSplitter whole;
    whole.append(source);
    BlockList shown(BlockSplitter::Mode::Markdown);
    shown.append(source);
    for (qsizetype cut = 0; cut <= source.size(); ++cut) {
        BlockSplitter parts;
        parts.append(QStringView(source).first(cut));
        parts.append(QStringView(source).sliced(cut));
        QVERIFY2(parts.blocks() == whole.blocks(), qPrintable(QString::number(cut)));
        BlockList shownParts(BlockSplitter::Mode::Markdown);
        shownParts.append(source.first(cut));
        shownParts.append(source.sliced(cut));
        QVERIFY2(shownParts.blocks == shown.blocks, qPrintable(QString::number(cut)));
    }
    BlockSplitter letters;
    BlockList shownLetters(BlockSplitter::Mode::Markdown);
    for (const QChar c : source) {
        letters.append(QStringView(&c, 1));
        shownLetters.append(QString(c));
    }
    QCOMPARE(letters.blocks(), whole.blocks());
    QVERIFY(shownLetters.blocks == shown.blocks);
}

void tst_BlockSplitter::kinds()
{
    BlockSplitter splitter;
    splitter.append(u"intro\n\n3. a\n3. b\n\n```py extra\nx\n```\n|a|b|\n|-|-|\n|1|2|\n");
    const QList<SourceBlock> &blocks = splitter.blocks();
    QCOMPARE(blocks.size(), 5);
    QVERIFY(blocks[1].kind == SourceBlock::Kind::ListItem && blocks[1].ordinal == 3);
    QCOMPARE(blocks[2].ordinal, 4);
    QCOMPARE(blocks[3].language, QStringLiteral("py"));
    QVERIFY(blocks[4].kind == SourceBlock::Kind::Table);
}

void tst_BlockSplitter::longLineIsCut()
{
    QString line;
    while (line.size() < 60000)
        line += QStringLiteral("seven letters ");
    BlockSplitter whole;
    whole.append(line);
    QVERIFY(whole.blocks().size() >= 6);
    BlockSplitter parts;
    for (qsizetype at = 0; at < line.size(); at += 77)
        parts.append(QStringView(line).sliced(at, std::min<qsizetype>(77, line.size() - at)));
    QCOMPARE(parts.blocks(), whole.blocks());
    QString joined;
    for (const SourceBlock &block : whole.blocks())
        joined += QStringView(line).sliced(block.begin, block.end - block.begin);
    QCOMPARE(joined, line);
}

void tst_BlockSplitter::cutFenceKeepsBlankLines()
{
    for (int blank = 0; blank < 40; ++blank) {
        QStringList lines;
        for (int i = 0; i < 40; ++i)
            lines.append(i == blank ? QString() : QString::number(i));
        const QString code = lines.join(u'\n');
        QCOMPARE(ui::visibleText(QStringLiteral("```\n%1\n```").arg(code)), code);
    }
}

void tst_BlockSplitter::visibleText_data()
{
    QTest::addColumn<QString>("markdown");
    QTest::addColumn<QString>("visible");
    const auto row = [](const char *name, const char *text, const char *visible) {
        QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(visible);
    };
    row("marks", "**bold** and `code`", "bold and code");
    row("marks-among-chinese",
        "\u4E2D**\u300C\u5F15\u300D**\u6587\uFF0C**\u201C\u4E8C\u201D**\u3002**\u6CE8\uFF1A**"
        "\u8BF7 *\u659C\uFF08\u4F53\uFF09*\u548C***\u4E24\uFF01***\u5B8C",
        "\u4E2D\u300C\u5F15\u300D\u6587\uFF0C\u201C\u4E8C\u201D\u3002\u6CE8\uFF1A\u8BF7 "
        "\u659C\uFF08\u4F53\uFF09\u548C\u4E24\uFF01\u5B8C");
    row("marks-that-close-before-a-bracket",
        "**\u5B57**\u300C\u5F15\u300D **\u5B57**\uFF08**\u5B57**\uFF09",
        "\u5B57\u300C\u5F15\u300D \u5B57\uFF08\u5B57\uFF09");
    row("marks-among-japanese",
        "\u5024**100%**\u3067\u3001**`a**b`**\u3060\\*\u3002**\u5F37\uFF08\u304D\uFF09**\u3067",
        "\u5024100%\u3067\u3001a**b\u3060*\u3002\u5F37\uFF08\u304D\uFF09\u3067");
    row("marks-among-korean",
        "**\"\uC778\uC6A9\"**\uC774\uB2E4. **\uB9C1\uD06C(link)**\uB97C, 2*3\\*\uAC00",
        "\"\uC778\uC6A9\"\uC774\uB2E4. \uB9C1\uD06C(link)\uB97C, 2*3*\uAC00");
    row("no-marks-in-chinese-code",
        "- ```\n  \u5B57**\u300C\u5F15\u300D**\u5B57\n  ```\n- `\u5B57**\u300C`\u5B57**",
        "\u2022 \u5B57**\u300C\u5F15\u300D**\u5B57\n\u2022 \u5B57**\u300C\u5B57**");
    row("marks-in-a-chinese-table",
        "|\u540D|\u503C|\n|-|-|\n|**\u300C\u7532\u300D**\u7684|\u662F**\u201C\u4E59\u201D**\u7684|",
        "\u540D\t\u503C\n\u300C\u7532\u300D\u7684\t\u662F\u201C\u4E59\u201D\u7684");
    row("raw-html", "a <b onclick=x>c</b>", "a <b onclick=x>c</b>");
    row("html-block", "<script>\nalert(1)\n</script>", "<script> alert(1) </script>");
    row("entities", "Q&amp;A &#39;&#x41;&#39; &lt;b&gt; &rarr; &sup2; &AMP &none; &#0;",
        "Q&A 'A' <b> \u2192 \u00B2 &AMP &none; \uFFFD");
    row("entities-make-no-marks", "&#42;&#42;a&ast;&ast; &#96;b&#96;", "**a** `b`");
    row("entities-in-code", "`&lt;`\n\n```\n&lt;\n```", "&lt;\n&lt;");
    row("entities-of-hidden-characters", "a&#x202E;b", "a\u27E8202E\u27E9b");
    row("entities-in-a-table", "|a|b|\n|---|---|\n|x&#124;y&#9;z|1&NewLine;2|", "a\tb\nx|y z\t1 2");
    row("entities-of-an-image", "![a &amp; b](https://example.org/c.png)",
        "image \u201Ca & b\u201D (example.org) \u2013 not loaded");
    row("breaks", "a<br>\nb <BR/> c<br />\n\n<br>x `<br>` \\<br> &lt;br>",
        "a\nb\nc\n\nx <br> <br> <br>");
    row("breaks-in-a-table", "|a|b|\n|---|---|\n|x<br>y|**1<br>2**<br>|", "a\tb\nx y\t1 2");
    row("ordinals", "3. c\n4. d", "3. c\n4. d");
    row("tasks", "- [x] done\n- [ ] open", "\u2611\uFE0E done\n\u2610\uFE0E open");
    row("one-dash-table", "|a|b|\n|-|-|\n|1|2|", "a\tb\n1\t2");
    row("table-under-text", "intro\n|a|b|\n|---|---|\n|1|2|", "intro\na\tb\n1\t2");
    row("table-under-an-items-text", "1. a\n   | b | c |\n   |-|:-:|\n   | - | - |\n   d\n2. e",
        "1. a\nb\tc\n-\t-\nd\t\n2. e");
    row("table-begins-an-item", "- |a|b|\n  |-|-|\n  |1|2|", "\u2022 a\tb\n1\t2");
    row("table-under-a-nested-items-text", "- a\n  - b\n    |c|d|\n    |-|-|\n    |1|2|",
        "\u2022 a\n\u25E6 b\nc\td\n1\t2");
    row("table-under-a-quotes-text", "> a\n> |b|c|\n> |-|-|\n> |1|2|\n>\n> d", "a\nb\tc\n1\t2\nd");
    row("table-in-an-items-quote", "- a\n  > b\n  > |c|d|\n  > |-|-|\n  > |1|2|",
        "\u2022 a\nb\nc\td\n1\t2");
    row("code-less-far-in-than-its-item", "1. a\n   ```\nb\n  c\n\n     d\n```\n2. e",
        "1. a\nb\nc\n\n  d\n2. e");
    row("code-that-begins-a-nested-item", "- a\n  - ```\n    b\n   c\n  ```\n- d",
        "\u2022 a\n\u25E6 b\nc\n\u2022 d");
    row("no-table-in-an-items-fence", "- a\n  ```\n  b\n  |c|d|\n  |-|-|\n  ```",
        "\u2022 a\nb\n|c|d|\n|-|-|");
    row("no-table-in-a-fence-that-begins-an-item", "- ~~~md\n  a\n  |c|d|\n  |-|-|\n  ~~~",
        "\u2022 a\n|c|d|\n|-|-|");
    row("image", "![cat](https://example.org/c.png)",
        "image \u201Ccat\u201D (example.org) \u2013 not loaded");
    row("hidden-characters-of-an-image", "![a\u202Eb](https://example.org/c.png)",
        "image \u201Ca\u27E8202E\u27E9b\u201D (example.org) \u2013 not loaded");
    row("windows-lines", "a\r\nb\r\n\r\n```\r\nx\r\ny\r\n```\r\n", "a b\nx\ny");
    row("pipe-in-code-of-a-table", "|a|b|\n|---|---|\n|`x \\| y`|c|", "a\tb\nx | y\tc");
    row("math", "so \\(a_b*c*\\) holds", "so a_b*c* holds");
    row("math-begins-a-line", "\\[a_b\\] is **so**\n\nand **so** on", "a_b is so\nand so on");
    row("math-in-dollars", "so $a_b$, $3$ apples, $n$th and $$c_d$$ hold",
        "so a_b, 3 apples, nth and c_d hold");
    row("math-among-cjk", "\u8BBE$x$\u4E3A", "\u8BBEx\u4E3A");
    row("math-in-a-table", "|a|b|\n|---|---|\n|\\(x_1\\)|$y_2$|", "a\tb\nx_1\ty_2");
    row("math-in-an-item", "1. a\n   $$\n   y\n   $$", "1. a y");
    row("math-of-lines-in-an-item", "1. a\n   \\[\n   x\n   + y\n   \\]\n\n   b", "1. a x + y\nb");
    row("math-in-a-quote", "> $$\n> x\n> = y\n> $$", "x = y");
    row("no-math-in-indented-code", "    f('\\(a\\)')", "f('\\(a\\)')");
    row("prices", "It costs $5 and $10, or $5-$7, US$ 5 or 10$.",
        "It costs $5 and $10, or $5-$7, US$ 5 or 10$.");
    row("prices-of-tokens", "$3/1M in, 15$ out; $100k\u2013$200k",
        "$3/1M in, 15$ out; $100k\u2013$200k");
    row("price-levels", "cheap ($), fair ($$), or high ($$), at worst $$$",
        "cheap ($), fair ($$), or high ($$), at worst $$$");
    row("price-levels-begin-lines", "$ cheap\n$$ = fair\n$$$ dear\n\n**end**",
        "$ cheap $$ = fair $$$ dear\nend");
    row("math-that-is-not-closed", "\\[1]: so\n\n**end**", "\\[1]: so\nend");
    row("math-opened-by-a-line", "$$\\begin{x}\ny\n\\end{x}$$\n**end**",
        "$$\\begin{x}\ny\n\\end{x}$$\nend");
    row("prices-in-a-table", "|a|b|\n|---|---|\n|$5|$6|", "a\tb\n$5\t$6");
    row("variables", "Set $HOME and $PATH, $A/$B", "Set $HOME and $PATH, $A/$B");
    row("definition", "[a]: https://example.org", "[a]: https://example.org");
    row("definitions",
        "See [a] and [b][A].\n\n[a]: https://example.org/a 'title'\n[c]: https://example.org/c",
        "See a and b.\n[a]: https://example.org/a 'title'\n[c]: https://example.org/c");
    row("no-definition-is-lost", "[Note]: done\nand so\n\n[a]: b\n[c]: https://example.org",
        "[Note]: done and so\n[a]: b [c]: https://example.org");
    row("footnotes", "a[^1] b[^c]\n\n[^1]: one\ntwo\n[^c]: https://example.org",
        "a[^1] b[^c]\n[^1]: one two\n[^c]: https://example.org");
    row("alerts", "> [!WARNING]\n> Mind **this**.\n>\n> [!NOTE] below",
        "Warning\nMind this.\n[!NOTE] below");
    row("alert-alone", "> [!tip]", "Tip");
    row("no-alerts", "[!NOTE] a\n\n> [!NOTHING] b\n\n> c [!NOTE]",
        "[!NOTE] a\n[!NOTHING] b\nc [!NOTE]");
    row("bidi-in-code", "`a\u202Eb`", "a\u27E8202E\u27E9b");
    row("indented-fence", "1. a\n\n  ```py\n  if x:\n      y\n z\n  ```\n2. b",
        "1. a\nif x:\n    y\nz\n2. b");
    row("open-fence", "```\nx = 1", "x = 1");
    row("fence-begins-an-item", "- ```py\n  x\n  ```\n\ntext\n\n```js\n# c\n```",
        "\u2022 x\ntext\n# c");
    row("fence-begins-a-nested-item", "- a\n  - ```py\n    x\n    ```\n\ntext\n\n```js\n# c\n```",
        "\u2022 a\n\u25E6 x\ntext\n# c");
    row("fence-in-a-fence-of-an-item", "- a\n  ````md\n  ```py\n  ````\n\n```js\n# c\n```",
        "\u2022 a\n```py\n# c");
    row("address-in-code-of-an-item",
        "- a\n\n  ~~~\n  https://example.org/a b\n  ~~~\n\n      c https://example.org/d\n"
        "- `https://example.org/e`",
        "\u2022 a\nhttps://example.org/a b\nc https://example.org/d\n"
        "\u2022 https://example.org/e");
    row("address-with-entity", "https://example.org/?a=1&amp;b=2", "https://example.org/?a=1&b=2");
    row("private-use", "\uE0F1 https://example.org/a", "\uE0F1 https://example.org/a");
    row("nested-list", "- a\n  - b\n    1. c", "\u2022 a\n\u25E6 b\n1. c");
}

void tst_BlockSplitter::visibleText()
{
    QFETCH(const QString, markdown);
    QFETCH(const QString, visible);
    QCOMPARE(ui::visibleText(markdown), visible);
}

void tst_BlockSplitter::links_data()
{
    QTest::addColumn<QString>("markdown");
    QTest::addColumn<QStringList>("links"); // each its text and its target
    const auto row = [](const char *name, const QByteArray &text, const QStringList &links) {
        QTest::newRow(name) << QString::fromUtf8(text) << links;
    };
    row("entities", "[a](https://example.org/?a=1&amp;b=2&c=3)",
        {QStringLiteral("a"), QStringLiteral("https://example.org/?a=1&b=2&c=3")});
    row("bare", "(https://example.org/a_(b)), www.example.org/c.",
        {QStringLiteral("https://example.org/a_(b)"), QStringLiteral("https://example.org/a_(b)"),
         QStringLiteral("www.example.org/c"), QStringLiteral("http://www.example.org/c")});
    row("definitions",
        "[a][b], [B], [**c**][], ![d][b]\n\n[b]: https://example.org/?a&b\n[**C**]: "
        "mailto:c@example",
        {QStringLiteral("a"), QStringLiteral("https://example.org/?a&b"), QStringLiteral("B"),
         QStringLiteral("https://example.org/?a&b"), QStringLiteral("c"),
         QStringLiteral("mailto:c@example"), QStringLiteral("https://example.org/?a&b"),
         QStringLiteral("https://example.org/?a&b")});
    row("definitions-of-no-web-address",
        "[a], [b]\n\n[a]: javascript:alert(1)\n[b]: file:///etc/passwd", {});
    const QString address = QStringLiteral("https://example.org/a");
    row("bare-among-chinese",
        "\u89C1https://example.org/a\u3002\u6216\uFF08https://example.org/a\uFF09",
        {address, address, address, address});
    row("bare-in-quotes-and-brackets",
        "\"https://example.org/a\", 'https://example.org/a', \u201Chttps://example.org/a\u201D "
        "[https://example.org/a]; (https://example.org/a); &lt;https://example.org/a&gt;, "
        "https://example.org/a;",
        {address, address, address, address, address, address, address, address, address, address,
         address, address, address, address});
    row("bare-in-stars",
        "**https://example.org/a**, *https://example.org/a*: \"https://example.org/a\"",
        {address, address, address, address, address, address});
    row("bare-before-a-break",
        "https://example.org/a\\\nhttps://example.org/a<br>https://example.org/a",
        {address, address, address, address, address, address});
    for (const char *each :
         {"http://localhost:3000", "http://127.0.0.1:8080/v1", "https://example.org/~user/a.b-c_d",
          "https://example.org/wiki/A_(b)", "https://example.org/@me/1?q=a%20b&c=d;e#f:~g",
          "http://[::1]:8080/a", "https://example.org/{id}"}) {
        const QString written = QString::fromLatin1(each);
        row(each, each, {written, written});
        row(QByteArray("bold-").append(each).constData(),
            QByteArray("see **").append(each).append("**."), {written, written});
    }
    row("bare-after-a-sign",
        "url=https://example.org/a, (https://example.org/a), a:https://example.org/a",
        {address, address, address, address, address, address});
    row("bare-in-emphasis", "_https://example.org/a_, ~~https://example.org/a~~",
        {address, address, address, address});
    row("no-bare-address", "https:// and https://... and https://<host>/a", {});
    row("within-a-links-text",
        "[see https://example.org/b now](https://example.org/a) [![https://example.org/b](b.png)]"
        "(https://example.org/a)",
        {QStringLiteral("see https://example.org/b now"), address});
    row("bare-in-parentheses", "(a (https://example.org/a))), ((https://example.org/a).;&amp;)",
        {address, address, address, address});
    row("bare-with-entity", "https://example.org/?a=1&amp;b=2&amp;",
        {QStringLiteral("https://example.org/?a=1&b=2"),
         QStringLiteral("https://example.org/?a=1&b=2")});
    row("bare-after-brackets", "[1] https://example.org/a [2]: https://example.org/a [x",
        {address, address, address, address});
    row("of-their-own-address",
        "[https://example.org/a](https://example.org/a) `https://example.org/a;`",
        {address, address});
    row("bold-among-chinese", "\u89C1**https://example.org/a**\uFF0C\u6216<https://example.org/a>",
        {address, address, address, address});
    row("target-of-chinese", "[\u5B57](https://example.org/\uFF08\u5B57\uFF09\u3002)",
        {QStringLiteral("\u5B57"),
         QString::fromUtf8("https://example.org/\uFF08\u5B57\uFF09\u3002")});
}

namespace {

//! Each its text and its target.
QStringList linksOf(const QString &markdown)
{
    BlockList list(BlockSplitter::Mode::Markdown);
    list.append(markdown);
    QStringList links;
    for (const ui::TextBlock &block : std::as_const(list.blocks)) {
        for (const ui::TextSpan &span : block.body.spans) {
            if (span.flags.testFlag(ui::SpanFlag::Link))
                links << block.body.text.sliced(span.start, span.length) << span.url;
        }
    }
    return links;
}

} // namespace

void tst_BlockSplitter::links()
{
    QFETCH(const QString, markdown);
    QFETCH(const QStringList, links);
    QCOMPARE(linksOf(markdown), links);
}

QTEST_MAIN(tst_BlockSplitter)
#include "tst_blocksplitter.moc"
