#pragma once

#include "core/base/idsource.h"
#include "core/base/result.h"
#include "core/client/answermeter.h"
#include "core/client/chatclient.h"
#include "core/client/chatreply.h"
#include "core/client/warmprompt.h"
#include "core/conversation/messagetree.h"
#include "core/ledger/routerepository.h"
#include "core/store/conversationrepository.h"

#include <QHash>
#include <QObject>
#include <QPointer>

#include <memory>
#include <optional>

namespace core {

//! A turn that was not sent, with all that sends it again.
struct RefusedTurn
{
    enum class Kind { Send, Edit, Regenerate, Continue };
    Kind kind = Kind::Send;
    //! The question edited, or the answer to be made again or continued.
    std::int64_t messageId = 0;
    QString text; //!< As typed.
    QList<AttachmentPart> attachments;
    Error error; //!< BudgetExceeded, with its shortfall; or StorageFailed.
};

//! One conversation while it is open: the tree of messages, the path shown, the draft, and the
//! answer that runs. Outlives every widget; a running answer goes on when no window shows it. Main
//! thread.
//!
//! The tree: each message has a parent; siblings are versions of the same turn. The path runs from
//! a root to activeLeaf. Editing a question or regenerating an answer adds a sibling; nothing is
//! overwritten.
//!
//! Its turns stand in conversation.cpp, the rest in a file each: conversationrecord.cpp,
//! conversationfiles.cpp, conversationrequests.cpp, conversationfigures.cpp.
class Conversation : public QObject
{
    Q_OBJECT
public:
    enum class Stored { No, Yes };
    enum class Again { Whole, Rest }; //!< An answer is made anew, or only goes on.

    //! What every conversation uses; each must outlive it.
    struct Parts
    {
        ChatClient &client;
        ConversationRepository &repository;
        IdSource &ids;
        Clock &clock;
        std::int64_t sessionId = 0;   //!< 0: the one that runs at each send.
        std::int64_t workspaceId = 0; //!< For new conversations.
        //! Without it the tokens and the cost of an answer are known at its end.
        const CostForecast *forecast = nullptr;
    };

    //! \p stored says whether the row exists already.
    Conversation(const Parts &parts, LoadedConversation loaded, Stored stored,
                 QObject *parent = nullptr);
    ~Conversation() override;

    [[nodiscard]] const ConversationRecord &record() const { return m_record; }
    [[nodiscard]] std::int64_t id() const { return m_record.id; }
    [[nodiscard]] bool isEmpty() const { return m_tree.isEmpty(); }

    void setTitle(const QString &title); //!< The user's own.
    //! What runs is still counted where it began.
    void setWorkspace(std::int64_t id);
    void setPinned(bool pinned);
    void setArchived(bool archived);
    void setDeleted(bool deleted);
    void setDraft(const QString &draft);  //!< Saved at most 500 ms later.
    void saveDraft(const QString &draft); //!< The same, at once: something waits with it.
    //! The draft's files, in order; saved as the draft is. Those that it had keep their row.
    void setDraftFiles(const QList<AttachmentPart> &files);
    [[nodiscard]] QList<AttachmentPart> draftFiles() const;
    //! More files of the draft are being read, by whoever says so: until they are there it outlasts
    //! its views.
    void setReadingFiles(bool reading);
    [[nodiscard]] bool isReadingFiles() const { return m_isReadingFiles; }
    void store();   //!< Gives it a row of its own, though nothing was said in it yet.
    void saveNow(); //!< What would be saved a moment later.
    //! The disk has all that was to be saved: who loads it gets what it is.
    [[nodiscard]] bool isSaved() const { return m_writes == 0 && !m_saveAlarm.isSet(); }
    void setScrollAnchor(const QString &anchor);
    void setTarget(const Target &target); //!< That one alone: no named route from then on.
    void setOptions(const ChatOptions &options);
    void setContextStart(const ContextStart &start);
    //! Uses \p route from the next turn on, from its first target; one without an id is its first
    //! target alone.
    void setRoute(const Route &route);
    //! The next turns start at \p target, one of its route's; without a route it is chosen.
    void stayOn(const Target &target);
    void stopStaying(); //!< Back to the route's first target.
    //! The named routes that there are: told at the beginning, and when they change.
    void setRoutes(const QList<Route> &routes);
    [[nodiscard]] const std::optional<Route> &route() const { return m_route; } //!< In use.

