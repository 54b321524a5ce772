// What is painted after a change, and that it never differs from painting everything anew.
#include "tests/support/seededrandom.h"
#include "ui/transcript/transcriptview.h"

#include <QApplication>
#include <QPaintEvent>
#include <QScreen>
#include <QScrollBar>
#include <QTest>

using namespace ui;

namespace {

const QString Id = QStringLiteral("answer");

//! The pixels that the viewport was asked to paint.
class PaintedArea : public QObject
{
public:
    explicit PaintedArea(QWidget &widget) { widget.installEventFilter(this); }
    qint64 pixels = 0;

private:
    bool eventFilter(QObject *, QEvent *event) override
    {
        if (event->type() == QEvent::Paint) {
            for (const QRect &rect : static_cast<QPaintEvent *>(event)->region())
                pixels += qint64(rect.width()) * rect.height();
        }
        return false;
    }
};

QString prose(int words)
{
    QString text;
    for (int i = 0; i < words; ++i)
        text += i % 7 == 6 ? QStringLiteral("g\u0302\u0323ypsum ") : QStringLiteral("plainly ");
    return text;
}

TranscriptMessage streaming(const QString &text)
{
    TranscriptMessage message;
    message.id = Id;
    message.text = text;
    message.state = MessageState::Streaming;
    message.header = {QStringLiteral("Model"), QColor(0x2E7D6B)};
    message.footer = {{QStringLiteral("12 out"), DropOrder::Tokens, FooterTone::Plain}};
    return message;
}

} // namespace

class tst_TranscriptPaint : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_view.reset(); }
    void screenIsWhatPaintingAnewGives_data();
    void screenIsWhatPaintingAnewGives();
    void caretLeavesNoTrace_data();
    void caretLeavesNoTrace();
    void littleIsPaintedWhileTextGrows_data();
    void littleIsPaintedWhileTextGrows();
    void roomBelowAnAnswerIsNotPainted();
    void sameFiguresPaintNothing();

private:
    //! On the screen now, pieced together by all paint events so far.
    [[nodiscard]] QImage screen() const
    {
        return QApplication::primaryScreen()
            ->grabWindow(m_view->winId())
            .toImage()
            .convertToFormat(QImage::Format_RGB32);
    }
    [[nodiscard]] QImage anew() const
    {
        return m_view->grab().toImage().convertToFormat(QImage::Format_RGB32);
    }

    std::unique_ptr<TranscriptView> m_view;
};

void tst_TranscriptPaint::init()
{
    m_view = std::make_unique<TranscriptView>(makeTheme(Scheme::Light, QApplication::font()));
    m_view->resize(700, 500);
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
}

void tst_TranscriptPaint::screenIsWhatPaintingAnewGives_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("follows");
    QTest::addColumn<bool>("reasons");
    const QString code = QStringLiteral("```cpp\nint main()\n{\n    return 0; // ") + prose(40) +
                         QStringLiteral("\n}\n") + QStringLiteral("    f();\n").repeated(60) +
                         QStringLiteral("```\n\nDone, ") + prose(30);
    const QString lists = QStringLiteral("# Head\n\n1. one\n   - two\n     > three\n2. four\n\n") +
                          QStringLiteral("- [x] task ") + prose(30) +
                          QStringLiteral("\n- [ ] other\n\nTitle\n=====\n\n").repeated(12);
    const QString table = QStringLiteral("| a | b |\n|---|---:|\n") +
                          QStringLiteral("| cell of a row | 12.5 |\n").repeated(40) + prose(20);
    const QString paragraph = prose(500);
    const QString paragraphs = (prose(60) + QStringLiteral("\n\n")).repeated(10);
    for (const bool follows : {true, false}) {
        const char *how = follows ? "followed" : "question-on-top";
        QTest::addRow("%s-one-paragraph", how) << paragraph << follows << false;
        QTest::addRow("%s-paragraphs", how) << paragraphs << follows << false;
        QTest::addRow("%s-code", how) << code << follows << false;
        QTest::addRow("%s-lists", how) << lists << follows << false;
        QTest::addRow("%s-table", how) << table << follows << false;
        QTest::addRow("%s-reasoning", how) << paragraphs << follows << true;
    }
}

//! A pixel that was left standing though the text had moved or changed would differ.
void tst_TranscriptPaint::screenIsWhatPaintingAnewGives()
{
    QFETCH(QString, text);
    QFETCH(bool, follows);
    QFETCH(bool, reasons);
    tests::SeededRandom random(11);
    TranscriptMessage asked;
    asked.id = QStringLiteral("question");
    asked.role = MessageRole::User;
    asked.text = prose(40);
    m_view->setMessages({asked, streaming({})});
    if (follows)
        m_view->followAnswer();
    else
        m_view->showQuestion(asked.id);
    qsizetype at = 0;
    for (int step = 0; at < text.size(); ++step) {
        const auto length = 1 + static_cast<qsizetype>(random.bits() % 240);
        if (reasons && step % 3 == 0)
            m_view->appendReasoning(Id, text.mid(at, length));
        m_view->appendText(Id, text.mid(at, length));
        at += length;
        if (step % 4 == 3)
            m_view->setFooter(
                Id, {{QStringLiteral("%1 out").arg(step), DropOrder::Tokens, FooterTone::Plain}});
        if (step % 17 == 16) // a reader looks up, and comes back
            m_view->verticalScrollBar()->setValue(m_view->verticalScrollBar()->value() - 60);
        if (step % 17 == 5 && follows)
            m_view->followAnswer();
        QTest::qWait(20);
        // Waiting mends nothing: what was left standing would stand until the next full painting.
        QTRY_VERIFY2(screen() == anew(), qPrintable(QStringLiteral("step %1").arg(step)));
    }
    QVERIFY(m_view->verticalScrollBar()->maximum() > 0); // else nothing was ever moved
}

