#pragma once

#include <cstdint>
#include <optional>

namespace core {

//! From where on a conversation's path is sent. What stands before it stays and is shown, but no
//! service reads it any more.
class ContextStart
{
public:
    ContextStart() = default; //!< From the first message on: all of it is sent.
    [[nodiscard]] static ContextStart at(std::int64_t messageId)
    {
        ContextStart start;
        start.m_message = messageId;
        return start;
    }
    //! At a question that is yet to be asked: nothing of what stands there is sent.
    [[nodiscard]] static ContextStart atNextQuestion()
    {
        ContextStart start;
        start.m_isAtNextQuestion = true;
        return start;
    }

    [[nodiscard]] bool isAll() const { return *this == ContextStart(); }
    [[nodiscard]] bool isAtNextQuestion() const { return m_isAtNextQuestion; }
    //! None: it is at no message that there is.
    [[nodiscard]] std::optional<std::int64_t> message() const { return m_message; }
    bool operator==(const ContextStart &) const = default;

private:
    std::optional<std::int64_t> m_message;
    bool m_isAtNextQuestion = false;
};

} // namespace core
