#pragma once

#include "core/client/warmprompt.h"
#include "core/conversation/conversation.h"
#include "ui/chat/detailspanel.h"
#include "ui/conversation/conversationfeed.h"
#include "ui/conversation/sendforecast.h"
#include "ui/theme/themesource.h"
#include "ui/widgets/workspacemenu.h"

#include <QTimer>
#include <QWidget>

class QVBoxLayout;

namespace core {
class TokenCounter;
} // namespace core

namespace ui {

class ChatHeader;
class Composer;
class DetailsFeed;
class FindBar;
class TranscriptView;
class TurnComposition;
enum class SendKey;

//! The Chats place: the header of a chat, its messages and the composer. Shows one conversation at
//! a time; the others go on without it. UI thread.
class ChatScreen final : public QWidget
{
    Q_OBJECT
public:
    ChatScreen(const ThemeSource &theme, ConversationFeed::Names names, QWidget *parent = nullptr);

    void show(core::Conversation *conversation); //!< nullptr: nothing is open.
    [[nodiscard]] core::Conversation *conversation() const { return m_conversation; }
    //! Scrolls to a message of the chat, on another branch if it stands there; nothing else: stays.
    void showMessage(std::int64_t messageId);
    [[nodiscard]] QWidget *modelChip() const; //!< Where the picker opens.
    //! What would be asked next, with its files; none: nothing is written.
    [[nodiscard]] std::optional<core::ChatRequest> nextRequest() const;
    //! As ConversationFeed::askInstead().
    void askInstead(std::int64_t answerId, const core::Route &route);

    //! What fills an empty chat (first run); the screen owns it from then on. nullptr: nothing.
    void setWelcome(QWidget *welcome);
    //! The panel at the right, made when it is first shown. Docked where the window is wide, else
    //! above the messages. Emits nothing.
    void setDetailsShown(bool shown);
    void setDetailSources(const DetailSources &sources); //!< Once, before the panel is shown.
    void refreshDetails();                               //!< The ledger has changed.

    void setFollowAnswers(bool follow);
    void setAnnouncements(Announcements which);
    void setWideColumn(bool wide);
    void setSendKey(SendKey key);
    void setBlockedPatterns(const QStringList &patterns);
    void setWorkspaces(const QList<WorkspaceName> &names); //!< The header names the chat's.
    void setNotice(const QString &sentence); //!< Above the composer; empty takes it away.

    void startFind();
    //! Esc, the first that applies: ends finding, editing, or the running answer. False: none did.
    bool escape();
    void copyLastAnswer();
    //! The first time it only says what it will cost, for a few seconds.
    void regenerateOnSecondPress();
    void goToMessage(int step);
    void focusComposer();

    //! Who says what the next message may take; until then the composer does not.
    void setForecastSource(SendForecast::Answer answer);
    //! Who says what another model costs more, where a service keeps the chat's prompt.
    void setCacheLoss(core::TellCacheLoss tell);
    //! Who asks services for their own count of it, when the reader does. Must outlive this.
    void setTokenCounter(core::TokenCounter *counter);

Q_SIGNALS:
    void modelRequested(); //!< The chip or an error card asks for the picker.
    void insteadRequested(std::int64_t answerId); //!< While it waits; askInstead() answers.
    void keySettingsRequested(const QString &provider);
    void reminderRequested(std::int64_t answerId, core::UtcTime at); //!< As ConversationFeed's.
    void detailsToggled(bool shown); //!< By the reader; what is remembered is the owner's.
    void deleteRequested(std::int64_t conversationId);
    void archiveRequested(std::int64_t conversationId); //!< Undo is the owner's.
    void moveRequested(std::int64_t conversationId, std::int64_t workspaceId); //!< Likewise.
    void budgetRequested(std::int64_t id);                                     //!< To be changed.

private:
    void build();
    void connectParts();
    void connectHeader();
    void refreshHeader();
    void regenerateLast();
    void openDetailsOf(const QString &messageId);
    void placeDetails();
    bool eventFilter(QObject *watched, QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

    const ThemeSource &m_theme;
    ConversationFeed::Names m_names;
    QPointer<core::Conversation> m_conversation;

    ChatHeader *m_header;
    TranscriptView *m_view;
    FindBar *m_find;
    Composer *m_composer;
    TurnComposition *m_turn;
    QWidget *m_welcomePlace;
    QWidget *m_welcome = nullptr;
    ConversationFeed *m_feed;
    QTimer m_regenerateArmed; //!< Runs while a second press makes the answer again.
    QString m_regenerateNotice;
    DetailSources m_detailSources;
    DetailsPanel *m_details = nullptr; //!< From its first showing on.
    DetailsFeed *m_detailsFeed = nullptr;
};

} // namespace ui
