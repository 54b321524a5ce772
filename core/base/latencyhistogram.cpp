#include "core/base/latencyhistogram.h"

#include <algorithm>
#include <cmath>

namespace core {

namespace {

//! Below this many milliseconds a bucket is one millisecond: finer than the clock tells anyway.
constexpr std::int64_t LinearEnd = 50;
constexpr std::int64_t Longest = 86'400'000;
const double Growth = std::log(1.02);

std::uint32_t bucketOf(std::int64_t milliseconds)
{
    const std::int64_t value = std::clamp<std::int64_t>(milliseconds, 0, Longest);
    if (value < LinearEnd)
        return static_cast<std::uint32_t>(value);
    const double steps =
        std::log(static_cast<double>(value) / static_cast<double>(LinearEnd)) / Growth;
    return static_cast<std::uint32_t>(LinearEnd) + static_cast<std::uint32_t>(steps + 1e-9);
}

//! The middle of a bucket, so that the error is about 1 % to either side.
std::int64_t middleOf(std::uint32_t bucket)
{
    if (bucket < LinearEnd)
        return bucket;
    const double steps = static_cast<double>(bucket) - static_cast<double>(LinearEnd) + 0.5;
    return std::llround(static_cast<double>(LinearEnd) * std::exp(Growth * steps));
}

void appendVarint(QByteArray &bytes, std::uint64_t value)
{
    while (value >= 0x80U) {
        bytes.append(static_cast<char>((value & 0x7fU) | 0x80U));
        value >>= 7U;
    }
    bytes.append(static_cast<char>(value));
}

std::optional<std::uint64_t> takeVarint(QByteArrayView &bytes)
{
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 63 && !bytes.isEmpty(); shift += 7) {
        const auto byte = static_cast<unsigned char>(bytes.front());
        bytes = bytes.sliced(1);
        value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
        if ((byte & 0x80U) == 0)
            return value;
    }
    return std::nullopt;
}

} // namespace

void LatencyHistogram::add(std::chrono::milliseconds latency, std::uint32_t times)
{
    if (times == 0)
        return;
    m_buckets[bucketOf(latency.count())] += times;
    m_count += times;
}

void LatencyHistogram::merge(const LatencyHistogram &other)
{
    for (const auto &[bucket, times] : other.m_buckets)
        m_buckets[bucket] += times;
    m_count += other.m_count;
}

std::optional<std::chrono::milliseconds> LatencyHistogram::percentile(double fraction) const
{
    if (m_count == 0)
        return std::nullopt;
    const auto rank = std::max<std::uint64_t>(
        1, static_cast<std::uint64_t>(std::ceil(fraction * static_cast<double>(m_count))));
    std::uint64_t seen = 0;
    for (const auto &[bucket, times] : m_buckets) {
        seen += times;
        if (seen >= rank)
            return std::chrono::milliseconds(middleOf(bucket));
    }
    return std::chrono::milliseconds(middleOf(m_buckets.rbegin()->first));
}

std::optional<std::chrono::milliseconds> LatencyHistogram::mean() const
{
    if (m_count == 0)
        return std::nullopt;
    double sum = 0;
    for (const auto &[bucket, times] : m_buckets)
        sum += static_cast<double>(middleOf(bucket)) * static_cast<double>(times);
    return std::chrono::milliseconds(std::llround(sum / static_cast<double>(m_count)));
}

QByteArray LatencyHistogram::toBytes() const
{
    QByteArray bytes;
    std::uint32_t previous = 0;
    for (const auto &[bucket, times] : m_buckets) {
        appendVarint(bytes, bucket - previous);
        appendVarint(bytes, times);
        previous = bucket;
    }
    return bytes;
}

std::optional<LatencyHistogram> LatencyHistogram::fromBytes(QByteArrayView bytes)
{
    const std::uint32_t last = bucketOf(Longest);
    LatencyHistogram histogram;
    std::uint64_t bucket = 0;
    while (!bytes.isEmpty()) {
        const auto delta = takeVarint(bytes);
        const auto times = takeVarint(bytes);
        if (!delta || !times || *delta > last || *times == 0 || *times > (1ULL << 40U))
            return std::nullopt;
        bucket += *delta;
        if (bucket > last)
            return std::nullopt;
        histogram.m_buckets[static_cast<std::uint32_t>(bucket)] += *times;
        histogram.m_count += *times;
    }
    return histogram;
}

} // namespace core
