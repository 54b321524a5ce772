// A block whose text grows is laid out line by line; it must come to what laying out the whole text
// at once gives.
#include "tests/support/seededrandom.h"
#include "ui/transcript/blocklayout.h"
#include "ui/transcript/blocklist.h"

#include <QApplication>
#include <QImage>
#include <QPainter>
#include <QTest>

using namespace ui;

namespace {

constexpr int Width = 420;

QImage picture(const BlockLayout &layout, const TranscriptStyle &style)
{
    QImage picture(Width + 40, std::max(1, layout.height()), QImage::Format_RGB32);
    picture.fill(style.window);
    QPainter painter(&picture);
    BlockMarks marks;
    marks.selection = {3, layout.textLength() / 2};
    layout.paint(painter, {0, 0}, marks);
    return picture;
}

QString words(int count)
{
    QString text;
    for (int i = 0; i < count; ++i)
        text += QStringLiteral("word%1 ").arg(i * i % 97);
    return text;
}

} // namespace

class tst_BlockLayout : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void grownIsAsLaidOutAtOnce_data();
    void grownIsAsLaidOutAtOnce();
    void linesAboveAreKept_data();
    void linesAboveAreKept();

private:
    [[nodiscard]] static TranscriptStyle style()
    {
        return TranscriptStyle::of(makeTheme(Scheme::Light, QApplication::font()));
    }
};

void tst_BlockLayout::grownIsAsLaidOutAtOnce_data()
{
    QTest::addColumn<QString>("text");
    const QString hebrew = QStringLiteral("\u05E9\u05DC\u05D5\u05DD \u05E2\u05D5\u05DC\u05DD ");
    QTest::newRow("paragraph") << words(120);
    QTest::newRow("spans") << QStringLiteral("A **bold run of %1** and `code of some words` then "
                                             "[a link %2](https://example.org/a) and ~~no~~ ")
                                  .arg(words(20), words(12))
                                  .repeated(3);
    QTest::newRow("hard-breaks")
        << QStringLiteral("one line of words  \nand the next  \n").repeated(20);
    QTest::newRow("long-word") << QString(900, u'x') + u' ' + words(20);
    QTest::newRow("chinese") << QStringLiteral(
                                    "\u4F60\u597D\uFF0C\u4E16\u754C\u3002\u300C\u6D4B\u8BD5\u300D")
                                    .repeated(40);
    QTest::newRow("emoji")
        << QStringLiteral(
               "\U0001F469\u200D\U0001F469\u200D\U0001F466 \U0001F1E9\U0001F1EA e\u0301 ")
               .repeated(40);
    QTest::newRow("hebrew") << hebrew.repeated(40);
    QTest::newRow("hebrew-within") << (words(12) + hebrew + QStringLiteral("(7) ")).repeated(8);
    QTest::newRow("hebrew-later") << words(60) + hebrew.repeated(12) + words(20);
    QTest::newRow("heading") << QStringLiteral("## ") + words(40);
    QTest::newRow("items")
        << QStringLiteral("1. %1\n   > %2\n2. [x] %1\n").arg(words(30), words(30));
    QTest::newRow("code") << QStringLiteral("```cpp\n/* a comment\n that goes on */\nint f(int "
                                            "a)\n{\n\treturn a; // tab\n}\n\n%1\n```\n")
                                 .arg(words(40));
    QTest::newRow("table") << QStringLiteral("| a | b | count |\n|---|:-:|--:|\n") +
                                  (QStringLiteral("| ") + words(3) + QStringLiteral("| `x` ") +
                                   words(9) + QStringLiteral("| 12.5 |\n"))
                                      .repeated(6);
    QTest::newRow("ragged-table") << QStringLiteral(
        "| a | b |\n|---|---|\n| 1 |\n| 1 | 2 | 3 |\n\n| x |\n");
    QTest::newRow("becomes-a-heading")
        << words(30) + QStringLiteral("\n\nTitle of some words\n=====\n\n") + words(9);
}

void tst_BlockLayout::grownIsAsLaidOutAtOnce()
{
    QFETCH(const QString, text);
    const TranscriptStyle look = style();
    tests::SeededRandom random(5);
    for (const bool wraps : {false, true}) {
        BlockList list(BlockSplitter::Mode::Markdown);
        for (qsizetype at = 0; at < text.size();) {
            const auto length = 1 + static_cast<qsizetype>(random.bits() % 9);
            list.append(text.mid(at, length));
            at += length;
            for (int block = 0; block < list.blocks.size(); ++block) {
                auto &layout = list.layouts[std::size_t(block)];
                if (layout || random.bits() % 8 == 0) // not all that changes is seen
                    continue;
                const auto colors = list.blocks[block].kind == BlockKind::Code
                                        ? list.colorsOf(block, look)
                                        : QList<QTextLayout::FormatRange>();
                const auto before = list.replaced.extract(block);
                layout =
                    std::make_unique<BlockLayout>(list.blocks[block], look, Width, wraps, colors,
                                                  before ? before.mapped().get() : nullptr);
                const BlockLayout whole(list.blocks[block], look, Width, wraps, colors);
                const QByteArray where = QByteArray::number(at);
                QVERIFY2(layout->height() == whole.height(), where.constData());
                QVERIFY2(layout->scrollRange() == whole.scrollRange(), where.constData());
                QCOMPARE(layout->links().size(), whole.links().size());
                for (int i = 0; i < whole.links().size(); ++i) {
                    QCOMPARE(layout->links()[i].start, whole.links()[i].start);
                    QCOMPARE(layout->links()[i].text, whole.links()[i].text);
                }
                QVERIFY2(picture(*layout, look) == picture(whole, look), where.constData());
                for (int i = 0; i < 8; ++i) {
                    const int offset = int(random.bits() % std::uint64_t(whole.textLength() + 1));
                    QCOMPARE(layout->caretRect(offset), whole.caretRect(offset));
                    // Not at the right: within a text Qt lets no click end up behind the last
                    // character of a line.
                    const QPointF point(double(random.bits() % (Width / 3)),
                                        double(random.bits() % std::uint64_t(whole.height() + 1)));
                    QCOMPARE(layout->offsetAt(point, 0, nullptr),
                             whole.offsetAt(point, 0, nullptr));
                }
            }
        }
    }
}

void tst_BlockLayout::linesAboveAreKept_data()
{
    QTest::addColumn<BlockKind>("kind");
    QTest::addColumn<QString>("text");
    QTest::newRow("paragraph") << BlockKind::Paragraph << words(200);
    QTest::newRow("code") << BlockKind::Code << QStringLiteral("a line\n").repeated(15);
}

void tst_BlockLayout::linesAboveAreKept()
{
    QFETCH(const BlockKind, kind);
    QFETCH(const QString, text);
    const TranscriptStyle look = style();
    TextBlock block;
    block.kind = kind;
    block.body.text = text;
    BlockLayout first(block, look, Width, false);
    QCOMPARE(first.keptHeight(), 0); // there is none before
    block.body.text += QStringLiteral("more");
    BlockLayout second(block, look, Width, false, {}, &first);
    QVERIFY(second.keptHeight() > second.height() * 3 / 4);
    // Something else stands there now.
    block.body.text = QStringLiteral("other") + block.body.text;
    QCOMPARE(BlockLayout(block, look, Width, false, {}, &second).keptHeight(), 0);
}

QTEST_MAIN(tst_BlockLayout)
#include "tst_blocklayout.moc"
