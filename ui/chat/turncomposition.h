#pragma once

#include "core/client/warmprompt.h"
#include "core/conversation/conversation.h"
#include "core/conversation/promptguard.h"
#include "core/conversation/turnsequence.h"
#include "ui/conversation/conversationfeed.h"
#include "ui/conversation/sendforecast.h"
#include "ui/theme/themesource.h"

#include <QHash>
#include <QObject>
#include <QPointer>
#include <QSet>
#include <QTimer>

#include <functional>

class QImage;

namespace core {
class TokenCounter;
} // namespace core

namespace ui {

class AttachedFiles;
class BudgetQuestion;
class CacheNotice;
class Composer;
class ExactCount;
class OptionsPopup;
class PromptCheck;
class RoomQuestion;

//! The turn that is being written: text, files and options in the composer, what it may cost, the
//! questions that stand between Send and sending, and a question's new version. Belongs to the
//! screen whose composer it fills; the chat that it is for can change. UI thread.
//! How it is sent, and comes back, stands in turnsending.cpp.
class TurnComposition final : public QObject
{
    Q_OBJECT
public:
    //! \p composer must outlive it.
    TurnComposition(Composer &composer, const ThemeSource &theme, ConversationFeed::Names names,
                    QObject *parent);

    void setConversation(core::Conversation *conversation); //!< nullptr: nothing is open.
    void setBlockedPatterns(const QStringList &patterns);
    //! Who says what the turn may take; until then the composer does not.
    void setForecastSource(SendForecast::Answer answer);
    //! Who asks services for their own count, when the person does; until then nobody offers it.
    void setTokenCounter(core::TokenCounter *counter);
    //! Who says what another model costs more, where a service keeps the chat's prompt.
    void setCacheLoss(core::TellCacheLoss tell);
    //! Who knows how much a model takes, in tokens.
    void setContextLimit(std::function<std::optional<std::int64_t>(const core::Target &)> limit);

    //! What is written, with its files, as it would be asked now; none: nothing is.
    [[nodiscard]] std::optional<core::ChatRequest> nextRequest() const;
    void addFiles(const QList<QUrl> &files);
    void setNotice(const QString &sentence); //!< Above the composer; empty takes it away.
    void openOptions();
    void editLast();
    //! The composer holds a new version of \p questionId until it is sent or given up.
    void beginEdit(std::int64_t questionId, const QString &text);
    bool endEdit();     //!< False: nothing was edited.
    void beginBranch(); //!< The chat went back to an earlier answer: says what Send does now.
    //! Send was pressed and waits for files that are being read: it is not sent then. False: none
    //! waits.
    bool stopWaiting();
    //! The answer \p answerId failed since its prompt was too long: goes back to before its
    //! question, and asks what to do.
    void makeFit(std::int64_t answerId);
    //! Asks for the answer \p answerId again, or for its rest; first what to do, if its model has
    //! no room.
    void askAgain(std::int64_t answerId, core::Conversation::Again how);

Q_SIGNALS:
    void modelRequested();
    void budgetRequested(std::int64_t id); //!< To be changed.

private:
    void connectComposer();
    void connectFiles();
    void connectQuestions();
    //! Whether files are being read: \p then runs once they are there, unless the text is another
    //! one by then, one of the files cannot be read, or it was stopped.
    [[nodiscard]] bool waits(const std::function<void()> &then);
    void filesChanged(std::int64_t chat);
    void keepFiles(core::Conversation &conversation);
    void send();
    void sendWritten(const core::SpendTerms &terms);
    void takeBack(const core::RefusedTurn &turn);
    void sendAgain(const core::SpendTerms &terms);
    void sendAnswerAgain(std::int64_t answerId, core::Conversation::Again how,
                         const core::SpendTerms &terms = {});
    void attach();
    [[nodiscard]] bool takesFiles(); //!< False, and why is said: a new version is written.
    void write(const QString &text);
    void showDraft();
    void noteOnward();
    void writtenChanged();
    void dropQuestions();
    void leave();
    void tellUnsent();
    void sendAll(const QList<core::TurnSequence::Turn> &turns);
    void noteAddition(const QString &draft);
    void sequenceAdvanced();
    void sequenceEnded(const std::optional<core::Error> &error);
    [[nodiscard]] core::TurnSequence::Turn written() const;
    [[nodiscard]] core::OutgoingPrompt outgoing() const;
    void refresh();
    [[nodiscard]] std::optional<core::Target> lead() const;
    [[nodiscard]] core::Target nextTarget() const;
    void showModel();
    void refreshHint();
    void refreshCount();
    void countExactly();
    void showFiles();
    [[nodiscard]] QString waitText() const;
    [[nodiscard]] QList<core::ForecastQuestion> nextQuestion() const;

    Composer &m_composer;
    const ThemeSource &m_theme;
    ConversationFeed::Names m_names;
    QPointer<core::Conversation> m_conversation;
    std::int64_t m_editing = 0; //!< The question whose new version the composer holds; 0: none.
    struct Edit
    {
        std::int64_t question = 0;
        QString text;
    };
    QHash<std::int64_t, Edit> m_leftEdits; //!< New versions begun in chats that were left.
    AttachedFiles *m_files;
    //! Chats that were left while files of theirs were being read.
    QHash<std::int64_t, QPointer<core::Conversation>> m_leftReading;
    OptionsPopup *m_options = nullptr; //!< Made when it is first opened: a start need not wait.
    PromptCheck *m_check;
    BudgetQuestion *m_budget;
    RoomQuestion *m_room;
    QPointer<core::TurnSequence> m_sequence; //!< What is sent one after the other, while it is.
    QString m_rest;                          //!< What of the draft is still to be sent by it...
    QString m_added;                         //!< ...and what was typed behind that meanwhile.
    QSet<std::int64_t> m_leftUnsent; //!< Chats that were left meanwhile, and are to be told.
    std::function<void()> m_wait;    //!< What is done once all files are read; none: nothing.
    QString m_waitText;              //!< The text that it is about.
    SendForecast *m_forecast;
    QTimer m_soFar; //!< Runs while what an answer has taken is older than what has come of it.
    ExactCount *m_exact;
    CacheNotice *m_cache;
    std::int64_t m_branchAt = 0; //!< The answer that a notice says the next turn goes on from.
    core::RefusedTurn m_refused; //!< What the budget's question is about.
};

} // namespace ui
