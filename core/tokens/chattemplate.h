#pragma once

#include <QStringView>

#include <cstdint>

namespace core {

//! Tokens that a service puts around the texts of a chat: what its model reads besides them.
struct ChatTemplate
{
    std::int64_t question = 0;  //!< Around a turn of the user's, or what a tool gave back.
    std::int64_t answer = 0;    //!< Around a turn of the model's.
    std::int64_t system = 0;    //!< Around a system prompt.
    std::int64_t beginning = 0; //!< Once, with what begins the answer.
    std::int64_t tools = 0;     //!< Once where there are tools, however many.
    bool operator==(const ChatTemplate &) const = default;
};

//! The template of \p model's family (the id as of encodingOf()), as its maker published it or by
//! the counts in its maker's examples; OpenAI's for all others, which is a guess: like every figure
//! here it only makes an estimate likely. Sources stand beside the rows.
[[nodiscard]] ChatTemplate chatTemplateOf(QStringView model);

} // namespace core
