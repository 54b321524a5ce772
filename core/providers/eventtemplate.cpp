#include "core/providers/eventtemplate.h"

#include "core/net/shortbytes.h"
#include "core/providers/json.h"

#include <QtEndian>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

namespace core {

namespace {

constexpr std::uint64_t Ones = 0x0101010101010101U;
constexpr std::uint64_t Highs = 0x80 * Ones;

//! The first quote, backslash or control character from \p at on; the bytes before it go into
//! \p seen, for their high bits. Eight bytes at a time: this is where the time of a stream goes.
Q_ALWAYS_INLINE const char *plainEnd(const char *at, const char *end, std::uint64_t &seen)
{
    for (; end - at >= 8; at += 8) {
        const auto word = qFromLittleEndian<std::uint64_t>(at);
        const std::uint64_t quote = word ^ ('"' * Ones);
        const std::uint64_t slash = word ^ ('\\' * Ones);
        // The high bit of each byte that is 0, or below 0x20; at times of one behind it, too: the
        // first is right.
        const std::uint64_t found = (((quote - Ones) & ~quote) | ((slash - Ones) & ~slash) |
                                     ((word - 0x20 * Ones) & ~word)) &
                                    Highs;
        if (found != 0) {
            seen |= word & ((found & (0 - found)) - 1);
            return at + std::countr_zero(found) / 8;
        }
        seen |= word;
    }
    for (; at < end && *at != '"' && *at != '\\' && static_cast<unsigned char>(*at) >= 0x20; ++at)
        seen |= static_cast<unsigned char>(*at);
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

//! Takes the body of a string from \p at, up to its closing quote. None: control characters,
//! escapes that need a real parser, or no end.
Q_ALWAYS_INLINE std::optional<JsonText> takeBody(const char *&at, const char *end)
{
    const char *const begin = at;
    std::uint64_t seen = 0;
    bool hasEscapes = false;
    at = plainEnd(at, end, seen);
    while (at < end && *at == '\\') {
        hasEscapes = true;
        if (++at >= end || escaped(*at) == 0)
            return std::nullopt;
        at = plainEnd(at + 1, end, seen);
    }
    if (at >= end || *at != '"')
        return std::nullopt;
    return JsonText(QByteArrayView(begin, at), hasEscapes, (seen & Highs) == 0);
}

inline const char *behindSpaces(const char *at, const char *end)
{
    for (; end - at >= 8; at += 8) {
        if (const auto others = qFromLittleEndian<std::uint64_t>(at) ^ (' ' * Ones); others != 0)
            return at + std::countr_zero(others) / 8;
    }
    while (at < end && *at == ' ')
        ++at;
    return at;
}

//! Takes digits that are a number. False: they are none.
inline bool takeNumber(const char *&at, const char *end)
{
    const char *const begin = at;
    while (at < end && isDigit(*at))
        ++at;
    return at - begin == 1 || (at > begin && *begin != '0');
}

//! Takes a string of no meaning, which an escape could not change either: false at one.
inline bool takePadding(const char *&at, const char *end)
{
    std::uint64_t seen = 0;
    at = plainEnd(at, end, seen);
    return at < end && *at == '"';
}

//! The bytes of a character that \p lead begins, as it says itself.
qsizetype lengthSaidBy(unsigned char lead)
{
    if (lead < 0xc0)
        return 1;
    if (lead < 0xe0)
        return 2;
    return lead < 0xf0 ? 3 : 4;
}

//! Whether \p utf8 means the same whatever stands before and behind it.
bool standsAlone(QByteArrayView utf8)
{
    const auto isContinuation = [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
    };
    if (utf8.isEmpty() || isContinuation(utf8.front()) || utf8.startsWith("\xef\xbb\xbf"))
        return utf8.isEmpty(); // a byte order mark is left out at the begin of a text only
    qsizetype lead = utf8.size() - 1;
    while (isContinuation(utf8[lead]))
        --lead;
    return lengthSaidBy(static_cast<unsigned char>(utf8[lead])) == utf8.size() - lead;
}

} // namespace

void Utf8Run::moveTo(QString &text)
{
    const QByteArrayView bytes = m_bytes.view();
    if (m_isAscii)
        text.append(QLatin1StringView(bytes.data(), bytes.size()));
    else
        text.append(QString::fromUtf8(bytes));
    clear();
}

QString JsonText::toString() const
{
    if (!m_hasEscapes)
        return toText({m_body.data(), static_cast<size_t>(m_body.size())});
    QByteArray plain;
    plain.reserve(m_body.size());
    for (const char *at = m_body.begin(); at < m_body.end(); ++at)
        plain.append(*at == '\\' ? escaped(*++at) : *at);
    return toText({plain.constData(), static_cast<size_t>(plain.size())});
}

bool JsonText::appendOddTo(Utf8Run &run) const
{
    if (!m_isAscii && !standsAlone(m_body))
        return false;
    const char *at = m_body.begin();
    const char *const end = m_body.end();
    while (m_hasEscapes && at < end) {
        const char *const slash = std::find(at, end, '\\');
        run.append(QByteArrayView(at, slash), m_isAscii);
        if (slash == end)
            return true;
        const char c = escaped(slash[1]);
        run.append(QByteArrayView(&c, 1), m_isAscii);
        at = slash + 2;
    }
    run.append(QByteArrayView(at, end), m_isAscii);
    return true;
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
    const char *at = data.begin() + value->begin;
    const auto body = takeBody(at, data.end());
    if (!body || body->toString() != text)
        return;
    std::vector<Span> holes{*value};
    const auto padding = stringAt(data, m_paddingKey, Hole::Padding);
    if (!padding && !m_paddingKey.isEmpty() && data.contains(m_paddingKey))
        return;
    const char *const paddingEnd = padding ? data.begin() + padding->end : nullptr;
    at = padding ? data.begin() + padding->begin : nullptr;
    if (padding && takePadding(at, data.end()) && at == paddingEnd)
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
    qsizetype done = 0;
    for (const Span &hole : holes) {
        m_pieces.push_back({data.sliced(done, hole.begin - done).toByteArray(), hole.hole});
        done = hole.end;
    }
    m_tail = data.sliced(done).toByteArray();
    m_known = true;
}

std::optional<JsonText> EventTemplate::match(QByteArrayView data) const
{
    if (!m_known)
        return std::nullopt;
    const char *at = data.begin();
    const char *const end = data.end();
    std::optional<JsonText> text;
    for (const Piece &piece : m_pieces) {
        if (!standsAt(at, end, piece.literal))
            return std::nullopt;
        at += piece.literal.size();
        bool isThere = true;
        switch (piece.hole) {
        case Hole::Text:
            text = takeBody(at, end);
            isThere = text.has_value();
            break;
        case Hole::Padding:
            isThere = takePadding(at, end);
            break;
        case Hole::Number:
            isThere = takeNumber(at, end);
            break;
        case Hole::Spaces:
            at = behindSpaces(at, end);
            break;
        }
        if (!isThere)
            return std::nullopt;
    }
    return end - at == m_tail.size() && standsAt(at, end, m_tail) ? text : std::nullopt;
}

} // namespace core
