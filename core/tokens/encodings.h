#pragma once

#include "core/tokens/encoding.h"

#include <array>
#include <atomic>
#include <memory>
#include <mutex>

namespace core {

//! The encodings of one program, each loaded when it is first asked for and then shared.
//! Thread-safe.
class Encodings
{
public:
    //! Loads it if nobody has (some 20 ms) and waits if someone does: off the UI thread. Null only
    //! if the program's own resources are damaged.
    [[nodiscard]] std::shared_ptr<const Encoding> get(EncodingId id);
    //! What is loaded; null if that has yet to be done. Never waits for a load.
    [[nodiscard]] std::shared_ptr<const Encoding> loaded(EncodingId id) const;

private:
    struct Entry
    {
        std::mutex loading; //!< Held while it is read.
        std::atomic<std::shared_ptr<const Encoding>> encoding;
    };
    std::array<Entry, 2> m_entries;
};

} // namespace core
