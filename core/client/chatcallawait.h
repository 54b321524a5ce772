#pragma once

// For the sources of ChatCall only.
#include "core/base/whenready.h"
#include "core/client/chatcall.h"

namespace core {

template <typename T, typename Next>
void ChatCall::await(const QFuture<Result<T>> &future, ErrorKind ifLost, Next next)
{
    whenFinished(this, future,
                 [this, ifLost, next, step = m_step](const QFuture<Result<T>> &ended) {
                     if (step != m_step)
                         return;
                     if (ended.resultCount() > 0)
                         return next(ended.result());
                     next(makeError(ifLost, QStringLiteral("The call was abandoned.")));
                 });
}

} // namespace core
