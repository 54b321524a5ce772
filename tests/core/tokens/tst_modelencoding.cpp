#include "core/tokens/modelencoding.h"

#include <QTest>

using namespace core;

class tst_ModelEncoding : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void models_data();
    void models();
};

void tst_ModelEncoding::models_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("encoding"); // empty: none is published
    const auto row = [](const char *model, const char *encoding) {
        QTest::newRow(model) << QString::fromLatin1(model) << QString::fromLatin1(encoding);
    };
    for (const char *model :
         {"gpt-5", "gpt-5-mini-2025-08-07", "gpt-5.4", "GPT-4o", "gpt-4o-mini-2024-07-18",
          "chatgpt-4o-latest", "gpt-4.1-nano", "gpt-4.5-preview", "o1", "o1-mini",
          "o3-mini-2025-01-31", "o4-mini", "ft:gpt-4o-mini-2024-07-18:acme::abc123",
          "openai/gpt-4.1", "gpt-oss:20b", "openai.gpt-oss-120b-1:0", "openai/gpt-oss-20b"})
        row(model, "o200k_base");
    for (const char *model :
         {"gpt-4", "gpt-4-0613", "gpt-4-turbo-2024-04-09", "gpt-3.5-turbo", "gpt-35-turbo-16k",
          "ft:gpt-3.5-turbo-0125:acme::x", "text-embedding-3-small", "text-embedding-ada-002"})
        row(model, "cl100k_base");
    row("gpt-9", "");
    row("gpt-55", "");
    row("claude-sonnet-4-5-20250929", "");
    row("us.anthropic.claude-opus-4-6-v1:0", "");
    row("models/gemini-2.5-pro", "");
    row("command-a-03-2025", "");
    row("mistral-large-latest", "");
    row("deepseek-reasoner", "");
    row("deepseek-r1-distill-llama-70b", "");
    row("qwen3:8b", "");
    row("grok-4", "");
    row("o100", "");
    row("practice-fast", "");
    row("my-deployment", "");
    row("", "");
}

void tst_ModelEncoding::models()
{
    QFETCH(const QString, model);
    QFETCH(const QString, encoding);
    const auto found = encodingOf(model);
    QCOMPARE(found ? nameOf(*found) : QString(), encoding);
}

QTEST_GUILESS_MAIN(tst_ModelEncoding)
#include "tst_modelencoding.moc"
