#include "core/providers/eventtemplate.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace core {

namespace {

//! The first quote, backslash or control character from \p at on. Eight bytes at a time: this is
//! where the time of a stream goes.
const char *plainEnd(const char *at, const char *end)
{
    constexpr std::uint64_t Ones = 0x0101010101010101U;
    constexpr std::uint64_t Highs = 0x80 * Ones;
    while (end - at >= 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, 8);
        const std::uint64_t quote = word ^ ('"' * Ones);
        const std::uint64_t slash = word ^ ('\\' * Ones);
        // The high bit of each byte that is 0, or below 0x20; at times of one behind it, too.
        const std::uint64_t found =
            ((quote - Ones) & ~quote) | ((slash - Ones) & ~slash) | ((word - 0x20 * Ones) & ~word);
        if (found & Highs)
            break;
        at += 8;
    }
    while (at < end && *at != '"' && *at != '\\' && static_cast<unsigned char>(*at) >= 0x20)
        ++at;
    return at;
}

//! The quote that ends the string whose body begins at \p begin; -1: none.
qsizetype closingQuote(QByteArrayView data, qsizetype begin)
{
    for (qsizetype at = begin; at < data.size(); ++at) {
        if (data[at] == '\\')
            ++at;
        else if (data[at] == '"')
            return at;
    }
    return -1;
}

//! Where the value of the first \p key of \p data from \p from on begins; -1: no such key.
qsizetype valueOf(QByteArrayView data, const QByteArray &key, qsizetype from = 0)
{
    // Quotes within strings are escaped: an unescaped "key": is a key.
    qsizetype at = key.isEmpty() ? -1 : data.indexOf(key, from);
    if (at <= 0 || data[at - 1] == '\\')
        return -1;
    at += key.size();
    while (at < data.size() && data[at] == ' ')
        ++at;
    return at;
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

//! What stands for one character behind a backslash; 0: it takes a real parser.
char escaped(char c)
{
    switch (c) {
    case 'n':
        return '\n';
    case 't':
        return '\t';
    case '"':
    case '\\':
    case '/':
        return c;
    default:
        return 0;
    }
}

bool takeLiteral(QByteArrayView &rest, const QByteArray &literal)
{
    if (rest.size() < literal.size() || std::memcmp(rest.data(), literal.constData(),
                                                    static_cast<std::size_t>(literal.size())) != 0)
        return false;
    rest = rest.sliced(literal.size());
    return true;
}

//! Takes the body of a string from \p rest, up to its closing quote. None: control characters,
//! escapes that need a real parser, or no end.
std::optional<JsonText> takeBody(QByteArrayView &rest)
{
    const char *const end = rest.end();
    bool hasEscapes = false;
    const char *at = plainEnd(rest.begin(), end);
    while (at < end && *at == '\\') {
        hasEscapes = true;
        if (++at >= end || escaped(*at) == 0)
            return std::nullopt;
        at = plainEnd(at + 1, end);
    }
    if (at >= end || *at != '"')
        return std::nullopt;
    const JsonText body(QByteArrayView(rest.begin(), at), hasEscapes);
    rest = QByteArrayView(at, end);
    return body;
}

} // namespace

bool JsonText::isAscii() const
{
    return !m_hasEscapes && std::all_of(m_body.begin(), m_body.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x80;
    });
}

QString JsonText::toString() const
{
    if (isAscii())
        return QLatin1StringView(m_body.data(), m_body.size());
    QString text;
    appendTo(text);
    return text;
}

void JsonText::appendTo(QString &text) const
{
    if (isAscii()) {
        text.append(QLatin1StringView(m_body.data(), m_body.size()));
        return;
    }
    if (!m_hasEscapes) {
        text.append(QString::fromUtf8(m_body));
        return;
    }
    QByteArray plain;
    plain.reserve(m_body.size());
    for (const char *at = m_body.begin(); at < m_body.end(); ++at)
        plain.append(*at == '\\' ? escaped(*++at) : *at);
    text.append(QString::fromUtf8(plain));
}

