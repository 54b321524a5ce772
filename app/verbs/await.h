#pragma once

#include "core/base/result.h"
#include "core/base/whenready.h"

#include <QCoreApplication>

#include <optional>

namespace app {

//! Runs the event loop until \p future has its answer: for verbs, which have nothing else to do
//! meanwhile. Never in the window.
template <typename T>
[[nodiscard]] core::Result<T> await(QFuture<core::Result<T>> future)
{
    if (future.isFinished())
        return future.result();
    std::optional<core::Result<T>> answer;
    core::whenReady(QCoreApplication::instance(), future, [&answer](const core::Result<T> &result) {
        answer = result;
        QCoreApplication::quit();
    });
    QCoreApplication::exec();
    return *answer;
}

} // namespace app
