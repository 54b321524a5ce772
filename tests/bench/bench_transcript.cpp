// What the transcript costs: opening a long chat, and one token of a growing answer with all that a
// frame does to show it.
#include "tests/support/threadtime.h"
#include "ui/transcript/transcriptview.h"

#include <QApplication>
#include <QTest>

using namespace ui;

class bench_Transcript : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void open();
    void token_data();
    void token();
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

void bench_Transcript::open()
{
    QList<TranscriptMessage> messages;
    for (int i = 0; i < 10000; ++i) {
        TranscriptMessage message;
        message.id = QString::number(i);
        message.role = i % 2 == 0 ? MessageRole::User : MessageRole::Assistant;
        message.text = prose(i % 2 == 0 ? 100 : 1500);
        messages.append(message);
    }
    TranscriptView view(makeTheme(Scheme::Light, QApplication::font()));
    view.resize(900, 800);
    const qreal begin = tests::threadNanoseconds();
    view.setMessages(messages);
    (void)view.grab();
    QTest::setBenchmarkResult((tests::threadNanoseconds() - begin) / 1e6,
                              QTest::WalltimeMilliseconds);
}

void bench_Transcript::token_data()
{
    QTest::addColumn<int>("bytes");
    QTest::addColumn<bool>("fence");
    QTest::newRow("1-kb") << 1024 << false;
    QTest::newRow("80-kb") << 81920 << false;
    QTest::newRow("1-mb") << 1048576 << false;
    QTest::newRow("fence-1-kb") << 1024 << true;
    QTest::newRow("fence-1-mb") << 1048576 << true;
}

void bench_Transcript::token()
{
    QFETCH(const int, bytes);
    QFETCH(const bool, fence);
    TranscriptMessage message;
    message.id = QStringLiteral("a");
    message.state = MessageState::Streaming;
    message.text = fence ? QStringLiteral("```cpp\n") +
                               QStringLiteral("const auto high = std::max(b.base, 3); // cap\n")
                                   .repeated(bytes / 47)
                         : prose(bytes);
    MessageItem item(message);
    item.setGeometry(TranscriptStyle::of(makeTheme(Scheme::Light, QApplication::font())), 740);
    item.parse();
    constexpr int Tokens = 500;
    const qreal begin = tests::threadNanoseconds();
    for (int i = 0; i < Tokens; ++i) {
        item.appendText(i % (fence ? 10 : 40) == 9 ? QStringLiteral("\n\n")
                                                   : QStringLiteral("word "));
        for (int part = std::max(0, item.partCount() - 2); part < item.partCount(); ++part)
            item.measure(part);
        (void)item.height();
    }
    QTest::setBenchmarkResult((tests::threadNanoseconds() - begin) / Tokens,
                              QTest::WalltimeNanoseconds);
}

QTEST_MAIN(bench_Transcript)

#include "bench_transcript.moc"
