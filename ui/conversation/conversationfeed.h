#pragma once

#include "core/conversation/conversation.h"
#include "ui/theme/themesource.h"
#include "ui/transcript/transcriptview.h"

#include <QObject>
#include <QPointer>
#include <QSet>
#include <QTimer>

#include <functional>

namespace ui {

//! Keeps a TranscriptView showing a Conversation: its path, the running answer, figures and errors,
//! and what can be done with each message. Does by itself what needs nobody else (copying,
//! versions, making again, stopping a wait); asks for the rest by signals. UI thread; conversation
//! and view must outlive it or be taken away. What can be done with a message stands in
//! conversationfeedactions.cpp.
class ConversationFeed : public QObject
{
    Q_OBJECT
public:
    //! What people call things by.
    struct Names
    {
        std::function<QString(const core::Target &)> model; //!< "Claude Sonnet 4.5".
        std::function<QString(const QString &)> provider;   //!< By id: "Anthropic".
    };
    //! Which actions stand under an answer.
    enum class Actions { Full, CopyOnly };

    ConversationFeed(TranscriptView &view, const ThemeSource &theme, Names names, Actions actions,
                     QObject *parent = nullptr);

    void setConversation(core::Conversation *conversation); //!< nullptr: shows nothing.
    //! Scrolls to a message, on another branch if it stands there and nothing runs. False: it has
    //! none with that id.
    bool showMessage(std::int64_t messageId);
    //! The chat asks \p route from now on, also for the answer \p answerId if that still waits:
    //! its wait ends as cancelled, and what was asked is asked anew, as another version.
    void askInstead(std::int64_t answerId, const core::Route &route);

Q_SIGNALS:
    void warned(const QString &sentence); //!< A setting or file that the service lacks.
    void editRequested(std::int64_t questionId, const QString &text);
    void branched(); //!< What is asked next goes on from an earlier answer, now the last in sight.
    void otherModelRequested();
    //! Whoever knows how much a model takes looks first.
    void againRequested(std::int64_t answerId, core::Conversation::Again how);
    void insteadRequested(std::int64_t answerId);    //!< While it waits; askInstead() answers.
    void fitRequested(std::int64_t answerId);        //!< Its prompt was too long.
    void detailsRequested(const QString &messageId); //!< The chip that counts attempts.
    void keySettingsRequested(const QString &provider);
    //! The reader wants to hear of it when the answer's service may be asked again.
    void reminderRequested(std::int64_t answerId, core::UtcTime at);
    void linkRequested(const QString &text, const QString &url);
    void refused(const QString &sentence); //!< Something asked for here cannot be done; for the
                                           //!< composer's notice.

private:
    void show();
    void pathChanged();
    void take(std::int64_t messageId, const core::StreamEvents &events);
    void refresh(std::int64_t messageId);
    void tick();
    void act(const QString &messageId, const QString &action);
    void decide(core::Choice choice);
    void waitLonger(std::int64_t messageId);
    void branchFrom(std::int64_t answerId);
    void followChoice(); //!< Of whom the next turn asks.
    void showVersion(const QString &messageId, int step);
    [[nodiscard]] VersionPosition versionOf(std::int64_t messageId) const;
    [[nodiscard]] QString seamOf(std::int64_t messageId) const;
    [[nodiscard]] TranscriptMessage rendered(const core::MessageRecord &message) const;
    [[nodiscard]] QString headerText(const core::MessageRecord &message, const core::Target &first,
                                     const QList<std::pair<QString, QString>> &failedBefore) const;
    [[nodiscard]] MessageHeader headerOf(const core::MessageRecord &message) const;
    [[nodiscard]] QString reasoningOf(const core::MessageRecord &message) const;
    [[nodiscard]] QList<FooterSegment> footerOf(const core::MessageRecord &message) const;
    [[nodiscard]] QList<MessageAction> actionsOf(const core::MessageRecord &message) const;
    [[nodiscard]] QList<MessageAction> waitActions(core::ReplyState state) const;
    [[nodiscard]] std::optional<ErrorCard> cardOf(const core::MessageRecord &message) const;
    //! When it is possible again, while that is still to come.
    [[nodiscard]] std::optional<core::UtcTime>
    possibleAgainOf(const core::MessageRecord &message) const;
    void remind(const core::MessageRecord &message);
    [[nodiscard]] QStringList writersOf(const core::MessageRecord &message) const;
    [[nodiscard]] QList<TextSeam> seamsOf(const core::MessageRecord &message) const;
    [[nodiscard]] core::Error named(core::Error error) const;
    [[nodiscard]] QString waitingText() const;
    [[nodiscard]] QString questionText(const core::ChatReply &reply) const;
    [[nodiscard]] QString turnText(const core::ChatReply &reply) const;

    TranscriptView &m_view;
    const ThemeSource &m_theme;
    Names m_names;
    Actions m_actions;
    QPointer<core::Conversation> m_conversation;
    QList<std::int64_t> m_shown;   //!< Ids on screen, oldest first.
    QSet<std::int64_t> m_reminded; //!< Answers whose reminder was asked for, of any chat.
    QTimer m_tick;                 //!< Once a second: what a running answer counts and waits for.
};

} // namespace ui
