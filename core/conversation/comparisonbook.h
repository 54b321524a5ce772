#pragma once

#include "core/conversation/comparison.h"

#include <QFuture>
#include <QHash>
#include <QObject>
#include <QSet>

namespace core {

//! Makes and opens comparisons; each exists once in this process. Main thread.
class ComparisonBook : public QObject
{
    Q_OBJECT
public:
    ComparisonBook(ConversationBook &book, ConversationRepository &repository, IdSource &ids,
                   Clock &clock, QObject *parent = nullptr);

    [[nodiscard]] Comparison *create(const QList<Target> &targets);
    [[nodiscard]] QFuture<Result<Comparison *>> open(std::int64_t id);
    [[nodiscard]] Comparison *find(std::int64_t id) const; //!< nullptr: not open.
    //! Nobody shows it any longer: it goes with its lanes when it is idle and the disk has it all,
    //! at once or later.
    void close(std::int64_t id);
    void forgetRemoved(); //!< As Comparison's, of all that are open.

Q_SIGNALS:
    void changed(std::int64_t comparisonId);

private:
    Comparison *adopt(const Comparison::Stored &stored);
    void closeIfIdle(Comparison *comparison);
    void discard(Comparison *comparison);
    [[nodiscard]] QFuture<Result<Comparison *>> openLanes(const Comparison::Stored &found,
                                                          const QList<std::int64_t> &lanes);

    ConversationBook &m_book;
    ConversationRepository &m_repository;
    IdSource &m_ids;
    Clock &m_clock;
    QHash<std::int64_t, Comparison *> m_open;
    QSet<std::int64_t> m_closing; //!< To go when they are idle.
};

} // namespace core
