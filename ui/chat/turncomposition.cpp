#include "ui/chat/turncomposition.h"

#include "core/base/errortext.h"
#include "ui/chat/attachedfiles.h"
#include "ui/chat/cachenotice.h"
#include "ui/chat/optionspopup.h"
#include "ui/chat/roomquestion.h"
#include "ui/conversation/answertexts.h"
#include "ui/conversation/budgetquestion.h"
#include "ui/conversation/exactcount.h"
#include "ui/conversation/promptcheck.h"
#include "ui/conversation/routetexts.h"
#include "ui/transcript/composer.h"

#include <QFileDialog>

namespace ui {

TurnComposition::TurnComposition(Composer &composer, const ThemeSource &theme,
                                 ConversationFeed::Names names, QObject *parent)
    : QObject(parent)
    , m_composer(composer)
    , m_theme(theme)
    , m_names(std::move(names))
    , m_files(new AttachedFiles(this))
    , m_check(new PromptCheck(composer, this))
    , m_budget(new BudgetQuestion(composer, this))
    , m_room(new RoomQuestion(composer, m_names, this))
    , m_forecast(new SendForecast([this] { return nextQuestion(); }, this))
    , m_exact(new ExactCount(this))
    , m_cache(new CacheNotice(composer, m_names, this))
{
    constexpr int SoFarMs = 250; // as often as one can read it
    m_soFar.setSingleShot(true);
    m_soFar.setInterval(SoFarMs);
    connect(&m_soFar, &QTimer::timeout, this, &TurnComposition::refreshHint);
    connectComposer();
    connectFiles();
    connectQuestions();
}

void TurnComposition::connectComposer()
{
    connect(&m_composer, &Composer::sendRequested, this, &TurnComposition::send);
    connect(&m_composer, &Composer::stopRequested, this, [this] {
        if (m_conversation)
            m_conversation->stop();
    });
    connect(&m_composer, &Composer::draftChanged, this, [this](const QString &draft) {
        if (m_conversation && !m_editing)
            m_conversation->setDraft(draft);
        noteAddition(draft);
        writtenChanged();
        m_exact->drop();
        m_forecast->refreshSoon();
    });
    connect(&m_composer, &Composer::modelRequested, this, &TurnComposition::modelRequested);
    connect(&m_composer, &Composer::optionsRequested, this, &TurnComposition::openOptions);
    connect(&m_composer, &Composer::editLastRequested, this, &TurnComposition::editLast);
    connect(m_forecast, &SendForecast::changed, this, [this] {
        refreshHint();
        showFiles();
    });
    connect(&m_composer, &Composer::hintActionRequested, this, &TurnComposition::countExactly);
    connect(m_exact, &ExactCount::changed, this, [this] {
        m_forecast->refreshSoon();
        refreshHint();
    });
    connect(m_exact, &ExactCount::failed, this,
            [this](const core::Target &, const core::Error &error) {
                setNotice(tr("The tokens were not counted. %1").arg(core::userText(error)));
            });
}

void TurnComposition::connectFiles()
{
    connect(&m_composer, &Composer::attachRequested, this, &TurnComposition::attach);
    connect(&m_composer, &Composer::filesGiven, this, &TurnComposition::addFiles);
    connect(&m_composer, &Composer::imageGiven, this, [this](const QImage &image) {
        if (!takesFiles())
            return;
        writtenChanged();
        if (m_conversation)
            m_files->addImage(m_conversation->id(), image);
    });
    connect(&m_composer, &Composer::fileRemoved, this, [this](int index) {
        writtenChanged();
        if (m_conversation)
            m_files->remove(m_conversation->id(), index);
        m_composer.setFocus(Qt::OtherFocusReason);
    });
    connect(m_files, &AttachedFiles::changed, this, &TurnComposition::filesChanged);
    connect(m_files, &AttachedFiles::refused, this,
            [this](std::int64_t chat, const QString &sentence) {
                if (!m_conversation || m_conversation->id() != chat)
                    return;
                stopWaiting(); // it was to go with what is not coming
                setNotice(sentence);
            });
}

void TurnComposition::connectQuestions()
{
    connect(&m_composer, &Composer::noticeActionChosen, this, [this](int action) {
        if (m_check->answer(action) || m_budget->answer(action) || m_room->answer(action)) {
            if (m_editing && m_composer.noticeText().isEmpty())
                setNotice({}); // it was not sent
            return;
        }
        if (endEdit())
            return;
        if (m_sequence)
            m_sequence->stop();
        m_composer.hideNotice();
    });
    connect(m_check, &PromptCheck::confirmed, this, [this](const QString &, PromptCheck::Use use) {
        if (use == PromptCheck::Use::Count)
            countExactly();
        else
            send();
    });
    connect(m_budget, &BudgetQuestion::chosen, this, &TurnComposition::sendAgain);
    connect(m_budget, &BudgetQuestion::modelRequested, this, &TurnComposition::modelRequested);
    connect(m_budget, &BudgetQuestion::budgetRequested, this, &TurnComposition::budgetRequested);
    connect(m_room, &RoomQuestion::sendRequested, this, [this] { sendWritten({}); });
    connect(m_room, &RoomQuestion::againRequested, this,
            [this](std::int64_t answerId, core::Conversation::Again how) {
                sendAnswerAgain(answerId, how);
            });
    connect(m_room, &RoomQuestion::sequenceRequested, this, &TurnComposition::sendAll);
    connect(m_room, &RoomQuestion::modelRequested, this, &TurnComposition::modelRequested);
}

void TurnComposition::setConversation(core::Conversation *conversation)
{
    if (conversation != m_conversation)
        leave();
    if (m_conversation)
        m_conversation->disconnect(this);
    m_conversation = conversation;
    m_editing = 0;
    setNotice({});
    if (conversation) {
        using core::Conversation;
        connect(conversation, &Conversation::recordChanged, this, &TurnComposition::refresh);
        connect(conversation, &Conversation::pathChanged, this, &TurnComposition::noteOnward);
        connect(conversation, &Conversation::pathChanged, this, &TurnComposition::refresh);
        connect(conversation, &Conversation::runningChanged, this, &TurnComposition::refresh);
        connect(conversation, &Conversation::eventsReceived, this, [this] {
            if (!m_soFar.isActive())
                m_soFar.start();
        });
        connect(conversation, &Conversation::turnRefused, this, &TurnComposition::takeBack);
    }
    write(conversation ? conversation->record().draft : QString());
    if (conversation) {
        m_leftReading.remove(conversation->id());
        m_files->restore(conversation->id(), conversation->draftFiles());
    }
    showFiles();
    refresh();
    if (!conversation)
        return;
    if (m_leftUnsent.remove(conversation->id()))
        tellUnsent();
    const Edit edit = m_leftEdits.take(conversation->id());
    if (conversation->message(edit.question))
        beginEdit(edit.question, edit.text);
}

//! As the person would: what depends on it follows.
void TurnComposition::write(const QString &text)
{
    m_composer.setText(text);
    m_exact->drop();
    m_forecast->refreshSoon();
}

void TurnComposition::setBlockedPatterns(const QStringList &patterns)
{
    m_check->setBlocked(patterns);
}

void TurnComposition::setForecastSource(SendForecast::Answer answer)
{
    m_room->setForecastSource(answer);
    m_forecast->setSource(std::move(answer));
}

void TurnComposition::setTokenCounter(core::TokenCounter *counter)
{
    m_exact->setCounter(counter);
}

void TurnComposition::setCacheLoss(core::TellCacheLoss tell)
{
    m_cache->setLoss(std::move(tell));
}

void TurnComposition::setContextLimit(
    std::function<std::optional<std::int64_t>(const core::Target &)> limit)
{
    m_room->setContextLimit(std::move(limit));
}

//! By the person: what was to be sent, or asked about, is another turn now.
void TurnComposition::writtenChanged()
{
    stopWaiting();
    if (m_room->isAsking())
        setNotice({});
}

void TurnComposition::attach()
{
    auto *dialog = new QFileDialog(&m_composer, tr("Attach files"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    // Not urlsSelected(): Qt 6.4's own dialog, that of desktops without a native one, never emits
    // it.
    connect(dialog, &QFileDialog::filesSelected, this, [this](const QStringList &paths) {
        QList<QUrl> files;
        for (const QString &path : paths)
            files.append(QUrl::fromLocalFile(path));
        addFiles(files);
    });
    // Not the paperclip: what is typed next is the message.
    connect(dialog, &QDialog::finished, this,
            [this] { m_composer.setFocus(Qt::OtherFocusReason); });
    dialog->open(); // exec() would stop what the event loop below it does
}

//! They would wait unseen with the draft, and seem to go along.
bool TurnComposition::takesFiles()
{
    if (m_editing)
        setNotice(tr("A new version has the files of the old one. Attach others to a new "
                     "message."));
    return m_editing == 0;
}

void TurnComposition::addFiles(const QList<QUrl> &files)
{
    if (!takesFiles())
        return;
    writtenChanged();
    if (m_conversation)
        m_files->addFiles(m_conversation->id(), files);
}

void TurnComposition::setNotice(const QString &sentence)
{
    dropQuestions();
    m_branchAt = 0;
    const QStringList wayBack = m_editing ? QStringList{tr("Cancel")} : QStringList();
    if (!sentence.isEmpty())
        m_composer.showNotice(Tone::Warning, sentence, wayBack);
    else if (m_editing) // what Send would do is said as long as it would
        m_composer.showNotice(Tone::Neutral,
                              tr("Sending makes a new version; the old one is kept."), wayBack);
    else
        m_composer.hideNotice();
}

//! A button of the next notice is no answer to them.
void TurnComposition::dropQuestions()
{
    m_check->drop();
    m_budget->drop();
    m_room->drop();
    m_refused = {};
}

void TurnComposition::openOptions()
{
    if (!m_conversation)
        return;
    if (!m_options) {
        m_options = new OptionsPopup(m_theme, &m_composer);
        connect(m_options, &OptionsPopup::changed, this, [this](const core::ChatOptions &options) {
            if (m_conversation)
                m_conversation->setOptions(options);
            m_composer.setFocus(Qt::OtherFocusReason);
        });
    }
    m_options->open(m_conversation->record().options, &m_composer, m_conversation->id());
}

void TurnComposition::refresh()
{
    if (!m_conversation)
        return;
    m_composer.setOptionsCount(differingOptions(m_conversation->record().options));
    m_composer.setRunning(m_conversation->isRunning());
    m_forecast->refreshSoon();
    refreshHint();
}

//! Whom what is written would go to, by a route that chooses by task.
std::optional<core::Target> TurnComposition::lead() const
{
    const auto &route = m_conversation->route();
    if (!route || route->kind != core::RouteKind::ByTask)
        return std::nullopt;
    const QList<core::ForecastQuestion> next = nextQuestion();
    return next.isEmpty() ? std::nullopt : std::optional(next.first().target);
}

core::Target TurnComposition::nextTarget() const
{
    return lead().value_or(m_conversation->record().target);
}

void TurnComposition::showModel()
{
    const QString text = nextTurnText(*m_conversation, m_names, lead());
    m_composer.setModel(text.isEmpty() ? tr("Choose a model") : text,
                        text.isEmpty() ? QColor()
                                       : m_theme.theme().providerColor(nextTarget().provider));
}

//! When what is written was looked at: the model may be another now.
void TurnComposition::refreshHint()
{
    refreshCount();
    if (!m_conversation)
        return;
    showModel();
    const core::Target target = nextTarget();
    m_cache->show(m_editing ? std::nullopt : m_conversation->warmPrompt(), target);
    const bool simulated = target.simulated;
    if (m_conversation->isRunning()) {
        const QString soFar = soFarText(m_conversation->figures(m_conversation->runningMessage()));
        return m_composer.setHint(!soFar.isEmpty() ? soFar
                                  : simulated      ? tr("practice, simulated cost")
                                                   : QString());
    }
    if (m_wait)
        return m_composer.setHint(waitText());
    const QString forecast =
        forecastText(m_forecast->forecasts(),
                     m_exact->hasCount() ? m_names.provider(target.provider) : QString());
    if (forecast.isEmpty())
        m_composer.setHint(simulated ? tr("practice, simulated cost") : QString());
    else
        m_composer.setHint(simulated ? tr("practice \u00B7 %1").arg(forecast) : forecast);
}

//! Offered where there is something to count that was not.
void TurnComposition::refreshCount()
{
    const QList<core::Forecast> &forecasts = m_forecast->forecasts();
    const bool isOffered = m_conversation && !m_conversation->isRunning() &&
                           m_exact->canCount(nextTarget()) && forecasts.size() == 1 &&
                           !(m_exact->hasCount() && forecasts.first().byService);
    m_composer.setHintAction(!isOffered              ? QString()
                             : m_exact->isCounting() ? tr("Counting\u2026")
                                                     : tr("Count exactly"),
                             !m_exact->isCounting());
}

//! The draft leaves this computer before Send: as a message would, and not unasked.
void TurnComposition::countExactly()
{
    m_composer.setFocus(Qt::OtherFocusReason);
    const QList<core::ForecastQuestion> questions = nextQuestion();
    if (questions.isEmpty())
        return;
    if (!m_editing && !m_sequence) // whose notices stay
        setNotice({});
    if (m_check->passes(outgoing(), PromptCheck::Use::Count))
        m_exact->count(questions);
}

//! A new version of a question has the files of the old one: its own are not shown.
void TurnComposition::showFiles()
{
    if (!m_conversation)
        return m_composer.setFiles({});
    if (m_editing)
        return;
    const QList<core::Forecast> &forecasts = m_forecast->forecasts();
    const core::Forecast forecast = forecasts.isEmpty() ? core::Forecast() : forecasts.first();
    const MoneyMark mark = forecast.local       ? MoneyMark::Local
                           : forecast.simulated ? MoneyMark::Simulated
                                                : MoneyMark::None;
    m_composer.setFiles(m_files->tiles(m_conversation->id(), forecast.files, mark));
}

QString TurnComposition::waitText() const
{
    const QStringList names = m_files->beingRead(m_conversation->id());
    return names.size() == 1 ? tr("Send waits for %1").arg(names.first())
                             : tr("Send waits for %1 files").arg(names.size());
}

std::optional<core::ChatRequest> TurnComposition::nextRequest() const
{
    if (!m_conversation)
        return std::nullopt;
    const QString text = m_composer.text();
    const QList<core::AttachmentPart> files =
        m_editing ? QList<core::AttachmentPart>() : m_files->of(m_conversation->id());
    if (QStringView(text).trimmed().isEmpty() && files.isEmpty())
        return std::nullopt;
    return m_conversation->requestFor(text, files, m_editing);
}

QList<core::ForecastQuestion> TurnComposition::nextQuestion() const
{
    const std::optional<core::ChatRequest> request = nextRequest();
    if (!request || m_conversation->record().target.model.isEmpty())
        return {};
    core::ForecastQuestion question{*request, m_conversation->targetFor(*request)};
    question.counted = m_exact->countOf(question);
    return {question};
}

void TurnComposition::editLast()
{
    if (!m_conversation)
        return;
    if (const core::MessageRecord *question = m_conversation->lastQuestion())
        beginEdit(question->id, core::textOf(question->parts));
}

void TurnComposition::beginEdit(std::int64_t questionId, const QString &text)
{
    stopWaiting();
    m_editing = questionId;
    write(text);
    m_composer.setFiles({}); // its own files go along unchanged
    setNotice({});
    m_composer.setFocus(Qt::OtherFocusReason);
}

//! What was being written before the new version was.
void TurnComposition::showDraft()
{
    write(m_conversation ? m_conversation->record().draft : QString());
    showFiles();
}

void TurnComposition::beginBranch()
{
    stopWaiting();
    endEdit();
    dropQuestions();
    m_branchAt = m_conversation->record().activeLeaf;
    m_composer.showNotice(Tone::Neutral,
                          tr("Your next message goes on from here. What followed is kept."));
    m_composer.setFocus(Qt::OtherFocusReason);
}

//! The path goes another way: what was said about the next turn is over.
void TurnComposition::noteOnward()
{
    if (m_branchAt && m_branchAt != m_conversation->record().activeLeaf)
        setNotice({});
}

bool TurnComposition::endEdit()
{
    if (!m_editing)
        return false;
    m_editing = 0;
    setNotice({});
    showDraft();
    return true;
}

} // namespace ui
