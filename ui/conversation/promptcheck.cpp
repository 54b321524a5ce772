#include "ui/conversation/promptcheck.h"

#include "core/base/whenready.h"
#include "core/chat/attachment.h"
#include "ui/transcript/composer.h"

#include <QtConcurrentRun>

#include <utility>

namespace ui {

namespace {

//! Of files: so much is looked through without being noticed.
constexpr qsizetype LookedThroughAtOnce = 256 * 1024;

qsizetype bytesOf(const QList<core::AttachmentPart> &files)
{
    qsizetype bytes = 0;
    for (const core::AttachmentPart &file : files)
        bytes += core::isText(file) ? file.data.size() : 0;
    return bytes;
}

} // namespace

PromptCheck::PromptCheck(Composer &composer, QObject *parent)
    : QObject(parent)
    , m_composer(composer)
{
    connect(&composer, &Composer::draftChanged, this, [this](const QString &text) {
        if (m_prompt && text != m_prompt->text)
            promptChanged();
    });
}

void PromptCheck::setBlocked(const QStringList &patterns)
{
    if (std::exchange(m_blocked, patterns) == patterns)
        return;
    m_guard = core::PromptGuard(patterns);
    m_known.clear();
}

bool PromptCheck::passes(const core::OutgoingPrompt &prompt, Use use)
{
    if (m_confirmed && prompt == *m_confirmed)
        return true;
    drop();
    m_prompt = prompt;
    m_use = use;
    core::OutgoingPrompt unseen = prompt;
    for (QStringList *texts : {&unseen.systems, &unseen.schemas})
        texts->removeIf([this](const QString &text) { return m_known.contains(text); });
    if (bytesOf(unseen.files) <= LookedThroughAtOnce) {
        const bool isFine = passesBy(m_guard.warningOn(unseen));
        if (isFine)
            drop();
        return isFine;
    }
    core::whenReady(
        this, QtConcurrent::run([guard = m_guard, unseen] { return guard.warningOn(unseen); }),
        [this, look = m_look](const QString &warning) {
            if (look == m_look && passesBy(warning))
                confirm();
        });
    return false;
}

//! Asks about m_prompt if there is a \p warning.
bool PromptCheck::passesBy(const QString &warning)
{
    if (warning.isEmpty())
        return true;
    m_isAsked = true;
    m_composer.showNotice(
        Tone::Warning, tr("%1 It would leave this computer.").arg(warning),
        {m_use == Use::Count ? tr("Count it anyway") : tr("Send it anyway"), tr("Edit")});
    return false;
}

void PromptCheck::confirm()
{
    m_confirmed = std::exchange(m_prompt, std::nullopt);
    m_isAsked = false;
    Q_EMIT confirmed(m_confirmed->text, m_use);
    m_confirmed.reset();
}

bool PromptCheck::answer(int action)
{
    if (!m_isAsked)
        return false;
    m_composer.hideNotice();
    m_composer.setFocus(Qt::OtherFocusReason);
    if (action != 0) {
        drop();
        return true;
    }
    for (const QString &text : m_prompt->systems + m_prompt->schemas) {
        if (!m_known.contains(text))
            m_known.append(text);
    }
    confirm();
    return true;
}

void PromptCheck::drop()
{
    ++m_look;
    m_isAsked = false;
    m_prompt.reset();
}

void PromptCheck::promptChanged()
{
    const bool isShown = m_isAsked;
    drop();
    if (isShown)
        m_composer.hideNotice();
}

} // namespace ui
