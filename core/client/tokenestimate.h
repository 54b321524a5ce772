#pragma once

#include "core/chat/chatrequest.h"

#include <QStringView>

#include <cstdint>

namespace core {

//! How many tokens a text may have, guessed from its bytes: what is used until a tokenizer counted
//! them. Byte-pair encoders need about four bytes a token for English and source code, less for
//! digits, and up to a token a byte for rare scripts; low and high enclose what they do.
class TokenEstimate
{
public:
    void add(QStringView text);
    void addBytes(QByteArrayView utf8);
    void addTokens(std::int64_t low, std::int64_t high);

    [[nodiscard]] std::int64_t low() const;
    [[nodiscard]] std::int64_t high() const;

private:
    std::int64_t m_ascii = 0; //!< Bytes.
    std::int64_t m_other = 0; //!< Bytes of all other characters.
    std::int64_t m_low = 0, m_high = 0;
};

//! The whole prompt of \p request: system prompt, turns, tools, attachments.
[[nodiscard]] TokenEstimate estimateInput(const ChatRequest &request);

} // namespace core
