#pragma once

#include <QByteArray>
#include <QList>

#include <cstdint>

namespace tests {

//! A text that tokens are counted of. Made from seeds, so that tiktoken can be shown the very same
//! bytes (writecorpora.cpp, compare.mjs) while the tests need no node and no foreign files.
struct Corpus
{
    QByteArray name;
    QByteArray utf8;
};

//! Five of at least 0.8 MB: prose, code, chat (Markdown), mixed-cjk (with Latin words), cjk.
[[nodiscard]] QList<Corpus> corpora();

//! 1 MB each that tokenizers are slow on: one character, no spaces, spaces, line ends, emoji, ...
[[nodiscard]] QList<Corpus> pathologicalTexts();

//! Short texts of many kinds, valid UTF-8: contractions, white space, classes at their borders, ...
[[nodiscard]] QList<QByteArray> randomTexts(int count);

//! A hash of token ids that compare.mjs computes alike: FNV-1a of their four bytes each.
class IdHash
{
public:
    void add(std::uint32_t id);
    [[nodiscard]] std::uint32_t value() const { return m_value; }

private:
    std::uint32_t m_value = 2'166'136'261U;
};

} // namespace tests
