#pragma once

#include <QPlainTextEdit>

namespace ui {

enum class SendKey { Enter, ControlEnter };

//! The composer's text field: pastes plain text only and tells keys apart. Enter during IME
//! composition belongs to the input method.
class ComposerEdit final : public QPlainTextEdit
{
    Q_OBJECT
public:
    explicit ComposerEdit(QWidget *parent = nullptr);

    void setSendKey(SendKey key) { m_sendKey = key; }

Q_SIGNALS:
    void sendRequested();
    void editLastRequested();               //!< Up, in an empty field.
    void hiddenCharactersPasted(int count); //!< Zero-width, bidi and tag characters; at least 1.

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void inputMethodEvent(QInputMethodEvent *event) override;
    [[nodiscard]] bool canInsertFromMimeData(const QMimeData *source) const override;
    void insertFromMimeData(const QMimeData *source) override;

private:
    [[nodiscard]] bool sends(const QKeyEvent &event) const;

    SendKey m_sendKey = SendKey::Enter;
    bool m_composing = false;
};

} // namespace ui
