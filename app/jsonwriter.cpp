#include "app/jsonwriter.h"

#include <QStringList>

namespace app {

void JsonWriter::name(QLatin1StringView name)
{
    if (m_text.size() > 1)
        m_text += QLatin1Char(',');
    m_text += QLatin1Char('"') + name + QStringLiteral("\":");
}

JsonWriter &JsonWriter::member(QLatin1StringView key, const QString &value)
{
    return raw(key, quoted(value));
}

JsonWriter &JsonWriter::member(QLatin1StringView key, bool value)
{
    return raw(key, value ? QStringLiteral("true") : QStringLiteral("false"));
}

JsonWriter &JsonWriter::member(QLatin1StringView key, std::int64_t value)
{
    return raw(key, QString::number(value));
}

JsonWriter &JsonWriter::member(QLatin1StringView key, std::optional<std::int64_t> value)
{
    return value ? member(key, *value) : null(key);
}

JsonWriter &JsonWriter::member(QLatin1StringView key, std::optional<double> value)
{
    return value ? raw(key, QString::number(*value, 'g', 12)) : null(key);
}

JsonWriter &JsonWriter::member(QLatin1StringView key,
                               std::optional<std::chrono::milliseconds> value)
{
    return value ? member(key, std::int64_t{value->count()}) : null(key);
}

JsonWriter &JsonWriter::member(QLatin1StringView key, std::optional<core::PicoUsd> value)
{
    return value ? member(key, value->toDecimal()) : null(key);
}

JsonWriter &JsonWriter::textOrNull(QLatin1StringView key, const QString &value)
{
    return value.isEmpty() ? null(key) : member(key, value);
}

JsonWriter &JsonWriter::null(QLatin1StringView key)
{
    return raw(key, QStringLiteral("null"));
}

JsonWriter &JsonWriter::raw(QLatin1StringView key, const QString &json)
{
    name(key);
    m_text += json;
    return *this;
}

QString JsonWriter::quoted(const QString &text)
{
    QString result = QStringLiteral("\"");
    result.reserve(text.size() + 2);
    for (const QChar c : text) {
        switch (c.unicode()) {
        case '"':
            result += QStringLiteral("\\\"");
            break;
        case '\\':
            result += QStringLiteral("\\\\");
            break;
        case '\n':
            result += QStringLiteral("\\n");
            break;
        case '\t':
            result += QStringLiteral("\\t");
            break;
        case '\r':
            result += QStringLiteral("\\r");
            break;
        default:
            // Line separators are legal JSON but break readers that go by lines.
            if (c.unicode() < 0x20 || c.unicode() == 0x2028 || c.unicode() == 0x2029)
                result += QStringLiteral("\\u%1").arg(c.unicode(), 4, 16, QLatin1Char('0'));
            else
                result += c;
        }
    }
    return result + QLatin1Char('"');
}

QString JsonWriter::array(const QStringList &values)
{
    return QLatin1Char('[') + values.join(QLatin1Char(',')) + QLatin1Char(']');
}

} // namespace app
