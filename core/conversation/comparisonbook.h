#pragma once

#include "core/conversation/comparison.h"

#include <QFuture>
#include <QHash>
#include <QObject>

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

Q_SIGNALS:
    void changed(std::int64_t comparisonId);

private:
    Comparison *adopt(const Comparison::Stored &stored);
    [[nodiscard]] QFuture<Result<Comparison *>> openLanes(const Comparison::Stored &found,
                                                          const QList<std::int64_t> &lanes);

    ConversationBook &m_book;
    ConversationRepository &m_repository;
    IdSource &m_ids;
    Clock &m_clock;
    QHash<std::int64_t, Comparison *> m_open;
};

} // namespace core
