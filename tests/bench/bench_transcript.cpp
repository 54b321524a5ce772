// What the transcript costs, in CPU time of the window's thread: opening a long chat, and one token
// at the end of a chat of 500 messages, from its arrival to the painted viewport. A token shares
// its frame with seven others, as in the probe that set the target, or has one of its own, before
// which the thread slept: what a slow stream costs.
#include "tests/support/eventcount.h"
#include "tests/support/threadtime.h"
#include "ui/transcript/transcriptview.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <vector>

using namespace ui;

namespace {

constexpr int Runs = 5; //!< Measured, after one that is not.

} // namespace

class bench_Transcript : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void open();
    void find();
    void eightInAFrame_data() { shapes(); }
    void eightInAFrame() { measure(8); }
    void ownFrame_data() { shapes(); }
    void ownFrame() { measure(1); }

private:
    static void shapes();
    static void measure(int tokensAFrame);
};

static QString prose(qsizetype bytes)
{
    QString text;
    while (text.size() < bytes)
        text += QStringLiteral("A paragraph with **bold** and `code` that fills a line or two of "
                               "the column, as answers do.\n\n"
                               "- one\n- two\n\n```cpp\nint a = 1;\nreturn a;\n```\n\n");
    return text;
}

//! A chat as long as people have them.
static QList<TranscriptMessage> chat(int count)
{
    QList<TranscriptMessage> messages;
    for (int i = 0; i < count; ++i) {
        TranscriptMessage message;
        message.id = QString::number(i);
        message.role = i % 2 == 0 ? MessageRole::User : MessageRole::Assistant;
        message.text = prose(i % 2 == 0 ? 100 : 1500);
        messages.append(message);
    }
    return messages;
}

static qreal median(std::vector<qreal> figures)
{
    const auto middle = figures.begin() + static_cast<std::ptrdiff_t>(figures.size() / 2);
    std::nth_element(figures.begin(), middle, figures.end());
    return *middle;
}

