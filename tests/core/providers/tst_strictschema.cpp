#include "core/net/httpmessage.h"
#include "core/providers/strictschema.h"

#include <QTest>

using namespace core;

//! What the services' own rules about schemas come to.
class tst_StrictSchema : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void strict_data();
    void strict();
    void closes_data();
    void closes();
    void ordersBodies_data();
    void ordersBodies();
};

void tst_StrictSchema::strict_data()
{
    QTest::addColumn<QByteArray>("schema");
    QTest::addColumn<bool>("isStrict");
    const auto row = [](const char *name, const char *schema, bool isStrict) {
        QTest::newRow(name) << QByteArray(schema) << isStrict;
    };
    row("closed", R"({"type":"object","properties":{"a":{"type":"string"}},"required":["a"],
                      "additionalProperties":false})",
        true);
    row("without-properties", R"({"type":"object","additionalProperties":false})", true);
    row("open", R"({"type":"object","properties":{"a":{"type":"string"}},"required":["a"]})",
        false);
    row("open-on-purpose",
        R"({"type":"object","properties":{"a":{}},"required":["a"],"additionalProperties":true})",
        false);
    row("optional-property", R"({"type":"object","properties":{"a":{},"b":{}},"required":["a"],
                                 "additionalProperties":false})",
        false);
    row("nothing-required",
        R"({"type":"object","properties":{"a":{}},"additionalProperties":false})", false);
    row("open-within", R"({"type":"object","properties":{"a":{"type":"object"}},"required":["a"],
                           "additionalProperties":false})",
        false);
    row("open-in-a-list", R"({"type":"object","properties":{"a":{"type":"array","items":
                              {"type":["object","null"]}}},"required":["a"],
                              "additionalProperties":false})",
        false);
    row("open-definition", R"({"type":"object","properties":{"a":{"$ref":"#/$defs/b"}},
                               "required":["a"],"additionalProperties":false,
                               "$defs":{"b":{"properties":{"c":{}}}}})",
        false);
    row("choice-within", R"({"type":"object","properties":{"a":{"anyOf":[{"type":"string"},
                             {"type":"null"}]}},"required":["a"],"additionalProperties":false})",
        true);
    row("choice-at-the-root",
        R"({"type":"object","anyOf":[{"type":"object","additionalProperties":false}],
            "additionalProperties":false})",
        false);
    row("list-at-the-root", R"({"type":"array","items":{"type":"string"}})", false);
    row("keyword-unknown-there", R"({"type":"object","properties":{"a":{"allOf":[{}]}},
                                     "required":["a"],"additionalProperties":false})",
        false);
    row("format", R"({"type":"object","properties":{"a":{"type":"string","format":"date"}},
                      "required":["a"],"additionalProperties":false})",
        true);
    row("format-unknown-there",
        R"({"type":"object","properties":{"a":{"type":"string","format":"uri"}},
            "required":["a"],"additionalProperties":false})",
        false);
    row("property-named-as-a-keyword",
        R"({"type":"object","properties":{"allOf":{"type":"string"}},"required":["allOf"],
            "additionalProperties":false})",
        true);
    row("no-json", "{", false);
    row("nothing", "", false);
}

void tst_StrictSchema::strict()
{
    QFETCH(const QByteArray, schema);
    QFETCH(const bool, isStrict);
    QCOMPARE(isStrictSchema(schema), isStrict);
}

void tst_StrictSchema::closes_data()
{
    QTest::addColumn<QByteArray>("schema");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *name, const char *schema, const char *expected) {
        QTest::newRow(name) << QByteArray(schema) << QByteArray(expected);
    };
    row("open", R"({"type":"object","properties":{"b":{},"a":{}}})",
        R"({"type":"object","properties":{"b":{},"a":{}},"additionalProperties":false})");
    row("within", R"({"type":"array","items":{"type":"object"}})",
        R"({"type":"array","items":{"type":"object","additionalProperties":false}})");
    row("in-a-choice", R"({"anyOf":[{"type":"null"},{"properties":{"a":{"type":"object"}}}]})",
        R"({"anyOf":[{"type":"null"},{"properties":{"a":{"type":"object",)"
        R"("additionalProperties":false}},"additionalProperties":false}]})");
    row("definition", R"({"$defs":{"x":{"type":["object","null"]}},"$ref":"#/$defs/x"})",
        R"({"$defs":{"x":{"type":["object","null"],"additionalProperties":false}},)"
        R"("$ref":"#/$defs/x"})");
    row("said-already", R"({"type":"object","additionalProperties":true})",
        R"({"type":"object","additionalProperties":true})");
    row("names-with-marks",
        R"({"type":"object","properties":{"a\"b\\é":{}},"required":["a\"b\\é"]})",
        R"({"type":"object","properties":{"a\"b\\é":{}},"required":["a\"b\\é"],)"
        R"("additionalProperties":false})");
    row("no-object", R"({"enum":["{}"],"default":{"type":"object"}})",
        R"({"enum":["{}"],"default":{"type":"object"}})");
    // Closed each by itself, nothing would fit both.
    row("described-together", R"({"allOf":[{"type":"object"},{"type":"object"}]})",
        R"({"allOf":[{"type":"object"},{"type":"object"}]})");
    row("no-json", "{", "{");
    row("nothing", "", "");
}

void tst_StrictSchema::closes()
{
    QFETCH(const QByteArray, schema);
    QFETCH(const QByteArray, expected);
    QCOMPARE(closedSchema(schema), expected);
}

void tst_StrictSchema::ordersBodies_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("schema");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *name, const char *body, const char *schema,
                        const char *expected) {
        QTest::newRow(name) << QByteArray(body) << QByteArray(schema) << QByteArray(expected);
    };
    row("found", R"({"a":1,"schema":{"a":1,"b":2},"z":3})", R"({ "b": 2, "a": 1 })",
        R"({"a":1,"schema":{"b":2,"a":1},"z":3})");
    row("quoted-in-a-message", R"({"text":"\"schema\":{\"a\":1,\"b\":2}","x":{"a":1,"b":2}})",
        R"({"b":2,"a":1})", R"({"text":"\"schema\":{\"a\":1,\"b\":2}","x":{"b":2,"a":1}})");
    row("not-there", R"({"schema":{"c":1}})", R"({"b":2,"a":1})", R"({"schema":{"c":1}})");
    row("empty", R"({"schema":{}})", "{}", R"({"schema":{}})");
    row("no-json", R"({"schema":{}})", "{", R"({"schema":{}})");
    row("none", R"({"a":1})", "", R"({"a":1})");
}

void tst_StrictSchema::ordersBodies()
{
    QFETCH(const QByteArray, body);
    QFETCH(const QByteArray, schema);
    QFETCH(const QByteArray, expected);
    HttpRequest http;
    http.body = body;
    keepMemberOrder(http, schema);
    QCOMPARE(http.body, expected);
}

QTEST_GUILESS_MAIN(tst_StrictSchema)
#include "tst_strictschema.moc"
