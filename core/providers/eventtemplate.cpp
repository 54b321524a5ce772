#include "core/providers/eventtemplate.h"

#include <cstring>

namespace core {

namespace {

constexpr QByteArrayView PaddingKey = "\"obfuscation\":\"";

//! Where the string that follows the only \p key of \p data lies; none: no such key, or several.
struct Span
{
    qsizetype begin = 0;
    qsizetype end = 0;
};

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

std::optional<Span> onlyValue(QByteArrayView data, QByteArrayView key)
{
    // Quotes within strings are escaped: an unescaped "key":" is a key and the start of its value.
    const qsizetype at = data.indexOf(key);
    if (at <= 0 || data[at - 1] == '\\' || data.indexOf(key, at + 1) >= 0)
        return std::nullopt;
    Span span{at + key.size(), 0};
    span.end = closingQuote(data, span.begin);
    return span.end < 0 ? std::nullopt : std::optional(span);
}

bool isPlain(QByteArrayView body)
{
    for (const char c : body) {
        if (c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20)
            return false;
    }
    return true;
}

//! The text of a JSON string's body; none where it needs a real parser.
std::optional<QString> unescaped(QByteArrayView body)
{
    const auto *slash = static_cast<const char *>(
        std::memchr(body.data(), '\\', static_cast<std::size_t>(body.size())));
    if (!slash)
        return QString::fromUtf8(body);
    QByteArray plain(body.begin(), slash - body.begin());
    for (const char *at = slash; at < body.end(); ++at) {
        if (*at != '\\') {
            plain.append(*at);
            continue;
        }
        switch (*++at) {
        case 'n':
            plain.append('\n');
            break;
        case 't':
            plain.append('\t');
            break;
        case '"':
        case '\\':
        case '/':
            plain.append(*at);
            break;
        default:
            return std::nullopt;
        }
    }
    return QString::fromUtf8(plain);
}

//! Takes the body of a string from \p rest, up to its closing quote; none: control characters, or
//! no end.
std::optional<QByteArrayView> takeBody(QByteArrayView &rest)
{
    qsizetype at = 0;
    while (at < rest.size() && rest[at] != '"') {
        if (static_cast<unsigned char>(rest[at]) < 0x20)
            return std::nullopt;
        at += rest[at] == '\\' ? 2 : 1;
    }
    if (at >= rest.size())
        return std::nullopt;
    const QByteArrayView body = rest.first(at);
    rest = rest.sliced(at);
    return body;
}

bool takeLiteral(QByteArrayView &rest, const QByteArray &literal)
{
    if (rest.size() < literal.size() || std::memcmp(rest.data(), literal.constData(),
                                                    static_cast<std::size_t>(literal.size())) != 0)
        return false;
    rest = rest.sliced(literal.size());
    return true;
}

} // namespace

EventTemplate::EventTemplate(std::string_view key)
{
    if (!key.empty())
        m_key = '"' + QByteArray(key.data(), static_cast<qsizetype>(key.size())) + "\":\"";
}

void EventTemplate::learn(QByteArrayView name, QByteArrayView data, const QString &text)
{
    forget();
    if (m_key.isEmpty() || text.isEmpty())
        return;
    const auto value = onlyValue(data, m_key);
    if (!value)
        return;
    const QByteArrayView body = data.sliced(value->begin, value->end - value->begin);
    const auto read = unescaped(body);
    if (read != text)
        return;
    const auto padding = onlyValue(data, PaddingKey);
    if (!padding && data.contains(PaddingKey))
        return;
    m_hasPadding = padding && isPlain(data.sliced(padding->begin, padding->end - padding->begin));
    m_paddingFirst = m_hasPadding && padding->begin < value->begin;
    const Span first = m_paddingFirst ? *padding : *value;
    const Span last = m_hasPadding && !m_paddingFirst ? *padding : *value;
    m_name = name.toByteArray();
    m_head = data.first(first.begin).toByteArray();
    m_middle =
        m_hasPadding ? data.sliced(first.end, last.begin - first.end).toByteArray() : QByteArray();
    m_tail = data.sliced(last.end).toByteArray();
    m_known = true;
}

std::optional<QString> EventTemplate::match(QByteArrayView name, QByteArrayView data) const
{
    if (!m_known || name != m_name || !takeLiteral(data, m_head))
        return std::nullopt;
    const auto first = takeBody(data);
    if (!first)
        return std::nullopt;
    QByteArrayView body = *first;
    if (m_hasPadding) {
        if (!takeLiteral(data, m_middle))
            return std::nullopt;
        const auto second = takeBody(data);
        // What is padding must be a string of no meaning, which an escape could not change either.
        if (!second || !isPlain(m_paddingFirst ? *first : *second))
            return std::nullopt;
        if (m_paddingFirst)
            body = *second;
    }
    if (data != QByteArrayView(m_tail))
        return std::nullopt;
    return unescaped(body);
}

} // namespace core
