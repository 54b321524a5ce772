#include "ui/transcript/codehighlighter.h"

#include <QApplication>
#include <QTest>

using namespace ui;

namespace {

TranscriptStyle style()
{
    return TranscriptStyle::of(makeTheme(Scheme::Light, QApplication::font()));
}

//! The colour that \p word gets where it stands first; invalid if it is plain.
QColor colorOf(const QList<QTextLayout::FormatRange> &ranges, const QString &code,
               const QString &word)
{
    const qsizetype at = code.indexOf(word);
    for (const QTextLayout::FormatRange &range : ranges) {
        if (range.start <= at && at + word.size() <= range.start + range.length)
            return range.format.foreground().color();
    }
    return {};
}

} // namespace

class tst_CodeHighlighter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void colorsLanguages_data();
    void colorsLanguages();
    void unknownStaysPlain();
    void readsFinishedLinesOnce();
    void goesOnWithACutFence();
    void takesBackWhatChanged();
};

void tst_CodeHighlighter::colorsLanguages_data()
{
    QTest::addColumn<QString>("language");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("keyword");
    QTest::addColumn<QString>("quoted");
    QTest::addColumn<QString>("comment");
    const auto row = [](const char *language, const char *code, const char *keyword,
                        const char *quoted, const char *comment) {
        QTest::newRow(language) << QString::fromLatin1(language) << QString::fromUtf8(code)
                                << QString::fromLatin1(keyword) << QString::fromUtf8(quoted)
                                << QString::fromLatin1(comment);
    };
    row("c++", "return \"one\"; // note", "return", "one", "note");
    row("py", "return 'one' # note", "return", "one", "note");
    row("bash", "if true; then echo \"one\"; fi # note", "then", "one", "note");
    row("rs", "let a = \"one\"; // note", "let", "one", "note");
    row("cs", "return \"one\"; // note", "return", "one", "note");
    row("ts", "interface A { b: \"one\" } // note", "interface", "one", "note");
    row("TypeScript", "const a = `one`; /* note */", "const", "one", "note");
    row("yml", "on: true\ntext: \"\u00FCone\" # note", "true", "one", "note");
    row("toml", "[package]\nname = \"one\" # note", "package", "one", "note");
    row("kt", "fun f() = \"one\" // note", "fun", "one", "note");
    row("swift", "guard a == \"one\" else { } // note", "guard", "one", "note");
    row("Dockerfile", "FROM debian\nRUN echo \"one\"\n# note", "RUN", "one", "note");
    row("ini", "[part]\nname=\"one\"\n; note", "part", "one", "note");
}

void tst_CodeHighlighter::colorsLanguages()
{
    QFETCH(const QString, language);
    QFETCH(const QString, code);
    QFETCH(const QString, keyword);
    QFETCH(const QString, quoted);
    QFETCH(const QString, comment);
    const TranscriptStyle look = style();
    CodeHighlighter highlighter(language, look);
    QList<QTextLayout::FormatRange> ranges;
    for (int tries = 0; tries < 20; ++tries) // a call stops after its share of time
        ranges = highlighter.colors(code);
    QCOMPARE(colorOf(ranges, code, keyword), look.keyword);
    QCOMPARE(colorOf(ranges, code, quoted), look.good);
    QCOMPARE(colorOf(ranges, code, comment), look.mutedText);
}

void tst_CodeHighlighter::unknownStaysPlain()
{
    CodeHighlighter highlighter(QStringLiteral("brainfog"), style());
    QVERIFY(highlighter.colors(QStringLiteral("return \"one\"")).isEmpty());
}

void tst_CodeHighlighter::readsFinishedLinesOnce()
{
    const TranscriptStyle look = style();
    CodeHighlighter growing(QStringLiteral("cpp"), look);
    QString code;
    for (int line = 0; line < 40; ++line) {
        code += QStringLiteral("return %1; ").arg(line);
        (void)growing.colors(code);
        code += QStringLiteral("/* open\n");
        (void)growing.colors(code);
        code += QStringLiteral("still */\n");
        (void)growing.colors(code);
    }
    // Each line is read when it is begun and once more when it is finished.
    QVERIFY2(growing.linesRead() <= 4 * 40, qPrintable(QString::number(growing.linesRead())));
    QCOMPARE(colorOf(growing.colors(code), code, QStringLiteral("still")), look.mutedText);
    QCOMPARE(colorOf(growing.colors(code), code, QStringLiteral("return 39").first(6)),
             look.keyword);
}

void tst_CodeHighlighter::goesOnWithACutFence()
{
    const TranscriptStyle look = style();
    CodeHighlighter first(QStringLiteral("cpp"), look);
    (void)first.colors(QStringLiteral("int a;\n/* open"));
    CodeHighlighter second(QStringLiteral("cpp"), look, &first);
    const QString code = QStringLiteral("inside\n*/ return 1;");
    const QList<QTextLayout::FormatRange> ranges = second.colors(code);
    QCOMPARE(colorOf(ranges, code, QStringLiteral("inside")), look.mutedText);
    QCOMPARE(colorOf(ranges, code, QStringLiteral("return")), look.keyword);
}

void tst_CodeHighlighter::takesBackWhatChanged()
{
    const TranscriptStyle look = style();
    CodeHighlighter highlighter(QStringLiteral("cpp"), look);
    (void)highlighter.colors(QStringLiteral("int a;\n/* open\nmore"));
    const QString code = QStringLiteral("return 1;\nreturn 2;");
    QCOMPARE(colorOf(highlighter.colors(code), code, QStringLiteral("return 2")), QColor());
    QCOMPARE(colorOf(highlighter.colors(code), code, QStringLiteral("return")), look.keyword);
}

QTEST_MAIN(tst_CodeHighlighter)
#include "tst_codehighlighter.moc"
