#pragma once

#include "core/chat/chatrequest.h"

#include <QStringView>

#include <cstdint>
#include <functional>
#include <optional>

namespace core {

class TextCounts;

//! How many tokens a text may have, guessed from its characters: what is used until a tokenizer
//! has counted them. Encoders do not join words, so that there are at least as many tokens as
//! words; at most they need a token for every byte and a half of ASCII (measured on base64 with
//! o200k_base and cl100k_base) and, in rare scripts, a token a byte.
class TokenEstimate
{
public:
    void add(QStringView text); //!< May go on with the word that the last piece ended in.
    void addBytes(QByteArrayView utf8);
    void addTokens(std::int64_t low, std::int64_t high);

    [[nodiscard]] std::int64_t low() const;
    [[nodiscard]] std::int64_t high() const;

private:
    //! What one unit of a text is: of UTF-16, or a byte of UTF-8.
    struct Unit
    {
        bool isSpace;
        bool isAscii;
        int bytes; //!< It takes as UTF-8.
    };
    void addUnit(const Unit &unit);

    std::int64_t m_ascii = 0; //!< Bytes.
    std::int64_t m_other = 0; //!< Bytes of all other characters, as UTF-8.
    std::int64_t m_words = 0; //!< Runs without white space.
    bool m_isInWord = false;
    std::int64_t m_low = 0, m_high = 0;
};

//! What an image has at least: the smallest tile of any service.
inline constexpr std::int64_t LeastImageTokens = 85;

//! Tokens of a text as the model counts them; nothing where that is not known.
using CountText = std::function<std::optional<std::int64_t>(QStringView)>;

//! The tokens of a prompt, and how they are known.
struct PromptCount
{
    TokenEstimate tokens;
    bool isCounted = true; //!< No part was guessed, but for what services put around turns.
};

//! The whole prompt of \p request: system prompt, turns, tools, attachments. Texts that \p count
//! knows are counted, all else is guessed. The high end has room for what is known of \p model,
//! where one is named: large pictures, its template.
[[nodiscard]] PromptCount countPrompt(const ChatRequest &request, const CountText &count,
                                      QStringView model = {});
//! The same for those who take it for an estimate in any case.
[[nodiscard]] TokenEstimate estimateInput(const ChatRequest &request, const CountText &count = {},
                                          QStringView model = {});

//! Counts as o200k_base does: of the tokenizers that are not published, most are near it. \p counts
//! must outlive what is returned; as slow and as thread-safe as it.
[[nodiscard]] CountText countNear(TextCounts &counts);

//! \p request without what no tokenizer counts: pictures, documents, reasoning of earlier turns.
[[nodiscard]] ChatRequest wordsOf(const ChatRequest &request);
[[nodiscard]] bool isAllWords(const ChatRequest &request); //!< wordsOf() takes nothing away.

//! The likeliest count of the whole prompt, of which \p counted are the texts: with the template
//! that is put around the turns of \p request for \p model (chatTemplateOf()).
[[nodiscard]] std::int64_t likelyInput(const TokenEstimate &counted, const ChatRequest &request,
                                       QStringView model = {});

} // namespace core
