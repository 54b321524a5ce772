#include "core/practice/practicesample.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QStringList>

#include <algorithm>
#include <cmath>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr int DeepestSample = 12; //!< A schema may hold itself.
constexpr int MostSchemas = 2'000;
constexpr qsizetype LargestList = 20'000; //!< Characters.
constexpr qint64 MostItems = 20;
constexpr qint64 LongestFilling = 2'000;

QString jsonText(const QJsonValue &value)
{
    const QByteArray list = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return QString::fromUtf8(list.sliced(1, list.size() - 2));
}

//! Fills in a schema and those in it.
class Sample
{
public:
    Sample(const QJsonObject &root, const QString &question)
        : m_root(root)
        , m_question(question.simplified().left(200))
    {
    }

    [[nodiscard]] QString of(const QJsonValue &schema, int depth)
    {
        const QJsonObject words = schema.toObject();
        if (depth > DeepestSample || ++m_schemas > MostSchemas)
            return u"null"_s;
        if (words.contains("$ref"_L1))
            return of(pointedAt(words.value("$ref"_L1).toString()), depth + 1);
        for (const auto given : {"const"_L1, "default"_L1}) {
            if (words.contains(given))
                return jsonText(words.value(given));
        }
        for (const auto choice : {"enum"_L1, "anyOf"_L1, "oneOf"_L1, "allOf"_L1}) {
            const QJsonArray choices = words.value(choice).toArray();
            if (!choices.isEmpty())
                return choice == "enum"_L1 ? jsonText(choices.first())
                                           : of(choices.first(), depth + 1);
        }
        return ofType(typeOf(words), words, depth);
    }

private:
    static QString typeOf(const QJsonObject &words)
    {
        const QJsonValue type = words.value("type"_L1);
        if (type.isString())
            return type.toString();
        if (type.isArray())
            return type.toArray().first().toString();
        return words.contains("properties"_L1) ? u"object"_s
               : words.contains("items"_L1)    ? u"array"_s
                                               : u"string"_s;
    }

    [[nodiscard]] QString ofType(const QString &type, const QJsonObject &words, int depth)
    {
        if (type == "object"_L1)
            return object(words, depth);
        if (type == "array"_L1)
            return list(words, depth);
        if (type == "boolean"_L1)
            return u"true"_s;
        if (type == "null"_L1)
            return type;
        if (type == "integer"_L1 || type == "number"_L1)
            return number(words);
        return jsonText(text(words));
    }

    [[nodiscard]] QString object(const QJsonObject &words, int depth)
    {
        const QJsonObject properties = words.value("properties"_L1).toObject();
        QStringList names;
        for (const QJsonValue &name : words.value("required"_L1).toArray())
            names.append(name.toString());
        names += properties.keys();
        names.removeDuplicates();
        QStringList members;
        for (const QString &name : std::as_const(names))
            members.append(jsonText(name) + u": "_s + of(properties.value(name), depth + 1));
        return u'{' + members.join(u", "_s) + u'}';
    }

    [[nodiscard]] QString list(const QJsonObject &words, int depth)
    {
        const qint64 count =
            std::clamp<qint64>(words.value("minItems"_L1).toInteger(1), 1, MostItems);
        if (words.value("maxItems"_L1).toInteger(1) == 0)
            return u"[]"_s;
        const QString item = of(words.value("items"_L1), depth + 1);
        const bool fits = item.size() * count <= LargestList; // lists of lists grow fast
        return u'[' + QStringList(fits ? count : 1, item).join(u", "_s) + u']';
    }

    static QString number(const QJsonObject &words)
    {
        const double step = words.value("multipleOf"_L1).toDouble(1.0);
        const double above = words.value("exclusiveMinimum"_L1).toDouble();
        double value = words.value("minimum"_L1).toDouble(1.0);
        if (words.contains("exclusiveMinimum"_L1) && value <= above)
            value = above + 1.0;
        if (words.contains("maximum"_L1))
            value = std::min(value, words.value("maximum"_L1).toDouble());
        if (step > 0.0 && words.contains("multipleOf"_L1))
            value = std::ceil(value / step) * step;
        return jsonText(words.value("type"_L1) == "integer"_L1 ? std::ceil(value) : value);
    }

    [[nodiscard]] QString text(const QJsonObject &words) const
    {
        static const QHash<QString, QString> formats{
            {u"date"_s, u"2026-11-30"_s},
            {u"time"_s, u"12:00:00Z"_s},
            {u"date-time"_s, u"2026-11-30T12:00:00Z"_s},
            {u"email"_s, u"practice@example.com"_s},
            {u"uri"_s, u"https://example.com/practice"_s},
            {u"uuid"_s, u"00000000-0000-4000-8000-000000000000"_s}};
        if (const auto format = formats.constFind(words.value("format"_L1).toString());
            format != formats.constEnd())
            return *format;
        const qint64 least = std::min(words.value("minLength"_L1).toInteger(0), LongestFilling);
        QString text = u"By the practice provider, to: "_s + m_question;
        while (text.size() < least)
            text += u" and so on"_s;
        const qint64 most = words.value("maxLength"_L1).toInteger(text.size());
        return text.left(std::max<qint64>(most, 0));
    }

    [[nodiscard]] QJsonValue pointedAt(const QString &pointer) const
    {
        QJsonValue value = m_root;
        for (const QString &step : pointer.mid(2).split(u'/', Qt::SkipEmptyParts)) {
            QString name = step;
            name.replace("~1"_L1, "/"_L1).replace("~0"_L1, "~"_L1);
            value = value.toObject().value(name);
        }
        return value;
    }

    const QJsonObject &m_root;
    QString m_question;
    int m_schemas = 0; //!< Filled in so far.
};

} // namespace

QString practiceSample(const QJsonObject &schema, const QString &question)
{
    return Sample(schema, question).of(schema, 0);
}

} // namespace core
