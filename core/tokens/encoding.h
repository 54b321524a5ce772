#pragma once

#include "core/tokens/characterclasses.h"
#include "core/tokens/piecesplitter.h"
#include "core/tokens/vocabulary.h"

#include <QByteArrayView>
#include <QList>
#include <QStringView>

#include <memory>
#include <optional>

namespace core {

//! The encodings whose tokens are published.
enum class EncodingId { Cl100kBase, O200kBase };

[[nodiscard]] QList<EncodingId> allEncodings();
[[nodiscard]] QString nameOf(EncodingId encoding); //!< As OpenAI writes it: "o200k_base".
[[nodiscard]] std::optional<EncodingId> encodingNamed(QStringView name);

//! Counts tokens exactly as tiktoken does (encode_ordinary: the text of a special token is text).
//! What is not UTF-8, or a surrogate alone, counts as U+FFFD. Immutable, so thread-safe; counting
//! takes tens of milliseconds a megabyte: over 64 KB not on the UI thread.
class Encoding
{
public:
    //! Unpacks the built-in tables, which takes some 20 ms: off the UI thread. Fails only if the
    //! program's own resources are damaged. Encodings hands out one that is shared.
    [[nodiscard]] static Result<std::shared_ptr<const Encoding>> load(EncodingId id);

    [[nodiscard]] EncodingId id() const { return m_id; }
    [[nodiscard]] std::int64_t count(QByteArrayView utf8) const;
    [[nodiscard]] std::int64_t count(QStringView text) const;
    [[nodiscard]] QList<TokenId> encode(QByteArrayView utf8) const;
    //! Unknown ones give nothing.
    [[nodiscard]] QByteArray decode(const QList<TokenId> &tokens) const;

    [[nodiscard]] const Vocabulary &vocabulary() const { return m_vocabulary; }
    //! \p text must be valid UTF-8 and outlive the splitter.
    [[nodiscard]] PieceSplitter split(std::string_view text) const
    {
        return {m_classes, m_rules, text};
    }

private:
    Encoding(EncodingId id, CharacterClasses classes, Vocabulary vocabulary);

    EncodingId m_id;
    SplitRules m_rules;
    CharacterClasses m_classes;
    Vocabulary m_vocabulary;
};

} // namespace core
