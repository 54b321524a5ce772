#include "core/chat/answerschema.h"

#include <QTest>

using namespace core;

//! What of a typed JSON schema is told to be wrong, and what is let pass.
class tst_AnswerSchema : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void good_data();
    void good();
    void faults_data();
    void faults();
    void depthIsBounded();
    void lengthIsBounded();
};

void tst_AnswerSchema::good_data()
{
    QTest::addColumn<QByteArray>("json");
    const auto row = [](const char *name, const char *json) {
        QTest::newRow(name) << QByteArray(json);
    };
    row("object", R"({"type":"object","properties":{"city":{"type":"string"}}})");
    row("closed", R"({"type":"object","properties":{"a":{}},"required":["a"],
                      "additionalProperties":false})");
    row("list", R"({"type":"array","items":{"type":["string","null"]},"minItems":0})");
    row("choice", R"({"anyOf":[{"enum":["yes","no"]},{"const":3}]})");
    row("definitions", R"({"$ref":"#/$defs/a~1b","$defs":{"a/b":{"type":"null"}}})");
    row("itself", R"({"type":"object","properties":{"more":{"$ref":"#"}}})");
    row("place-in-a-list", R"({"oneOf":[true,{"$ref":"#/oneOf/0"}]})");
    row("encoded-place", R"({"$ref":"#/$defs/a%20b","$defs":{"a b":{}}})");
    row("old-items", R"({"type":"array","items":[{"type":"string"},false]})");
    row("own-words", R"({"type":"string","x-note":1,"examples":["a"],"default":null})");
    row("patterns", R"({"type":"object","patternProperties":{"^a":{}},"required":["ab"],
                        "additionalProperties":false})");
    // A property's name is no keyword, whatever it is.
    row("property-named-type", R"({"properties":{"type":{"type":"string"},"enum":{}}})");
}

void tst_AnswerSchema::good()
{
    QFETCH(const QByteArray, json);
    QCOMPARE(answerSchemaFault(json), QString());
}

void tst_AnswerSchema::faults_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QStringList>("told");
    const auto row = [](const char *name, const char *json,
                        std::initializer_list<const char *> told) {
        QStringList words;
        for (const char *each : told)
            words.append(QString::fromUtf8(each));
        QTest::newRow(name) << QByteArray(json) << words;
    };
    row("words", "a list of cities", {"not JSON", "line 1"});
    row("brace", "{\"type\":\n\"object\"\n", {"}", "line 3"});
    row("bracket", R"({"enum":["a" })", {"]"});
    row("comma", "{\"type\": \"object\"\n\"properties\": {}}", {"comma", "line 2"});
    row("trailing-comma", R"({"type":"object",})", {"comma"});
    row("colon", R"({"type" "object"})", {":"});
    row("quotation-mark", R"({"type":"object)", {"quotation mark"});
    row("more-behind", R"({"type":"object"} {})", {"follows"});
    row("no-value", R"({"type":object})", {"not JSON"});
    row("a-list", R"(["string"])", {"object in braces"});
    row("nothing", "{}", {"says nothing"});
    row("an-example-of-an-answer", R"({"city":"Ulm","people":126000})", {"says nothing"});
    row("a-request's-member", R"({"name":"answer","schema":{"type":"object"}})", {"says nothing"});
    row("unknown-type", R"({"type":"text"})", {"\"text\"", "string"});
    row("type-in-capitals", R"({"type":"OBJECT"})", {"\"OBJECT\""});
    row("type-number", R"({"type":1})", {"\"type\""});
    row("type-none", R"({"type":[]})", {"\"type\""});
    row("deep-type", R"({"properties":{"home":{"properties":{"city":{"type":"str"}}}}})",
        {"properties \u203A home \u203A properties \u203A city", "\"str\""});
    row("in-items", R"({"items":{"type":"str"}})", {"items", "\"str\""});
    row("second-choice", R"({"anyOf":[{},{"type":"str"}]})", {"anyOf \u203A 2", "\"str\""});
    row("properties-list", R"({"properties":["city"]})", {"\"properties\"", "object"});
    row("property-text", R"({"properties":{"city":"string"}})",
        {"properties \u203A city", "object in braces"});
    row("required-text", R"({"type":"object","required":"city"})", {"\"required\""});
    row("required-numbers", R"({"type":"object","required":[1]})", {"\"required\""});
    row("required-and-forbidden",
        R"({"properties":{"town":{}},"required":["town","city"],"additionalProperties":false})",
        {"\"required\"", "\"city\""});
    row("empty-enum", R"({"enum":[]})", {"\"enum\""});
    row("empty-choice", R"({"anyOf":[]})", {"\"anyOf\""});
    row("choice-object", R"({"oneOf":{"type":"string"}})", {"\"oneOf\""});
    row("elsewhere", R"({"$ref":"https://example.com/schema.json"})", {"\"$ref\""});
    row("reference-number", R"({"$ref":3})", {"\"$ref\""});
    row("nowhere", R"({"$ref":"#/$defs/city","$defs":{}})", {"#/$defs/city", "not there"});
    row("nowhere-in-a-list", R"({"anyOf":[{"$ref":"#/anyOf/7"}]})", {"#/anyOf/7", "not there"});
    row("minimum-text", R"({"type":"number","minimum":"1"})", {"\"minimum\"", "number"});
    row("fraction", R"({"type":"string","maxLength":1.5})", {"\"maxLength\"", "whole"});
    row("negative", R"({"type":"array","minItems":-1})", {"\"minItems\"", "whole"});
    row("description-number", R"({"type":"string","description":1})", {"\"description\""});
}

void tst_AnswerSchema::faults()
{
    QFETCH(const QByteArray, json);
    QFETCH(const QStringList, told);
    const QString fault = answerSchemaFault(json);
    for (const QString &words : told)
        QVERIFY2(fault.contains(words), qPrintable(fault));
    QVERIFY2(fault.endsWith(u'.'), qPrintable(fault));
}

void tst_AnswerSchema::depthIsBounded()
{
    const auto nested = [](int levels) {
        return QByteArray(R"({"items":)").repeated(levels) + R"({"type":"string"})" +
               QByteArray("}").repeated(levels);
    };
    QCOMPARE(answerSchemaFault(nested(20)), QString());
    QVERIFY(answerSchemaFault(nested(100)).contains(QStringLiteral("too deep")));
    QVERIFY(answerSchemaFault(nested(5'000)).contains(QStringLiteral("too deep")));
}

void tst_AnswerSchema::lengthIsBounded()
{
    QByteArray json = R"({"type":"string"})";
    QCOMPARE(answerSchemaFault(json + QByteArray(1'000, ' ')), QString());
    QVERIFY(!answerSchemaFault(json + QByteArray(300 * 1024, ' ')).isEmpty());
}

QTEST_GUILESS_MAIN(tst_AnswerSchema)
#include "tst_answerschema.moc"
