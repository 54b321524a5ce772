#include "core/chat/imagesize.h"

namespace core {

namespace {

//! Bytes as numbers; 0 beyond the end, where no size is.
class Head
{
public:
    explicit Head(QByteArrayView bytes)
        : m_bytes(bytes)
    {
    }
    [[nodiscard]] int at(qsizetype place) const
    {
        return place >= 0 && place < m_bytes.size() ? static_cast<uchar>(m_bytes.at(place)) : 0;
    }
    [[nodiscard]] int big16(qsizetype place) const { return at(place) << 8 | at(place + 1); }
    [[nodiscard]] int little16(qsizetype place) const { return at(place + 1) << 8 | at(place); }
    [[nodiscard]] int little24(qsizetype place) const
    {
        return at(place + 2) << 16 | little16(place);
    }
    //! At most what a signed number holds; larger sides are no image.
    [[nodiscard]] int big32(qsizetype place) const
    {
        return at(place) > 0x7f ? 0 : big16(place) << 16 | big16(place + 2);
    }
    [[nodiscard]] bool has(qsizetype place, const char *text) const
    {
        return place + qsizetype(qstrlen(text)) <= m_bytes.size() &&
               m_bytes.sliced(place).startsWith(text);
    }
    [[nodiscard]] qsizetype size() const { return m_bytes.size(); }

private:
    QByteArrayView m_bytes;
};

//! The frame header (SOF0 to SOF15 without DHT, JPG and DAC) names the size (ITU T.81, B.2.2).
QSize jpegSize(const Head &head)
{
    qsizetype place = 2;
    while (place + 9 < head.size()) {
        if (head.at(place) != 0xff)
            return {};
        const int marker = head.at(place + 1);
        if (marker == 0xff) { // padding
            ++place;
            continue;
        }
        const bool isFrame =
            marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
        if (isFrame)
            return {head.big16(place + 7), head.big16(place + 5)};
        const int length = head.big16(place + 2);
        if (length < 2)
            return {};
        place += 2 + length;
    }
    return {};
}

//! RFC 9649: lossy, lossless, extended.
QSize webpSize(const Head &head)
{
    constexpr int Fourteen = 0x3fff;
    if (head.size() >= 30 && head.has(12, "VP8X"))
        return {head.little24(24) + 1, head.little24(27) + 1};
    if (head.size() >= 25 && head.has(12, "VP8L") && head.at(20) == 0x2f) {
        const int low = head.little16(21);
        const int high = head.little16(23);
        return {(low & Fourteen) + 1, ((low >> 14 | high << 2) & Fourteen) + 1};
    }
    if (head.size() >= 30 && head.has(12, "VP8 ") && head.has(23, "\x9d\x01\x2a"))
        return {head.little16(26) & Fourteen, head.little16(28) & Fourteen};
    return {};
}

} // namespace

std::optional<QSize> imageSize(QByteArrayView bytes)
{
    const Head head(bytes);
    QSize size;
    if (head.size() >= 24 && head.has(0, "\x89PNG\r\n\x1a\n") && head.has(12, "IHDR"))
        size = {head.big32(16), head.big32(20)};
    else if (head.size() >= 10 && head.has(0, "GIF8"))
        size = {head.little16(6), head.little16(8)};
    else if (head.has(0, "\xff\xd8"))
        size = jpegSize(head);
    else if (head.has(0, "RIFF") && head.has(8, "WEBP"))
        size = webpSize(head);
    return size.isEmpty() ? std::nullopt : std::optional(size);
}

} // namespace core
