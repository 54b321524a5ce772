// How what was written goes out, at once or turn by turn, and comes back.
#include "core/base/errortext.h"
#include "ui/chat/attachedfiles.h"
#include "ui/chat/optionspopup.h"
#include "ui/chat/roomquestion.h"
#include "ui/chat/turncomposition.h"
#include "ui/conversation/budgetquestion.h"
#include "ui/conversation/exactcount.h"
#include "ui/conversation/promptcheck.h"
#include "ui/transcript/composer.h"
#include "ui/widgets/plaintext.h"

namespace ui {

//! A new version of a question has the files of the old one: it waits for none.
bool TurnComposition::waits(const std::function<void()> &then)
{
    if (m_editing || m_files->beingRead(m_conversation->id()).isEmpty())
        return false;
    m_wait = then;
    m_waitText = m_composer.text();
    refreshHint();
    return true;
}

bool TurnComposition::stopWaiting()
{
    if (!m_wait)
        return false;
    m_wait = {};
    refreshHint();
    return true;
}

void TurnComposition::filesChanged(std::int64_t chat)
{
    m_forecast->refreshSoon();
    const bool isShown = m_conversation && m_conversation->id() == chat;
    const QPointer<core::Conversation> conversation =
        isShown ? m_conversation : m_leftReading.value(chat);
    if (conversation)
        keepFiles(*conversation);
    if (!isShown)
        return;
    m_check->promptChanged();
    showFiles();
    if (!m_wait)
        return;
    if (!m_files->beingRead(chat).isEmpty())
        return refreshHint();
    const std::function<void()> then = m_wait;
    stopWaiting();
    if (m_composer.text() == m_waitText)
        then();
}

//! They are the chat's draft, with its text: whatever ends the program, they are there again. Those
//! of turns that are still to be sent are not in the composer.
void TurnComposition::keepFiles(core::Conversation &conversation)
{
    QList<core::AttachmentPart> files;
    if (m_sequence && m_conversation == &conversation) {
        for (const core::TurnSequence::Turn &turn : m_sequence->unsent())
            files += turn.attachments;
    }
    conversation.setDraftFiles(files + m_files->of(conversation.id()));
    const bool isReading = !m_files->beingRead(conversation.id()).isEmpty();
    if (!isReading)
        m_leftReading.remove(conversation.id());
    conversation.setReadingFiles(isReading); // last: it may go now
}

void TurnComposition::send()
{
    if (!m_conversation || waits([this] { send(); }))
        return;
    dropQuestions();
    if (!m_check->passes(outgoing()))
        return;
    if (!m_room->passes(*m_conversation, written(), m_forecast->forecasts(), m_editing))
        return;
    sendWritten({});
}

//! Without asking whether it may leave, and whether there is room.
void TurnComposition::sendWritten(const core::SpendTerms &terms)
{
    if (!m_conversation || waits([this, terms] { sendWritten(terms); }))
        return;
    const QString text = m_composer.text();
    const QList<core::AttachmentPart> files =
        m_editing ? QList<core::AttachmentPart>() : m_files->of(m_conversation->id());
    // Those of a message that came back are all here, beside what was added since.
    if (files.size() > AttachedFiles::MostFiles)
        return setNotice(tr("A message takes %1 files at most: %2 are too many.")
                             .arg(QString::number(AttachedFiles::MostFiles),
                                  QString::number(files.size() - AttachedFiles::MostFiles)));
    const core::Result<core::Done> sent =
        m_editing ? m_conversation->editAndResend(m_editing, text, terms)
                  : m_conversation->send(text, files, terms);
    if (!sent)
        return setNotice(core::userText(sent.error()));
    if (!m_editing)
        m_files->clear(m_conversation->id());
    const bool isNewVersion = std::exchange(m_editing, 0) != 0;
    setNotice({});
    if (isNewVersion)
        showDraft();
    else
        write({});
}

core::TurnSequence::Turn TurnComposition::written() const
{
    return {m_composer.text(),
            m_editing ? QList<core::AttachmentPart>() : m_files->of(m_conversation->id())};
}

//! All that is new about the next turn: what stood before was asked about when it was sent.
core::OutgoingPrompt TurnComposition::outgoing() const
{
    const core::TurnSequence::Turn turn = written();
    const core::ChatRequest request =
        m_conversation->requestFor(turn.text, turn.attachments, m_editing);
    core::OutgoingPrompt prompt{
        turn.text, {}, {request.options.system}, {QString::fromUtf8(request.options.jsonSchema)}};
    for (const core::ContentPart &part : request.messages.constLast().parts) {
        if (const auto *file = std::get_if<core::AttachmentPart>(&part))
            prompt.files.append({isolatedName(file->name), file->mimeType, file->data});
    }
    return prompt;
}

void TurnComposition::makeFit(std::int64_t answerId)
{
    const core::MessageRecord *answer =
        m_conversation ? m_conversation->message(answerId) : nullptr;
    const core::MessageRecord *question =
        answer ? m_conversation->message(answer->parentId) : nullptr;
    if (!question || m_conversation->isRunning())
        return;
    endEdit();
    dropQuestions();
    QList<core::AttachmentPart> files;
    for (const core::ContentPart &part : question->parts) {
        if (const auto *file = std::get_if<core::AttachmentPart>(&part))
            files.append(*file);
    }
    const QString typed = m_composer.text(); // since then
    const QString text = core::textOf(question->parts);
    m_conversation->stepBack(question->id);
    write(typed.isEmpty() ? text : text + QStringLiteral("\n\n") + typed);
    m_conversation->setDraft(m_composer.text());
    m_files->put(m_conversation->id(), files);
    const auto ask = [this] { m_room->askAfterRefusal(*m_conversation, written()); };
    if (!waits(ask))
        ask();
}

void TurnComposition::askAgain(std::int64_t answerId, core::Conversation::Again how)
{
    if (!m_conversation)
        return;
    if (m_editing) // whose notice stays
        dropQuestions();
    else
        setNotice({});
    if (const auto taken = m_conversation->checkInput(QString()); !taken)
        return setNotice(core::userText(taken.error()));
    m_room->askAgain(*m_conversation, answerId, how);
}

void TurnComposition::sendAnswerAgain(std::int64_t answerId, core::Conversation::Again how,
                                      const core::SpendTerms &terms)
{
    if (!m_conversation)
        return;
    if (const auto sent = m_conversation->askAgain(answerId, how, terms); !sent)
        setNotice(core::userText(sent.error()));
}

//! The composer holds what is still to be sent: nothing is lost when it ends early, or we do.
void TurnComposition::sendAll(const QList<core::TurnSequence::Turn> &turns)
{
    m_sequence = new core::TurnSequence(*m_conversation, turns, this);
    m_rest = m_composer.text();
    m_added.clear();
    m_files->clear(m_conversation->id()); // they are its turns'
    connect(m_sequence, &core::TurnSequence::advanced, this, &TurnComposition::sequenceAdvanced);
    connect(m_sequence, &core::TurnSequence::ended, this, &TurnComposition::sequenceEnded);
    m_sequence->start();
}

//! What is typed behind the turns that are still to be sent waits for its own Send. Who changes
//! them wants to send something else.
void TurnComposition::noteAddition(const QString &draft)
{
    if (!m_sequence || m_editing)
        return;
    if (draft.startsWith(m_rest))
        m_added = draft.mid(m_rest.size());
    else
        m_sequence->stop();
}

void TurnComposition::sequenceAdvanced()
{
    QStringList texts;
    for (const core::TurnSequence::Turn &turn : m_sequence->unsent())
        texts.append(turn.text);
    m_rest = texts.join(QStringLiteral("\n\n"));
    const QString draft = m_rest + m_added;
    if (!m_editing)
        write(draft);
    keepFiles(*m_conversation);
    m_conversation->saveDraft(draft); // at once: it stands nowhere else
    if (m_editing)                    // whose notice stays
        return;
    dropQuestions();
    const int sent = m_sequence->count() - static_cast<int>(texts.size());
    if (texts.isEmpty())
        m_composer.hideNotice();
    else
        m_composer.showNotice(Tone::Neutral,
                              tr("%1 of %2 was sent; the rest follows each answer.")
                                  .arg(QString::number(sent), QString::number(m_sequence->count())),
                              {tr("Send no more")});
}

void TurnComposition::sequenceEnded(const std::optional<core::Error> &error)
{
    core::TurnSequence *ended = std::exchange(m_sequence, nullptr);
    ended->deleteLater();
    const QList<core::TurnSequence::Turn> &unsent = ended->unsent();
    if (!m_conversation || unsent.isEmpty())
        return;
    for (const core::TurnSequence::Turn &turn : unsent)
        m_files->put(m_conversation->id(), turn.attachments);
    if (error)
        setNotice(core::userText(*error));
    else
        tellUnsent();
}

void TurnComposition::tellUnsent()
{
    setNotice(tr("The rest was not sent. It stands in the composer."));
}

//! What would be sent while nobody looks is not: it stays with the chat that is being left, as a
//! new version of a question does.
void TurnComposition::leave()
{
    stopWaiting();
    if (m_options)
        m_options->hide(); // what is typed there is for the chat that is left
    if (m_conversation && m_conversation->isReadingFiles())
        m_leftReading.insert(m_conversation->id(), m_conversation);
    if (m_conversation && m_editing)
        m_leftEdits.insert(m_conversation->id(), {m_editing, m_composer.text()});
    if (!m_sequence)
        return;
    if (m_conversation && !m_sequence->unsent().isEmpty())
        m_leftUnsent.insert(m_conversation->id());
    m_sequence->stop();
}

//! The text stays where it was written.
void TurnComposition::takeBack(const core::RefusedTurn &turn)
{
    dropQuestions();
    const QString typed = m_composer.text(); // since then
    if (turn.kind == core::RefusedTurn::Kind::Edit) {
        beginEdit(turn.messageId, turn.text);
    } else if (turn.kind == core::RefusedTurn::Kind::Send) {
        m_files->put(m_conversation->id(), turn.attachments);
        if (m_editing) // the draft has it, and is shown when the new version is done
            return setNotice(core::userText(turn.error));
        write(typed.isEmpty() ? turn.text : turn.text + QStringLiteral("\n\n") + typed);
        m_conversation->setDraft(m_composer.text());
    }
    if (!turn.error.shortfall)
        return setNotice(core::userText(turn.error));
    m_refused = turn;
    m_budget->ask(*turn.error.shortfall);
}

void TurnComposition::sendAgain(const core::SpendTerms &terms)
{
    using Kind = core::RefusedTurn::Kind;
    const core::RefusedTurn turn = std::exchange(m_refused, {});
    if (!m_conversation)
        return;
    if (turn.kind != Kind::Regenerate && turn.kind != Kind::Continue)
        return sendWritten(terms);
    using Again = core::Conversation::Again;
    sendAnswerAgain(turn.messageId, turn.kind == Kind::Continue ? Again::Rest : Again::Whole,
                    terms);
}

} // namespace ui
