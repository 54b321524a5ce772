#include "core/tokens/encoding.h"

#include "core/tokens/bytewords.h"
#include "core/tokens/damagedtable.h"
#include "core/tokens/piecetokens.h"
#include "core/tokens/utf8repair.h"

#include <QResource>

#include <algorithm>
#include <bit>
#include <cstring>

// Outside any namespace, as Q_INIT_RESOURCE asks: a linker drops the resources of a static library
// unless someone names them.
static void initTokenizerResources()
{
    Q_INIT_RESOURCE(tokenizers);
}

namespace core {

namespace {

Result<QByteArray> unpacked(const QString &name)
{
    const QResource resource(QStringLiteral(":/farthing/tokenizers/%1.bin").arg(name));
    const auto *const data = reinterpret_cast<const char *>(resource.data());
    const QByteArray payload = // checks zlib's sum over it
        resource.isValid() ? qUncompress(QByteArray::fromRawData(data, resource.size()))
                           : QByteArray();
    if (payload.isEmpty())
        return damagedTable(name);
    return payload;
}

constexpr std::size_t Batch = 32;

//! Tokens of the pieces that were met lately: most of a text is a few words over and over.
class PieceCache
{
public:
    explicit PieceCache(std::size_t textBytes)
        : m_entries(std::bit_ceil(std::clamp(textBytes / 8, LeastEntries, MostEntries)))
    {
    }

    //! Says that get() will be asked about \p piece soon.
    void prepare(const HashedPiece &piece) const
    {
        __builtin_prefetch(&m_entries[piece.hash & (m_entries.size() - 1)]);
    }
    //! The number of tokens of \p piece, which must stay where it is; \p count finds it out.
    template <typename Count>
    std::uint32_t get(const HashedPiece &piece, Count count)
    {
        if (piece.bytes.size() > LongestPiece)
            return count();
        Entry &entry = m_entries[piece.hash & (m_entries.size() - 1)];
        if (!entry.holds(piece))
            entry = {piece.words, piece.bytes.data(), std::uint32_t(piece.bytes.size()), count()};
        return entry.tokens;
    }

private:
    struct Entry
    {
        ByteWords words;
        const char *bytes = nullptr; //!< Where it was met.
        std::uint32_t length = 0, tokens = 0;

        [[nodiscard]] bool holds(const HashedPiece &piece) const
        {
            return length == piece.bytes.size() && words == piece.words &&
                   (length <= ByteWords::Bytes ||
                    std::memcmp(bytes, piece.bytes.data(), length) == 0);
        }
    };
    static constexpr std::size_t LongestPiece = 256;
    static constexpr std::size_t LeastEntries = 16, MostEntries = 16'384; // at most 512 KiB

    std::vector<Entry> m_entries;
};

//! Calls \p use with the text, repaired if need be.
template <typename Use>
void withValidText(QByteArrayView utf8, Use use)
{
    const std::string_view text(utf8.data(), static_cast<std::size_t>(utf8.size()));
    if (validBytes(text) == text.size()) {
        use(text);
        return;
    }
    std::string repaired;
    if (appendRepaired(repaired, text) > 0)
        repaired.append(ReplacementCharacter);
    use(std::string_view(repaired));
}

} // namespace

QList<EncodingId> allEncodings()
{
    return {EncodingId::Cl100kBase, EncodingId::O200kBase};
}

QString nameOf(EncodingId encoding)
{
    switch (encoding) {
    case EncodingId::Cl100kBase:
        return QStringLiteral("cl100k_base");
    case EncodingId::O200kBase:
        return QStringLiteral("o200k_base");
    }
    return {};
}

std::optional<EncodingId> encodingNamed(QStringView name)
{
    for (const EncodingId id : allEncodings()) {
        if (name == nameOf(id))
            return id;
    }
    return std::nullopt;
}

Encoding::Encoding(EncodingId id, CharacterClasses classes, Vocabulary vocabulary)
    : m_id(id)
    , m_rules(id == EncodingId::Cl100kBase ? SplitRules::Cl100k : SplitRules::O200k)
    , m_classes(std::move(classes))
    , m_vocabulary(std::move(vocabulary))
{
}

Result<std::shared_ptr<const Encoding>> Encoding::load(EncodingId id)
{
    initTokenizerResources();
    const auto characters = unpacked(QStringLiteral("characters"));
    if (!characters)
        return characters.error();
    auto classes = CharacterClasses::read(*characters);
    if (!classes)
        return classes.error();
    const auto tokens = unpacked(nameOf(id));
    if (!tokens)
        return tokens.error();
    auto vocabulary = Vocabulary::read(*tokens);
    if (!vocabulary)
        return vocabulary.error();
    return std::shared_ptr<const Encoding>(
        new Encoding(id, std::move(classes).value(), std::move(vocabulary).value()));
}

std::int64_t Encoding::count(QByteArrayView utf8) const
{
    std::int64_t count = 0;
    withValidText(utf8, [this, &count](std::string_view text) {
        PieceSplitter splitter = split(text);
        PieceTokens tokens(m_vocabulary);
        PieceCache cache(text.size());
        std::vector<HashedPiece> pieces; // a batch, so that the waits for memory overlap
        pieces.reserve(Batch);
        for (std::size_t start = 0; start < text.size();) {
            pieces.clear();
            for (; start < text.size() && pieces.size() < Batch;) {
                const std::size_t end = splitter.pieceEnd(start);
                pieces.emplace_back(text.substr(start), end - start);
                cache.prepare(pieces.back());
                m_vocabulary.prepare(pieces.back());
                start = end;
            }
            for (const HashedPiece &piece : pieces) {
                count += cache.get(piece, [&]() -> std::uint32_t {
                    if (m_vocabulary.find(piece) != Vocabulary::NoToken)
                        return 1;
                    tokens.encode(piece.bytes);
                    return static_cast<std::uint32_t>(tokens.tokens().size());
                });
            }
        }
    });
    return count;
}

std::int64_t Encoding::count(QStringView text) const
{
    return count(QByteArrayView(utf8Of(text)));
}

QList<TokenId> Encoding::encode(QByteArrayView utf8) const
{
    QList<TokenId> all;
    withValidText(utf8, [this, &all](std::string_view text) {
        PieceSplitter splitter = split(text);
        PieceTokens tokens(m_vocabulary);
        for (std::size_t start = 0, end = 0; start < text.size(); start = end) {
            end = splitter.pieceEnd(start);
            tokens.encode(text.substr(start, end - start));
            for (const TokenId token : tokens.tokens())
                all.append(token);
        }
    });
    return all;
}

QByteArray Encoding::decode(const QList<TokenId> &tokens) const
{
    QByteArray bytes;
    for (const TokenId token : tokens) {
        if (token < m_vocabulary.size()) {
            const std::string_view known = m_vocabulary.bytesOf(token);
            bytes.append(known.data(), static_cast<qsizetype>(known.size()));
        }
    }
    return bytes;
}

} // namespace core