void tst_TranscriptPaint::caretLeavesNoTrace_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("table") << QStringLiteral("| a | b |\n|---|--:|\n| c | 1 |\n| dd | 22 |\n\nEnd");
    QTest::newRow("code") << QStringLiteral("```cpp\nint a;\n\nb();\n```\n\nEnd");
    QTest::newRow("list") << QStringLiteral("1. one\n   - two\n\n2. **b** c\n\n# Head\n- [x] d");
    QTest::newRow("quote") << QStringLiteral("> a\n> b\n>\n> c\n\n> [!NOTE]\n> d\n\n---\nEnd");
    QTest::newRow("breaks") << QStringLiteral("a<br>b  \nc\nd\n\n\ne\n===\n$$x$$ f");
}

//! Each character comes alone, so that the caret stands once wherever it can.
void tst_TranscriptPaint::caretLeavesNoTrace()
{
    QFETCH(const QString, text);
    TranscriptMessage asked;
    asked.id = QStringLiteral("question");
    asked.role = MessageRole::User;
    asked.text = prose(4);
    m_view->setMessages({asked, streaming({})});
    m_view->showQuestion(asked.id);
    for (qsizetype at = 0; at < text.size(); ++at) {
        m_view->appendText(Id, text.mid(at, 1));
        QTest::qWait(20);
        QTRY_VERIFY2(screen() == anew(), qPrintable(text.left(at + 1)));
    }
}

void tst_TranscriptPaint::littleIsPaintedWhileTextGrows_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("paragraphs") << (prose(40) + QStringLiteral("\n\n")).repeated(20);
    QTest::newRow("paragraph-higher-than-the-view") << prose(800);
    QTest::newRow("table") << QStringLiteral("| a | b |\n|---|---|\n| ") + prose(60) +
                                  QStringLiteral("| so wide |\n") +
                                  QStringLiteral("| a cell | of some more words |\n").repeated(40) +
                                  QStringLiteral("| one ");
    QTest::newRow("code") << QStringLiteral("```\n") +
                                 QStringLiteral("a line of it\n").repeated(60);
}

void tst_TranscriptPaint::littleIsPaintedWhileTextGrows()
{
    QFETCH(const QString, text);
    m_view->setMessages({streaming(text)});
    m_view->followAnswer();
    QTest::qWait(50);
    const PaintedArea painted(*m_view->viewport());
    const QSize size = m_view->viewport()->size();
    constexpr int Steps = 20;
    for (int i = 0; i < Steps; ++i) {
        m_view->appendText(Id, QStringLiteral("more words "));
        QTest::qWait(25);
    }
    QVERIFY(painted.pixels > 0);
    const qint64 whole = qint64(size.width()) * size.height();
    QVERIFY2(painted.pixels < Steps * whole / 3, qPrintable(QString::number(painted.pixels)));
}

void tst_TranscriptPaint::roomBelowAnAnswerIsNotPainted()
{
    TranscriptMessage asked;
    asked.id = QStringLiteral("question");
    asked.role = MessageRole::User;
    asked.text = prose(10);
    m_view->setMessages({asked, streaming(prose(5))});
    m_view->showQuestion(asked.id);
    QTest::qWait(50);
    const PaintedArea painted(*m_view->viewport());
    constexpr int Steps = 20;
    for (int i = 0; i < Steps; ++i) {
        m_view->appendText(Id, QStringLiteral("word "));
        QTest::qWait(25);
    }
    QVERIFY(painted.pixels > 0);
    const QSize size = m_view->viewport()->size();
    const qint64 whole = qint64(size.width()) * size.height();
    QVERIFY2(painted.pixels < Steps * whole / 5, qPrintable(QString::number(painted.pixels)));
}

void tst_TranscriptPaint::sameFiguresPaintNothing()
{
    const TranscriptMessage message = streaming(prose(40));
    m_view->setMessages({message});
    QTest::qWait(50);
    const PaintedArea painted(*m_view->viewport());
    m_view->setHeader(Id, message.header);
    m_view->setFooter(Id, message.footer);
    m_view->setActions(Id, message.actions);
    QTest::qWait(50);
    QCOMPARE(painted.pixels, 0);
}

QTEST_MAIN(tst_TranscriptPaint)
#include "tst_transcriptpaint.moc"
