// What the transcript costs: opening a long chat, and one token of a growing answer with all that a
// frame does to show it.
#include "ui/transcript/transcriptview.h"

#include <QApplication>
#include <QElapsedTimer>
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
    QElapsedTimer timer;
    timer.start();
    view.setMessages(messages);
    (void)view.grab();
    QTest::setBenchmarkResult(qreal(timer.nsecsElapsed()) / 1e6, QTest::WalltimeMilliseconds);
}

void bench_Transcript::token_data()
{
    QTest::addColumn<int>("bytes");
    QTest::newRow("1-kb") << 1024;
    QTest::newRow("80-kb") << 81920;
    QTest::newRow("1-mb") << 1048576;
}

void bench_Transcript::token()
{
    QFETCH(const int, bytes);
    TranscriptMessage message;
    message.id = QStringLiteral("a");
    message.state = MessageState::Streaming;
    message.text = prose(bytes);
    MessageItem item(message);
    item.setGeometry(TranscriptStyle::of(makeTheme(Scheme::Light, QApplication::font())), 740);
    item.parse();
    constexpr int Tokens = 500;
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < Tokens; ++i) {
        item.appendText(i % 40 == 39 ? QStringLiteral("\n\n") : QStringLiteral("word "));
        for (int part = std::max(0, item.partCount() - 2); part < item.partCount(); ++part)
            item.measure(part);
        (void)item.height();
    }
    QTest::setBenchmarkResult(qreal(timer.nsecsElapsed()) / 1e6 / Tokens,
                              QTest::WalltimeMilliseconds);
}

QTEST_MAIN(bench_Transcript)
#include "bench_transcript.moc"
