#include "ui/conversation/promptcheck.h"

#include "ui/transcript/composer.h"

#include <utility>

namespace ui {

PromptCheck::PromptCheck(Composer &composer, QObject *parent)
    : QObject(parent)
    , m_composer(composer)
{
    connect(&composer, &Composer::draftChanged, this, [this](const QString &text) {
        if (!m_asked.isEmpty() && text != m_asked) {
            m_asked.clear();
            m_composer.hideNotice();
        }
    });
}

void PromptCheck::setBlocked(const QStringList &patterns)
{
    m_guard = core::PromptGuard(patterns);
}

bool PromptCheck::passes(const QString &text, Use use)
{
    if (text == m_confirmed)
        return true;
    const QList<core::PromptConcern> concerns = m_guard.concernsOf(text);
    if (concerns.isEmpty())
        return true;
    m_asked = text;
    m_use = use;
    m_composer.showNotice(
        Tone::Warning, tr("%1 It would leave this computer.").arg(core::concernText(concerns)),
        {use == Use::Count ? tr("Count it anyway") : tr("Send it anyway"), tr("Edit")});
    return false;
}

bool PromptCheck::answer(int action)
{
    if (m_asked.isEmpty())
        return false;
    const QString text = std::exchange(m_asked, {});
    m_composer.hideNotice();
    m_composer.setFocus(Qt::OtherFocusReason);
    if (action == 0) {
        m_confirmed = text;
        Q_EMIT confirmed(text, m_use);
        m_confirmed.clear();
    }
    return true;
}

} // namespace ui
