#include "core/chat/answerschema.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUrl>

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype LargestSchema = 256 * 1024;
constexpr qsizetype DeepestSchema = 40; //!< Steps from the root; services take less.

QString schemaText(const char *sentence)
{
    return QCoreApplication::translate("core::AnswerSchema", sentence);
}

//! What the parser missed, in words that need no knowledge of it.
QString syntaxText(QJsonParseError::ParseError error, bool isAtEnd)
{
    switch (error) {
    case QJsonParseError::UnterminatedObject: // a comma that is missing in one, too
        return isAtEnd ? schemaText("an object has no } at its end")
                       : schemaText("a comma or a } is missing");
    case QJsonParseError::UnterminatedArray:
        return schemaText("a list has no ] at its end");
    case QJsonParseError::UnterminatedString:
        return schemaText("a text or a name has no quotation mark at its end");
    case QJsonParseError::MissingNameSeparator:
        return schemaText("a name has no : behind it");
    case QJsonParseError::MissingValueSeparator:
        return schemaText("a comma is missing");
    case QJsonParseError::MissingObject:
        return schemaText("a comma has nothing behind it");
    case QJsonParseError::GarbageAtEnd:
        return schemaText("something follows its end");
    case QJsonParseError::DeepNesting:
    case QJsonParseError::DocumentTooLarge:
        return schemaText("it is nested too deep");
    case QJsonParseError::NoError:
    case QJsonParseError::IllegalValue:
    case QJsonParseError::TerminationByNumber:
    case QJsonParseError::IllegalNumber:
    case QJsonParseError::IllegalEscapeSequence:
    case QJsonParseError::IllegalUTF8String:
        break;
    }
    return schemaText("something is neither a text, a number, a list nor an object");
}

//! What a JSON pointer within the document, such as "#/$defs/city", names; undefined: nothing.
QJsonValue pointedAt(const QJsonObject &root, const QString &pointer)
{
    QJsonValue value = root;
    if (pointer == "#"_L1)
        return value;
    for (const QString &step : pointer.sliced(2).split(u'/')) {
        QString name = QUrl::fromPercentEncoding(step.toUtf8());
        name.replace("~1"_L1, "/"_L1).replace("~0"_L1, "~"_L1);
        value = value.isArray() ? value.toArray().at(name.toInt()) : value.toObject().value(name);
    }
    return value;
}

bool isIn(QLatin1StringView name, std::initializer_list<QLatin1StringView> names)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool isListOfTexts(const QJsonValue &value)
{
    const QJsonArray list = value.toArray();
    return value.isArray() && std::all_of(list.begin(), list.end(),
                                          [](const QJsonValue &each) { return each.isString(); });
}

bool isTypeName(const QString &name)
{
    static const QStringList names{u"string"_s, u"number"_s, u"integer"_s, u"boolean"_s,
                                   u"object"_s, u"array"_s,  u"null"_s};
    return names.contains(name);
}

//! Walks a schema and those in it, to the first fault.
class SchemaWalk
{
public:
    explicit SchemaWalk(const QJsonObject &root)
        : m_root(root)
    {
    }

    //! \p place: the names on the way from the root.
    [[nodiscard]] QString faultOf(const QJsonValue &value, const QStringList &place) const
    {
        if (value.isBool() && !place.isEmpty())
            return {}; // anything, or nothing
        if (!value.isObject())
            return at(place, schemaText("A schema is an object in braces."));
        if (place.size() > DeepestSchema)
            return schemaText("The schema is nested too deep.");
        const QJsonObject schema = value.toObject();
        if (const QString fault = requiredFault(schema); !fault.isEmpty())
            return at(place, fault);
        for (auto it = schema.constBegin(); it != schema.constEnd(); ++it) {
            const QByteArray key = it.key().toLatin1();
            const QLatin1StringView name(key);
            if (const QString fault = wordFault(name, it.value()); !fault.isEmpty())
                return at(place, fault);
            if (const QString fault = innerFault(name, it.value(), place); !fault.isEmpty())
                return fault;
        }
        return {};
    }

private:
    static QString at(const QStringList &place, const QString &fault)
    {
        return place.isEmpty() ? fault
                               : schemaText("At %1: %2").arg(place.join(u" \u203A "_s), fault);
    }

    //! Of a keyword whose value is no schema.
    [[nodiscard]] QString wordFault(QLatin1StringView name, const QJsonValue &value) const
    {
        if (name == "type"_L1)
            return typeFault(value);
        if (name == "$ref"_L1)
            return referenceFault(value);
        if (name == "required"_L1 && !isListOfTexts(value))
            return schemaText("\"%1\" is a list of names.").arg(name);
        if (name == "enum"_L1 && value.toArray().isEmpty())
            return schemaText("\"%1\" is a list with something in it.").arg(name);
        if (isIn(name, {"title"_L1, "description"_L1, "pattern"_L1, "format"_L1}) &&
            !value.isString())
            return schemaText("\"%1\" is a text.").arg(name);
        if (isIn(name, {"minimum"_L1, "maximum"_L1, "multipleOf"_L1}) && !value.isDouble())
            return schemaText("\"%1\" is a number.").arg(name);
        if (isIn(name, {"minLength"_L1, "maxLength"_L1, "minItems"_L1, "maxItems"_L1,
                        "minProperties"_L1, "maxProperties"_L1}) &&
            value.toInteger(-1) < 0)
            return schemaText("\"%1\" is a whole number from 0.").arg(name);
        return {};
    }

