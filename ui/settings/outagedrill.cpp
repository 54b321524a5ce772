#include "ui/settings/outagedrill.h"

#include "core/base/whenready.h"

#include <algorithm>

namespace ui {

namespace {

core::ChatRequest drillRequest()
{
    core::ChatRequest request;
    // Not translated: the practice provider knows these words.
    request.messages = {
        {core::Role::User, {core::TextPart{QStringLiteral("Answer briefly: do you hear me?")}}}};
    return request;
}

} // namespace

OutageDrill::OutageDrill(Parts parts, QObject *parent)
    : QObject(parent)
    , m_parts(std::move(parts))
{
}

OutageDrill::~OutageDrill()
{
    if (m_running)
        m_controls->clearFault(m_report.plan.first.model);
}

core::Result<core::Done> OutageDrill::run(const DrillPlan &plan)
{
    if (m_running) {
        return core::rejected(tr("A drill is running."));
    }
    const auto controls = m_parts.startPractice();
    if (!controls)
        return controls.error();
    m_controls = *controls;
    m_controls->setFault(plan.first.model, plan.fault);
    m_running = true;
    const core::ClientOptions usual = m_parts.client.options();
    m_report = {};
    m_report.plan = plan;
    m_report.fallbackOn = usual.fallback;

    core::ClientOptions impatient = usual;
    const std::chrono::milliseconds longest = LongestSilence;
    impatient.deadlines.firstByte = std::min(usual.deadlines.firstByte, longest);
    impatient.deadlines.idle = std::min(usual.deadlines.idle, longest);
    core::Route route;
    route.targets = {plan.first};
    if (plan.second)
        route.targets.append(*plan.second);
    core::RequestContext context;
    context.workspaceId = m_parts.workspaceId;
    context.sessionId = m_parts.sessionId;
    m_parts.client.setOptions(impatient);
    m_reply = m_parts.client.send(drillRequest(), route, context, this);
    m_parts.client.setOptions(usual);
    watch();
    Q_EMIT changed();
    return core::Done{};
}

core::ReplyState OutageDrill::state() const
{
    return m_reply ? m_reply->state() : core::ReplyState::Finished;
}

void OutageDrill::watch()
{
    connect(m_reply, &core::ChatReply::stateChanged, this, &OutageDrill::changed);
    connect(m_reply, &core::ChatReply::attemptEnded, this,
            [this](const core::AttemptRecord &record) {
                m_report.attempts.append(record);
                Q_EMIT changed();
            });
    connect(m_reply, &core::ChatReply::retryScheduled, this,
            [this](int, std::chrono::milliseconds delay, const core::Error &cause) {
                m_report.waits.append(cause);
                m_report.delays.append(delay);
                Q_EMIT changed();
            });
    connect(m_reply, &core::ChatReply::finished, this, &OutageDrill::conclude);
}

void OutageDrill::stop()
{
    if (m_reply)
        m_reply->cancel();
}

void OutageDrill::conclude()
{
    m_controls->clearFault(m_report.plan.first.model);
    core::ChatReply *reply = m_reply;
    m_reply.clear();
    if (!reply->result())
        m_report.error = reply->result().error();
    m_report.attempts = reply->attempts();
    m_report.text = reply->text();
    m_report.firstToken = reply->firstToken();
    m_report.elapsed = reply->elapsed();
    reply->deleteLater();
    readLedger(reply->requestId());
}

void OutageDrill::readLedger(std::int64_t requestId)
{
    // What is read must have been written: first wait for that.
    core::whenReady(this, m_parts.journal.drained(), [this, requestId](const auto &drained) {
        if (!drained)
            return end();
        core::whenReady(this, m_parts.repository.attempts(requestId), [this](const auto &rows) {
            if (rows)
                m_report.ledger = *rows;
            end();
        });
    });
}

void OutageDrill::end()
{
    m_running = false;
    Q_EMIT changed();
    Q_EMIT finished();
}

} // namespace ui
