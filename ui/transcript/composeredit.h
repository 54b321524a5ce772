#pragma once

#include <QImage>
#include <QPlainTextEdit>
#include <QUrl>

namespace ui {

enum class SendKey { Enter, ControlEnter };

//! The composer's text field: pastes plain text only, hands on files and images, and tells keys
//! apart. Enter during IME composition belongs to the input method.
class ComposerEdit final : public QPlainTextEdit
{
    Q_OBJECT
public:
    explicit ComposerEdit(QWidget *parent = nullptr);

    void setSendKey(SendKey key) { m_sendKey = key; }
    void setTakesFiles(bool takes) { m_takesFiles = takes; } //!< Off: only text is pasted.
    [[nodiscard]] bool isComposing() const;                  //!< An input method is not done yet.

Q_SIGNALS:
    void sendRequested();
    void editLastRequested();                  //!< Up, in an empty field.
    void filesGiven(const QList<QUrl> &files); //!< Pasted or dropped; local files only.
    void imageGiven(const QImage &image);      //!< Pasted or dropped, as pixels.
    void hiddenCharactersPasted(int count);    //!< Zero-width, bidi and tag characters; at least 1.

protected:
    void keyPressEvent(QKeyEvent *event) override;
    [[nodiscard]] bool canInsertFromMimeData(const QMimeData *source) const override;
    void insertFromMimeData(const QMimeData *source) override;

private:
    void alignText();
    [[nodiscard]] bool takeFiles(const QMimeData &source);
    [[nodiscard]] bool sends(const QKeyEvent &event) const;

    SendKey m_sendKey = SendKey::Enter;
    bool m_takesFiles = false;
};

} // namespace ui