    //! Without a route: asked next, in order, when the chosen target fails before it wrote
    //! anything. Practice never falls back to a real service, nor the other way.
    void setFallbacks(const QList<Target> &targets) { m_fallbacks = targets; }
    [[nodiscard]] const QList<Target> &fallbacks() const { return m_fallbacks; }

    [[nodiscard]] QList<MessageRecord> path() const;         //!< Root to active leaf.
    [[nodiscard]] std::optional<MessageRecord> leaf() const; //!< The path's last message.
    [[nodiscard]] const MessageRecord *lastQuestion() const; //!< On the path; nullptr: none.
    [[nodiscard]] const MessageRecord *message(std::int64_t id) const;
    //! Its siblings and itself, oldest first.
    [[nodiscard]] QList<std::int64_t> versions(std::int64_t messageId) const;
    void selectVersion(std::int64_t messageId); //!< Shows the path through it, to its newest leaf.
    //! Something followed it, in sight or not.
    [[nodiscard]] bool wentOn(std::int64_t messageId) const;
    [[nodiscard]] AnswerFigures figures(std::int64_t messageId) const; //!< Live while it runs.
    //! What the service of the last answer keeps of its prompt, as the ledger has it; none: nothing
    //! worth telling, or an answer runs.
    [[nodiscard]] std::optional<WarmPrompt> warmPrompt() const;
    [[nodiscard]] Cost totalCost() const;   //!< All requests of this conversation, all branches.
    [[nodiscard]] bool isSimulated() const; //!< All its answers are practice.
    [[nodiscard]] std::int64_t totalTokens() const; //!< As far as known.
    //! Of totalTokens(): what an answer has taken may not have been told, or not yet.
    [[nodiscard]] AnswerFigures::Bound tokensBound() const;

    //! Appends a question to the path and asks. Errors: InputRejected (empty, too long, nothing
    //! chosen, one runs).
    //! "/max 5c" at the beginning of \p text is no text but the message's cap.
    [[nodiscard]] Result<Done> send(const QString &text,
                                    const QList<AttachmentPart> &attachments = {},
                                    const SpendTerms &terms = {});
    //! Whether \p text would be taken now; the reason if not. Changes nothing.
    [[nodiscard]] Result<Done> checkInput(const QString &text) const;
    //! A new version of the question \p messageId, asked at once.
    [[nodiscard]] Result<Done> editAndResend(std::int64_t messageId, const QString &text,
                                             const SpendTerms &terms = {});
    //! A new version of the answer \p messageId, by the target now chosen.
    [[nodiscard]] Result<Done> regenerate(std::int64_t messageId, const SpendTerms &terms = {});
    //! Whether the answer \p messageId was cut short with text that can go on: the last of its
    //! branch, without tool calls (an incomplete call is never executed nor completed).
    [[nodiscard]] bool canContinue(std::int64_t messageId) const;
    //! The rest of that answer, in the same message, by the target now chosen. It is complete only
    //! if the rest came whole.
    [[nodiscard]] Result<Done> continueAnswer(std::int64_t messageId, const SpendTerms &terms = {});
    //! regenerate() or continueAnswer().
    [[nodiscard]] Result<Done> askAgain(std::int64_t answerId, Again how,
                                        const SpendTerms &terms = {});
    void keep(std::int64_t messageId); //!< An incomplete answer is taken as it is.
    void stop();                       //!< Cancels the running answer; its text stays.
    //! Goes back to before the question \p questionId, as if it had not been asked; what is asked
    //! then is another version of it. Nothing is lost. Does nothing while an answer runs.
    void stepBack(std::int64_t questionId);

    //! What send() would ask now, or editAndResend() of \p editedId, if that is not 0.
    [[nodiscard]] ChatRequest requestFor(const QString &typed,
                                         const QList<AttachmentPart> &attachments = {},
                                         std::int64_t editedId = 0) const;

    //! What askAgain() would ask now, for the rest with the text that there is; without messages
    //! if there is no such answer.
    [[nodiscard]] ChatRequest requestAgain(std::int64_t answerId, Again how) const;
    //! Ids of the messages that the answer \p answerId would be asked for with, its question last.
    [[nodiscard]] QList<std::int64_t> messagesOfAnswer(std::int64_t answerId) const;

