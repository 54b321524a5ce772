#include "core/net/crc32.h"

#include <QtEndian>

#include <array>

#if defined(__x86_64__) && defined(__GNUC__)
#define FARTHING_FOLDS_CRC 1
#include <immintrin.h>
#endif

namespace core {

namespace {

// Sixteen bytes a step: on messages of 200 bytes, as Bedrock sends them, three times as fast as
// zlib 1.2.13, and it was half of the time that decoding them took.
constexpr std::size_t Step = 16;
using Table = std::array<quint32, 256>;

constexpr std::array<Table, Step> tables()
{
    std::array<Table, Step> result{};
    for (quint32 byte = 0; byte < 256; ++byte) {
        quint32 crc = byte;
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1) ^ (0xedb88320U & (0U - (crc & 1U)));
        result[0][byte] = crc;
    }
    for (std::size_t i = 1; i < Step; ++i) {
        for (std::size_t byte = 0; byte < 256; ++byte) {
            const quint32 last = result[i - 1][byte];
            result[i][byte] = (last >> 8) ^ result[0][last & 0xffU];
        }
    }
    return result;
}

constexpr std::array<Table, Step> Tables = tables();

//! Four bytes through the tables that see them with \p behind more bytes to come.
Q_ALWAYS_INLINE quint32 through(quint32 word, std::size_t behind)
{
    return Tables[behind + 3][word & 0xffU] ^ Tables[behind + 2][(word >> 8) & 0xffU] ^
           Tables[behind + 1][(word >> 16) & 0xffU] ^ Tables[behind][word >> 24];
}

//! Of the bytes behind those that gave \p crc; both without the inversion at begin and end.
quint32 byTables(quint32 crc, const char *at, const char *end)
{
    const auto word = [&at](int i) { return qFromLittleEndian<quint32>(at + 4 * i); };
    for (; end - at >= 16; at += 16)
        crc = through(crc ^ word(0), 12) ^ through(word(1), 8) ^ through(word(2), 4) ^
              through(word(3), 0);
    if (end - at >= 8) {
        crc = through(crc ^ word(0), 4) ^ through(word(1), 0);
        at += 8;
    }
    if (end - at >= 4) {
        crc = through(crc ^ word(0), 0);
        at += 4;
    }
    for (; at < end; ++at)
        crc = (crc >> 8) ^ Tables[0][(crc ^ static_cast<quint8>(*at)) & 0xffU];
    return crc;
}

#ifdef FARTHING_FOLDS_CRC

constexpr qsizetype LeastToFold = 64;

//! Whole blocks of 16 bytes, at least four, by multiplication without carries: "Fast CRC
//! Computation for Generic Polynomials Using PCLMULQDQ Instruction" (Intel, 2009), whose names and
//! constants for this polynomial these are.
__attribute__((target("pclmul,sse4.1"))) quint32 byFolding(quint32 crc, const char *at,
                                                           const char *end)
{
    const auto load = [](const char *from) __attribute__((target("pclmul,sse4.1")))
    {
        return _mm_loadu_si128(reinterpret_cast<const __m128i *>(from));
    };
    const auto fold =
        [](__m128i value, __m128i by, __m128i next) __attribute__((target("pclmul,sse4.1")))
    {
        return _mm_xor_si128(next, _mm_xor_si128(_mm_clmulepi64_si128(value, by, 0x00),
                                                 _mm_clmulepi64_si128(value, by, 0x11)));
    };
    const __m128i k1k2 = _mm_set_epi64x(0x01c6e41596, 0x0154442bd4);
    const __m128i k3k4 = _mm_set_epi64x(0x00ccaa009e, 0x01751997d0);
    const __m128i k5 = _mm_set_epi64x(0, 0x0163cd6124);
    const __m128i poly = _mm_set_epi64x(0x01f7011641, 0x01db710641);
    const __m128i low = _mm_setr_epi32(~0, 0, ~0, 0);
    __m128i x1 = _mm_xor_si128(load(at), _mm_cvtsi32_si128(static_cast<int>(crc)));
    __m128i x2 = load(at + 16);
    __m128i x3 = load(at + 32);
    __m128i x4 = load(at + 48);
    for (at += 64; end - at >= 64; at += 64) {
        x1 = fold(x1, k1k2, load(at));
        x2 = fold(x2, k1k2, load(at + 16));
        x3 = fold(x3, k1k2, load(at + 32));
        x4 = fold(x4, k1k2, load(at + 48));
    }
    x1 = fold(fold(fold(x1, k3k4, x2), k3k4, x3), k3k4, x4);
    for (; end - at >= 16; at += 16)
        x1 = fold(x1, k3k4, load(at));
    // 128 bits to 64, and those to 32 (Barrett).
    x1 = _mm_xor_si128(_mm_srli_si128(x1, 8), _mm_clmulepi64_si128(x1, k3k4, 0x10));
    x1 = _mm_xor_si128(_mm_srli_si128(x1, 4),
                       _mm_clmulepi64_si128(_mm_and_si128(x1, low), k5, 0x00));
    x2 = _mm_and_si128(_mm_clmulepi64_si128(_mm_and_si128(x1, low), poly, 0x10), low);
    x1 = _mm_xor_si128(x1, _mm_clmulepi64_si128(x2, poly, 0x00));
    return static_cast<quint32>(_mm_extract_epi32(x1, 1));
}

#endif

} // namespace

quint32 crc32(quint32 before, QByteArrayView bytes)
{
    quint32 crc = ~before;
    const char *at = bytes.begin();
    const char *const end = bytes.end();
#ifdef FARTHING_FOLDS_CRC
    static const bool folds = __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1");
    if (folds && end - at >= LeastToFold) {
        const char *const stop = at + (end - at) / 16 * 16;
        crc = byFolding(crc, at, stop);
        at = stop;
    }
#endif
    return ~byTables(crc, at, end);
}

} // namespace core
