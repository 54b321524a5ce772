#include "core/tokens/appendablecount.h"

#include "core/tokens/bytewords.h"
#include "core/tokens/utf8repair.h"

#include <utility>

namespace core {

AppendableCount::AppendableCount(std::shared_ptr<const Encoding> encoding)
    : m_encoding(std::move(encoding))
    , m_first{PieceTokens(m_encoding->vocabulary()), {}}
    , m_second{PieceTokens(m_encoding->vocabulary()), {}}
{
}

std::uint64_t AppendableCount::steps() const
{
    return m_looks + m_first.tokens.steps() + m_second.tokens.steps();
}

void AppendableCount::append(QByteArrayView utf8)
{
    if (!m_highSurrogate.isEmpty())
        finish();
    const std::string_view text(utf8.data(), static_cast<std::size_t>(utf8.size()));
    if (m_cutCharacter.empty()) {
        add(text);
    } else {
        const std::string joined = std::exchange(m_cutCharacter, {}).append(text);
        add(joined);
    }
}

void AppendableCount::append(QStringView text)
{
    if (!m_cutCharacter.empty())
        finish();
    QString whole = std::exchange(m_highSurrogate, {});
    whole += text;
    if (!whole.isEmpty() && whole.back().isHighSurrogate()) {
        m_highSurrogate = whole.back();
        whole.chop(1);
    }
    const QByteArray utf8 = utf8Of(whole);
    add({utf8.constData(), static_cast<std::size_t>(utf8.size())});
}

void AppendableCount::finish()
{
    if (m_cutCharacter.empty() && m_highSurrogate.isEmpty())
        return;
    m_cutCharacter.clear();
    m_highSurrogate.clear();
    add(ReplacementCharacter);
}

void AppendableCount::add(std::string_view utf8)
{
    const std::size_t cut = appendRepaired(m_text, utf8);
    m_cutCharacter = utf8.substr(utf8.size() - cut);
    settle();
    countOpen();
    dropSettled();
}

std::size_t AppendableCount::endOf(OpenPiece &piece, std::size_t start)
{
    if (piece.start != start) {
        piece.run = {};
        piece.start = start;
        piece.size = 0;
    }
    PieceSplitter splitter = m_encoding->split(m_text);
    const std::size_t end = splitter.pieceEnd(start, piece.run);
    m_firstIsOpen = splitter.dependsOnMore();
    m_looks += splitter.looks();
    return end;
}

std::int64_t AppendableCount::countOf(OpenPiece &piece, std::size_t start, std::size_t end)
{
    const std::string_view bytes = std::string_view(m_text).substr(start, end - start);
    const Vocabulary &vocabulary = m_encoding->vocabulary();
    if (bytes.size() <= vocabulary.longest() &&
        vocabulary.find(HashedPiece(bytes)) != Vocabulary::NoToken)
        return 1;
    if (piece.size > 0 && piece.size <= bytes.size())
        piece.tokens.grow(bytes);
    else
        piece.tokens.encode(bytes);
    piece.size = bytes.size();
    return static_cast<std::int64_t>(piece.tokens.tokens().size());
}

//! Counts, once and for all, the pieces that no later text can change.
void AppendableCount::settle()
{
    while (m_start < m_text.size()) {
        const std::size_t end = endOf(m_first, m_start);
        if (m_firstIsOpen)
            return;
        m_settled += countOf(m_first, m_start, end);
        m_start = end;
        if (m_second.start == end)
            std::swap(m_first, m_second);
    }
}

void AppendableCount::countOpen()
{
    m_open = 0;
    if (m_start == m_text.size())
        return;
    std::size_t start = endOf(m_first, m_start);
    m_open += countOf(m_first, m_start, start);
    OpenPiece *piece = &m_second;
    OpenPiece later{PieceTokens(m_encoding->vocabulary()), {}};
    while (start < m_text.size()) {
        const std::size_t end = endOf(*piece, start);
        m_open += countOf(*piece, start, end);
        start = end;
        piece = &later;
    }
}

void AppendableCount::dropSettled()
{
    m_text.erase(0, m_start);
    for (OpenPiece *const piece : {&m_first, &m_second}) {
        if (piece->start < m_start) {
            *piece = {std::move(piece->tokens), {}};
            continue;
        }
        piece->start -= m_start;
        piece->run.at -= piece->run.kind == PieceSplitter::OpenRun::Kind::None ? 0 : m_start;
        piece->run.mark -= piece->run.mark == 0 ? 0 : m_start;
    }
    m_start = 0;
}

} // namespace core
