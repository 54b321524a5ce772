#include "core/tokens/characterclasses.h"

#include "core/tokens/damagedtable.h"

#include <QtEndian>

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

    std::vector<std::uint8_t> all(CodePoints);
    const qsizetype runs = word(1);
    for (qsizetype run = 0; run < runs; ++run) {
        const std::uint32_t from = word(2 + run) >> 8U;
        const std::uint32_t to = run + 1 < runs ? word(3 + run) >> 8U : std::uint32_t{CodePoints};
        if (from > to || to > CodePoints)
            return damagedTable(QStringLiteral("characters"));
        std::fill(all.begin() + from, all.begin() + to, static_cast<std::uint8_t>(word(2 + run)));
    }

    CharacterClasses classes;
    std::map<std::vector<std::uint8_t>, std::uint16_t> known;
    for (char32_t block = 0; block < CodePoints >> BlockBits; ++block) {
        const auto begin = all.begin() + (block << BlockBits);
        const auto [at, isNew] =
            known.try_emplace(std::vector<std::uint8_t>(begin, begin + BlockMask + 1),
                              static_cast<std::uint16_t>(known.size()));
        if (isNew)
            classes.m_blocks.insert(classes.m_blocks.end(), at->first.begin(), at->first.end());
        classes.m_blockOf[block] = at->second;
    }
    return classes;
}

} // namespace core
