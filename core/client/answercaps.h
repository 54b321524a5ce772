#pragma once

#include "core/base/error.h"
#include "core/chat/streamevent.h"

#include <QHash>

#include <optional>

namespace core {

//! How much one answer may hold: a service that goes on beyond that is broken or hostile. Bytes are
//! of UTF-8; reasoning is text, too.
class AnswerCaps
{
public:
    static constexpr std::int64_t MostTextBytes = 2 * 1024 * 1024;
    static constexpr std::int64_t MostArgumentBytes = 1024 * 1024; //!< Of one tool call.

    void add(const StreamEvent &event);
    [[nodiscard]] std::optional<Error> excess() const; //!< ProtocolError; none: all within bounds.

private:
    std::int64_t m_textBytes = 0;
    std::int64_t m_mostArguments = 0;
    QHash<int, std::int64_t> m_arguments; //!< By the call's index.
};

} // namespace core
