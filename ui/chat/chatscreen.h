#pragma once

#include "core/conversation/conversation.h"
#include "ui/conversation/conversationfeed.h"
#include "ui/theme/themesource.h"

#include <QWidget>

class QLineEdit;
class QStackedLayout;

namespace ui {

class AttachedFiles;
class Composer;
class FindBar;
class OptionsPopup;
class PromptCheck;
class PlainLabel;
class TranscriptView;
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
    [[nodiscard]] QWidget *modelChip() const; //!< Where the picker opens.

    //! What fills an empty chat (first run); the screen owns it from then on. nullptr: nothing.
    void setWelcome(QWidget *welcome);
    void setFollowAnswers(bool follow);
    void setWideColumn(bool wide);
    void setSendKey(SendKey key);
    void setBlockedPatterns(const QStringList &patterns);
    void setNotice(const QString &sentence); //!< Above the composer; empty takes it away.

    void startFind();
    //! Esc, the first that applies: ends finding, editing, or the running answer. False: none did.
    bool escape();
    void copyLastAnswer();
    void goToMessage(int step);
    void focusComposer();

Q_SIGNALS:
    void modelRequested(); //!< The chip or an error card asks for the picker.
    void keySettingsRequested(const QString &provider);

private:
    void buildHeader(const ThemeSource &theme);
    void connectParts();
    void connectFiles();
    void send(const QString &text);
    void editLast();
    void beginEdit(std::int64_t questionId, const QString &text);
    void endEdit();
    void refreshHeader();
    void refreshComposer();
    void refreshHint();
    void rename();
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

    const ThemeSource &m_theme;
    ConversationFeed::Names m_names;
    QPointer<core::Conversation> m_conversation;
    std::int64_t m_editing = 0; //!< The question whose new version the composer holds; 0: none.

    QWidget *m_header;
    PlainLabel *m_title;
    QLineEdit *m_titleEdit;
    PlainLabel *m_cost;
    PlainLabel *m_tokens;
    TranscriptView *m_view;
    FindBar *m_find;
    Composer *m_composer;
    AttachedFiles *m_files;
    OptionsPopup *m_options;
    PromptCheck *m_check;
    QWidget *m_welcomePlace;
    QWidget *m_welcome = nullptr;
    ConversationFeed *m_feed;
};

} // namespace ui
