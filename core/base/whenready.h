#pragma once

#include <QFutureWatcher>

namespace core {

//! Calls \p then with the result of \p future in \p owner's thread, on its event loop; never if
//! \p owner is gone or the future was cancelled. QFuture::then() with a context that has died
//! first asserts in Qt 6.4.2: a watcher that is the owner's child cannot.
template <typename T, typename Then>
void whenReady(QObject *owner, const QFuture<T> &future, Then then)
{
    auto *watcher = new QFutureWatcher<T>(owner);
    QObject::connect(watcher, &QFutureWatcher<T>::finished, owner,
                     [watcher, then = std::move(then)] {
                         watcher->deleteLater();
                         if (!watcher->isCanceled())
                             then(watcher->result());
                     });
    watcher->setFuture(future);
}

} // namespace core
