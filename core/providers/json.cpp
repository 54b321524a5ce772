#include "core/providers/json.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <utility>

namespace core {

namespace {

//! The code unit that a "\\u" escape at \p at stands for; none: no such escape is there.
std::optional<char16_t> unitAt(QByteArrayView json, qsizetype at)
{
    constexpr qsizetype Length = 6;
    if (json.size() - at < Length || json[at] != '\\' || json[at + 1] != 'u')
        return std::nullopt;
    bool ok = false;
    const auto unit = json.sliced(at + 2, Length - 2).toUShort(&ok, 16);
    return ok ? std::optional<char16_t>(unit) : std::nullopt;
}

bool beginsString(QByteArrayView json, qsizetype at)
{
    return at >= 2 && json[at - 1] == '"' && json[at - 2] != '\\';
}

bool endsString(QByteArrayView json, qsizetype at)
{
    return at < json.size() && json[at] == '"';
}

//! Halves of characters at the ends of strings.
struct Halves
{
    char16_t before = 0; //!< That the document before ended a string with.
    char16_t last = 0;   //!< That this one does.
    bool isCompleted = false;
};

//! \p json with U+FFFD for each escaped half of a pair that stands alone, as a cut between the two
//! leaves it; but for the first second half that the document before has the other one of.
QByteArray withoutLoneSurrogates(QByteArray json, Halves &halves)
{
    constexpr qsizetype Length = 6;
    for (qsizetype at = json.indexOf('\\'); at >= 0 && at < json.size();
         at = json.indexOf('\\', at)) {
        const auto unit = unitAt(json, at);
        if (!unit) {
            at += 2; // the backslash, and what it escapes
            continue;
        }
        const auto next = unitAt(json, at + Length);
        if (QChar::isHighSurrogate(*unit) && next && QChar::isLowSurrogate(*next)) {
            at += Length;
        } else if (halves.before != 0 && !halves.isCompleted && QChar::isLowSurrogate(*unit) &&
                   beginsString(json, at)) {
            json.insert(at, "\\u" + QByteArray::number(halves.before, 16));
            at += Length;
            halves.isCompleted = true;
        } else if (QChar::isSurrogate(*unit)) {
            if (QChar::isHighSurrogate(*unit) && endsString(json, at + Length))
                halves.last = *unit;
            json.replace(at, Length, "\\ufffd");
        }
        at += Length;
    }
    return json;
}

} // namespace

//! Most events are small and most answers short, and simdjson takes 14 bytes for each of capacity:
//! as much as the longest event yet, with room to grow.
size_t JsonReader::capacityFor(size_t size) const
{
    return std::max(size, std::clamp<size_t>(m_parser.capacity() * 2, 1024, MostCapacity));
}

std::optional<JsonElement> JsonReader::parsePadded(QByteArrayView json)
{
    const auto size = static_cast<size_t>(json.size());
    if (m_padded.size() < size + simdjson::SIMDJSON_PADDING)
        m_padded.resize(std::max(m_padded.size() * 2, size + simdjson::SIMDJSON_PADDING));
    std::copy(json.begin(), json.end(), m_padded.begin());
    if ((m_parser.max_depth() != MostDepth || m_parser.capacity() < size) &&
        m_parser.allocate(capacityFor(size), MostDepth) != simdjson::SUCCESS)
        return std::nullopt;
    JsonElement element;
    if (m_parser.parse(m_padded.data(), size, false).get(element) != simdjson::SUCCESS)
        return std::nullopt;
    return element;
}

std::optional<JsonElement> JsonReader::parse(QByteArrayView json)
{
    Halves halves{std::exchange(m_half, u'\0')};
    m_completesHalf = false;
    if (const auto element = parsePadded(json))
        return element;
    // QString turns bad UTF-8 into U+FFFD.
    const QByteArray repaired = withoutLoneSurrogates(QString::fromUtf8(json).toUtf8(), halves);
    m_half = halves.last;
    m_completesHalf = halves.isCompleted;
    if (const auto element = parsePadded(repaired))
        return element;
    // What else Qt reads and simdjson does not, such as numbers out of range; what is no JSON stays
    // none.
    const QJsonDocument document = QJsonDocument::fromJson(repaired);
    if (document.isNull())
        return std::nullopt;
    return parsePadded(document.toJson(QJsonDocument::Compact));
}

std::optional<JsonElement> member(const JsonElement &object, std::string_view name)
{
    simdjson::dom::object members;
    JsonElement value;
    if (object.get(members) != simdjson::SUCCESS ||
        members.at_key(name).get(value) != simdjson::SUCCESS || value.is_null())
        return std::nullopt;
    return value;
}

QString toText(std::string_view utf8)
{
    const QByteArrayView bytes(utf8.data(), static_cast<qsizetype>(utf8.size()));
    // QString takes U+FEFF at the begin for a mark of the encoding; here it is a character.
    if (bytes.startsWith("\xEF\xBB\xBF"))
        return QChar(QChar::ByteOrderMark) + QString::fromUtf8(bytes.sliced(3));
    return QString::fromUtf8(bytes);
}

std::optional<QString> textMember(const JsonElement &object, std::string_view name)
{
    const auto value = member(object, name);
    std::string_view text;
    if (!value || value->get(text) != simdjson::SUCCESS)
        return std::nullopt;
    return toText(text);
}

std::optional<std::int64_t> countMember(const JsonElement &object, std::string_view name)
{
    constexpr std::int64_t Largest = 1LL << 53;
    const auto value = member(object, name);
    if (!value)
        return std::nullopt;
    std::int64_t count = -1;
    if (value->get(count) != simdjson::SUCCESS) {
        double number = -1;
        if (value->get(number) != simdjson::SUCCESS || number < 0 ||
            number > static_cast<double>(Largest))
            return std::nullopt;
        count = static_cast<std::int64_t>(number);
        if (static_cast<double>(count) != number)
            return std::nullopt;
    }
    return count >= 0 && count <= Largest ? std::optional(count) : std::nullopt;
}

std::optional<std::int64_t> countIn(QByteArrayView json, std::string_view name)
{
    JsonReader reader;
    const auto answer = reader.parse(json.trimmed());
    return answer ? countMember(*answer, name) : std::nullopt;
}

QString anyText(const JsonElement &value)
{
    std::string_view text;
    if (value.get(text) == simdjson::SUCCESS)
        return toText(text);
    if (value.is_object() || value.is_array() || value.is_null())
        return {};
    return QString::fromUtf8(rawJson(value));
}

QByteArray rawJson(const JsonElement &value)
{
    return QByteArray::fromStdString(simdjson::minify(value));
}

} // namespace core
