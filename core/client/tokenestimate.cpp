#include "core/client/tokenestimate.h"

#include "core/chat/attachment.h"
#include "core/chat/imagesize.h"
#include "core/tokens/chattemplate.h"
#include "core/tokens/imagetokens.h"
#include "core/tokens/textcounts.h"

#include <algorithm>

namespace core {

namespace {

constexpr std::int64_t OtherBytesAToken = 8;      // at best; such scripts may have no spaces
constexpr std::int64_t TurnTokens = 12;           // role and separators around a turn, at most
constexpr std::int64_t ImageTokensAtMost = 6'000; // where no rule is known
constexpr std::int64_t ToolPromptAtMost = 530;    // that some services add once (Claude 3 Opus)

bool isWords(const ContentPart &part)
{
    const auto *file = std::get_if<AttachmentPart>(&part);
    return !std::holds_alternative<ReasoningPart>(part) && (!file || isText(*file));
}

//! Adds the parts of a prompt, counted where that can be done.
class Sum
{
public:
    Sum(const CountText &count, QStringView model)
        : m_count(count)
        , m_model(model)
    {
    }

    void add(QStringView text)
    {
        if (const auto tokens = m_count ? m_count(text) : std::nullopt)
            return estimate.addTokens(*tokens, *tokens);
        estimate.add(text);
        isCounted = isCounted && text.isEmpty();
    }
    void addBytes(const QByteArray &utf8)
    {
        if (m_count)
            return add(QString::fromUtf8(utf8));
        estimate.addBytes(utf8);
        isCounted = isCounted && utf8.isEmpty();
    }
    void addGuess(std::int64_t low, std::int64_t high)
    {
        estimate.addTokens(low, high);
        isCounted = false;
    }

    void addPart(const TextPart &part) { add(part.text); }
    void addPart(const ReasoningPart &part)
    {
        // Services drop reasoning of earlier turns from the prompt or count it: both are possible.
        TokenEstimate reasoning;
        reasoning.add(part.text);
        addGuess(0, reasoning.high() + part.redacted.size());
    }
    void addPart(const AttachmentPart &part)
    {
        if (isText(part))
            add(promptText(part)); // as it is sent: its name and a fence stand around it
        else if (isImage(part))
            addImage(part);
        else
            addGuess(0, part.data.size() / 2); // a PDF: pages of text and their pictures
    }
    void addImage(const AttachmentPart &part)
    {
        const auto pixels = m_model.isEmpty() ? std::nullopt : imageSize(part.data);
        const auto known = pixels ? imageTokens(m_model, *pixels) : std::nullopt;
        addGuess(LeastImageTokens, std::max(ImageTokensAtMost, known.value_or(0)));
    }
    void addPart(const ToolCallPart &part)
    {
        add(part.name);
        addBytes(part.arguments);
    }
    void addPart(const ToolResultPart &part) { add(part.content); }

    TokenEstimate estimate;
    bool isCounted = true;

private:
    const CountText &m_count;
    QStringView m_model;
};

std::int64_t turnsAround(const ChatTemplate &around, const ChatRequest &request)
{
    std::int64_t tokens = 0;
    for (const Message &message : request.messages)
        tokens += message.role == Role::Assistant ? around.answer : around.question;
    return tokens;
}

} // namespace

void TokenEstimate::addUnit(const Unit &unit)
{
    (unit.isAscii ? m_ascii : m_other) += unit.bytes;
    if (!unit.isSpace && !m_isInWord)
        ++m_words;
    m_isInWord = !unit.isSpace;
}

void TokenEstimate::add(QStringView text)
{
    for (const QChar c : text) {
        const ushort unit = c.unicode();
        const bool isAscii = unit < 0x80;
        const int utf8 = isAscii ? 1 : unit < 0x800 || c.isSurrogate() ? 2 : 3; // a pair has four
        addUnit({.isSpace = c.isSpace(), .isAscii = isAscii, .bytes = utf8});
    }
}

void TokenEstimate::addBytes(QByteArrayView utf8)
{
    for (const char c : utf8)
        addUnit({.isSpace = c == ' ' || (c >= '\t' && c <= '\r'),
                 .isAscii = (static_cast<uchar>(c) & 0x80U) == 0,
                 .bytes = 1});
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

PromptCount countPrompt(const ChatRequest &request, const CountText &count, QStringView model)
{
    Sum sum(count, model);
    sum.add(request.options.system);
    sum.addBytes(request.options.jsonSchema);
    const ChatTemplate around = chatTemplateOf(model);
    sum.estimate.addTokens(0, std::max(TurnTokens, around.beginning + around.system));
    if (!request.tools.isEmpty())
        sum.estimate.addTokens(0, ToolPromptAtMost);
    for (const Message &message : request.messages) {
        sum.estimate.addTokens(1, TurnTokens);
        for (const ContentPart &part : message.parts)
            std::visit([&sum](const auto &one) { sum.addPart(one); }, part);
    }
    for (const ToolDefinition &tool : request.tools) {
        sum.estimate.addTokens(0, TurnTokens);
        sum.add(tool.name);
        sum.add(tool.description);
        sum.addBytes(tool.parameters);
    }
    return {sum.estimate, sum.isCounted};
}

TokenEstimate estimateInput(const ChatRequest &request, const CountText &count, QStringView model)
{
    return countPrompt(request, count, model).tokens;
}

CountText countNear(TextCounts &counts)
{
    return [&counts](QStringView text) { return counts.count(EncodingId::O200kBase, text); };
}

ChatRequest wordsOf(const ChatRequest &request)
{
    ChatRequest words = request;
    for (Message &message : words.messages)
        message.parts.removeIf([](const ContentPart &part) { return !isWords(part); });
    return words;
}

bool isAllWords(const ChatRequest &request)
{
    return std::all_of(
        request.messages.cbegin(), request.messages.cend(), [](const Message &message) {
            return std::all_of(message.parts.cbegin(), message.parts.cend(), isWords);
        });
}

std::int64_t likelyInput(const TokenEstimate &counted, const ChatRequest &request,
                         QStringView model)
{
    const ChatTemplate around = chatTemplateOf(model);
    const std::int64_t turns = static_cast<std::int64_t>(request.messages.size());
    std::int64_t tokens = turnsAround(around, request) + around.beginning;
    if (!request.options.system.isEmpty())
        tokens += around.system;
    if (!request.tools.isEmpty())
        tokens += around.tools;
    return counted.low() - turns + tokens; // low(): one a turn
}

} // namespace core
