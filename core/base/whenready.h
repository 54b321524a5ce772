#pragma once

#include <QFutureWatcher>

namespace core {

//! Calls \p then with \p future, which has ended with or without a result, in \p owner's thread, on
//! its event loop; never if \p owner is gone. QFuture::then() with a context that has died first
//! asserts in Qt 6.4.2: neither a watcher that is the owner's child nor an event to it can.
template <typename T, typename Then>
void whenFinished(QObject *owner, const QFuture<T> &future, Then then)
{
    if (future.isFinished()) { // often: a watcher would cost six events instead of one
        QMetaObject::invokeMethod(
            owner, [future, then = std::move(then)] { then(future); }, Qt::QueuedConnection);
        return;
    }
    auto *watcher = new QFutureWatcher<T>(owner);
    QObject::connect(watcher, &QFutureWatcher<T>::finished, owner,
                     [watcher, then = std::move(then)] {
                         watcher->deleteLater();
                         then(watcher->future());
                     });
    watcher->setFuture(future);
}

//! Calls \p then with the result of \p future as whenFinished() does; never if it was cancelled.
template <typename T, typename Then>
void whenReady(QObject *owner, const QFuture<T> &future, Then then)
{
    whenFinished(owner, future, [then = std::move(then)](const QFuture<T> &ended) {
        if (!ended.isCanceled())
            then(ended.result());
    });
}

} // namespace core
