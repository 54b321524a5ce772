#include "core/client/tokenestimate.h"

#include <algorithm>

namespace core {

namespace {

constexpr std::int64_t OtherBytesAToken = 8;    // at best; such scripts may have no spaces
constexpr std::int64_t TurnTokens = 12;         // role and separators around a turn, at most
constexpr std::int64_t ImageTokensAtLeast = 85; // the smallest tile of any service
constexpr std::int64_t ImageTokensAtMost = 6'000;

void addPart(TokenEstimate &estimate, const TextPart &part)
{
    estimate.add(part.text);
}

void addPart(TokenEstimate &estimate, const ReasoningPart &part)
{
    // Services drop reasoning of earlier turns from the prompt or count it: both are possible.
    TokenEstimate reasoning;
    reasoning.add(part.text);
    estimate.addTokens(0, reasoning.high() + part.redacted.size());
}

void addPart(TokenEstimate &estimate, const AttachmentPart &part)
{
    if (part.mimeType.startsWith(QStringLiteral("text/")))
        estimate.addBytes(part.data);
    else if (part.mimeType.startsWith(QStringLiteral("image/")))
        estimate.addTokens(ImageTokensAtLeast, ImageTokensAtMost);
    else
        estimate.addTokens(0, part.data.size() / 2); // a PDF: pages of text and their pictures
}

void addPart(TokenEstimate &estimate, const ToolCallPart &part)
{
    estimate.add(part.name);
    estimate.addBytes(part.arguments);
}

void addPart(TokenEstimate &estimate, const ToolResultPart &part)
{
    estimate.add(part.content);
}

} // namespace

void TokenEstimate::addUnit(bool isSpace, bool isAscii, int bytes)
{
    (isAscii ? m_ascii : m_other) += bytes;
    if (!isSpace && !m_isInWord)
        ++m_words;
    m_isInWord = !isSpace;
}

void TokenEstimate::add(QStringView text)
{
    for (const QChar c : text) {
        const ushort unit = c.unicode();
        const bool isAscii = unit < 0x80;
        const int utf8 = isAscii ? 1 : unit < 0x800 || c.isSurrogate() ? 2 : 3; // a pair has four
        addUnit(c.isSpace(), isAscii, utf8);
    }
}

void TokenEstimate::addBytes(QByteArrayView utf8)
{
    for (const char c : utf8)
        addUnit(c == ' ' || (c >= '\t' && c <= '\r'), (static_cast<uchar>(c) & 0x80U) == 0, 1);
}

void TokenEstimate::addTokens(std::int64_t low, std::int64_t high)
{
    m_low += low;
    m_high += high;
}

std::int64_t TokenEstimate::low() const
{
    return m_low + std::max(m_words, m_other / OtherBytesAToken);
}

std::int64_t TokenEstimate::high() const
{
    return m_high + (2 * m_ascii + 2) / 3 + m_other;
}

TokenEstimate estimateInput(const ChatRequest &request)
{
    TokenEstimate estimate;
    estimate.add(request.options.system);
    estimate.addBytes(request.options.jsonSchema);
    estimate.addTokens(0, TurnTokens);
    for (const Message &message : request.messages) {
        estimate.addTokens(1, TurnTokens);
        for (const ContentPart &part : message.parts)
            std::visit([&estimate](const auto &one) { addPart(estimate, one); }, part);
    }
    for (const ToolDefinition &tool : request.tools) {
        estimate.addTokens(0, TurnTokens);
        estimate.add(tool.name);
        estimate.add(tool.description);
        estimate.addBytes(tool.parameters);
    }
    return estimate;
}

} // namespace core
