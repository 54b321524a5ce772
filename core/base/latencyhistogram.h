#pragma once

#include <QByteArray>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>

namespace core {

//! Latencies counted in buckets that grow by 2 % (so a percentile is off by at most 2 %), from 1 ms
//! to a day. Mergeable and small: only buckets that were hit take room. A value type.
class LatencyHistogram
{
public:
    void add(std::chrono::milliseconds latency, std::uint32_t times = 1);
    void merge(const LatencyHistogram &other);

    [[nodiscard]] std::uint64_t count() const { return m_count; }
    //! The latency below or at which \p fraction (0..1] of all lie, nearest rank; none if empty.
    [[nodiscard]] std::optional<std::chrono::milliseconds> percentile(double fraction) const;

    //! Of the buckets' middles.
    [[nodiscard]] std::optional<std::chrono::milliseconds> mean() const;

    //! Pairs of (bucket, count) as LEB128 varints, buckets ascending and delta-coded.
    [[nodiscard]] QByteArray toBytes() const;
    [[nodiscard]] static std::optional<LatencyHistogram> fromBytes(QByteArrayView bytes);

    bool operator==(const LatencyHistogram &) const = default;

private:
    std::map<std::uint32_t, std::uint64_t> m_buckets;
    std::uint64_t m_count = 0;
};

} // namespace core
