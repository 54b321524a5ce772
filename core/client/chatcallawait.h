#pragma once

// For the sources of ChatCall only.
#include "core/client/chatcall.h"

#include <QFutureWatcher>

namespace core {

template <typename T, typename Next>
void ChatCall::await(const QFuture<Result<T>> &future, ErrorKind ifLost, Next next)
{
    // Not QFuture::then(): in Qt 6.4 it asserts when its context died before the future ended.
    auto *watcher = new QFutureWatcher<Result<T>>(this);
    connect(watcher, &QFutureWatcherBase::finished, this,
            [this, watcher, ifLost, next, step = m_step] {
                watcher->deleteLater();
                if (step != m_step)
                    return;
                if (watcher->future().resultCount() > 0)
                    return next(watcher->result());
                next(makeError(ifLost, QStringLiteral("The call was abandoned.")));
            });
    watcher->setFuture(future);
}

//! The address that \p target asks.
[[nodiscard]] inline QUrl rootOf(const Target &target, const ProviderInfo &provider)
{
    return target.baseUrl.isEmpty() ? provider.baseUrl : target.baseUrl;
}

} // namespace core
