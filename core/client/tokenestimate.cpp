#include "core/client/tokenestimate.h"

#include <algorithm>

namespace core {

namespace {

constexpr std::int64_t AsciiBytesAToken = 6;    // at best: long common words
constexpr std::int64_t AsciiBytesAtWorst = 2;   // digits, base64, punctuation
constexpr std::int64_t OtherBytesAToken = 6;    // at best: two CJK characters
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

void TokenEstimate::add(QStringView text)
{
    for (const QChar c : text) {
        const ushort unit = c.unicode();
        if (unit < 0x80)
            ++m_ascii;
        else
            m_other += unit < 0x800 || c.isSurrogate() ? 2 : 3; // as UTF-8; a pair has four
    }
}

void TokenEstimate::addBytes(QByteArrayView utf8)
{
    const auto ascii = std::count_if(utf8.begin(), utf8.end(),
                                     [](char c) { return (static_cast<uchar>(c) & 0x80U) == 0; });
    m_ascii += ascii;
    m_other += utf8.size() - ascii;
}

void TokenEstimate::addTokens(std::int64_t low, std::int64_t high)
{
    m_low += low;
    m_high += high;
}

std::int64_t TokenEstimate::low() const
{
    return m_low + m_ascii / AsciiBytesAToken + m_other / OtherBytesAToken;
}

std::int64_t TokenEstimate::high() const
{
    return m_high + (m_ascii + AsciiBytesAtWorst - 1) / AsciiBytesAtWorst + m_other;
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
