#include "core/practice/requestparser.h"

#include <algorithm>

namespace core {

namespace {

constexpr int BadRequest = 400;
constexpr int ContentTooLarge = 413;
constexpr int HeadTooLarge = 431;
constexpr int NotImplemented = 501;
constexpr int VersionNotSupported = 505;

bool isTokenCharacter(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           QByteArrayView("!#$%&'*+-.^_`|~").contains(c);
}

bool isToken(QByteArrayView text)
{
    return !text.isEmpty() && std::all_of(text.begin(), text.end(), isTokenCharacter);
}

bool isDigits(QByteArrayView text)
{
    return !text.isEmpty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

} // namespace

QByteArray LoopbackRequest::path() const
{
    const qsizetype query = target.indexOf('?');
    return query < 0 ? target : target.first(query);
}

void RequestParser::feed(QByteArrayView bytes)
{
    if (m_refusal == 0)
        m_buffer.append(bytes);
}

std::optional<LoopbackRequest> RequestParser::next()
{
    if (m_refusal != 0)
        return std::nullopt;
    if (!m_head) {
        // A blank line before a request is to be skipped (RFC 9112 section 2.2).
        while (m_buffer.startsWith("\r\n"))
            m_buffer.remove(0, 2);
        const qsizetype end = m_buffer.indexOf("\r\n\r\n");
        if (end > MaxHead || (end < 0 && m_buffer.size() > MaxHead))
            m_refusal = HeadTooLarge;
        if (end < 0 || m_refusal != 0)
            return std::nullopt;
        m_refusal = parseHead(QByteArrayView(m_buffer).first(end));
        if (m_refusal != 0)
            return std::nullopt;
        m_buffer.remove(0, end + 4);
    }
    if (m_buffer.size() < m_bodyLength)
        return std::nullopt;
    std::optional<LoopbackRequest> request = std::exchange(m_head, std::nullopt);
    request->body = m_buffer.first(m_bodyLength);
    m_buffer.remove(0, m_bodyLength);
    return request;
}

int RequestParser::parseHead(QByteArrayView head)
{
    m_head.emplace();
    bool first = true;
    while (!head.isEmpty()) {
        const qsizetype end = head.indexOf("\r\n");
        const QByteArrayView line = end < 0 ? head : head.first(end);
        head = end < 0 ? QByteArrayView() : head.sliced(end + 2);
        if (std::exchange(first, false)) {
            if (const int refused = parseRequestLine(line); refused != 0)
                return refused;
            continue;
        }
        const qsizetype colon = line.indexOf(':');
        if (colon < 0 || !isToken(line.first(colon)))
            return BadRequest;
        m_head->headers.add(line.first(colon).toByteArray(),
                            line.sliced(colon + 1).trimmed().toByteArray());
    }
    return readFraming();
}

int RequestParser::parseRequestLine(QByteArrayView line)
{
    const QList<QByteArray> words = line.toByteArray().split(' ');
    if (words.size() != 3 || !isToken(words[0]) || !words[1].startsWith('/'))
        return BadRequest;
    if (words[2] != "HTTP/1.1" && words[2] != "HTTP/1.0")
        return words[2].startsWith("HTTP/") ? VersionNotSupported : BadRequest;
    m_head->method = words[0];
    m_head->target = words[1];
    m_head->keepAlive = words[2] == "HTTP/1.1";
    return 0;
}

int RequestParser::readFraming()
{
    const HttpHeaders &headers = m_head->headers;
    if (headers.contains("transfer-encoding"))
        return NotImplemented;
    if (headers.value("connection").toLower().contains("close"))
        m_head->keepAlive = false;
    m_bodyLength = 0;
    if (!headers.contains("content-length"))
        return 0;
    const QByteArray length = headers.value("content-length");
    if (!isDigits(length))
        return BadRequest;
    bool fits = false;
    m_bodyLength = length.toLongLong(&fits);
    return fits && m_bodyLength <= MaxBody ? 0 : ContentTooLarge;
}

} // namespace core
