#pragma once

#include "core/conversation/turnroom.h"
#include "core/conversation/turnsequence.h"
#include "ui/conversation/conversationfeed.h"
#include "ui/conversation/sendforecast.h"

#include <QObject>

namespace ui {

class Composer;

//! Asks what to do about a chat that its model has no room for, in the composer's notice, before a
//! service refuses it: leave out the oldest, have them summarised, send one long message in parts,
//! or take another model. What would cost something is offered when its price is known. UI thread;
//! the composer must outlive it.
class RoomQuestion final : public QObject
{
    Q_OBJECT
public:
    //! Context window of a target, in tokens; none: not known.
    using ContextLimit = std::function<std::optional<std::int64_t>(const core::Target &)>;

    RoomQuestion(Composer &composer, ConversationFeed::Names names, QObject *parent = nullptr);

    void setContextLimit(ContextLimit limit); //!< Until then nothing is asked by itself.
    void setForecastSource(SendForecast::Answer answer);

    //! Whether \p turn may be sent in \p conversation. If not, the composer asks. \p forecasts:
    //! what is known of it; empty: nothing, and then it passes. \p editedId: it is a new version of
    //! that question, with its files, and has only what stood before it; 0: of none.
    [[nodiscard]] bool passes(core::Conversation &conversation,
                              const core::TurnSequence::Turn &turn,
                              const QList<core::Forecast> &forecasts, std::int64_t editedId = 0);
    //! Asks though nothing is known: the service has refused \p turn as too long.
    void askAfterRefusal(core::Conversation &conversation, const core::TurnSequence::Turn &turn);
    //! Emits againRequested() where there is room, or nobody can tell; else the composer asks. It
    //! may have to be counted first: what is asked for meanwhile comes instead.
    void askAgain(core::Conversation &conversation, std::int64_t answerId,
                  core::Conversation::Again how);
    //! The composer's notice was answered. False: the notice was not ours.
    bool answer(int action);
    [[nodiscard]] bool isAsking() const { return !m_offers.isEmpty(); }
    void drop(); //!< The notice was taken away: it is no question any more.

Q_SIGNALS:
    void sendRequested(); //!< It fits now, or is to be tried.
    void againRequested(std::int64_t answerId, core::Conversation::Again how); //!< The same.
    void sequenceRequested(const QList<core::TurnSequence::Turn> &turns);
    void modelRequested();

private:
    enum class Way { LeaveOut, Summarise, Split, OtherModel, Anyway };
    struct Offer
    {
        Way way;
        QString name;
    };
    //! An answer that is asked for again.
    struct Repetition
    {
        std::int64_t answerId = 0;
        core::Conversation::Again how = core::Conversation::Again::Whole;
    };

    [[nodiscard]] std::optional<std::int64_t> limitOf(const core::Target &target) const;
    void ask(core::Conversation &conversation, const core::TurnSequence::Turn &turn,
             const core::ContextNeed &need, std::int64_t editedId);
    void askBefore(core::Conversation &conversation, const Repetition &again,
                   const core::ContextNeed &need);
    void offerWaysOn();
    void go();
    void planSplitting(std::int64_t room);
    void askPrice();
    void offerPaid(const QList<core::Forecast> &forecasts);
    void show();
    [[nodiscard]] core::ChatRequest whole() const;

    //! An ordinary turn: it is seen, charged, kept, and can be edited.
    static constexpr const char *SummaryPrompt = QT_TR_NOOP(
        "Summarise our conversation up to here, so that it can go on from your summary alone: what "
        "was asked and decided, the facts, names, numbers and code that are still needed, and what "
        "is open.");

    Composer &m_composer;
    ConversationFeed::Names m_names;
    ContextLimit m_limit;
    SendForecast::Answer m_forecast;

    QPointer<core::Conversation> m_conversation;
    core::TurnSequence::Turn m_turn;
    std::int64_t m_edited = 0;         //!< The question that it is a new version of; 0: none.
    std::optional<Repetition> m_again; //!< Instead of a turn.
    core::ContextNeed m_need;
    QString m_sentence;
    std::optional<core::Omission> m_omission; //!< None: of no use.
    QList<core::TurnSequence::Turn> m_pieces; //!< Of a turn that is too long alone.
    QList<Offer> m_offers;                    //!< As shown; empty: nothing is asked.
    int m_asked = 0;                          //!< A price that comes for an older question is none.
};

} // namespace ui