    static QString typeFault(const QJsonValue &value)
    {
        const QJsonArray names = value.isString() ? QJsonArray{value} : value.toArray();
        if (names.isEmpty() || !isListOfTexts(names))
            return schemaText("\"type\" is the name of a type, or a list of names.");
        for (const QJsonValue &name : names) {
            if (!isTypeName(name.toString()))
                return schemaText("\"type\" is \"%1\", which is none of string, number, integer, "
                                  "boolean, object, array and null.")
                    .arg(name.toString().left(60));
        }
        return {};
    }

    [[nodiscard]] QString referenceFault(const QJsonValue &value) const
    {
        const QString pointer = value.toString();
        if (pointer != "#"_L1 && !pointer.startsWith("#/"_L1))
            return schemaText("\"$ref\" is a place in the schema itself, such as #/$defs/city.");
        return pointedAt(m_root, pointer).isUndefined()
                   ? schemaText("\"$ref\" points to %1, which is not there.").arg(pointer.left(120))
                   : QString();
    }

    //! No answer can hold what it must hold and may not.
    static QString requiredFault(const QJsonObject &schema)
    {
        if (schema.value("additionalProperties"_L1) != QJsonValue(false) ||
            schema.contains("patternProperties"_L1))
            return {};
        const QJsonObject properties = schema.value("properties"_L1).toObject();
        for (const QJsonValue &name : schema.value("required"_L1).toArray()) {
            if (name.isString() && !properties.contains(name.toString()))
                return schemaText("\"required\" has \"%1\", which is not among the properties.")
                    .arg(name.toString().left(60));
        }
        return {};
    }

    //! Of the schemas that the keyword \p name holds.
    [[nodiscard]] QString innerFault(QLatin1StringView name, const QJsonValue &value,
                                     const QStringList &place) const
    {
        if (isIn(name, {"properties"_L1, "patternProperties"_L1, "$defs"_L1, "definitions"_L1}))
            return namedFault(name, value, place);
        if (isIn(name, {"anyOf"_L1, "allOf"_L1, "oneOf"_L1, "prefixItems"_L1}))
            return listFault(name, value, place);
        if (name == "items"_L1 && value.isArray())
            return listFault(name, value, place); // as drafts before 2020 have it
        if (isIn(name, {"items"_L1, "additionalProperties"_L1, "not"_L1, "if"_L1, "then"_L1,
                        "else"_L1, "contains"_L1}))
            return faultOf(value, place + QStringList{QString(name)});
        return {};
    }

    [[nodiscard]] QString namedFault(QLatin1StringView name, const QJsonValue &value,
                                     const QStringList &place) const
    {
        if (!value.isObject())
            return at(place,
                      schemaText("\"%1\" is an object: a name and a schema for each.").arg(name));
        const QJsonObject schemas = value.toObject();
        for (auto it = schemas.constBegin(); it != schemas.constEnd(); ++it) {
            const QStringList there = place + QStringList{QString(name), it.key().left(60)};
            if (const QString fault = faultOf(it.value(), there); !fault.isEmpty())
                return fault;
        }
        return {};
    }

    [[nodiscard]] QString listFault(QLatin1StringView name, const QJsonValue &value,
                                    const QStringList &place) const
    {
        const QJsonArray schemas = value.toArray();
        if (schemas.isEmpty())
            return at(place, schemaText("\"%1\" is a list of schemas.").arg(name));
        for (qsizetype i = 0; i < schemas.size(); ++i) {
            const QStringList there = place + QStringList{QString(name), QString::number(i + 1)};
            if (const QString fault = faultOf(schemas.at(i), there); !fault.isEmpty())
                return fault;
        }
        return {};
    }

    const QJsonObject &m_root;
};

} // namespace

QString answerSchemaFault(const QByteArray &json)
{
    if (json.size() > LargestSchema)
        return schemaText("The schema is longer than 256 KB.");
    QJsonParseError syntax;
    const QJsonDocument document = QJsonDocument::fromJson(json, &syntax);
    if (document.isNull()) {
        const qsizetype line = 1 + json.left(syntax.offset).count('\n');
        const bool isAtEnd = json.mid(syntax.offset).trimmed().isEmpty();
        return schemaText("The schema is not JSON: %1 (line %2).")
            .arg(syntaxText(syntax.error, isAtEnd), QString::number(line));
    }
    const QJsonObject root = document.object();
    static const QStringList words{u"type"_s,  u"properties"_s, u"items"_s, u"enum"_s, u"const"_s,
                                   u"anyOf"_s, u"allOf"_s,      u"oneOf"_s, u"$ref"_s};
    const bool isSchema = std::any_of(words.begin(), words.end(),
                                      [&root](const QString &word) { return root.contains(word); });
    if (document.isObject() && !isSchema)
        return schemaText("The schema says nothing about the answer: it has neither \"type\" nor "
                          "\"properties\".");
    return SchemaWalk(root).faultOf(
        document.isObject() ? QJsonValue(root) : QJsonValue(document.array()), {});
}

} // namespace core
