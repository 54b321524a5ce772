#pragma once

#include "core/chat/target.h"

#include <QList>

#include <cstdint>

namespace core {

//! What makes a prompt one for a route's strong target.
enum class TaskReason { Long, Code, Maths, Reasoning, Files, Structured };

//! Where a route by task began a turn, and why. Kept with the answer, so that it can be told.
struct TaskChoice
{
    QString route; //!< Its name at that time.
    Target target;
    QList<TaskReason> reasons; //!< Empty: short and simple.
    std::int64_t tokens = 0;   //!< Of the whole prompt, estimated.
    bool operator==(const TaskChoice &) const = default;
};

} // namespace core
