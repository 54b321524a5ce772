#pragma once

#include "core/base/whenready.h"

#include <QPromise>

#include <memory>
#include <type_traits>

namespace core {

//! What a continuation promises: its answer, or that of the future it answers with.
template <typename T>
struct Promised
{
    using Value = T;
};
template <typename T>
struct Promised<QFuture<T>>
{
    using Value = T;
};

//! The future of what \p then makes of the result of \p future; \p then may answer with a future of
//! its own, whose result it then is. Called as whenReady() calls; where that never calls, the
//! future is cancelled.
template <typename T, typename Then>
[[nodiscard]] auto continued(QObject *owner, const QFuture<T> &future, Then then)
{
    using Answer = std::invoke_result_t<const Then &, const T &>;
    using Value = typename Promised<Answer>::Value;
    auto promise = std::make_shared<QPromise<Value>>();
    promise->start();
    QFuture<Value> answered = promise->future();
    const auto answer = [promise](const Value &value) {
        promise->addResult(value);
        promise->finish();
    };
    whenReady(owner, future, [owner, answer, then = std::move(then)](const T &result) {
        if constexpr (std::is_same_v<Answer, Value>) {
            Q_UNUSED(owner); // captured for the other branch
            answer(then(result));
        } else {
            whenReady(owner, then(result), answer);
        }
    });
    return answered;
}

} // namespace core
