#pragma once

#include "core/client/chatclient.h"
#include "core/practice/practicecontrols.h"
#include "core/store/conversationrepository.h"

#include <QObject>
#include <QPointer>

#include <functional>
#include <optional>

namespace ui {

//! What an outage drill tries: a fault at the first target of a route.
struct DrillPlan
{
    core::PracticeFaultPlan fault;
    core::Target first;                 //!< Meets the fault.
    std::optional<core::Target> second; //!< Asked next; of another model, which answers as usual.
};

//! How a drill went.
struct DrillReport
{
    DrillPlan plan;
    bool fallbackOn = true;                  //!< As set under Routes and fallback.
    QList<core::AttemptRecord> attempts;     //!< Ended ones, oldest first.
    QList<core::Error> waits;                //!< Why it was waited, in their order.
    QList<std::chrono::milliseconds> delays; //!< How long, as announced.
    std::optional<core::Error> error;        //!< None: answered in full (or it still runs).
    QString text;                            //!< What of the answer came.
    std::optional<std::chrono::milliseconds> firstToken; //!< From Send.
    std::chrono::milliseconds elapsed{0};
    //! The attempts as the ledger holds them; none: not read yet, or not readable.
    std::optional<QList<core::AttemptRecord>> ledger;
};

//! One outage drill at a time: tells the practice provider to fail, sends a real request through
//! the engine, watches it and reads the ledger's rows back. The request belongs to no conversation.
//! Silence is given up after LongestSilence, to spare the wait; all else is as the settings say.
//! UI thread.
class OutageDrill final : public QObject
{
    Q_OBJECT
public:
    static constexpr std::chrono::seconds LongestSilence{5};

    //! What a drill uses; each must outlive it.
    struct Parts
    {
        core::ChatClient &client;
        core::Journal &journal;
        core::ConversationRepository &repository;
        std::int64_t sessionId = 0; //!< 0: the one that runs at the drill.
        std::int64_t workspaceId = 0;
        //! Starts the practice provider if it does not run yet.
        std::function<core::Result<core::PracticeControls *>()> startPractice;
    };

    explicit OutageDrill(Parts parts, QObject *parent = nullptr);
    ~OutageDrill() override;

    //! Errors: what kept the practice provider from starting; InputRejected while one runs.
    [[nodiscard]] core::Result<core::Done> run(const DrillPlan &plan);
    void stop(); //!< Ends the request; finished() follows.
    [[nodiscard]] bool isRunning() const { return m_running; }
    [[nodiscard]] const DrillReport &report() const { return m_report; } //!< As far as it has come.
    [[nodiscard]] core::ReplyState state() const; //!< Finished while none runs.

Q_SIGNALS:
    void changed();  //!< State or report.
    void finished(); //!< The ledger was read, too. Once a run().

private:
    void watch();
    void conclude();
    void readLedger(std::int64_t requestId);
    void end();

    Parts m_parts;
    core::PracticeControls *m_controls = nullptr;
    QPointer<core::ChatReply> m_reply;
    DrillReport m_report;
    bool m_running = false;
};

} // namespace ui
