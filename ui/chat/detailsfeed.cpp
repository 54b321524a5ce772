#include "ui/chat/detailsfeed.h"

#include "core/base/whenready.h"

#include <algorithm>
#include <array>

namespace ui {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr auto Interval = 100ms;
//! An id's upper bits are its time (IdSource): when Send was pressed.
constexpr int IdCounterBits = 20;

core::UtcTime sentAt(std::int64_t requestId)
{
    return core::UtcTime(milliseconds(requestId >> IdCounterBits));
}

bool isOpen(const core::AttemptRecord &attempt)
{
    return attempt.outcome == core::AttemptOutcome::Open ||
           attempt.costBasis == core::CostBasis::Draining; // the rest is counted unseen
}

milliseconds endOf(const QList<core::AttemptRecord> &attempts, core::UtcTime sent)
{
    if (attempts.isEmpty())
        return milliseconds(0);
    return attempts.last().queuedAt - sent + attempts.last().times.end;
}

} // namespace

DetailsFeed::DetailsFeed(DetailsPanel &panel, DetailSources sources, QObject *parent)
    : QObject(parent)
    , m_panel(panel)
    , m_sources(std::move(sources))
{
    m_soon.setSingleShot(true);
    m_soon.setInterval(Interval);
    connect(&m_soon, &QTimer::timeout, this, &DetailsFeed::refresh);
}

void DetailsFeed::setConversation(core::Conversation *conversation)
{
    if (m_conversation)
        m_conversation->disconnect(this);
    m_conversation = conversation;
    m_chosen = 0;
    m_known = {};
    m_earlier = {};
    if (conversation) {
        connect(conversation, &core::Conversation::pathChanged, this, &DetailsFeed::pathChanged);
        connect(conversation, &core::Conversation::messageChanged, this,
                &DetailsFeed::messageChanged);
    }
    refresh();
}

void DetailsFeed::choose(std::int64_t messageId)
{
    const core::MessageRecord *message =
        m_conversation && messageId ? m_conversation->message(messageId) : nullptr;
    m_chosen = message && message->role == core::Role::Assistant ? messageId : 0;
    refresh();
}

std::int64_t DetailsFeed::shown() const
{
    if (!m_conversation)
        return 0;
    std::int64_t newest = 0;
    for (const core::MessageRecord &message : m_conversation->path()) {
        if (message.role != core::Role::Assistant)
            continue;
        newest = message.id;
        if (message.id == m_chosen)
            return m_chosen;
    }
    return newest;
}

void DetailsFeed::pathChanged()
{
    // What was just asked is what the reader wants to know of.
    if (m_conversation->isRunning())
        m_chosen = 0;
    refresh();
}

void DetailsFeed::messageChanged(std::int64_t messageId)
{
    const core::ChatReply *reply = m_conversation->reply();
    const core::MessageRecord *message = m_conversation->message(messageId);
    // Kept beyond the reply's end: the store may be a moment behind.
    if (reply && m_conversation->runningMessage() == messageId && messageId == shown() && message &&
        findEarlier(*message)) {
        m_known = {reply->requestId(), m_earlier.attempts};
        for (const core::AttemptRecord &attempt : reply->attempts())
            m_known.attempts.append(behindEarlier(attempt));
    }
    refreshSoon();
}

void DetailsFeed::refreshSoon()
{
    if (!m_soon.isActive() && m_panel.isVisible())
        m_soon.start();
}

void DetailsFeed::refresh()
{
    if (!m_panel.isVisible())
        return;
    m_soon.stop();
    const core::MessageRecord *answer = m_conversation ? m_conversation->message(shown()) : nullptr;
    if (!answer)
        return m_panel.showDetails({});
    m_panel.showDetails(detailsOf(*answer));
    if (m_conversation->runningMessage() == answer->id)
        m_soon.start(); // time goes on
}

