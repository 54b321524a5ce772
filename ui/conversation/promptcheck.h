#pragma once

#include "core/conversation/promptguard.h"

#include <QObject>

namespace ui {

class Composer;

//! Asks before a message leaves that holds a secret or something the user blocks: once a text, in
//! the composer's notice. UI thread; the composer must outlive it.
class PromptCheck final : public QObject
{
    Q_OBJECT
public:
    //! What the text would leave for.
    enum class Use { Send, Count };

    explicit PromptCheck(Composer &composer, QObject *parent = nullptr);

    void setBlocked(const QStringList &patterns); //!< As PromptGuard takes them.
    //! Whether \p text may leave now. If not, the composer asks.
    [[nodiscard]] bool passes(const QString &text, Use use = Use::Send);
    //! The composer's notice was answered. False: the notice was not ours.
    bool answer(int action);
    void drop() { m_asked.clear(); } //!< The notice was taken away: it is no question any more.

Q_SIGNALS:
    //! It may leave for this use all the same; passes() lets it through.
    void confirmed(const QString &text, ui::PromptCheck::Use use);

private:
    Composer &m_composer;
    core::PromptGuard m_guard;
    QString m_asked;       //!< The text in question; empty: nothing is asked.
    Use m_use = Use::Send; //!< Of m_asked.
    QString m_confirmed;   //!< May leave as it is.
};

} // namespace ui
