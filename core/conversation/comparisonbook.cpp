#include "core/conversation/comparisonbook.h"

#include "core/base/continued.h"

namespace core {

ComparisonBook::ComparisonBook(ConversationBook &book, ConversationRepository &repository,
                               IdSource &ids, Clock &clock, QObject *parent)
    : QObject(parent)
    , m_book(book)
    , m_repository(repository)
    , m_ids(ids)
    , m_clock(clock)
{
}

Comparison *ComparisonBook::adopt(const Comparison::Stored &stored)
{
    auto *comparison = new Comparison(m_book, m_repository, m_clock, stored, this);
    const std::int64_t id = stored.record.id;
    m_open.insert(id, comparison);
    connect(comparison, &Comparison::recordChanged, this, [this, id] { Q_EMIT changed(id); });
    connect(comparison, &Comparison::runningChanged, this, [this, id] { Q_EMIT changed(id); });
    for (const auto mayGo :
         {&Comparison::runningChanged, &Comparison::saved, &Comparison::lanesChanged})
        connect(comparison, mayGo, this, [this, comparison] { closeIfIdle(comparison); });
    return comparison;
}

Comparison *ComparisonBook::create(const QList<Target> &targets)
{
    ComparisonRecord record;
    record.id = m_ids.next();
    record.createdAt = record.updatedAt = m_clock.utcNow();
    Comparison *comparison = adopt({record, {}, {}});
    for (const Target &target : targets)
        comparison->addLane(target);
    return comparison;
}

Comparison *ComparisonBook::find(std::int64_t id) const
{
    return m_open.value(id, nullptr);
}

void ComparisonBook::close(std::int64_t id)
{
    Comparison *comparison = find(id);
    if (!comparison)
        return;
    m_closing.insert(id);
    closeIfIdle(comparison);
}

void ComparisonBook::forgetRemoved()
{
    const QList<Comparison *> open = m_open.values(); // some go now
    for (Comparison *comparison : open) {
        comparison->forgetRemoved();
        closeIfIdle(comparison);
    }
}

void ComparisonBook::closeIfIdle(Comparison *comparison)
{
    if (!m_closing.contains(comparison->record().id) || !comparison->isIdle())
        return;
    // Who opens it meanwhile would read what the disk had before.
    comparison->saveNow();
    if (comparison->isSaved())
        discard(comparison);
}

void ComparisonBook::discard(Comparison *comparison)
{
    const std::int64_t id = comparison->record().id;
    comparison->disconnect(this); // another one may have its id by the time it is gone
    m_open.remove(id);
    m_closing.remove(id);
    comparison->deleteLater(); // before its lanes, which it refers to
    const QList<Conversation *> lanes = comparison->allLanes();
    for (const Conversation *lane : lanes)
        m_book.close(lane->id());
}

QFuture<Result<Comparison *>> ComparisonBook::openLanes(const Comparison::Stored &found,
                                                        const QList<std::int64_t> &lanes)
{
    QList<QFuture<Result<Conversation *>>> opening;
    for (const std::int64_t lane : lanes)
        opening.append(m_book.open(lane));
    using Opened = Result<Comparison *>;
    return continued(this, QtFuture::whenAll(opening.begin(), opening.end()),
                     [this, found](const QList<QFuture<Result<Conversation *>>> &opened) -> Opened {
                         if (Comparison *known = find(found.record.id)) // opened twice at once
                             return known;
                         Comparison::Stored stored = found;
                         for (const QFuture<Result<Conversation *>> &lane : opened) {
                             const Result<Conversation *> result = lane.result();
                             if (!result)
                                 return result.error();
                             stored.lanes.append(*result);
                         }
                         return adopt(stored);
                     });
}

QFuture<Result<Comparison *>> ComparisonBook::open(std::int64_t id)
{
    using Opened = Result<Comparison *>;
    m_closing.remove(id);
    if (Comparison *known = find(id))
        return QtFuture::makeReadyFuture(Opened(known));
    const auto failed = [](const Error &error) { return QtFuture::makeReadyFuture(Opened(error)); };
    return continued(
        this, m_repository.loadComparison(id),
        [this, failed](const Result<ComparisonRecord> &record) -> QFuture<Opened> {
            if (!record)
                return failed(record.error());
            return continued(
                this, m_repository.closedLanes(record->id, record->updatedAt),
                [this, failed, record = *record](const auto &closed) -> QFuture<Opened> {
                    if (!closed)
                        return failed(closed.error());
                    const Comparison::Stored found{record, {}, *closed};
                    return continued(this, m_repository.lanes(record.id),
                                     [this, failed, found](const Result<QList<std::int64_t>> &ids)
                                         -> QFuture<Opened> {
                                         return ids ? openLanes(found, *ids) : failed(ids.error());
                                     });
                });
        });
}

} // namespace core
