#include "app/answerwatch.h"

#include "app/notifier.h"
#include "app/sidebarfeed.h"
#include "core/base/errortext.h"
#include "core/client/decision.h"

#include <algorithm>
#include <utility>

namespace app {

namespace {

using namespace std::chrono_literals;

QString tagOf(const ui::SidebarKey &key)
{
    return (key.comparison ? QStringLiteral("comparison:") : QStringLiteral("chat:")) +
           QString::number(key.id);
}

//! As its notification is headed.
QString titleOf(const core::Conversation &conversation)
{
    const QString title = conversation.record().title;
    return title.isEmpty() ? AnswerWatch::tr("Farthing") : title;
}

} // namespace

AnswerWatch::AnswerWatch(Engine &engine, const core::ModelDirectory &models, Notifier &notifier,
                         std::function<bool()> isUnseen, QObject *parent)
    : QObject(parent)
    , m_engine(engine)
    , m_models(models)
    , m_notifier(notifier)
    , m_isUnseen(std::move(isUnseen))
    , m_reminderAlarm(engine.clock())
{
    connect(&engine.conversations(), &core::ConversationBook::changed, this,
            &AnswerWatch::conversationChanged);
    connect(&notifier, &Notifier::activated, this, [this](const QString &tag) {
        if (tag.startsWith(QStringLiteral("budget:")))
            return;
        const std::int64_t id = tag.section(QLatin1Char(':'), 1).toLongLong();
        Q_EMIT openRequested({id, tag.startsWith(QStringLiteral("comparison:"))});
    });
}

void AnswerWatch::seen(const ui::SidebarKey &key)
{
    m_notifier.withdraw(tagOf(key));
}

void AnswerWatch::conversationChanged(std::int64_t id)
{
    const core::Conversation *conversation = m_engine.conversations().find(id);
    if (!conversation)
        return;
    if (conversation->isRunning()) {
        m_running.insert(id);
        return tellQuestion(*conversation);
    }
    m_questions.remove(id);
    if (m_running.remove(id) && m_isUnseen() &&
        m_engine.settings().value(core::settings::NotifyOfAnswers))
        tell(*conversation);
}

//! Once each, whatever else changes meanwhile. Not switched off with the ends of answers: this one
//! has none until it is given a word.
void AnswerWatch::tellQuestion(const core::Conversation &conversation)
{
    const core::ChatReply *reply = conversation.reply();
    const auto question = reply ? reply->decision() : std::nullopt;
    if (!question)
        return;
    const std::pair asked(reply->requestId(), question->id);
    if (m_questions.value(conversation.id()) == asked)
        return;
    m_questions.insert(conversation.id(), asked);
    if (!m_isUnseen())
        return;
    m_notifier.show(tagOf(keyOf(conversation)), titleOf(conversation),
                    core::questionText(*question, m_models.nameOf(question->target),
                                       m_models.nameOf(question->instead)));
}

void AnswerWatch::remind(std::int64_t conversationId, std::int64_t answerId, core::UtcTime at)
{
    const core::Conversation *conversation = m_engine.conversations().find(conversationId);
    const core::MessageRecord *answer = conversation ? conversation->message(answerId) : nullptr;
    const bool isKnown =
        std::any_of(m_reminders.cbegin(), m_reminders.cend(),
                    [answerId](const Reminder &one) { return one.answerId == answerId; });
    if (!answer || isKnown)
        return;
    // The chat may be closed by then: its words are kept.
    m_reminders.append({conversationId, answerId, keyOf(*conversation), at, titleOf(*conversation),
                        tr("%1 may be asked again.").arg(m_models.nameOf(answer->target))});
    lookAtReminders();
}

void AnswerWatch::lookAtReminders()
{
    // A machine that sleeps holds timers back: the time of day is looked at every minute.
    constexpr std::chrono::milliseconds Look = 1min;
    const core::UtcTime now = m_engine.clock().utcNow();
    std::chrono::milliseconds next = Look;
    QList<Reminder> later;
    for (const Reminder &reminder : std::as_const(m_reminders)) {
        if (reminder.at > now) {
            next = std::min<std::chrono::milliseconds>(next, reminder.at - now);
            later.append(reminder);
            continue;
        }
        const core::Conversation *chat = m_engine.conversations().find(reminder.conversationId);
        if (!chat || chat->record().activeLeaf == reminder.answerId)
            m_notifier.show(tagOf(reminder.key), reminder.title, reminder.sentence);
    }
    m_reminders = later;
    if (!m_reminders.isEmpty())
        m_reminderAlarm.set(next, [this] { lookAtReminders(); });
}

bool AnswerWatch::roundGoesOn(std::int64_t comparisonId) const
{
    for (const core::Conversation *running : m_engine.conversations().running()) {
        if (running->record().comparisonId == comparisonId)
            return true;
    }
    return false;
}

void AnswerWatch::tell(const core::Conversation &conversation)
{
    const std::int64_t comparisonId = conversation.record().comparisonId;
    if (comparisonId && roundGoesOn(comparisonId))
        return;
    const QString sentence =
        comparisonId ? tr("All lanes of the comparison have ended.") : sentenceOf(conversation);
    if (sentence.isEmpty())
        return;
    m_notifier.show(tagOf(keyOf(conversation)), titleOf(conversation), sentence);
}

QString AnswerWatch::sentenceOf(const core::Conversation &conversation) const
{
    const QList<core::MessageRecord> path = conversation.path();
    if (path.isEmpty())
        return {};
    const core::MessageRecord &answer = path.last();
    switch (answer.state) {
    case core::MessageState::Complete:
        return tr("%1 has answered.").arg(m_models.nameOf(answer.target));
    case core::MessageState::Failed:
    case core::MessageState::Incomplete: {
        core::Error error = answer.error.value_or(core::Error());
        error.provider = m_models.providerNameOf(error.provider);
        return core::userText(error);
    }
    case core::MessageState::Cancelled: // the reader did that, and knows
    case core::MessageState::Streaming:
        return {};
    }
    Q_UNREACHABLE();
}

} // namespace app