EventTemplate::EventTemplate(const EventShape &shape)
    : m_spaces(shape.spaces)
{
    const auto key = [](std::string_view name) {
        return name.empty()
                   ? QByteArray()
                   : '"' + QByteArray(name.data(), static_cast<qsizetype>(name.size())) + "\":";
    };
    m_textKey = key(shape.text);
    m_paddingKey = key(shape.padding);
    for (const std::string_view counter : shape.counters)
        m_counterKeys.append(key(counter));
}

std::optional<EventTemplate::Span> EventTemplate::stringAt(QByteArrayView data,
                                                           const QByteArray &key, Hole hole)
{
    const qsizetype at = valueOf(data, key);
    if (at < 0 || at >= data.size() || data[at] != '"' || data.indexOf(key, at) >= 0)
        return std::nullopt; // none, no string, or several
    const qsizetype end = closingQuote(data, at + 1);
    return end < 0 ? std::nullopt : std::optional(Span{at + 1, end, hole});
}

void EventTemplate::addNumbers(std::vector<Span> &holes, QByteArrayView data, const QByteArray &key)
{
    for (qsizetype at = valueOf(data, key); at >= 0; at = valueOf(data, key, at)) {
        qsizetype end = at;
        while (end < data.size() && isDigit(data[end]))
            ++end;
        if (end > at)
            holes.push_back({at, end, Hole::Number});
    }
}

void EventTemplate::learn(QByteArrayView name, QByteArrayView data, const QString &text)
{
    forget();
    if (m_textKey.isEmpty() || text.isEmpty() || !data.endsWith('}'))
        return;
    const auto value = stringAt(data, m_textKey, Hole::Text);
    if (!value)
        return;
    QByteArrayView rest = data.sliced(value->begin);
    const auto body = takeBody(rest);
    if (!body || body->toString() != text)
        return;
    std::vector<Span> holes{*value};
    const auto padding = stringAt(data, m_paddingKey, Hole::Padding);
    if (!padding && !m_paddingKey.isEmpty() && data.contains(m_paddingKey))
        return;
    rest = padding ? data.sliced(padding->begin) : QByteArrayView();
    if (padding && take(rest, Hole::Padding))
        holes.push_back(*padding);
    for (const QByteArray &key : std::as_const(m_counterKeys))
        addNumbers(holes, data, key);
    if (m_spaces) {
        qsizetype spaces = data.size() - 1;
        while (spaces > 0 && data[spaces - 1] == ' ')
            --spaces;
        holes.push_back({spaces, data.size() - 1, Hole::Spaces});
    }
    std::sort(holes.begin(), holes.end(),
              [](const Span &a, const Span &b) { return a.begin < b.begin; });
    m_name = name.toByteArray();
    m_pieces.clear();
    qsizetype at = 0;
    for (const Span &hole : holes) {
        m_pieces.push_back({data.sliced(at, hole.begin - at).toByteArray(), hole.hole});
        at = hole.end;
    }
    m_tail = data.sliced(at).toByteArray();
    m_known = true;
}

std::optional<JsonText> EventTemplate::take(QByteArrayView &rest, Hole hole)
{
    qsizetype at = 0;
    switch (hole) {
    case Hole::Text:
        return takeBody(rest);
    case Hole::Padding: // a string of no meaning, which an escape could not change either
        at = plainEnd(rest.begin(), rest.end()) - rest.begin();
        if (at == rest.size() || rest[at] != '"')
            return std::nullopt;
        break;
    case Hole::Number:
        while (at < rest.size() && isDigit(rest[at]))
            ++at;
        if (at == 0 || (at > 1 && rest[0] == '0'))
            return std::nullopt;
        break;
    case Hole::Spaces:
        while (at < rest.size() && rest[at] == ' ')
            ++at;
        break;
    }
    const JsonText taken(rest.first(at), false);
    rest = rest.sliced(at);
    return taken;
}

std::optional<JsonText> EventTemplate::match(QByteArrayView name, QByteArrayView data) const
{
    if (!m_known || name != m_name)
        return std::nullopt;
    std::optional<JsonText> text;
    for (const Piece &piece : m_pieces) {
        if (!takeLiteral(data, piece.literal))
            return std::nullopt;
        const auto taken = take(data, piece.hole);
        if (!taken)
            return std::nullopt;
        if (piece.hole == Hole::Text)
            text = taken;
    }
    return data == QByteArrayView(m_tail) ? text : std::nullopt;
}

} // namespace core
