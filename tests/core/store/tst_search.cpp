#include "tests/core/store/storefixture.h"

using namespace core;
using namespace tests;

//! What a person types finds what they remember, whatever script and signs it is made of.
class tst_Search : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void finds_data();
    void finds();
    void newestFirstWithSnippet();

private:
    StoreFixture m_fixture;
    std::unique_ptr<Store> m_store;
};

void tst_Search::initTestCase()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".?")));
    m_store = m_fixture.open();
    for (const char *text : {
             "The quick brown fox",
             "\xe6\x9d\xb1\xe4\xba\xac\xe9\x83\xbd\xe3\x81\xae\xe5\xa4\xa9\xe6\xb0\x97",
             "Caf\xc3\xa9 in Gda\xc5\x84sk",
             "He said \"hello there\" twice",
             "100% of snake_case names",
             "A wave \xf0\x9f\x8c\x8a and a fish",
             "C++ AND (Rust OR Go) NEAR NOT*",
             "path\\to\\file",
             "\xd0\x9e\xd0\xbd \xd0\xb8 \xd0\x98\xd0\x98",
         }) {
        const ConversationRecord chat = m_fixture.chat();
        QVERIFY(awaited(m_store->conversations().save(chat)));
        m_fixture.ask(*m_store, chat, QString::fromUtf8(text), QStringLiteral("-"));
    }
}

void tst_Search::finds_data()
{
    QTest::addColumn<QString>("words");
    QTest::addColumn<int>("hits");
    const auto row = [](const char *name, const char *words, int hits) {
        QTest::newRow(name) << QString::fromUtf8(words) << hits;
    };
    row("word", "quick", 1);
    row("any-case", "QUICK bRoWn", 1);
    row("all-words-in-any-order", "fox quick", 1);
    row("not-all-words", "fox slow", 0);
    row("inside-a-word", "uic", 1);
    row("two-characters", "ox", 1);
    row("one-character", "x", 1);
    row("short-words-only", "in sk", 1);
    row("pasted-page", QByteArray("the quick ox ").repeated(1000).constData(), 1);
    row("long-with-short", "quick ox", 1);
    row("cjk-three", "\xe4\xba\xac\xe9\x83\xbd\xe3\x81\xae", 1);
    row("cjk-two", "\xe5\xa4\xa9\xe6\xb0\x97", 1);
    row("cjk-one", "\xe9\x83\xbd", 1);
    row("two-small-for-a-capital", "\xd0\xbe\xd0\xbd", 1);
    row("two-capitals-for-a-small", "\xd0\x9e\xd0\x9d", 1);
    row("two-small-for-capitals", "\xd0\xb8\xd0\xb8", 1);
    row("accent-typed", "caf\xc3\xa9", 1);
    row("accent-not-typed", "cafe", 1);
    row("quotes", "\"hello", 1);
    row("quoted-phrase", "\"hello there\"", 1);
    row("lone-quote", "\"", 1);
    row("percent-is-no-wildcard", "0%", 1);
    row("underscore-is-no-wildcard", "e_", 1);
    row("two-percents", "%%", 0);
    row("backslash", "\\t", 1);
    row("emoji", "\xf0\x9f\x8c\x8a", 1);
    row("operators-are-text", "NEAR NOT*", 1);
    row("operator-alone", "AND", 2); // "and" stands in two texts
    row("parenthesis", "(Rust", 1);
    row("plus-signs", "C++", 1);
    row("colon-is-no-column", "text:quick", 0);
    row("nothing", "", 0);
    row("spaces", "   ", 0);
    row("injection", "'; DROP TABLE message; --", 0);
}

void tst_Search::finds()
{
    QFETCH(const QString, words);
    QFETCH(const int, hits);
    const auto found = awaited(m_store->conversations().search(words, 50));
    QVERIFY2(found, qPrintable(found ? QString() : found.error().detail));
    QCOMPARE(found->size(), hits);
}

void tst_Search::newestFirstWithSnippet()
{
    for (const char *title : {"First of the tides", "Second of the tides"}) {
        const ConversationRecord chat = m_fixture.chat(QString::fromUtf8(title));
        QVERIFY(awaited(m_store->conversations().save(chat)));
        QTest::qWait(2); // stamps are of milliseconds
    }
    const auto found = awaited(m_store->conversations().search(QStringLiteral("tides"), 50));
    QVERIFY(found);
    QCOMPARE(found->size(), 2);
    QCOMPARE(found->at(0).title, QStringLiteral("Second of the tides"));
    QCOMPARE(found->at(0).messageId, 0);
    QCOMPARE(awaited(m_store->conversations().search(QStringLiteral("tides"), 1))->size(), 1);

    const ConversationRecord chat = m_fixture.chat();
    QVERIFY(awaited(m_store->conversations().save(chat)));
    m_fixture.ask(*m_store, chat, QStringLiteral("?"),
                  QStringLiteral("filler ").repeated(100) + QStringLiteral("needle in it ") +
                      QStringLiteral("filler ").repeated(100));
    const auto needle = awaited(m_store->conversations().search(QStringLiteral("needle"), 5));
    QCOMPARE(needle->size(), 1);
    QVERIFY(needle->first().snippet.contains(QStringLiteral("needle in it")));
    QVERIFY(needle->first().snippet.size() <= 122);
    QCOMPARE(needle->first().conversationId, chat.id);

    m_fixture.ask(*m_store, chat, QStringLiteral("?"),
                  QStringLiteral("# A heading\n\n```cpp\nint **straw** = `42`;\n```\n| a | b |"));
    const auto straw = awaited(m_store->conversations().search(QStringLiteral("straw"), 5));
    QCOMPARE(straw->size(), 1);
    QCOMPARE(straw->first().snippet, QStringLiteral("\u2026A heading cpp int straw = 42 ; a b"));
    QVERIFY(needle->first().messageId != 0);
}

QTEST_GUILESS_MAIN(tst_Search)
#include "tst_search.moc"
