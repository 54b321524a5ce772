#pragma once

#include "core/conversation/contextfit.h"
#include "core/conversation/conversationbook.h"

#include <QObject>
#include <QPointer>

#include <optional>

namespace core {

//! Who won a round: lane numbers. A place is empty until every lane has ended, when fewer than two
//! lanes answered, when a value is not known for one that answered, or on a tie. Simulated money
//! is no value beside real money.
struct RoundWinners
{
    std::optional<int> cheapest, firstToken, fastest;
    bool operator==(const RoundWinners &) const = default;
};

//! A turn that a lane has not been asked, since its model has no room for it. The lane's draft has
//! its text: it outlasts the program.
struct HeldTurn
{
    QString text;                    //!< As typed.
    Target target = {};              //!< Whom it would have gone to.
    std::optional<ContextNeed> need; //!< There; none: not known any more, it was left behind.
    bool isWindowKnown = true;       //!< Else the service refused it, and need is a guess.
    bool operator==(const HeldTurn &) const = default;
};

//! The same questions to several models side by side. Each lane is a conversation of its own, with
//! its own model and history; a lane's failure never touches another. Outlives its view. Main
//! thread. Turns that a lane was not asked stand in comparisonturns.cpp.
class Comparison : public QObject
{
    Q_OBJECT
public:
    static constexpr int MostLanes = 6;

    //! What is on disk of one.
    struct Stored
    {
        ComparisonRecord record;
        QList<Conversation *> lanes;               //!< None: it is new.
        QHash<std::int64_t, AnswerFigures> closed; //!< Of its round, by lanes taken out since.
    };

    //! The lanes belong to \p book and stay open there.
    Comparison(ConversationBook &book, ConversationRepository &repository, Clock &clock,
               Stored stored, QObject *parent = nullptr);
    ~Comparison() override;

    [[nodiscard]] const ComparisonRecord &record() const { return m_record; }
    [[nodiscard]] const QList<Conversation *> &lanes() const { return m_lanes; }

    void setTitle(const QString &title);
    //! Of its lanes, which are all in one; 0: there are none yet.
    [[nodiscard]] std::int64_t workspaceId() const;
    void setWorkspace(std::int64_t id);
    void setPinned(bool pinned);
    void setArchived(bool archived);
    void setDeleted(bool deleted);
    void setDraft(const QString &draft); //!< On disk, with the lanes, from the first word on.

    //! Appends a lane; nullptr at MostLanes.
    Conversation *addLane(const Target &target);
    //! Takes a lane out; its answer is stopped, and it is marked as deleted: whoever erases those
    //! when Undo has expired erases its texts too. What it has cost stays in the sums. Not below
    //! two lanes.
    void removeLane(int lane);
    //! Brings the conversation \p id, which was taken out, back to its place; also beyond
    //! MostLanes, since nothing may be lost by Undo.
    void restoreLane(std::int64_t id);
    void forgetRemoved(); //!< No lane that was taken out comes back: Undo is not offered any more.

