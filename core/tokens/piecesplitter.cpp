#include "core/tokens/piecesplitter.h"

namespace core {

using namespace characterclass;
using Kind = PieceSplitter::OpenRun::Kind;

namespace {

constexpr std::uint8_t Capitals = Upper | Uncased | Mark;     // [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]
constexpr std::uint8_t SmallLetters = Lower | Uncased | Mark; // [\p{Ll}\p{Lm}\p{Lo}\p{M}]
constexpr std::uint8_t Both = Capitals & SmallLetters;
constexpr std::uint8_t NoWordStart = LineEnd | Number | Letter; // not [^\r\n\p{L}\p{N}]
constexpr std::uint8_t Symbols = Symbol | Mark;                 // [^\s\p{L}\p{N}]
constexpr std::uint8_t Spaces = Space | LineEnd;                // \s

constexpr char small(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

} // namespace

PieceSplitter::Character PieceSplitter::decoded(std::size_t position) const
{
    const auto byte = [this, position](std::size_t i) {
        return char32_t{static_cast<unsigned char>(m_text[position + i])};
    };
    const char32_t first = byte(0);
    if (first < 0xE0)
        return {m_classes.of((first & 0x1FU) << 6U | (byte(1) & 0x3FU)), position + 2};
    if (first < 0xF0)
        return {m_classes.of((first & 0x0FU) << 12U | (byte(1) & 0x3FU) << 6U | (byte(2) & 0x3FU)),
                position + 3};
    return {m_classes.of((first & 0x07U) << 18U | (byte(1) & 0x3FU) << 12U |
                         (byte(2) & 0x3FU) << 6U | (byte(3) & 0x3FU)),
            position + 4};
}

inline PieceSplitter::Character PieceSplitter::at(std::size_t position)
{
    if (position >= m_text.size()) {
        m_sawEnd = true;
        return {None, position};
    }
    ++m_looks;
    const auto byte = static_cast<unsigned char>(m_text[position]);
    if (byte < 0x80)
        return {m_classes.ofAscii(byte), position + 1};
    return decoded(position);
}

inline char PieceSplitter::byteAt(std::size_t position)
{
    if (position < m_text.size())
        return m_text[position];
    m_sawEnd = true;
    return 0;
}

inline std::size_t PieceSplitter::runEnd(std::size_t position, std::uint8_t kinds)
{
    std::size_t end = position;
    while (end < m_text.size()) {
        const auto byte = static_cast<unsigned char>(m_text[end]);
        const Character next =
            byte < 0x80 ? Character{m_classes.ofAscii(byte), end + 1} : decoded(end);
        if ((next.kind & kinds) == 0)
            break;
        end = next.end;
    }
    m_looks += end - position + 1;
    m_sawEnd |= end == m_text.size();
    return end;
}

//! End of (?i:'s|'t|'re|'ve|'m|'ll|'d) at \p position, else \p position.
std::size_t PieceSplitter::contractionEnd(std::size_t position)
{
    if (byteAt(position) != '\'')
        return position;
    const char first = byteAt(position + 1);
    switch (small(first)) {
    case 's':
    case 't':
    case 'm':
    case 'd':
        return position + 2;
    case 'r':
    case 'v':
        return small(byteAt(position + 2)) == 'e' ? position + 3 : position;
    case 'l':
        return small(byteAt(position + 2)) == 'l' ? position + 3 : position;
    case '\xC5': // U+017F is a long s, which is an s in any case
        return byteAt(position + 2) == '\xBF' ? position + 3 : position;
    default:
        return position;
    }
}

std::size_t PieceSplitter::lettersEnd(OpenRun &open)
{
    const std::size_t end = runEnd(open.at, Letter);
    open = {Kind::Letters, end, 0};
    return end;
}

//! A word of o200k_base: capitals, then small letters, where those without case are both.
std::size_t PieceSplitter::wordEnd(std::size_t start, OpenRun &open)
{
    if (open.kind == Kind::Capitals) {
        const std::size_t end = capitalsEnd(start, open);
        if (open.kind == Kind::Capitals)
            return end;
    }
    const std::size_t end = runEnd(open.at, SmallLetters);
    open = {Kind::SmallLetters, end, 0};
    return contractionEnd(end);
}

//! Leaves \p open as SmallLetters if these follow; else the word ends where this says.
std::size_t PieceSplitter::capitalsEnd(std::size_t start, OpenRun &open)
{
    while (true) {
        const Character next = at(open.at);
        if ((next.kind & Capitals) == 0) {
            if (next.kind == Lower) {
                open.kind = Kind::SmallLetters;
                return open.at;
            }
            break;
        }
        open.at = next.end;
        if ((next.kind & Both) != 0)
            open.mark = open.at;
    }
    // The expression wants a small letter at the end if it can have one: the last that is both.
    if (open.mark != 0)
        return open.mark == open.at ? contractionEnd(open.mark) : open.mark;
    // Only if no such word is there, not even the first character alone, is it capitals alone.
    const Character first = at(start);
    return first.kind == Mark ? first.end : contractionEnd(open.at);
}

std::size_t PieceSplitter::numberEnd(std::size_t start)
{
    constexpr int MostDigits = 3;
    std::size_t end = start;
    for (int digits = 0; digits < MostDigits; ++digits) {
        const Character next = at(end);
        if (next.kind != Number)
            break;
        end = next.end;
    }
    return end;
}

std::size_t PieceSplitter::symbolsEnd(OpenRun &open)
{
    if (open.kind == Kind::Symbols) {
        open.at = runEnd(open.at, Symbols);
        if (open.at == m_text.size())
            return open.at;
        open.kind = Kind::LineEnds;
    }
    while (true) {
        const bool isSlash = m_rules == SplitRules::O200k && byteAt(open.at) == '/';
        const Character next = at(open.at);
        if (next.kind != LineEnd && !isSlash)
            return open.at;
        open.at = next.end;
    }
}

//! White space: to its last line end; else all but the last, which goes to what follows.
std::size_t PieceSplitter::spacesEnd(std::size_t start, OpenRun &open)
{
    while (true) {
        const Character next = at(open.at);
        if ((next.kind & Spaces) == 0)
            break;
        open.at = next.end;
        if (next.kind == LineEnd)
            open.mark = open.at;
    }
    if (open.mark != 0)
        return open.mark;
    if (open.at == m_text.size())
        return open.at;
    std::size_t last = open.at - 1;
    while ((static_cast<unsigned char>(m_text[last]) & 0xC0U) == 0x80)
        --last;
    return last == start ? open.at : last;
}

std::size_t PieceSplitter::goOn(std::size_t start, OpenRun &open)
{
    switch (open.kind) {
    case Kind::None:
        break;
    case Kind::Letters:
        return lettersEnd(open);
    case Kind::Capitals:
    case Kind::SmallLetters:
        return wordEnd(start, open);
    case Kind::Symbols:
    case Kind::LineEnds:
        return symbolsEnd(open);
    case Kind::Spaces:
        return spacesEnd(start, open);
    }
    return start;
}

PieceSplitter::OpenRun PieceSplitter::beginRun(std::size_t start, Character first)
{
    const bool isO200k = m_rules == SplitRules::O200k;
    const std::uint8_t inWord = isO200k ? Letter | Mark : Letter;
    const Kind word = isO200k ? Kind::Capitals : Kind::Letters;
    if ((first.kind & Letter) != 0)
        return {word, start, 0};
    const Character second = at(first.end);
    if ((first.kind & NoWordStart) == 0 && (second.kind & inWord) != 0)
        return {word, first.end, 0};
    if ((first.kind & inWord) != 0)
        return {word, start, 0};
    if ((first.kind & Symbols) != 0)
        return {Kind::Symbols, first.end, 0};
    if (m_text[start] == ' ' && (second.kind & Symbols) != 0)
        return {Kind::Symbols, second.end, 0};
    return {Kind::Spaces, start, 0};
}

std::size_t PieceSplitter::pieceEnd(std::size_t start, OpenRun &open)
{
    m_sawEnd = false;
    if (open.kind != Kind::None)
        return goOn(start, open);
    const Character first = at(start);
    if (first.kind == Number)
        return numberEnd(start);
    if (m_rules == SplitRules::Cl100k) {
        if (const std::size_t end = contractionEnd(start); end != start)
            return end;
    }
    OpenRun run = beginRun(start, first);
    const bool isCertain = !m_sawEnd; // else more text may make it another kind of piece
    const std::size_t end = goOn(start, run);
    m_sawEnd |= !isCertain;
    if (isCertain)
        open = run;
    return end;
}

} // namespace core
