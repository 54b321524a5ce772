#include "core/tokens/chattemplate.h"

#include <QTest>

using namespace core;

//! The makers' own examples, and who is of which family.
class tst_ChatTemplate : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void families_data();
    void families();
};

void tst_ChatTemplate::families_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<int>("questions"); // turns: they alternate
    QTest::addColumn<int>("answers");
    QTest::addColumn<bool>("system");
    QTest::addColumn<bool>("tools");
    QTest::addColumn<int>("around");
    const auto row = [](const char *name, const char *model, int questions, int answers, int around,
                        bool system = false, bool tools = false) {
        QTest::newRow(name) << QString::fromLatin1(model) << questions << answers << system << tools
                            << around;
    };
    // Tokens of an example less those of its texts.
    row("anthropic-one-turn", "claude-sonnet-4-5", 1, 0, 12 - 3);
    row("anthropic-three-turns", "claude-sonnet-4-5", 2, 1, 30 - 14 + 1); // near
    row("google-one-turn", "gemini-2.0-flash", 1, 0, 11 - 10);
    row("google-two-turns", "gemini-2.0-flash", 1, 1, 10 - 8);
    row("openai-one-turn", "gpt-4o", 1, 0, 12 - 5); // as users count it
    row("openai-system", "gpt-4o", 1, 0, 4 + 4 + 3, true);
    row("mistral-two-questions", "mistral-large-2407", 2, 1, 6); // <s> 2 [INST] 2 [/INST] </s>
    row("llama-one-turn", "llama-3.3-70b-versatile", 1, 0, 1 + 5 + 4);
    // Names.
    row("claude-on-bedrock", "us.anthropic.claude-3-7-sonnet-20250219-v1:0", 1, 0, 9);
    row("claude-3-opus-with-tools", "claude-3-opus-20240229", 1, 0, 9 + 530, false, true);
    row("claude-3-haiku-with-tools", "anthropic/claude-3-haiku", 1, 0, 9 + 264, false, true);
    row("claude-with-tools", "claude-opus-4-6", 1, 0, 9 + 346, false, true);
    row("gemini-with-folder", "models/gemini-3-pro-preview", 1, 0, 1);
    row("mixtral", "open-mixtral-8x22b", 1, 0, 3);
    row("mistral-on-bedrock", "mistral.mistral-large-2402-v1:0", 1, 0, 3);
    row("llama-of-ollama", "llama3.1:8b", 1, 0, 10);
    row("llama-on-bedrock", "us.meta.llama3-3-70b-instruct-v1:0", 1, 0, 10);
    row("gpt-oss", "openai/gpt-oss-20b", 1, 0, 4 + 63);
    row("llama-4-is-another", "llama-4-scout", 1, 0, 7);
    row("distilled", "deepseek-r1-distill-llama-70b", 1, 0, 7);
    row("unknown", "my-deployment", 1, 0, 7);
    row("nothing", "", 1, 0, 7);
}

void tst_ChatTemplate::families()
{
    QFETCH(const QString, model);
    QFETCH(const int, questions);
    QFETCH(const int, answers);
    QFETCH(const bool, system);
    QFETCH(const bool, tools);
    QFETCH(const int, around);
    const ChatTemplate found = chatTemplateOf(model);
    QCOMPARE(questions * found.question + answers * found.answer + found.beginning +
                 (system ? found.system : 0) + (tools ? found.tools : 0),
             around);
}

QTEST_GUILESS_MAIN(tst_ChatTemplate)
#include "tst_chattemplate.moc"