void bench_Transcript::open()
{
    const QList<TranscriptMessage> messages = chat(10'000);
    std::vector<qreal> runs;
    for (int run = 0; run <= Runs; ++run) {
        TranscriptView view(makeTheme(Scheme::Light, QApplication::font()));
        view.resize(900, 800);
        const qreal begin = tests::threadNanoseconds();
        view.setMessages(messages);
        (void)view.grab();
        if (run > 0) // the first is the warm-up
            runs.push_back((tests::threadNanoseconds() - begin) / 1e6);
    }
    QTest::setBenchmarkResult(median(runs), QTest::WalltimeMilliseconds);
}

//! The first letter of what is sought in a long chat of which only the end has been seen.
void bench_Transcript::find()
{
    const QList<TranscriptMessage> messages = chat(10'000);
    std::vector<qreal> runs;
    for (int run = 0; run <= Runs; ++run) {
        TranscriptView view(makeTheme(Scheme::Light, QApplication::font()));
        view.resize(900, 800);
        view.setMessages(messages);
        (void)view.grab();
        const qreal begin = tests::threadNanoseconds();
        view.setFindText(QStringLiteral("fills a line"));
        if (run > 0)
            runs.push_back((tests::threadNanoseconds() - begin) / 1e6);
    }
    QTest::setBenchmarkResult(median(runs), QTest::WalltimeMilliseconds);
}

namespace {

//! What an answer is made of, and what arrives of it.
struct Shape
{
    QString before;      //!< Stands there already, again and again up to the size.
    int tokensALine = 0; //!< Then the line's end comes.
    QString lineEnd;
    QString lead; //!< Stands once, above all.
    QString word = QStringLiteral("word ");
};

} // namespace

Q_DECLARE_METATYPE(Shape)

void bench_Transcript::shapes()
{
    const Shape paragraphs{prose(1), 40, QStringLiteral("\n\n"), {}};
    const Shape fence{QStringLiteral("const auto high = std::max(b.base, 3); // cap\n"), 10,
                      QStringLiteral("\n\n"), QStringLiteral("```cpp\n")};
    const Shape paragraph{
        QStringLiteral("words of one paragraph that has no end, "), 1'000'000, {}, {}};
    const Shape table{
        QStringLiteral("| name | what it does, in some words | 12 |\n"), 8, QStringLiteral("|\n| "),
        QStringLiteral("| name | purpose | count |\n|---|---|--:|\n"), QStringLiteral("word | ")};
    QTest::addColumn<int>("bytes");
    QTest::addColumn<Shape>("shape");
    QTest::newRow("1-kb") << 1024 << paragraphs;
    QTest::newRow("80-kb") << 81920 << paragraphs;
    QTest::newRow("1-mb") << 1048576 << paragraphs;
    QTest::newRow("fence-1-kb") << 1024 << fence;
    QTest::newRow("fence-1-mb") << 1048576 << fence;
    QTest::newRow("paragraph-4-kb") << 4096 << paragraph;
    QTest::newRow("table-2-kb") << 2048 << table;
}

namespace {

//! A shown chat of 500 messages whose last one is being written.
class StreamingChat
{
public:
    StreamingChat(int bytes, Shape shape)
        : m_shape(std::move(shape))
        , m_view(makeTheme(Scheme::Light, QApplication::font()))
    {
        QList<TranscriptMessage> messages = chat(499);
        TranscriptMessage message;
        message.id = m_id;
        message.role = MessageRole::Assistant;
        message.state = MessageState::Streaming;
        message.text = m_shape.lead + m_shape.before.repeated(1 + bytes / m_shape.before.size());
        messages.append(message);
        m_view.resize(900, 800);
        m_view.setMessages(messages);
        m_view.followAnswer();
        m_view.show();
        m_view.viewport()->installEventFilter(&m_paints);
        m_wakes.start(1'000); // a wait in which nothing happens ends, too
    }

    bool isExposed() { return QTest::qWaitForWindowExposed(&m_view); }
    void add()
    {
        const bool lineEnds =
            !m_shape.lineEnd.isEmpty() &&
            m_tokens % m_shape.tokensALine == std::min(9, m_shape.tokensALine - 1);
        m_view.appendText(m_id, lineEnds ? m_shape.lineEnd : m_shape.word);
        ++m_tokens;
    }
    //! What was added is on the screen: false if that took seconds. What the thread sleeps in
    //! between is not CPU time.
    bool show()
    {
        const qsizetype before = textSize();
        if (!waitFor([&] { return textSize() > before; }))
            return false;
        const int painted = m_paints.count;
        return waitFor([&] { return m_paints.count > painted; });
    }

private:
    [[nodiscard]] qsizetype textSize() const
    {
        return m_view.item(m_view.messageCount() - 1).message().text.size();
    }
    template <typename Condition>
    static bool waitFor(Condition holds)
    {
        QElapsedTimer waited;
        waited.start();
        while (!holds() && waited.elapsed() < 5'000)
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        return holds();
    }

    Shape m_shape;
    QString m_id = QStringLiteral("a");
    tests::EventCount m_paints{QEvent::Paint};
    TranscriptView m_view;
    QTimer m_wakes;
    int m_tokens = 0;
};

constexpr int Tokens = 64; //!< Of one run: whole frames of eight.

} // namespace

void bench_Transcript::measure(int tokensAFrame)
{
    QFETCH(const int, bytes);
    QFETCH(const Shape, shape);
    StreamingChat chat(bytes, shape);
    QVERIFY(chat.isExposed());
    std::vector<qreal> runs;
    for (int run = 0; run <= Runs; ++run) {
        const qreal begin = tests::threadNanoseconds();
        for (int token = 1; token <= Tokens; ++token) {
            chat.add();
            if (token % tokensAFrame == 0)
                QVERIFY(chat.show());
        }
        if (run > 0)
            runs.push_back((tests::threadNanoseconds() - begin) / Tokens);
    }
    QTest::setBenchmarkResult(median(runs), QTest::WalltimeNanoseconds);
}

QTEST_MAIN(bench_Transcript)

#include "bench_transcript.moc"
