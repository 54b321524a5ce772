#include "ui/compare/lanequestion.h"

#include "core/conversation/title.h"
#include "ui/conversation/roomtexts.h"
#include "ui/widgets/notice.h"

namespace ui {

namespace {

//! What the lane holds, or was to be asked when a budget refused it. An answer that was not made
//! again has a button of its own.
std::optional<core::HeldTurn> notAsked(const core::Comparison &comparison, int lane)
{
    if (const auto held = comparison.heldTurn(lane))
        return held;
    const std::optional<core::RefusedTurn> refused = comparison.refusedTurn(lane);
    if (!refused || refused->kind != core::RefusedTurn::Kind::Send)
        return std::nullopt;
    return core::HeldTurn{refused->text, {}, std::nullopt};
}

} // namespace

LaneQuestion::LaneQuestion(NoticeBar &bar, ConversationFeed::Names names, QObject *parent)
    : QObject(parent)
    , m_bar(bar)
    , m_names(std::move(names))
{
    connect(&bar, &NoticeBar::actionChosen, this, &LaneQuestion::answer);
}

void LaneQuestion::show(const core::Comparison *comparison, int lane)
{
    const auto held = comparison ? notAsked(*comparison, lane) : std::nullopt;
    if (!held) {
        m_subject.reset();
        return m_bar.hide();
    }
    const core::Conversation &conversation = *comparison->lanes().at(lane);
    const Subject subject{*held, conversation.record().target, conversation.record().contextStart};
    if (m_subject == subject)
        return;
    m_subject = subject;
    m_ways.clear();
    QStringList names;
    const auto offer = [&](Way way, const QString &name) {
        m_ways.append(way);
        names.append(name);
    };
    const core::ChatRequest request = conversation.requestFor(held->text);
    const core::Target target = conversation.targetFor(request);
    const QString model = m_names.model(target);
    if (!held->need || target != held->target) {
        offer(Way::Ask, tr("Ask it"));
        offer(Way::LeaveLaneOut, tr("Leave this lane out"));
        // What was left behind stands nowhere else, perhaps.
        return m_bar.show(Tone::Neutral,
                          held->need ? tr("%1 has not been asked yet.").arg(model)
                                     : tr("%1 has not been asked yet: \u201C%2\u201D")
                                           .arg(model, core::titleFrom(held->text)),
                          names);
    }
    m_omission = core::oldestToLeaveOut(conversation, request, *held->need);
    if (m_omission)
        offer(Way::LeaveOldestOut, leaveOutText(m_omission->messages));
    offer(Way::OtherModel, tr("Other model"));
    if (held->need->answer > 0) // some services only end the answer there
        offer(Way::AskAnyway, tr("Ask it anyway"));
    offer(Way::LeaveLaneOut, tr("Leave this lane out"));
    const QString lack = held->isWindowKnown ? lackText(*held->need, model) : tooLongText(model);
    m_bar.show(Tone::Warning, tr("%1 It was not sent here.").arg(lack), names);
}

void LaneQuestion::answer(int action)
{
    if (action < 0 || action >= m_ways.size())
        return;
    switch (m_ways.at(action)) {
    case Way::LeaveOldestOut:
        Q_EMIT omissionChosen(*m_omission);
        break;
    case Way::Ask:
        Q_EMIT askRequested();
        break;
    case Way::AskAnyway:
        Q_EMIT askAnywayRequested();
        break;
    case Way::OtherModel:
        Q_EMIT modelRequested();
        break;
    case Way::LeaveLaneOut:
        Q_EMIT leaveOutRequested();
        break;
    }
}

} // namespace ui
