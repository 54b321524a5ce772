#pragma once

#include "core/conversation/promptguard.h"

#include <QObject>

#include <optional>

namespace ui {

class Composer;

//! Asks before a message leaves that holds a secret or something the user blocks, be it in the
//! text, in a file or in the system prompt: once a message, in the composer's notice; about the
//! same system prompt only once. UI thread, large files are looked through in the pool; the
//! composer must outlive it.
class PromptCheck final : public QObject
{
    Q_OBJECT
public:
    //! What the text would leave for.
    enum class Use { Send, Count };

    explicit PromptCheck(Composer &composer, QObject *parent = nullptr);

    void setBlocked(const QStringList &patterns); //!< As PromptGuard takes them.
    //! Whether \p prompt may leave now. If not, the composer asks, or confirmed() comes once its
    //! files were looked through.
    [[nodiscard]] bool passes(const core::OutgoingPrompt &prompt, Use use = Use::Send);
    //! The composer's notice was answered. False: the notice was not ours.
    bool answer(int action);
    void drop();          //!< The notice was taken away: it is no question any more.
    void promptChanged(); //!< It is another one now: what was asked is taken away.

Q_SIGNALS:
    //! It may leave for this use; passes() lets it through.
    void confirmed(const QString &text, ui::PromptCheck::Use use);

private:
    [[nodiscard]] bool passesBy(const QString &warning);
    void confirm();

    Composer &m_composer;
    QStringList m_blocked;
    core::PromptGuard m_guard;
    std::optional<core::OutgoingPrompt> m_prompt;    //!< In question, or being looked through.
    bool m_isAsked = false;                          //!< About m_prompt, in the notice.
    int m_look = 0;                                  //!< What an older one finds is not told.
    Use m_use = Use::Send;                           //!< Of m_prompt.
    std::optional<core::OutgoingPrompt> m_confirmed; //!< May leave as it is.
    QStringList m_known; //!< System prompts and schemas that were confirmed along with a message.
};

} // namespace ui
