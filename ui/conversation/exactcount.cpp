#include "ui/conversation/exactcount.h"

#include "core/base/whenready.h"

#include <algorithm>

namespace ui {

namespace {

bool isSame(const core::ForecastQuestion &one, const core::ForecastQuestion &other)
{
    return one.target == other.target && one.request == other.request;
}

} // namespace

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

void ExactCount::count(const QList<core::ForecastQuestion> &questions)
{
    drop();
    for (const core::ForecastQuestion &question : questions) {
        const bool isAsked = std::any_of(m_calls.cbegin(), m_calls.cend(), [&](const Call &call) {
            return isSame(call.question, question);
        });
        if (isAsked || !canCount(question.target))
            continue;
        const Call call{question, m_counter->count(question.request, question.target)};
        core::whenReady(this, call.running,
                        [this, round = m_round,
                         place = m_calls.size()](const core::Result<core::TokenCount> &result) {
                            take(round, place, result);
                        });
        m_calls.append(call);
    }
    if (!m_calls.isEmpty())
        Q_EMIT changed();
}

void ExactCount::drop()
{
    const bool wasAnything = isCounting() || hasCount();
    for (Call &call : m_calls) {
        if (call.isRunning)
            call.running.cancel(); // closes its socket; take() is never called
    }
    m_calls.clear();
    ++m_round;
    if (wasAnything)
        Q_EMIT changed();
}

bool ExactCount::isCounting() const
{
    return std::any_of(m_calls.cbegin(), m_calls.cend(),
                       [](const Call &call) { return call.isRunning; });
}

bool ExactCount::hasCount() const
{
    return std::any_of(m_calls.cbegin(), m_calls.cend(),
                       [](const Call &call) { return call.count.has_value(); });
}

std::optional<core::TokenCount> ExactCount::countOf(const core::ForecastQuestion &question) const
{
    const auto call = std::find_if(m_calls.cbegin(), m_calls.cend(), [&](const Call &one) {
        return one.count && isSame(one.question, question);
    });
    return call == m_calls.cend() ? std::nullopt : call->count;
}

void ExactCount::take(quint64 round, qsizetype place, const core::Result<core::TokenCount> &result)
{
    if (round != m_round)
        return;
    Call &call = m_calls[place];
    call.isRunning = false;
    if (result)
        call.count = *result;
    const core::Target target = call.question.target;
    Q_EMIT changed();
    if (!result)
        Q_EMIT failed(target, result.error());
}

} // namespace ui
