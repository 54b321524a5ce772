#include "ui/chat/exactcount.h"

#include "core/base/whenready.h"

namespace ui {

ExactCount::ExactCount(QObject *parent)
    : QObject(parent)
{
}

void ExactCount::setCounter(core::TokenCounter *counter)
{
    drop();
    m_counter = counter;
    Q_EMIT changed();
}

bool ExactCount::canCount(const core::Target &target) const
{
    return m_counter && m_counter->canCount(target);
}

void ExactCount::count(const core::ForecastQuestion &question)
{
    drop();
    if (!canCount(question.target))
        return;
    m_question = question;
    m_isCounting = true;
    m_running = m_counter->count(question.request, question.target);
    core::whenReady(this, m_running,
                    [this](const core::Result<core::TokenCount> &result) { take(result); });
    Q_EMIT changed();
}

void ExactCount::drop()
{
    const bool wasAnything = m_isCounting || m_count;
    if (m_isCounting)
        m_running.cancel(); // closes its socket; take() is never called
    m_isCounting = false;
    m_count.reset();
    m_question = {};
    if (wasAnything)
        Q_EMIT changed();
}

std::optional<core::TokenCount> ExactCount::countOf(const core::ForecastQuestion &question) const
{
    const bool isThis =
        m_count && m_question.target == question.target && m_question.request == question.request;
    return isThis ? m_count : std::nullopt;
}

void ExactCount::take(const core::Result<core::TokenCount> &result)
{
    if (!m_isCounting)
        return;
    m_isCounting = false;
    if (result)
        m_count = *result;
    Q_EMIT changed();
    if (!result)
        Q_EMIT failed(result.error());
}

} // namespace ui