    //! Sends \p text to every lane at once, but those of \p held, by lane: these wait for the
    //! reader's word while the others go on. While nobody was asked, the text is the draft. What
    //! was held before is dropped. Errors: InputRejected, and then no lane was sent anything.
    [[nodiscard]] Result<Done> send(const QString &text, const QHash<int, HeldTurn> &held = {});
    [[nodiscard]] std::optional<HeldTurn> heldTurn(int lane) const;
    //! Instead of what that lane held; nothing if it holds nothing.
    void holdAgain(int lane, const HeldTurn &turn);
    //! Goes back to before the question of the lane's last answer, which was refused as too long,
    //! and holds it. \p window: of its model, in tokens, if known.
    void holdRefused(int lane, std::optional<std::int64_t> window);
    //! The same with the answer \p answerId, of which \p need is known.
    void holdAnswer(int lane, std::int64_t answerId, const ContextNeed &need);
    //! Sends what the lane holds. \p startAt: the lane is sent from there on, as setContextStart()
    //! has it. Errors: as Conversation::send(), and then it is still held.
    [[nodiscard]] Result<Done> sendHeld(int lane, std::optional<ContextStart> startAt = {});
    void leaveOut(int lane); //!< Of this round: what it holds, or a budget refused, is dropped.
    //! Whether the lane was asked the last question that was sent to all.
    [[nodiscard]] bool isInRound(int lane) const;
    //! What a budget refused the lane of this round and nobody sent again.
    [[nodiscard]] std::optional<RefusedTurn> refusedTurn(int lane) const;
    //! Sends again what a budget refused, by the lanes that had it. One that would ask another
    //! model by now is left alone: \p terms were not given for that. So is one that cannot be asked
    //! just now.
    void sendRefused(const SpendTerms &terms);
    //! Asks that lane what a budget refused, as any question and whom it would ask by now: it may
    //! be refused again. Errors: as Conversation::send(), and then it is refused still.
    [[nodiscard]] Result<Done> askRefused(int lane, const SpendTerms &terms = {});
    void stop(int lane); //!< Ends that lane's answer and keeps its text; the others go on.
    void stopAll();
    [[nodiscard]] bool isRunning() const; //!< Any lane.
    [[nodiscard]] int runningLanes() const;
    [[nodiscard]] QList<Conversation *> allLanes() const; //!< Those taken out, too.
    //! Nothing runs, waits for its reader's word or may be undone: once it is saved, it is nothing
    //! more than what the disk has.
    [[nodiscard]] bool isIdle() const;
    void saveNow(); //!< What would be saved a moment later.
    //! The disk has all that was to be saved, of its lanes too: who loads it gets what it is.
    [[nodiscard]] bool isSaved() const;

    //! Figures of lane's last answer; all unknown before its first, and where it is not in the
    //! round.
    [[nodiscard]] AnswerFigures figures(int lane) const;
    [[nodiscard]] std::optional<MessageRecord> lastAnswer(int lane) const;
    //! The answers of this round together, also of lanes taken out since: their cost, how it is
    //! meant, and whether it is simulated; no attempts where none was asked. Simulated money counts
    //! only where there is no other.
    [[nodiscard]] AnswerFigures round() const;
    [[nodiscard]] RoundWinners winners() const;

Q_SIGNALS:
    void recordChanged();
    void lanesChanged();        //!< One was added or taken out.
    void laneChanged(int lane); //!< Its messages, state or figures, or what it holds.
    void runningChanged();
    void saved();               //!< isSaved() is true now.
    void turnRefused(int lane); //!< See refusedTurn().

private:
    struct Refused
    {
        RefusedTurn turn;
        Target target; //!< Whom it would have gone to.
    };
    void adopt(Conversation *lane); //!< At its place, by its number.
    void updateClosed(const Conversation &lane, std::int64_t answerId);
    void takeRefused(Conversation *lane, const RefusedTurn &turn);
    void hold(Conversation *lane, const HeldTurn &turn);
    //! Text and target of \p turn are filled in.
    void holdAsked(int lane, std::int64_t answerId, HeldTurn turn);
    void save();
    void write();
    void tellSaved();
    [[nodiscard]] bool wasAsked(const Conversation &lane) const; //!< In this round.

    ConversationBook &m_book;
    ConversationRepository &m_repository;
    Clock &m_clock;
    ComparisonRecord m_record;
    QList<Conversation *> m_lanes;
    QHash<std::int64_t, QPointer<Conversation>> m_removed; //!< Lanes taken out, by their ids.
    bool m_isUndoOffered = false;                          //!< Of any of them.
    QHash<std::int64_t, AnswerFigures> m_closed; //!< Of this round's lanes that were taken out.
    QHash<const Conversation *, HeldTurn> m_held;
    QHash<const Conversation *, Refused> m_refused; //!< Lanes change places; their turns do not.
    bool m_stored;
    int m_writes = 0;   //!< That the disk has not answered.
    Alarm m_writeAgain; //!< Set while the disk has refused what was to be saved.
};

} // namespace core
