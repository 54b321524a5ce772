#include "core/store/storethreads.h"

namespace core {

QFuture<Result<Done>> StoreThreads::write(std::function<void(Sql &)> work, StoreChange change,
                                          LogFile log)
{
    auto promise = std::make_shared<QPromise<Result<Done>>>();
    promise->start();
    QFuture<Result<Done>> future = promise->future();
    queue(
        std::move(work),
        [this, promise](const Result<Done> &result) {
            post([promise, result] {
                promise->addResult(result);
                promise->finish();
            });
        },
        std::move(change), log);
    return future;
}

void StoreThreads::queue(std::function<void(Sql &)> work,
                         std::function<void(const Result<Done> &)> answer, StoreChange change,
                         LogFile log)
{
    if (writer)
        writer->write({std::move(work), std::move(answer), std::move(change), log});
    else
        answer(storageError(
            QStringLiteral("The database is open for reading only: nothing can be saved. A newer "
                           "Farthing wrote it; use that one.")));
}

void StoreThreads::keep(std::function<void(Sql &)> work, StoreChange change)
{
    if (writer)
        writer->write({std::move(work), {}, std::move(change), LogFile::Keep});
}

void StoreThreads::post(std::function<void()> function)
{
    QMetaObject::invokeMethod(m_home, std::move(function), Qt::QueuedConnection);
}

} // namespace core
