#include "core/tokens/textcounts.h"

#include <QHashFunctions>
#include <QRandomGenerator>

#include <utility>

namespace core {

namespace {

constexpr qsizetype ShortText = 4'096; // characters: well below a millisecond

} // namespace

TextCounts::TextCounts()
    : m_firstSeed(QRandomGenerator::system()->generate64())
    , m_secondSeed(QRandomGenerator::system()->generate64())
{
}

TextCounts::Key TextCounts::keyOf(EncodingId encoding, QStringView text) const
{
    return {qHash(text, m_firstSeed), qHash(text, m_secondSeed), text.size(), encoding};
}

std::optional<std::int64_t> TextCounts::remembered(const Key &key)
{
    const std::lock_guard lock(m_mutex);
    if (const auto found = m_counts.constFind(key); found != m_counts.cend())
        return *found;
    const auto older = m_olderCounts.constFind(key);
    if (older == m_olderCounts.cend())
        return std::nullopt;
    const std::int64_t count = *older;
    keep(key, count);
    return count;
}

void TextCounts::remember(const Key &key, std::int64_t count)
{
    const std::lock_guard lock(m_mutex);
    keep(key, count);
}

void TextCounts::keep(const Key &key, std::int64_t count)
{
    if (m_counts.size() >= MostRemembered)
        m_olderCounts = std::exchange(m_counts, {});
    m_counts.insert(key, count);
}

std::optional<std::int64_t> TextCounts::known(EncodingId encoding, QStringView text)
{
    if (text.isEmpty())
        return 0;
    const Key key = keyOf(encoding, text);
    if (const auto count = remembered(key))
        return count;
    const auto loaded = m_encodings.loaded(encoding);
    if (!loaded || text.size() > ShortText)
        return std::nullopt;
    const std::int64_t count = loaded->count(text);
    remember(key, count);
    return count;
}

std::optional<std::int64_t> TextCounts::count(EncodingId encoding, QStringView text)
{
    if (text.isEmpty())
        return 0;
    const Key key = keyOf(encoding, text);
    if (const auto count = remembered(key))
        return count;
    const auto loaded = m_encodings.get(encoding);
    if (!loaded)
        return std::nullopt;
    const std::int64_t count = text.size() > ShortText ? grow(loaded, text) : loaded->count(text);
    remember(key, count);
    return count;
}

std::optional<AppendableCount> TextCounts::growing(EncodingId encoding)
{
    const auto loaded = m_encodings.get(encoding);
    return loaded ? std::optional<AppendableCount>(std::in_place, loaded) : std::nullopt;
}

std::int64_t TextCounts::grow(const std::shared_ptr<const Encoding> &encoding, QStringView text)
{
    const std::lock_guard lock(m_growing);
    Growing &growing = m_grown[encoding->id()];
    const qsizetype before = growing.text.size();
    if (growing.tokens && before > 0 && text.startsWith(growing.text)) {
        growing.tokens->append(text.sliced(before));
    } else {
        growing.tokens.emplace(encoding);
        growing.tokens->append(text);
    }
    growing.text = text.toString();
    if (!text.back().isHighSurrogate())
        return growing.tokens->count();
    // Its other half may come yet; as the text stands, it is a character that is none.
    growing.text.clear();
    growing.tokens->finish();
    return growing.tokens->count();
}

} // namespace core
