#include "core/tokens/modelfamily.h"

#include <QTest>

using namespace core;

Q_DECLARE_METATYPE(core::ModelFamily)

class tst_ModelFamily : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void models_data();
    void models();
    void namesAreDistinct();
};

void tst_ModelFamily::models_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<ModelFamily>("family");
    QTest::addColumn<QString>("encoding"); // empty: none is published
    const auto row = [](const char *model, ModelFamily family, const char *encoding) {
        QTest::newRow(model) << QString::fromLatin1(model) << family
                             << QString::fromLatin1(encoding);
    };
    using enum ModelFamily;
    for (const char *model :
         {"gpt-5", "gpt-5-mini-2025-08-07", "gpt-5.4", "GPT-4o", "gpt-4o-mini-2024-07-18",
          "chatgpt-4o-latest", "gpt-4.1-nano", "gpt-4.5-preview", "o1", "o1-mini",
          "o3-mini-2025-01-31", "o4-mini", "ft:gpt-4o-mini-2024-07-18:acme::abc123",
          "openai/gpt-4.1", "gpt-oss:20b", "openai.gpt-oss-120b-1:0", "openai/gpt-oss-20b"})
        row(model, OpenAi, "o200k_base");
    for (const char *model :
         {"gpt-4", "gpt-4-0613", "gpt-4-turbo-2024-04-09", "gpt-3.5-turbo", "gpt-35-turbo-16k",
          "ft:gpt-3.5-turbo-0125:acme::x", "text-embedding-3-small", "text-embedding-ada-002"})
        row(model, OpenAi, "cl100k_base");
    row("gpt-9", OpenAi, "");
    row("gpt-55", OpenAi, "");
    row("claude-sonnet-4-5-20250929", Anthropic, "");
    row("us.anthropic.claude-opus-4-6-v1:0", Anthropic, "");
    row("models/gemini-2.5-pro", Gemini, "");
    row("command-a-03-2025", Cohere, "");
    row("mistral-large-latest", Mistral, "");
    row("deepseek-reasoner", DeepSeek, "");
    row("deepseek-r1-distill-llama-70b", Llama, "");
    row("qwen3:8b", Qwen, "");
    row("grok-4", Grok, "");
    row("o100", Other, "");
    row("practice-fast", Other, "");
    row("my-deployment", Other, "");
    row("", Other, "");
}

void tst_ModelFamily::models()
{
    QFETCH(const QString, model);
    QFETCH(const ModelFamily, family);
    QFETCH(const QString, encoding);
    QCOMPARE(familyOf(model), family);
    const auto found = encodingOf(model);
    QCOMPARE(found ? nameOf(*found) : QString(), encoding);
}

void tst_ModelFamily::namesAreDistinct()
{
    QSet<QString> names;
    for (const ModelFamily family : allModelFamilies())
        names.insert(nameOf(family));
    QCOMPARE(names.size(), allModelFamilies().size());
    QVERIFY(!names.contains(QString()));
}

QTEST_GUILESS_MAIN(tst_ModelFamily)
#include "tst_modelfamily.moc"
