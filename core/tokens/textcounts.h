#pragma once

#include "core/tokens/appendablecount.h"
#include "core/tokens/encodings.h"

#include <QHash>
#include <QStringView>

#include <mutex>
#include <optional>

namespace core {

//! Token counts of texts, remembered: the turns of a chat are counted once, however often it is
//! asked what they cost, and a text that is being written costs what was added to it. Thread-safe.
class TextCounts
{
public:
    //! Texts, and as many older ones: the turns of the longest chats, and two megabytes at most.
    static constexpr qsizetype MostRemembered = 20'000;

    TextCounts();

    //! Counts whatever it takes: off the UI thread. Nothing only if the program's own resources are
    //! damaged.
    [[nodiscard]] std::optional<std::int64_t> count(EncodingId encoding, QStringView text);
    //! For a text that is not there yet; else as count(). What it counts is not remembered.
    [[nodiscard]] std::optional<AppendableCount> growing(EncodingId encoding);
    //! Of what was counted before; short texts are counted at once if the encoding is loaded. Takes
    //! microseconds, but for a look at every character.
    [[nodiscard]] std::optional<std::int64_t> known(EncodingId encoding, QStringView text);

private:
    struct Key
    {
        std::size_t first = 0, second = 0; //!< Hashes with seeds of their own.
        qsizetype length = 0;
        EncodingId encoding = EncodingId::O200kBase;
        bool operator==(const Key &) const = default;
        friend std::size_t qHash(const Key &key, std::size_t seed) { return key.first ^ seed; }
    };
    //! The newest long text, which the next one may go on from.
    struct Growing
    {
        QString text;
        std::optional<AppendableCount> tokens;
    };

    [[nodiscard]] Key keyOf(EncodingId encoding, QStringView text) const;
    [[nodiscard]] std::optional<std::int64_t> remembered(const Key &key);
    void remember(const Key &key, std::int64_t count);
    void keep(const Key &key, std::int64_t count); //!< Under m_mutex.
    [[nodiscard]] std::int64_t grow(const std::shared_ptr<const Encoding> &encoding,
                                    QStringView text);

    Encodings m_encodings;
    std::size_t m_firstSeed, m_secondSeed;
    std::mutex m_mutex; //!< Guards the two below.
    QHash<Key, std::int64_t> m_counts;
    QHash<Key, std::int64_t>
        m_olderCounts;    //!< Gone when m_counts is full, but for those asked for.
    std::mutex m_growing; //!< Held while a long text is counted.
    QHash<EncodingId, Growing> m_grown;
};

} // namespace core
