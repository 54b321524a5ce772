#include "core/conversation/comparison.h"

#include "core/base/whenready.h"
#include "core/conversation/title.h"

#include <QCoreApplication>
#include <QSet>

#include <algorithm>

namespace core {

namespace {

//! The lane with the smallest value; none if a value is missing or two lanes share it.
template <typename T>
std::optional<int> smallest(const QList<std::pair<int, std::optional<T>>> &values)
{
    std::optional<int> winner;
    std::optional<T> best;
    bool shared = false;
    for (const auto &[lane, value] : values) {
        if (!value)
            return std::nullopt;
        if (!best || *value < *best) {
            best = value;
            winner = lane;
            shared = false;
        } else if (*value == *best) {
            shared = true;
        }
    }
    return shared ? std::nullopt : winner;
}

std::optional<MessageRecord> answerOf(const Conversation &lane)
{
    std::optional<MessageRecord> leaf = lane.leaf();
    if (leaf && leaf->role != Role::Assistant)
        leaf.reset();
    return leaf;
}

} // namespace

Comparison::Comparison(ConversationBook &book, ConversationRepository &repository, Clock &clock,
                       Stored stored, QObject *parent)
    : QObject(parent)
    , m_book(book)
    , m_repository(repository)
    , m_clock(clock)
    , m_record(std::move(stored.record))
    , m_closed(std::move(stored.closed))
    , m_stored(!stored.lanes.isEmpty())
    , m_writeAgain(clock)
{
    for (Conversation *lane : std::as_const(stored.lanes))
        adopt(lane);
}

Comparison::~Comparison()
{
    if (m_writeAgain.isSet())
        m_repository.save(m_record);
    for (Conversation *lane : std::as_const(m_lanes))
        lane->disconnect(this);
}

void Comparison::adopt(Conversation *lane)
{
    const auto behind = std::find_if(m_lanes.cbegin(), m_lanes.cend(), [lane](const auto *other) {
        return other->record().lane > lane->record().lane;
    });
    m_lanes.insert(behind, lane);
    // A lane has no composer: its draft is what it was to be asked when the program ended, or when
    // it was taken out.
    if (!lane->record().draft.isEmpty())
        m_held.insert(lane, {lane->record().draft, {}, std::nullopt});
    const auto tell = [this, lane] { Q_EMIT laneChanged(static_cast<int>(m_lanes.indexOf(lane))); };
    connect(lane, &Conversation::messageChanged, this, tell);
    connect(lane, &Conversation::eventsReceived, this, tell);
    connect(lane, &Conversation::pathChanged, this, tell);
    connect(lane, &Conversation::recordChanged, this, tell);
    connect(lane, &Conversation::runningChanged, this, &Comparison::runningChanged);
    connect(lane, &Conversation::saved, this, &Comparison::tellSaved);
    connect(lane, &Conversation::turnRefused, this,
            [this, lane](const RefusedTurn &turn) { takeRefused(lane, turn); });
}

void Comparison::save()
{
    m_stored = true;
    write();
    Q_EMIT recordChanged();
}

void Comparison::write()
{
    m_writeAgain.clear();
    ++m_writes;
    whenReady(this, m_repository.save(m_record), [this](const Result<Done> &written) {
        constexpr std::chrono::seconds Rest(10); // as a chat waits
        --m_writes;
        // What the disk refused is nowhere but here.
        if (!written && !m_writeAgain.isSet())
            m_writeAgain.set(Rest, [this] { write(); });
        tellSaved();
    });
}

void Comparison::saveNow()
{
    if (m_writeAgain.isSet())
        write();
    const QList<Conversation *> lanes = allLanes();
    for (Conversation *lane : lanes)
        lane->saveNow();
}

bool Comparison::isSaved() const
{
    const QList<Conversation *> lanes = allLanes();
    return m_writes == 0 && !m_writeAgain.isSet() &&
           std::all_of(lanes.cbegin(), lanes.cend(),
                       [](const Conversation *lane) { return lane->isSaved(); });
}

void Comparison::tellSaved()
{
    if (isSaved())
        Q_EMIT saved();
}

void Comparison::setTitle(const QString &title)
{
    const QString line = title.simplified();
    if (line.isEmpty() || line == m_record.title)
        return;
    m_record.title = line;
    save();
}

void Comparison::setPinned(bool pinned)
{
    if (std::exchange(m_record.pinned, pinned) != pinned)
        save();
}

void Comparison::setArchived(bool archived)
{
    if (std::exchange(m_record.archived, archived) != archived)
        save();
}

void Comparison::setDeleted(bool deleted)
{
    if (std::exchange(m_record.deleted, deleted) != deleted)
        save();
}

void Comparison::setDraft(const QString &draft)
{
    if (std::exchange(m_record.draft, draft) == draft)
        return;
    if (m_stored)
        return write();
    // What is being written deserves a row, as in a chat, and the lanes that it is for.
    save();
    for (Conversation *lane : std::as_const(m_lanes))
        lane->store();
}

std::int64_t Comparison::workspaceId() const
{
    return m_lanes.isEmpty() ? 0 : m_lanes.constFirst()->record().workspaceId;
}

void Comparison::setWorkspace(std::int64_t id)
{
    if (workspaceId() == id)
        return;
    for (Conversation *lane : std::as_const(m_lanes))
        lane->setWorkspace(id);
    for (const QPointer<Conversation> &lane : std::as_const(m_removed)) {
        if (lane)
            lane->setWorkspace(id);
    }
    Q_EMIT recordChanged();
}

Conversation *Comparison::addLane(const Target &target)
{
    if (m_lanes.size() >= MostLanes)
        return nullptr;
    int number = 0; // numbers order the lanes and need not be dense
    for (const Conversation *lane : std::as_const(m_lanes))
        number = std::max(number, lane->record().lane + 1);
    Conversation *lane = m_book.createLane(m_record.id, number, target, workspaceId());
    adopt(lane);
    if (m_stored)
        lane->store();
    Q_EMIT lanesChanged();
    return lane;
}

void Comparison::removeLane(int lane)
{
    constexpr qsizetype FewestLanes = 2;
    if (lane < 0 || lane >= m_lanes.size() || m_lanes.size() <= FewestLanes)
        return;
    Conversation *conversation = m_lanes.takeAt(lane);
    m_held.remove(conversation);
    m_refused.remove(conversation);
    conversation->disconnect(this);
    connect(conversation, &Conversation::saved, this, &Comparison::tellSaved);
    conversation->stop();
    if (const std::optional<MessageRecord> answer = answerOf(*conversation);
        answer && wasAsked(*conversation)) {
        m_closed.insert(conversation->id(), conversation->figures(answer->id));
        // Counted on after Stop, its cost is told later.
        connect(conversation, &Conversation::messageChanged, this,
                [this, conversation, id = answer->id] { updateClosed(*conversation, id); });
    }
    if (m_stored) // before that there is no row to refer to
        conversation->setDeleted(true);
    m_removed.insert(conversation->id(), conversation);
    m_isUndoOffered = true;
    Q_EMIT lanesChanged();
}

void Comparison::updateClosed(const Conversation &lane, std::int64_t answerId)
{
    const auto closed = m_closed.find(lane.id());
    if (closed == m_closed.end())
        return; // another round has begun
    *closed = lane.figures(answerId);
    Q_EMIT recordChanged();
}

void Comparison::restoreLane(std::int64_t id)
{
    Conversation *conversation = m_removed.take(id);
    if (!conversation)
        return;
    m_closed.remove(id);
    conversation->disconnect(this);
    conversation->setDeleted(false);
    adopt(conversation);
    Q_EMIT lanesChanged();
}

//! They stay beside it: what they have cost may still be told.
void Comparison::forgetRemoved()
{
    m_isUndoOffered = false;
}

QList<Conversation *> Comparison::allLanes() const
{
    QList<Conversation *> lanes = m_lanes;
    for (Conversation *lane : m_removed) {
        if (lane)
            lanes.append(lane);
    }
    return lanes;
}

bool Comparison::isIdle() const
{
    return !isRunning() && m_held.isEmpty() && m_refused.isEmpty() &&
           !(m_isUndoOffered && !m_removed.isEmpty());
}

Result<Done> Comparison::send(const QString &text, const QHash<int, HeldTurn> &held)
{
    if (text.trimmed().isEmpty())
        return rejected(QCoreApplication::translate(
            "core::Comparison", "The message is empty. Write something and send again."));
    if (isRunning())
        return rejected(QCoreApplication::translate(
            "core::Comparison", "A lane is still running. Stop it or wait for its end."));
    for (const Conversation *lane : std::as_const(m_lanes)) {
        if (lane->record().target.model.isEmpty())
            return rejected(QCoreApplication::translate(
                "core::Comparison", "A lane has no model. Choose one and send again."));
        if (const Result<Done> taken = lane->checkInput(text); !taken)
            return taken.error(); // before anything is changed: the draft stays
    }
    if (m_record.title.isEmpty())
        m_record.title = titleFrom(text);
    m_record.draft = text; // until the lanes have it
    m_record.updatedAt = m_clock.utcNow();
    save(); // the writer keeps order: lanes refer to this row
    m_held.clear();
    m_refused.clear();
    m_closed.clear();
    for (auto turn = held.cbegin(); turn != held.cend(); ++turn)
        hold(m_lanes.at(turn.key()), turn.value());
    for (qsizetype lane = 0; lane < m_lanes.size(); ++lane) {
        if (held.contains(static_cast<int>(lane)))
            continue;
        // All lanes have the same text and were checked: what one refuses, the first refuses.
        if (const Result<Done> sent = m_lanes.at(lane)->send(text); !sent)
            return sent.error();
    }
    if (held.size() < m_lanes.size())
        setDraft({});
    for (int lane = 0; lane < m_lanes.size(); ++lane)
        Q_EMIT laneChanged(lane); // also those that hold something, or do no more
    return Done{};
}

//! Rounds have no rows of their own: what a lane was asked since the last one began is of it.
bool Comparison::wasAsked(const Conversation &lane) const
{
    const MessageRecord *question = lane.lastQuestion();
    return question && question->createdAt >= m_record.updatedAt;
}

bool Comparison::isInRound(int lane) const
{
    return wasAsked(*m_lanes.at(lane));
}

void Comparison::stop(int lane)
{
    if (lane >= 0 && lane < m_lanes.size())
        m_lanes.at(lane)->stop();
}

void Comparison::stopAll()
{
    for (Conversation *lane : std::as_const(m_lanes))
        lane->stop();
}

int Comparison::runningLanes() const
{
    int running = 0;
    for (const Conversation *lane : m_lanes)
        running += lane->isRunning() ? 1 : 0;
    return running;
}

bool Comparison::isRunning() const
{
    return runningLanes() > 0;
}

std::optional<MessageRecord> Comparison::lastAnswer(int lane) const
{
    return answerOf(*m_lanes.at(lane));
}

AnswerFigures Comparison::figures(int lane) const
{
    const Conversation *conversation = m_lanes.at(lane);
    return isInRound(lane) ? conversation->figures(conversation->record().activeLeaf)
                           : AnswerFigures();
}

AnswerFigures Comparison::round() const
{
    QList<AnswerFigures> answers;
    bool isReal = false;
    QList<bool> areRunning;
    for (int lane = 0; lane < m_lanes.size(); ++lane) {
        if (!lastAnswer(lane) || !isInRound(lane))
            continue; // what was not asked costs nothing, of either kind
        answers.append(figures(lane));
        areRunning.append(m_lanes.at(lane)->isRunning());
    }
    answers += m_closed.values(); // was spent, whatever became of the lane
    areRunning.resize(answers.size());
    for (const AnswerFigures &answer : std::as_const(answers))
        isReal = isReal || !answer.simulated;
    using Bound = AnswerFigures::Bound;
    AnswerFigures round;
    round.simulated = !answers.isEmpty() && !isReal;
    bool isPriced = true; // a lane that has not begun yet costs nothing so far
    for (qsizetype i = 0; i < answers.size(); ++i) {
        const AnswerFigures &answer = answers.at(i);
        round.attempts += answer.attempts;
        if (answer.simulated != round.simulated)
            continue;
        round.cost = round.cost.plus(answer.cost);
        isPriced = isPriced &&
                   (answer.cost.complete || (areRunning.at(i) && answer.bound == Bound::AtLeast));
        if (round.bound == Bound::Told || answer.bound == Bound::About)
            round.bound = answer.bound;
    }
    if (round.bound == Bound::About)
        round.cost.complete = isPriced;
    return round;
}

RoundWinners Comparison::winners() const
{
    if (isRunning())
        return {};
    QList<std::pair<int, std::optional<PicoUsd>>> costs;
    QList<std::pair<int, std::optional<std::chrono::milliseconds>>> firstTokens, durations;
    QSet<bool> kinds; // of money: simulated or not
    for (int lane = 0; lane < m_lanes.size(); ++lane) {
        const std::optional<MessageRecord> answer = lastAnswer(lane);
        if (!answer || answer->state != MessageState::Complete || !isInRound(lane))
            continue;
        const AnswerFigures of = figures(lane);
        costs.append(
            {lane, of.cost.isExact() && of.costKnown ? std::optional(of.cost.low) : std::nullopt});
        kinds.insert(of.simulated);
        firstTokens.append({lane, of.firstToken});
        durations.append({lane, of.duration});
    }
    if (costs.size() < 2)
        return {};
    return {kinds.size() == 1 ? smallest(costs) : std::nullopt, smallest(firstTokens),
            smallest(durations)};
}

} // namespace core
