#include "ui/conversation/conversationfeed.h"

#include "core/base/errortext.h"
#include "core/client/routetext.h"
#include "ui/conversation/answertexts.h"
#include "ui/widgets/figures.h"

#include <QClipboard>
#include <QGuiApplication>

#include <algorithm>

namespace ui {

namespace {

using namespace std::chrono_literals;

QString idText(std::int64_t id)
{
    return QString::number(id);
}

//! What a reader must know about how an answer ended; empty where it simply did.
QString endingText(const std::optional<core::FinishReason> &reason)
{
    if (reason == core::FinishReason::Length)
        return ConversationFeed::tr("cut off at the length limit");
    if (reason == core::FinishReason::ContentFilter)
        return ConversationFeed::tr("blocked by the provider's content filter");
    if (reason == core::FinishReason::Refusal)
        return ConversationFeed::tr("the model refused");
    return {};
}

//! Some that can be read.
bool hasReasoning(const core::MessageRecord &message)
{
    return std::any_of(message.parts.begin(), message.parts.end(), [](const auto &part) {
        const auto *reasoning = std::get_if<core::ReasoningPart>(&part);
        return reasoning && !reasoning->text.isEmpty();
    });
}

} // namespace

ConversationFeed::ConversationFeed(TranscriptView &view, const ThemeSource &theme, Names names,
                                   Actions actions, QObject *parent)
    : QObject(parent)
    , m_view(view)
    , m_theme(theme)
    , m_names(std::move(names))
    , m_actions(actions)
{
    m_tick.setInterval(1s);
    connect(&m_tick, &QTimer::timeout, this, &ConversationFeed::tick);
    connect(&view, &TranscriptView::actionTriggered, this, &ConversationFeed::act);
    connect(&view, &TranscriptView::versionRequested, this, &ConversationFeed::showVersion);
    connect(&view, &TranscriptView::linkActivated, this, &ConversationFeed::linkRequested);
    connect(&view, &TranscriptView::copyCodeRequested, this,
            [](const QString &code) { QGuiApplication::clipboard()->setText(code); });
    connect(&view, &TranscriptView::scrollAnchorChanged, this, [this] {
        if (m_conversation)
            m_conversation->setScrollAnchor(m_view.scrollAnchor());
    });
}

void ConversationFeed::setConversation(core::Conversation *conversation)
{
    if (m_conversation)
        m_conversation->disconnect(this);
    m_conversation = nullptr; // so that the view's scrolling is not taken for the reader's
    m_tick.stop();
    m_shown.clear();
    m_view.setMessages({});
    if (!conversation)
        return;
    m_conversation = conversation;
    show();
    connect(conversation, &core::Conversation::pathChanged, this, &ConversationFeed::pathChanged);
    connect(conversation, &core::Conversation::recordChanged, this,
            &ConversationFeed::followChoice);
    connect(conversation, &core::Conversation::eventsReceived, this, &ConversationFeed::take);
    connect(conversation, &core::Conversation::messageChanged, this, &ConversationFeed::refresh);
    connect(conversation, &core::Conversation::warned, this,
            [this](std::int64_t, const QString &sentence) { Q_EMIT warned(sentence); });
    if (conversation->isRunning())
        m_tick.start();
}

void ConversationFeed::show()
{
    QList<TranscriptMessage> messages;
    m_shown.clear();
    for (const core::MessageRecord &message : m_conversation->path()) {
        messages.append(rendered(message));
        m_shown.append(message.id);
    }
    m_view.setMessages(messages, m_conversation->record().scrollAnchor);
}

bool ConversationFeed::showMessage(std::int64_t messageId)
{
    if (!m_conversation || !m_conversation->message(messageId))
        return false;
    if (!m_shown.contains(messageId) && !m_conversation->isRunning()) // the running answer stays
        m_conversation->selectVersion(messageId);
    m_view.scrollToMessage(idText(messageId));
    return true;
}

void ConversationFeed::pathChanged()
{
    const QList<core::MessageRecord> path = m_conversation->path();
    qsizetype same = 0;
    while (same < path.size() && same < m_shown.size() && path.at(same).id == m_shown.at(same))
        ++same;
    // What both paths share stays as it is: the reader keeps the place.
    const std::int64_t gone = same < m_shown.size() ? m_shown.at(same) : 0;
    m_shown.resize(same);
    std::int64_t question = 0;
    QList<TranscriptMessage> others;
    for (qsizetype i = same; i < path.size(); ++i) {
        others.append(rendered(path.at(i)));
        m_shown.append(path.at(i).id);
        if (path.at(i).role == core::Role::User)
            question = path.at(i).id;
    }
    if (gone) {
        m_view.replaceFrom(idText(gone), others);
    } else {
        for (const TranscriptMessage &message : std::as_const(others))
            m_view.appendMessage(message);
    }
    if (same > 0) // it was the last one, or is now: whether it can go on depends on that
        refresh(m_shown.at(same - 1));
    for (qsizetype i = 0; i < same; ++i) { // a long chat is not laid out anew for each message
        const std::int64_t id = m_shown.at(i);
        const TranscriptMessage &before = m_view.item(static_cast<int>(i)).message();
        if (const VersionPosition version = versionOf(id); version != before.version)
            m_view.setVersion(idText(id), version);
        if (const QString seam = seamOf(id); seam != before.seam)
            m_view.setSeam(idText(id), seam);
    }
    if (!m_conversation->isRunning())
        return;
    m_tick.start();
    // A question that was just sent goes on top; an answer made again is read from its own
    // question.
    if (question == 0 && path.size() >= 2)
        question = path.at(path.size() - 2).id;
    if (question)
        m_view.showQuestion(idText(question));
}

void ConversationFeed::take(std::int64_t messageId, const core::StreamEvents &events)
{
    const QString id = idText(messageId);
    for (const core::StreamEvent &event : events) {
        if (const auto *started = std::get_if<core::ReplyStarted>(&event);
            started && !started->warnings.isEmpty())
            Q_EMIT warned(started->warnings.join(QLatin1Char('\n')));
        if (const auto *text = std::get_if<core::TextDelta>(&event))
            m_view.appendText(id, text->text);
        else if (const auto *reasoning = std::get_if<core::ReasoningDelta>(&event);
                 reasoning && !reasoning->text.isEmpty())
            m_view.appendReasoning(id, reasoning->text);
    }
}

void ConversationFeed::refresh(std::int64_t messageId)
{
    if (!m_conversation || !m_shown.contains(messageId))
        return;
    const core::MessageRecord *stored = m_conversation->message(messageId);
    const bool running = m_conversation->runningMessage() == messageId && m_conversation->reply();
    const core::MessageRecord message = running ? m_conversation->reply()->answer() : *stored;
    const QString id = idText(messageId);
    if (!m_conversation->isRunning())
        m_tick.stop();
    else if (!m_tick.isActive())
        m_tick.start(); // an answer goes on: nothing was added to the path
    m_view.setHeader(id, headerOf(message));
    m_view.setReasoningLabel(id, reasoningOf(message));
    m_view.setFooter(id, footerOf(message));
    m_view.setSeams(id, seamsOf(message));
    m_view.setError(id, cardOf(message));
    m_view.setState(id, shownState(message.state));
    m_view.setActions(id, actionsOf(message));
    m_view.setVersion(id, versionOf(messageId));
}

void ConversationFeed::tick()
{
    if (!m_conversation || !m_conversation->isRunning())
        return m_tick.stop();
    const core::MessageRecord answer = m_conversation->reply()->answer();
    m_view.setReasoningLabel(idText(answer.id), reasoningOf(answer));
    m_view.setFooter(idText(answer.id), footerOf(answer));
}

//! With the provider's name in place of its id: for sentences.
core::Error ConversationFeed::named(core::Error error) const
{
    if (!error.provider.isEmpty())
        error.provider = m_names.provider(error.provider);
    return error;
}

std::optional<ErrorCard> ConversationFeed::cardOf(const core::MessageRecord &message) const
{
    std::optional<ErrorCard> card = errorCard(message, named(message.error.value_or(core::Error())),
                                              m_conversation->canContinue(message.id));
    const auto again = possibleAgainOf(message);
    if (!card || !again)
        return card;
    addPossibleAgain(
        *card, message.error->kind,
        possibleAgainText(QDateTime::fromMSecsSinceEpoch(again->time_since_epoch().count()),
                          QDateTime::currentDateTime()));
    if (m_reminded.contains(message.id))
        card->sentence = tr("%1 You will be reminded.").arg(card->sentence);
    else
        card->actions.append({RemindAction, tr("Remind me")});
    return card;
}

//! Who wrote something of an answer, in order; who went on with one's own text stands once.
QStringList ConversationFeed::writersOf(const core::MessageRecord &message) const
{
    QStringList writers;
    qsizetype begin = 0;
    const auto add = [&](const core::Target &target, qsizetype end) {
        const QString name = m_names.model(target);
        if (end > begin && (writers.isEmpty() || writers.constLast() != name))
            writers.append(name);
        begin = end;
    };
    for (const core::AnswerPiece &piece : message.pieces)
        add(piece.target, piece.end);
    add(message.target, core::textOf(message.parts).size());
    return writers;
}

QList<TextSeam> ConversationFeed::seamsOf(const core::MessageRecord &message) const
{
    QList<TextSeam> seams;
    for (qsizetype i = 0; i < message.pieces.size(); ++i) {
        const core::AnswerPiece &piece = message.pieces.at(i);
        const bool isLast = i + 1 == message.pieces.size();
        const core::Target &next = isLast ? message.target : message.pieces.at(i + 1).target;
        const bool isEmpty = !isLast && message.pieces.at(i + 1).end == piece.end;
        const QString writer = seams.isEmpty() ? m_names.model(message.pieces.constFirst().target)
                                               : seams.constLast().text;
        if (!isEmpty && m_names.model(next) != writer)
            seams.append({piece.end, m_names.model(next)});
    }
    for (TextSeam &seam : seams)
        seam.text = tr("continued by %1").arg(seam.text);
    return seams;
}

QString ConversationFeed::waitingText() const
{
    const core::ChatReply &reply = *m_conversation->reply(); // it knows, also once it waits longer
    const auto left = std::chrono::ceil<std::chrono::seconds>(reply.waitLeft().value_or(0ms));
    const core::RetryNumber retry = reply.retry();
    const core::Error cause = reply.attempts().constLast().error.value_or(core::Error());
    const QString why = core::userText(named(cause)).section(QLatin1Char('.'), 0, 0);
    return tr("%1 Retry %2 of %3 in %4 s")
        .arg(why + QLatin1Char('.'), QString::number(retry.number), QString::number(retry.most),
             QString::number(left.count()));
}

QString ConversationFeed::questionText(const core::ChatReply &reply) const
{
    const core::Decision decision = reply.decision().value_or(core::Decision());
    return core::questionText(decision, m_names.model(decision.target),
                              m_names.model(decision.instead));
}

QString ConversationFeed::turnText(const core::ChatReply &reply) const
{
    const QString who = m_names.provider(reply.target().provider);
    const auto left = reply.waitLeft();
    return left ? tr("Waiting for %1's rate limit: %2").arg(who, core::waitText(*left))
                : tr("Waiting for %1's rate limit: others go first").arg(who);
}

VersionPosition ConversationFeed::versionOf(std::int64_t messageId) const
{
    const QList<std::int64_t> versions = m_conversation->versions(messageId);
    return {static_cast<int>(versions.indexOf(messageId)) + 1,
            std::max(1, static_cast<int>(versions.size()))};
}

QString ConversationFeed::seamOf(std::int64_t messageId) const
{
    return m_conversation->record().contextStart.message() == messageId
               ? tr("what stands above is no longer sent")
               : QString();
}

TranscriptMessage ConversationFeed::rendered(const core::MessageRecord &message) const
{
    TranscriptMessage shown;
    shown.id = idText(message.id);
    shown.role = message.role == core::Role::User ? MessageRole::User : MessageRole::Assistant;
    shown.state = shownState(message.state);
    shown.text = core::textOf(message.parts);
    shown.reasoning = core::reasoningOf(message.parts);
    shown.version = versionOf(message.id);
    shown.actions = actionsOf(message);
    shown.seam = seamOf(message.id);
    if (shown.role == MessageRole::User) {
        for (const core::ContentPart &part : message.parts) {
            if (const auto *file = std::get_if<core::AttachmentPart>(&part))
                shown.files.append(
                    QStringLiteral("%1, %2").arg(file->name, sizeText(file->data.size())));
        }
        return shown;
    }
    shown.header = headerOf(message);
    shown.reasoningLabel = reasoningOf(message);
    shown.footer = footerOf(message);
    shown.seams = seamsOf(message);
    shown.error = cardOf(message);
    shown.simulated = message.target.simulated;
    return shown;
}

//! Who answered, and why that one where a route by task chose.
QString ConversationFeed::headerText(const core::MessageRecord &message, const core::Target &first,
                                     const QList<std::pair<QString, QString>> &failedBefore) const
{
    const QString writer = answeredBy(m_names.model(first), failedBefore);
    if (!message.chosen)
        return writer;
    const core::TaskChoice &choice = *message.chosen;
    const QString why =
        core::choiceText(choice, m_names.model(choice.target), shortCountText(choice.tokens));
    return choice.target == first && failedBefore.isEmpty()
               ? why
               : QStringLiteral("%1 \u00B7 %2").arg(writer, why);
}

MessageHeader ConversationFeed::headerOf(const core::MessageRecord &message) const
{
    if (message.role == core::Role::User)
        return {};
    // Several failures of one target read as one: "GPT-5 (429, 503)".
    QList<std::pair<QString, QString>> before;
    for (const auto &[target, reason] : m_conversation->figures(message.id).failedBefore) {
        const QString name = m_names.model(target);
        if (!before.isEmpty() && before.last().first == name)
            before.last().second += QStringLiteral(", ") + reason;
        else
            before.append({name, reason});
    }
    // A failed answer's own failures stand in its card.
    if (message.state == core::MessageState::Failed ||
        message.state == core::MessageState::Incomplete)
        before.removeIf(
            [&](const auto &failure) { return failure.first == m_names.model(message.target); });
    const core::Target &first =
        message.pieces.isEmpty() ? message.target : message.pieces.constFirst().target;
    return {headerText(message, first, before), m_theme.theme().providerColor(first.provider)};
}

QString ConversationFeed::reasoningOf(const core::MessageRecord &message) const
{
    if (!hasReasoning(message))
        return {};
    const bool thinks =
        m_conversation->runningMessage() == message.id && core::textOf(message.parts).isEmpty();
    return reasoningText(m_conversation->figures(message.id), thinks);
}

QList<FooterSegment> ConversationFeed::footerOf(const core::MessageRecord &message) const
{
    if (message.role == core::Role::User)
        return {};
    const bool running = m_conversation->runningMessage() == message.id && m_conversation->reply();
    if (!running) {
        core::AnswerFigures figures = m_conversation->figures(message.id);
        // Of what was cut short nobody told how much of it was thought: a speed would count it in.
        if (figures.bound != core::AnswerFigures::Bound::Told && !figures.reasoningTokens &&
            hasReasoning(message))
            figures.tokensPerSecond.reset();
        QList<FooterSegment> footer = answerFooter(figures, running);
        if (const QStringList writers = writersOf(message); writers.size() > 1)
            footer.prepend({writers.join(tr(", then ")), DropOrder::Kept, FooterTone::Plain});
        if (message.state == core::MessageState::Incomplete && !cardOf(message))
            footer.prepend({tr("incomplete"), DropOrder::Kept, FooterTone::Warning});
        if (message.state == core::MessageState::Cancelled)
            footer.prepend({tr("stopped"), DropOrder::Kept, FooterTone::Warning});
        if (const QString ending = endingText(message.finishReason); !ending.isEmpty())
            footer.prepend({ending, DropOrder::Kept, FooterTone::Warning});
        return footer;
    }
    const core::ChatReply *reply = m_conversation->reply();
    switch (reply->state()) {
    case core::ReplyState::AwaitingDecision:
        return {{questionText(*reply), DropOrder::Kept, FooterTone::Warning}};
    case core::ReplyState::WaitingForNetwork:
        return {{tr("You are offline: this is sent by itself once you are online again"),
                 DropOrder::Kept, FooterTone::Warning}};
    case core::ReplyState::WaitingForTurn:
        return {{turnText(*reply), DropOrder::Kept, FooterTone::Warning}};
    case core::ReplyState::WaitingToRetry:
        return {{waitingText(), DropOrder::Kept, FooterTone::Warning}};
    case core::ReplyState::Queued:
        return {{tr("Waiting"), DropOrder::Kept, FooterTone::Plain}};
    case core::ReplyState::Connecting:
        return {{tr("Connecting"), DropOrder::Kept, FooterTone::Plain}};
    case core::ReplyState::WaitingForFirstToken:
        return {{tr("Waiting for the first token, %1").arg(durationText(reply->elapsed())),
                 DropOrder::Kept, FooterTone::Plain}};
    case core::ReplyState::Streaming:
    case core::ReplyState::Finished:
        break;
    }
    QList<FooterSegment> footer = answerFooter(m_conversation->figures(message.id), running);
    if (reply->silence() != core::Silence::None)
        footer.prepend(
            {tr("No text for %1; still connected").arg(core::waitText(reply->silentFor())),
             DropOrder::Kept, FooterTone::Warning});
    return footer;
}

void ConversationFeed::showVersion(const QString &messageId, int step)
{
    if (!m_conversation || m_conversation->isRunning())
        return; // the running answer stays in sight
    const std::int64_t id = messageId.toLongLong();
    const QList<std::int64_t> versions = m_conversation->versions(id);
    const qsizetype wanted = versions.indexOf(id) + step;
    if (wanted >= 0 && wanted < versions.size())
        m_conversation->selectVersion(versions.at(wanted));
}

} // namespace ui
