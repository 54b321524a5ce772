#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace core {

//! Parses JSON of services, which is mostly right: an event that simdjson refuses (bad UTF-8, a
//! lone surrogate) is repaired to U+FFFD and read again. One document at a time; elements are valid
//! until the next parse().
//!
//! Some services escape the halves of one character in two events: where a string ends with the
//! first half (\\ud83d) and one of the document read next begins with the second, the latter
//! becomes the character. The U+FFFD that stood for the first half is then to be taken back.
class JsonReader
{
public:
    static constexpr size_t MostDepth = 64; //!< Of nesting: a hostile document is not JSON to us.

    //! None: it is not JSON, repaired or not.
    [[nodiscard]] std::optional<simdjson::dom::element> parse(QByteArrayView json);
    //! A string of the document that was read last ends with the first half of a character.
    [[nodiscard]] bool endsInHalf() const { return m_half != 0; }
    //! A string of it begins with a character whose first half ended one of the document before.
    [[nodiscard]] bool completesHalf() const { return m_completesHalf; }

private:
    [[nodiscard]] std::optional<simdjson::dom::element> parsePadded(QByteArrayView json);
    [[nodiscard]] size_t capacityFor(size_t size) const;

    simdjson::dom::parser m_parser{MostCapacity};
    std::vector<char> m_padded;
    char16_t m_half = 0; //!< 0: none.
    bool m_completesHalf = false;
    static constexpr size_t MostCapacity = 33 * 1024 * 1024;
};

// Reading members that may be missing, null or of another type: then there is no value, and no
// failure.
using JsonElement = simdjson::dom::element;

[[nodiscard]] std::optional<JsonElement> member(const JsonElement &object,
                                                std::string_view name); //!< Not null.
[[nodiscard]] std::optional<QString> textMember(const JsonElement &object, std::string_view name);
[[nodiscard]] std::optional<std::int64_t> countMember(const JsonElement &object,
                                                      std::string_view name); //!< 0..2^53.
//! A count in a small answer that is nothing else: {"input_tokens": 14}.
[[nodiscard]] std::optional<std::int64_t> countIn(QByteArrayView json, std::string_view name);
//! Text of a string, a number or a bool.
[[nodiscard]] QString anyText(const JsonElement &value);
[[nodiscard]] QString toText(std::string_view utf8);
//! The value as JSON.
[[nodiscard]] QByteArray rawJson(const JsonElement &value);

} // namespace core
