#pragma once

#include "core/store/reader.h"
#include "core/store/writer.h"

#include <QFuture>
#include <QObject>
#include <QPromise>

#include <memory>

namespace core {

//! What the repositories write and read with: the two threads of a store, and the way back to the
//! main thread. A store that is only read has no writer: writes are refused.
class StoreThreads
{
public:
    //! \p home lives in the main thread; what was asked for is answered in it.
    explicit StoreThreads(QObject *home)
        : m_home(home)
    {
    }

    //! Queues a write; the future ends in the main thread.
    [[nodiscard]] QFuture<Result<Done>> write(std::function<void(Sql &)> work, StoreChange change,
                                              LogFile log = LogFile::Keep);
    //! Queues a write that has something to tell.
    template <typename T>
    [[nodiscard]] QFuture<Result<T>> writeRows(std::function<T(Sql &)> work, StoreChange change)
    {
        auto promise = std::make_shared<QPromise<Result<T>>>();
        promise->start();
        QFuture<Result<T>> future = promise->future();
        auto value = std::make_shared<T>();
        queue([work = std::move(work), value](Sql &sql) { *value = work(sql); },
              [this, promise, value](const Result<Done> &result) {
                  post([promise, value, result] {
                      promise->addResult(result ? Result<T>(*value) : Result<T>(result.error()));
                      promise->finish();
                  });
              },
              std::move(change), LogFile::Keep);
        return future;
    }
    //! Queues a write that is kept until the disk takes it.
    void keep(std::function<void(Sql &)> work, StoreChange change);
    //! Runs \p function in the main thread, unless the store is gone by then.
    void post(std::function<void()> function);

    template <typename T>
    [[nodiscard]] QFuture<Result<T>> read(std::function<Result<T>(const QString &)> query)
    {
        auto promise = std::make_shared<QPromise<Result<T>>>();
        promise->start();
        QFuture<Result<T>> future = promise->future();
        reader->read([this, promise, query = std::move(query)](const QString &connection) {
            auto answer = std::make_shared<Result<T>>(query(connection));
            post([promise, answer] {
                promise->addResult(std::move(*answer));
                promise->finish();
            });
        });
        return future;
    }
    //! Runs \p query on a fresh Sql and answers with its failure, if it had one.
    template <typename T>
    [[nodiscard]] QFuture<Result<T>> readRows(std::function<T(Sql &)> query)
    {
        return read<T>([query = std::move(query)](const QString &connection) -> Result<T> {
            Sql sql(connection);
            // One transaction, so that several statements see one state.
            sql.run(QStringLiteral("BEGIN"));
            T value = query(sql);
            sql.run(QStringLiteral("COMMIT"));
            if (!sql.failed())
                return value;
            const Error error = sql.error();
            sql.reset();
            sql.run(QStringLiteral("ROLLBACK"));
            return error;
        });
    }

    std::unique_ptr<Writer> writer;
    std::unique_ptr<Reader> reader;

private:
    void queue(std::function<void(Sql &)> work, std::function<void(const Result<Done> &)> answer,
               StoreChange change, LogFile log);
    QObject *m_home;
};

} // namespace core
