#pragma once

#include "core/base/clock.h"

#include <cstdint>
#include <optional>

namespace core {

//! Longest time that an answer of up to \p maxOutputTokens may take in all: an hour for 128,000
//! tokens, at least ten minutes, at most an hour (as Anthropic's SDK has it). Without a maximum
//! nobody knows: an hour.
[[nodiscard]] std::chrono::milliseconds totalDeadline(std::optional<std::int64_t> maxOutputTokens);

//! What a reader is told about a connection that stands but shows nothing. Never an error.
enum class Silence {
    None,
    NoBytes,  //!< Nothing at all for a while.
    NoContent //!< The service keeps the connection alive but says nothing for long.
};

//! Watches one running exchange for silence. A plain value; time is passed in.
class SilenceWatch
{
public:
    static constexpr std::chrono::seconds BytesNotice{15};
    static constexpr std::chrono::seconds ContentNotice{300};

    //! \p now: the request has left.
    explicit SilenceWatch(SteadyTime now)
        : m_bytes(now)
        , m_content(now)
    {
    }

    void noteBytes(SteadyTime now) { m_bytes = now; }
    void noteContent(SteadyTime now) { m_bytes = m_content = now; } //!< Something to read.
    [[nodiscard]] Silence at(SteadyTime now) const;
    [[nodiscard]] std::chrono::milliseconds lasts(SteadyTime now) const; //!< Since content came.
    //! When at() may say something else if nothing comes.
    [[nodiscard]] std::chrono::milliseconds untilNext(SteadyTime now) const;

private:
    SteadyTime m_bytes;
    SteadyTime m_content;
};

} // namespace core
