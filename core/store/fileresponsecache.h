#pragma once

#include "core/base/clock.h"
#include "core/ledger/responsecache.h"

#include <QString>
#include <QThreadPool>

namespace core {

//! Answers as files in a directory of their own, read and written by one thread: one JSON file an
//! answer, named by its key. Older than a day they count no more; the least used go first where all
//! together pass the limit. Deletion waits for what was begun.
class FileResponseCache final : public ResponseCache
{
public:
    static constexpr std::chrono::hours Lifetime{24};
    static constexpr qint64 LargestSize = 256 * 1024 * 1024; // bytes

    //! \p directory is made (0700) with the first answer.
    FileResponseCache(const QString &directory, Clock &clock, qint64 largestSize = LargestSize);
    ~FileResponseCache() override;

    [[nodiscard]] QFuture<Result<std::optional<CachedAnswer>>> find(const QByteArray &key) override;
    void keep(const QByteArray &key, const CachedAnswer &answer) override;
    QFuture<Result<qint64>> clear() override;

private:
    QString m_directory;
    Clock &m_clock;
    qint64 m_largestSize;
    QThreadPool m_thread;
};

} // namespace core
