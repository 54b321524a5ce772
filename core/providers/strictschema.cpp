#include "core/providers/strictschema.h"

#include "core/net/httpmessage.h"
#include "core/providers/json.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace core {

namespace {

bool isOneOf(std::string_view word, std::initializer_list<std::string_view> words)
{
    return std::find(words.begin(), words.end(), word) != words.end();
}

bool holdsNamedSchemas(std::string_view keyword)
{
    return isOneOf(keyword, {"properties", "$defs", "definitions"});
}

bool isWord(const JsonElement &value, std::string_view word)
{
    std::string_view text;
    return value.get(text) == simdjson::SUCCESS && text == word;
}

bool holds(const simdjson::dom::array &list, std::string_view word)
{
    return std::any_of(list.begin(), list.end(),
                       [word](const JsonElement &each) { return isWord(each, word); });
}

//! Whether what \p schema describes is, or may be, an object.
bool describesObject(const JsonElement &schema)
{
    const auto type = member(schema, "type");
    if (!type)
        return member(schema, "properties").has_value();
    simdjson::dom::array types;
    return isWord(*type, "object") ||
           (type->get(types) == simdjson::SUCCESS && holds(types, "object"));
}

bool isClosedAndWhole(const JsonElement &schema)
{
    const auto more = member(schema, "additionalProperties");
    bool allowsMore = true;
    if (!more || more->get(allowsMore) != simdjson::SUCCESS || allowsMore)
        return false;
    simdjson::dom::object properties;
    const auto named = member(schema, "properties");
    if (!named || named->get(properties) != simdjson::SUCCESS)
        return true;
    simdjson::dom::array required;
    const auto names = member(schema, "required");
    if (!names || names->get(required) != simdjson::SUCCESS)
        return properties.size() == 0;
    return std::all_of(properties.begin(), properties.end(),
                       [&required](const auto &property) { return holds(required, property.key); });
}

bool isStrict(const JsonElement &schema);

bool areStrict(const JsonElement &schemas)
{
    simdjson::dom::object named;
    if (schemas.get(named) == simdjson::SUCCESS)
        return std::all_of(named.begin(), named.end(),
                           [](const auto &each) { return isStrict(each.value); });
    simdjson::dom::array list;
    return schemas.get(list) == simdjson::SUCCESS &&
           std::all_of(list.begin(), list.end(),
                       [](const JsonElement &each) { return isStrict(each); });
}

bool isStrictFormat(const JsonElement &format)
{
    std::string_view name;
    return format.get(name) == simdjson::SUCCESS &&
           isOneOf(name, {"date-time", "time", "date", "duration", "email", "hostname", "ipv4",
                          "ipv6", "uuid"});
}

bool isStrict(const JsonElement &schema)
{
    simdjson::dom::object words;
    if (schema.get(words) != simdjson::SUCCESS ||
        (describesObject(schema) && !isClosedAndWhole(schema)))
        return false;
    for (const auto &word : words) {
        if (holdsNamedSchemas(word.key) || word.key == "anyOf") {
            if (!areStrict(word.value))
                return false;
        } else if (word.key == "items") {
            if (!isStrict(word.value))
                return false;
        } else if (word.key == "format") {
            if (!isStrictFormat(word.value))
                return false;
        } else if (!isOneOf(word.key, {"type", "required", "additionalProperties", "enum", "const",
                                       "title", "description", "$ref", "$schema", "pattern",
                                       "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
                                       "multipleOf", "minItems", "maxItems"})) {
            return false;
        }
    }
    return true;
}

QByteArray quotedName(std::string_view name)
{
    const QByteArray list = QJsonDocument(QJsonArray{toText(name)}).toJson(QJsonDocument::Compact);
    return list.sliced(1, list.size() - 2);
}

QByteArray closed(const JsonElement &schema);

//! Of the members of an object, each as \p write has it.
template <typename Write>
QByteArray membersOf(const simdjson::dom::object &object, Write write)
{
    QByteArray members;
    for (const auto &each : object) {
        members += members.isEmpty() ? "" : ",";
        members += quotedName(each.key) + ':' + write(each.key, each.value);
    }
    return members;
}

QByteArray closedOnes(const JsonElement &schemas)
{
    simdjson::dom::object named;
    if (schemas.get(named) == simdjson::SUCCESS)
        return '{' +
               membersOf(named,
                         [](std::string_view, const JsonElement &each) { return closed(each); }) +
               '}';
    simdjson::dom::array list;
    if (schemas.get(list) != simdjson::SUCCESS)
        return rawJson(schemas);
    QByteArrayList all;
    for (const JsonElement each : list)
        all.append(closed(each));
    return '[' + all.join(',') + ']';
}

QByteArray closed(const JsonElement &schema)
{
    simdjson::dom::object words;
    if (schema.get(words) != simdjson::SUCCESS)
        return rawJson(schema);
    QByteArray members = membersOf(words, [](std::string_view keyword, const JsonElement &value) {
        if (holdsNamedSchemas(keyword) || isOneOf(keyword, {"anyOf", "oneOf", "prefixItems"}))
            return closedOnes(value);
        return isOneOf(keyword, {"items", "additionalProperties"}) ? closed(value) : rawJson(value);
    });
    JsonElement own;
    if (describesObject(schema) &&
        words.at_key("additionalProperties").get(own) == simdjson::NO_SUCH_FIELD) {
        members += members.isEmpty() ? "" : ",";
        members += R"("additionalProperties":false)";
    }
    return '{' + members + '}';
}

} // namespace

bool isStrictSchema(const QByteArray &schema)
{
    JsonReader reader;
    const auto root = reader.parse(schema);
    const auto type = root ? member(*root, "type") : std::nullopt;
    return type && isWord(*type, "object") && isStrict(*root) && !member(*root, "anyOf");
}

QByteArray closedSchema(const QByteArray &schema)
{
    JsonReader reader;
    const auto root = reader.parse(schema);
    // What several schemas describe together, none of them may close.
    return root && !schema.contains("\"allOf\"") ? closed(*root) : schema;
}

void keepMemberOrder(HttpRequest &http, const QByteArray &schema)
{
    JsonReader reader;
    const auto root = reader.parse(schema);
    const QJsonObject object = QJsonDocument::fromJson(schema).object();
    if (!root || object.isEmpty())
        return;
    // Its quotation marks stand bare, as in no text of the body.
    const QByteArray sorted = ':' + QJsonDocument(object).toJson(QJsonDocument::Compact);
    const qsizetype at = http.body.indexOf(sorted);
    if (at >= 0)
        http.body.replace(at + 1, sorted.size() - 1, rawJson(*root));
}

} // namespace core