    //! Whom \p request would be sent to first: a route by task looks at what is asked.
    [[nodiscard]] Target targetFor(const ChatRequest &request) const;

    //! Ids of the messages that requestFor() puts before the question, oldest first.
    [[nodiscard]] QList<std::int64_t> sentMessages(std::int64_t editedId = 0) const;

    [[nodiscard]] ChatReply *reply() const { return m_reply; } //!< nullptr: none runs.
    [[nodiscard]] bool isRunning() const { return m_reply != nullptr; }
    [[nodiscard]] std::int64_t runningMessage() const { return m_runningMessage; } //!< 0: none.

Q_SIGNALS:
    void recordChanged(); //!< Title, pin, target, options.
    void pathChanged();   //!< Messages were added or another version was chosen.
    void eventsReceived(std::int64_t messageId, const core::StreamEvents &events);
    void messageChanged(std::int64_t messageId); //!< State, error or figures of one message.
    void warned(std::int64_t messageId, const QString &sentence); //!< Nothing has failed.
    void runningChanged();
    void filesRead(); //!< isReadingFiles() has ended.
    void saved();     //!< isSaved() is true now.
    //! A budget had no room, or the disk does not write: nothing was sent or stored, and question
    //! and answer were taken back. The text of a new question is the draft again, above what
    //! was written since, and the files that it had from there are.
    void turnRefused(const core::RefusedTurn &turn);

private:
    // conversation.cpp
    [[nodiscard]] Result<Done> ask(std::int64_t questionId,
                                   const std::optional<MessageRecord> &newQuestion,
                                   const SpendTerms &terms);
    void start(MessageRecord answer, const std::optional<MessageRecord> &newQuestion,
               const SpendTerms &terms);
    void watch(ChatReply *reply);
    void conclude();
    [[nodiscard]] bool wasNeverOpened() const;
    void takeBack();
    void storeTurn();
    void dropReply();
    [[nodiscard]] bool continuesByItself(std::int64_t messageId) const;
    void takeDrained(const AttemptRecord &attempt);

    // conversationrecord.cpp
    void noteRoute();
    [[nodiscard]] QString draftWithTurn() const; //!< As if the running turn had not been sent.
    [[nodiscard]] ConversationRecord storable() const;
    void save();
    void saveSoon();

    // conversationfiles.cpp
    void takeDraftFiles(const QList<AttachmentPart> &sent);
    [[nodiscard]] QList<DraftFile> storableFiles() const;
    void writeMessages();
    void write();
    void await(const QFuture<Result<Done>> &write);

    // conversationrequests.cpp
    [[nodiscard]] ChatRequest requestUpTo(std::int64_t questionId) const;

    // conversationfigures.cpp
    [[nodiscard]] AnswerFigures liveFigures() const;
    [[nodiscard]] AnswerFigures figuresOfReply() const;
    void addReading(AnswerFigures &figures) const;

    Parts m_parts;
    ConversationRecord m_record;
    MessageTree m_tree;
    QHash<std::int64_t, AnswerFigures> m_figures;
    QList<DraftFile> m_draftFiles;
    QList<DraftFile> m_sentFiles;   //!< Of the running turn, from the draft.
    bool m_filesChanged = false;    //!< On disk there are others.
    QList<std::int64_t> m_unstored; //!< Messages to be written with the record, parents first.
    bool m_isReadingFiles = false;
    QList<Route> m_routes;
    std::optional<Route> m_route;
    QList<Target> m_fallbacks;
    QPointer<ChatReply> m_reply;
    std::unique_ptr<AnswerMeter> m_meter; //!< Of m_reply.
    std::int64_t m_runningMessage = 0;
    RefusedTurn m_turn; //!< The running one, as it would be taken back.
    std::int64_t m_leafBefore = 0;
    QString m_titleBefore;
    MessageRecord m_answerBefore; //!< The one that is continued.
    std::optional<std::pair<std::int64_t, AttemptRecord>> m_draining; //!< Message and its attempt.
    bool m_hasContinued = false;  //!< By itself, since the user last asked for something.
    std::optional<PicoUsd> m_cap; //!< Of the running turn's message, all its pieces together.
    bool m_touched; //!< It has, or deserves, a row of its own: an untouched new chat is not stored.
    Alarm m_saveAlarm;
    int m_writes = 0; //!< That the disk has not answered.
};

} // namespace core
