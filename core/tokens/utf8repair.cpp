#include "core/tokens/utf8repair.h"

#include <cstdint>
#include <cstring>

namespace core {

namespace {

using State = Utf8Character::State;

//! What the second byte may be, by the first (Unicode 15, table 3-7), and the bytes in all.
struct Lead
{
    unsigned char low = 0x80, high = 0xBF;
    std::size_t bytes = 0; //!< 0: starts no character.
};

Lead leadOf(unsigned char byte)
{
    if (byte < 0xC2)
        return {};
    if (byte < 0xE0)
        return {0x80, 0xBF, 2};
    if (byte < 0xF0)
        return {static_cast<unsigned char>(byte == 0xE0 ? 0xA0 : 0x80),
                static_cast<unsigned char>(byte == 0xED ? 0x9F : 0xBF), 3};
    if (byte < 0xF5)
        return {static_cast<unsigned char>(byte == 0xF0 ? 0x90 : 0x80),
                static_cast<unsigned char>(byte == 0xF4 ? 0x8F : 0xBF), 4};
    return {};
}

//! Bytes of ASCII at the start of \p text.
std::size_t asciiBytes(std::string_view text)
{
    constexpr std::uint64_t HighBits = 0x8080808080808080ULL;
    std::size_t at = 0;
    for (std::uint64_t word = 0; at + sizeof word <= text.size(); at += sizeof word) {
        std::memcpy(&word, text.data() + at, sizeof word);
        if ((word & HighBits) != 0)
            break;
    }
    while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80)
        ++at;
    return at;
}

} // namespace

Utf8Character firstCharacter(std::string_view text)
{
    const auto first = static_cast<unsigned char>(text.front());
    if (first < 0x80)
        return {State::Valid, 1};
    const Lead lead = leadOf(first);
    if (lead.bytes == 0)
        return {State::Invalid, 1};
    for (std::size_t i = 1; i < lead.bytes; ++i) {
        if (i == text.size())
            return {State::CutShort, i};
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool fits = i == 1 ? byte >= lead.low && byte <= lead.high : (byte & 0xC0U) == 0x80;
        if (!fits)
            return {State::Invalid, i};
    }
    return {State::Valid, lead.bytes};
}

std::size_t validBytes(std::string_view text)
{
    std::size_t at = 0;
    while (true) {
        at += asciiBytes(text.substr(at));
        while (at < text.size() && static_cast<unsigned char>(text[at]) >= 0x80) {
            const Utf8Character character = firstCharacter(text.substr(at));
            if (character.state != State::Valid)
                return at;
            at += character.bytes;
        }
        if (at == text.size())
            return at;
    }
}

std::size_t appendRepaired(std::string &out, std::string_view text)
{
    while (true) {
        const std::size_t valid = validBytes(text);
        out.append(text.substr(0, valid));
        text.remove_prefix(valid);
        if (text.empty())
            return 0;
        const Utf8Character character = firstCharacter(text);
        if (character.state == State::CutShort)
            return character.bytes;
        out.append(ReplacementCharacter);
        text.remove_prefix(character.bytes);
    }
}

QByteArray utf8Of(QStringView text)
{
    if (text.isValidUtf16())
        return text.toUtf8();
    QString whole = text.toString();
    for (qsizetype i = 0; i < whole.size(); ++i) {
        if (!whole.at(i).isSurrogate())
            continue;
        if (whole.at(i).isHighSurrogate() && i + 1 < whole.size() &&
            whole.at(i + 1).isLowSurrogate())
            ++i;
        else
            whole[i] = QChar::ReplacementCharacter;
    }
    return whole.toUtf8();
}

} // namespace core
