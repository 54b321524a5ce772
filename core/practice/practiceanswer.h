#pragma once

#include "core/practice/practicerequest.h"

namespace core {

//! What the practice provider says.
struct PracticeAnswer
{
    QString reasoning; //!< How the answer was put together, for models that show it.
    QString text;      //!< Markdown.
};

//! Composes an answer by rules, not by a model, and says so: it quotes the question, explains
//! Farthing where the question is about it, and shows the kinds of Markdown that were asked for
//! (code, table, list, tasks, a number of words), or JSON by a schema. The same request gives the
//! same answer.
[[nodiscard]] PracticeAnswer practiceAnswer(const PracticeRequest &request);

} // namespace core