void DetailsFeed::refreshStored()
{
    // The reader is not ordered after the writer: it may have seen an attempt before its end.
    if (!m_panel.isVisible())
        return;
    for (const Known &known : {m_earlier, m_known}) {
        if (std::any_of(known.attempts.cbegin(), known.attempts.cend(), isOpen))
            readStored(known.requestId);
    }
}

std::int64_t DetailsFeed::earlierRequest(const core::MessageRecord &answer)
{
    return answer.pieces.isEmpty() ? 0 : answer.pieces.constLast().requestId;
}

bool DetailsFeed::findEarlier(const core::MessageRecord &answer)
{
    const std::int64_t request = earlierRequest(answer);
    if (m_earlier.requestId != request)
        m_earlier = request && m_known.requestId == request ? m_known : Known();
    return m_earlier.requestId == request;
}

core::AttemptRecord DetailsFeed::behindEarlier(core::AttemptRecord attempt) const
{
    attempt.number += static_cast<int>(m_earlier.attempts.size());
    return attempt;
}

AnswerDetails DetailsFeed::detailsOf(const core::MessageRecord &answer)
{
    AnswerDetails details;
    details.title = titleOf(answer.id);
    details.choice = answer.chosen;
    const core::ChatReply *reply = m_conversation->reply();
    if (reply && m_conversation->runningMessage() == answer.id) {
        details.requestId = reply->requestId();
        if (!findEarlier(answer))
            readStored(earlierRequest(answer));
        details.attempts = m_earlier.attempts;
        for (const core::AttemptRecord &attempt : reply->attempts())
            details.attempts.append(behindEarlier(attempt));
        if (const auto running = reply->runningAttempt())
            details.attempts.append(behindEarlier(*running));
        const core::UtcTime begun = sentAt(details.requestId);
        details.sentAt =
            answer.pieces.isEmpty() ? begun : sentAt(answer.pieces.constFirst().requestId);
        details.total = begun - details.sentAt + reply->elapsed();
        return details;
    }
    details.requestId = m_conversation->figures(answer.id).requestId;
    details.sentAt =
        sentAt(answer.pieces.isEmpty() ? details.requestId : answer.pieces.constFirst().requestId);
    if (details.requestId == m_known.requestId)
        details.attempts = m_known.attempts;
    else
        readStored(details.requestId);
    details.total = endOf(details.attempts, details.sentAt);
    return details;
}

void DetailsFeed::readStored(std::int64_t requestId)
{
    if (!requestId || !m_sources.attempts || m_reading == requestId)
        return;
    m_reading = requestId;
    core::whenReady(this, m_sources.attempts(requestId),
                    [this, requestId](const core::Result<QList<core::AttemptRecord>> &read) {
                        if (m_reading == requestId)
                            m_reading = 0;
                        const core::MessageRecord *answer =
                            m_conversation ? m_conversation->message(shown()) : nullptr;
                        if (!read || !answer)
                            return;
                        if (m_conversation->figures(answer->id).requestId == requestId)
                            m_known = {requestId, *read};
                        else if (earlierRequest(*answer) == requestId)
                            m_earlier = {requestId, *read};
                        else
                            return;
                        refresh();
                    });
}

QString DetailsFeed::titleOf(std::int64_t answer) const
{
    int place = 0;
    for (const core::MessageRecord &message : m_conversation->path()) {
        place += message.role == core::Role::Assistant ? 1 : 0;
        if (message.id == answer)
            break;
    }
    const std::array<QString, 10> ordinals{tr("first"), tr("second"), tr("third"),   tr("fourth"),
                                           tr("fifth"), tr("sixth"),  tr("seventh"), tr("eighth"),
                                           tr("ninth"), tr("tenth")};
    if (place < 1 || place > static_cast<int>(ordinals.size()))
        return tr("Details of answer %1").arg(place);
    return tr("Details of the %1 answer").arg(ordinals.at(static_cast<std::size_t>(place - 1)));
}

} // namespace ui
