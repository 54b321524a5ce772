#pragma once

#include <QString>

namespace core {

//! Takes the reasoning out of an answer that begins with it, as older local servers stream it:
//! "<think>…</think>" in front of the text. Anything else, and the tags anywhere else, is text. A
//! plain value; feed it the pieces in their order.
class ThinkTags
{
public:
    struct Split
    {
        QString reasoning, text;
        bool operator==(const Split &) const = default;
    };

    //! What of the answer is certain by now.
    [[nodiscard]] Split take(const QString &piece);
    //! The answer has ended: what was held back, as it might have become a tag.
    [[nodiscard]] Split finish();
    [[nodiscard]] bool isPassed() const { return m_state == State::Answer; } //!< All else is text.

private:
    enum class State { Begin, Thinking, Gap, Answer };
    [[nodiscard]] Split takeThought();

    State m_state = State::Begin;
    QString m_held;
};

} // namespace core
