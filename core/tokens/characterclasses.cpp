#include "core/tokens/characterclasses.h"

#include "core/tokens/damagedtable.h"

#include <QtEndian>

#include <algorithm>
#include <map>

namespace core {

Result<CharacterClasses> CharacterClasses::read(const QByteArray &payload)
{
    constexpr qsizetype HeadBytes = 8;
    if (payload.size() < HeadBytes + 4 || !payload.startsWith("FTC1"))
        return damagedTable(QStringLiteral("characters"));
    std::vector<std::uint32_t> words(static_cast<std::size_t>(payload.size()) / 4);
    qFromLittleEndian<std::uint32_t>(payload.constData(), static_cast<qsizetype>(words.size()),
                                     words.data());
    const auto word = [&words](qsizetype index) { return words[static_cast<std::size_t>(index)]; };
    if (payload.size() != HeadBytes + 4 * qsizetype{word(1)} || word(2) >> 8U != 0)
        return damagedTable(QStringLiteral("characters"));

    const qsizetype runs = word(1);
    const auto endOf = [&](qsizetype run) {
        return run + 1 < runs ? char32_t{word(3 + run) >> 8U} : CodePoints;
    };
    for (qsizetype run = 0; run < runs; ++run) {
        if (word(2 + run) >> 8U > endOf(run) || endOf(run) > CodePoints)
            return damagedTable(QStringLiteral("characters"));
    }

    using Block = std::array<std::uint8_t, BlockMask + 1>;
    CharacterClasses classes;
    std::map<Block, std::uint16_t> known;
    char32_t at = 0;
    qsizetype run = 0;
    for (char32_t block = 0; block < CodePoints >> BlockBits; ++block) {
        Block kinds{};
        const char32_t first = block << BlockBits;
        const char32_t last = first + BlockMask + 1;
        while (at < last) {
            const char32_t end = std::min(endOf(run), last);
            std::fill(kinds.begin() + (at - first), kinds.begin() + (end - first),
                      static_cast<std::uint8_t>(word(2 + run)));
            at = end;
            run += at == endOf(run) ? 1 : 0;
        }
        const auto [same, isNew] =
            known.try_emplace(kinds, static_cast<std::uint16_t>(known.size()));
        if (isNew)
            classes.m_blocks.insert(classes.m_blocks.end(), kinds.begin(), kinds.end());
        classes.m_blockOf[block] = same->second;
    }
    return classes;
}

} // namespace core
