#pragma once

#include "core/tokens/encoding.h"
#include "core/tokens/piecetokens.h"

#include <memory>
#include <string>

namespace core {

//! Tokens of a text that grows at its end, as an answer does while it streams: each append costs
//! its own bytes, however long the text is, and the count is that of the whole text at any time.
//! Memory: the last piece, which may still change; usually a word. Not thread-safe.
class AppendableCount
{
public:
    explicit AppendableCount(std::shared_ptr<const Encoding> encoding); //!< Not null.

    //! May end inside a character, which counts once it is whole.
    void append(QByteArrayView utf8);
    void append(QStringView text); //!< May end inside a surrogate pair, likewise.
    void finish(); //!< No more comes: what was left inside a character counts as U+FFFD.

    [[nodiscard]] std::int64_t count() const { return m_settled + m_open; }
    //! Characters looked at and tokens tried so far: what a test holds the cost by.
    [[nodiscard]] std::uint64_t steps() const;

private:
    //! A piece that may still change. At most two of them are ever long: what a run is sure of, and
    //! the rest of it.
    struct OpenPiece
    {
        PieceTokens tokens;
        PieceSplitter::OpenRun run;
        std::size_t start = 0, size = 0; //!< Of what tokens has, in m_text.
    };

    void add(std::string_view utf8);
    void settle();
    void countOpen();
    void dropSettled();
    [[nodiscard]] std::size_t endOf(OpenPiece &piece, std::size_t start);
    [[nodiscard]] std::int64_t countOf(OpenPiece &piece, std::size_t start, std::size_t end);

    std::shared_ptr<const Encoding> m_encoding;
    std::int64_t m_settled = 0; //!< Tokens of the pieces that no later text can change.
    std::int64_t m_open = 0;    //!< Tokens of the others.
    std::string m_text;         //!< The others, from m_start on.
    std::size_t m_start = 0;
    std::string m_cutCharacter; //!< Its bytes so far.
    QString m_highSurrogate;    //!< One, or empty.
    OpenPiece m_first, m_second;
    std::uint64_t m_looks = 0;
    bool m_firstIsOpen = false; //!< The first piece may change.
};

} // namespace core
