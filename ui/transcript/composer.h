#pragma once

#include "ui/transcript/composeredit.h"
#include "ui/transcript/filetiles.h"
#include "ui/widgets/statuspill.h"

#include <QWidget>

namespace ui {

class IconButton;
class NoticeBar;
class PillButton;
class PlainLabel;

//! Where a message is written: a field that grows to 40 % of the window, chips for model and
//! options, a hint (expected or running cost), Send or Stop, and one line of warning above.
//!
//! It sends nothing and clears nothing by itself: the owner takes sendRequested() and calls
//! setText({}) once the message is accepted. It stays editable while an answer runs; Enter then
//! does nothing.
class Composer final : public QWidget
{
    Q_OBJECT
public:
    explicit Composer(const ThemeSource &theme, QWidget *parent = nullptr);

    [[nodiscard]] QString text() const;
    void setText(const QString &text); //!< A draft; puts the caret at the end. Emits nothing.
    void setPlaceholder(const QString &text);
    void setSendKey(SendKey key);
    void sendByKey(); //!< As the field's own key does, from a shortcut of the window.

    void setModel(const QString &name,
                  const QColor &dot);            //!< Name is foreign; shown as plain text.
    void setModelShown(bool shown);              //!< A comparison has no model chip.
    void setOptionsCount(int differing);         //!< How many differ from the defaults.
    void setOptionsShown(bool shown);            //!< Off until the owner can open them.
    void setAttachShown(bool shown);             //!< Off: no button, files are not taken.
    void setFiles(const QList<FileTile> &files); //!< With any, a message without text can be sent.
    void setHint(const QString &text);           //!< "9,810 in · ≥ $0.0067 so far".
    //! A link behind the hint; without text there is none.
    void setHintAction(const QString &text, bool enabled = true);
    void setRunning(bool running); //!< Send becomes Stop.
    void setButtonTexts(const QString &send, const QString &stop);

    void showNotice(Tone tone, const QString &text, const QStringList &actions = {});
    void hideNotice();
    [[nodiscard]] QString noticeText() const; //!< Empty: none is shown.

Q_SIGNALS:
    //! Never empty, never only white space, unless files are attached.
    void sendRequested(const QString &text);
    void attachRequested(); //!< The button: the owner asks which files.
    void filesGiven(const QList<QUrl> &files);
    void imageGiven(const QImage &image);
    void fileRemoved(int index);
    void stopRequested();
    void draftChanged(const QString &text); //!< By the user.
    void modelRequested();
    void optionsRequested();
    void hintActionRequested();
    void editLastRequested();
    void noticeActionChosen(int index);

protected:
    void paintEvent(QPaintEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void build();
    void fit();
    void dress();
    void updateButton();
    [[nodiscard]] bool canSend() const;
    void send();

    const ThemeSource &m_theme;
    NoticeBar *m_notice;
    QWidget *m_box;
    ComposerEdit *m_edit;
    FileTiles *m_files;
    IconButton *m_attach;
    PillButton *m_model;
    PillButton *m_options;
    PlainLabel *m_hint;
    PillButton *m_hintAction;
    PillButton *m_button;
    QString m_sendText, m_stopText;
    bool m_hasFiles = false;
    bool m_running = false;
    bool m_setting = false; //!< The text changes by setText().
};

} // namespace ui
