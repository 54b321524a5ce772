#pragma once

#include "core/base/idsource.h"
#include "core/store/store.h"

#include <QtTest>

#include <memory>

namespace tests {

//! Waits for \p future as the main thread does: by its event loop.
template <typename T>
[[nodiscard]] core::Result<T> awaited(const QFuture<core::Result<T>> &future)
{
    if (!QTest::qWaitFor([&future] { return future.isFinished(); }, 120'000) ||
        future.resultCount() == 0) {
        core::Error late;
        late.detail = QStringLiteral("no answer");
        return late;
    }
    if (!future.result())
        qInfo("%s",
              qPrintable(future.result().error().detail)); // what a failing test needs to know
    return future.result();
}

//! A profile folder of its own, and ids from the real clock.
class StoreFixture
{
public:
    StoreFixture();
    explicit StoreFixture(const QString &directory); //!< Of another fixture; ids of its own.

    [[nodiscard]] QString directory() const;
    [[nodiscard]] QString databasePath() const;
    [[nodiscard]] core::Result<std::unique_ptr<core::Store>>
    tryOpen(core::SessionKind kind = core::SessionKind::Window);
    [[nodiscard]] core::Result<std::unique_ptr<core::Store>> tryOpenReadOnly();
    //! Opens, or ends the test's program.
    [[nodiscard]] std::unique_ptr<core::Store>
    open(core::SessionKind kind = core::SessionKind::Window);

    //! A chat, a question and an answer that streams; ids are fresh.
    [[nodiscard]] core::ConversationRecord chat(const QString &title = {});
    [[nodiscard]] core::RequestContext turn(const core::ConversationRecord &chat,
                                            const QString &question);
    [[nodiscard]] core::AttemptOpening opening(std::int64_t requestId, bool simulated = false);
    //! The attempt as it ended well.
    [[nodiscard]] core::AttemptRecord closing(const core::AttemptOpening &opening) const;
    //! Asks and answers, to the end; the request's id.
    std::int64_t ask(core::Store &store, const core::ConversationRecord &chat,
                     const QString &question, const QString &answer);

    //! The first column of the first row, by a connection of its own.
    [[nodiscard]] QVariant value(const QString &statement) const;
    void run(const QString &statement) const;

    core::SystemClock clock;
    core::SystemRandom random; // several processes share a profile, as in life
    core::IdSource ids{clock, random};

private:
    QTemporaryDir m_folder;
    QString m_directory;
};

} // namespace tests
