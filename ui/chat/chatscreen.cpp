#include "ui/chat/chatscreen.h"

#include "core/base/errortext.h"
#include "ui/chat/attachedfiles.h"
#include "ui/chat/chatheader.h"
#include "ui/chat/detailsfeed.h"
#include "ui/chat/findbar.h"
#include "ui/chat/optionspopup.h"
#include "ui/conversation/budgetquestion.h"
#include "ui/conversation/promptcheck.h"
#include "ui/transcript/composer.h"
#include "ui/transcript/transcriptview.h"
#include "ui/widgets/figures.h"
#include "ui/widgets/hairline.h"
#include "ui/widgets/links.h"

#include <QClipboard>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QMimeData>

namespace ui {

namespace {

constexpr int ColumnWidth = 740;
constexpr auto SecondPress = std::chrono::seconds(4); //!< So long Ctrl+R waits for its second.
constexpr int DockFrom = 1100; //!< Narrower windows have the Details panel above the messages.

} // namespace

ChatScreen::ChatScreen(const ThemeSource &theme, ConversationFeed::Names names, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_names(std::move(names))
    , m_header(new ChatHeader(theme, this))
    , m_view(new TranscriptView(theme.theme(), this))
    , m_find(new FindBar(theme, *m_view, this))
    , m_composer(new Composer(theme, this))
    , m_files(new AttachedFiles(this))
    , m_options(new OptionsPopup(theme, this))
    , m_check(new PromptCheck(*m_composer, this))
    , m_budget(new BudgetQuestion(*m_composer, this))
    , m_forecast(new SendForecast([this] { return nextQuestion(); }, this))
    , m_welcomePlace(new QWidget(this))
    , m_feed(new ConversationFeed(*m_view, theme, m_names, ConversationFeed::Actions::Full, this))
{
    setObjectName(QStringLiteral("chatScreen"));
    m_view->setObjectName(QStringLiteral("transcript"));
    m_composer->setObjectName(QStringLiteral("composer"));
    m_composer->setOptionsShown(true);
    m_composer->setAttachShown(true);
    setAcceptDrops(true);
    m_composer->setPlaceholder(tr("Ask anything."));
    build();
    connectParts();
    connectHeader();
    connectFiles();
    show(nullptr);
}

void ChatScreen::build()
{
    auto *composerRow = new QHBoxLayout;
    composerRow->setContentsMargins(4 * Theme::Step, Theme::Step, 4 * Theme::Step, 3 * Theme::Step);
    composerRow->addStretch(1);
    composerRow->addWidget(m_composer, 1000);
    composerRow->addStretch(1);
    m_composer->setMaximumWidth(ColumnWidth);

    auto *welcome = new QVBoxLayout(m_welcomePlace);
    welcome->setContentsMargins(0, 0, 0, 0);
    m_welcomePlace->hide();

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addWidget(new Hairline(m_theme, Qt::Horizontal, this));
    column->addWidget(m_find);
    column->addWidget(m_view, 1);
    column->addWidget(m_welcomePlace, 1);
    column->addLayout(composerRow);
}

void ChatScreen::connectParts()
{
    connect(&m_theme, &ThemeSource::changed, this, [this] { m_view->setTheme(m_theme.theme()); });
    connect(m_composer, &Composer::sendRequested, this, &ChatScreen::send);
    connect(m_composer, &Composer::stopRequested, this, [this] {
        if (m_conversation)
            m_conversation->stop();
    });
    connect(m_composer, &Composer::draftChanged, this, [this](const QString &draft) {
        if (m_conversation && !m_editing)
            m_conversation->setDraft(draft);
        m_forecast->refreshSoon();
    });
    connect(m_composer, &Composer::modelRequested, this, &ChatScreen::modelRequested);
    connect(m_composer, &Composer::optionsRequested, this, &ChatScreen::openOptions);
    connect(m_options, &OptionsPopup::changed, this, [this](const core::ChatOptions &options) {
        if (m_conversation)
            m_conversation->setOptions(options);
        focusComposer();
    });
    connect(m_composer, &Composer::editLastRequested, this, &ChatScreen::editLast);
    connect(m_composer, &Composer::noticeActionChosen, this, [this](int action) {
        if (!m_check->answer(action) && !m_budget->answer(action))
            endEdit();
    });
    connect(m_forecast, &SendForecast::changed, this, &ChatScreen::refreshHint);
    connect(m_budget, &BudgetQuestion::chosen, this, &ChatScreen::sendAgain);
    connect(m_budget, &BudgetQuestion::modelRequested, this, &ChatScreen::modelRequested);
    connect(m_budget, &BudgetQuestion::budgetRequested, this, &ChatScreen::budgetRequested);
    connect(m_check, &PromptCheck::confirmed, this, &ChatScreen::send);
    connect(m_feed, &ConversationFeed::editRequested, this, &ChatScreen::beginEdit);
    connect(m_feed, &ConversationFeed::otherModelRequested, this, &ChatScreen::modelRequested);
    connect(m_feed, &ConversationFeed::keySettingsRequested, this,
            &ChatScreen::keySettingsRequested);
    connect(m_feed, &ConversationFeed::detailsRequested, this, &ChatScreen::openDetailsOf);
    connect(m_view, &TranscriptView::messageTouched, this, [this](const QString &messageId) {
        if (m_detailsFeed)
            m_detailsFeed->choose(messageId.toLongLong());
    });
    connect(m_feed, &ConversationFeed::refused, this, &ChatScreen::setNotice);
    connect(m_feed, &ConversationFeed::warned, this, &ChatScreen::setNotice);
    connect(m_feed, &ConversationFeed::linkRequested, this,
            [this](const QString &text, const QString &url) { openLink(this, url, text); });
}

void ChatScreen::connectHeader()
{
    m_regenerateArmed.setSingleShot(true);
    m_regenerateArmed.setInterval(SecondPress);
    connect(&m_regenerateArmed, &QTimer::timeout, m_composer, &Composer::hideNotice);
    connect(m_header, &ChatHeader::findRequested, this, &ChatScreen::startFind);
    connect(m_header, &ChatHeader::copyRequested, this, &ChatScreen::copyLastAnswer);
    connect(m_header, &ChatHeader::regenerateRequested, this, &ChatScreen::regenerateLast);
    connect(m_header, &ChatHeader::optionsRequested, this, &ChatScreen::openOptions);
    connect(m_header, &ChatHeader::detailsToggled, this, &ChatScreen::detailsToggled);
    connect(m_header, &ChatHeader::deleteRequested, this, [this] {
        if (m_conversation)
            Q_EMIT deleteRequested(m_conversation->id());
    });
    connect(m_header, &ChatHeader::archiveRequested, this, [this] {
        if (m_conversation)
            Q_EMIT archiveRequested(m_conversation->id());
    });
}

void ChatScreen::openOptions()
{
    if (m_conversation)
        m_options->open(m_conversation->record().options, m_composer);
}

void ChatScreen::regenerateLast()
{
    if (!m_conversation || m_conversation->isEmpty())
        return;
    if (const auto sent = m_conversation->regenerate(m_conversation->path().last().id); !sent)
        setNotice(core::userText(sent.error()));
}

void ChatScreen::connectFiles()
{
    connect(m_composer, &Composer::attachRequested, this, [this] {
        auto *dialog = new QFileDialog(this, tr("Attach files"));
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::ExistingFiles);
        connect(dialog, &QFileDialog::urlsSelected, m_composer, &Composer::filesGiven);
        dialog->open(); // exec() would stop what the event loop below it does
    });
    connect(m_composer, &Composer::filesGiven, this, [this](const QList<QUrl> &files) {
        if (m_conversation)
            m_files->addFiles(m_conversation->id(), files);
    });
    connect(m_composer, &Composer::imageGiven, this, [this](const QImage &image) {
        if (m_conversation)
            m_files->addImage(m_conversation->id(), image);
    });
    connect(m_composer, &Composer::fileRemoved, this, [this](int index) {
        if (m_conversation)
            m_files->remove(m_conversation->id(), index);
        focusComposer();
    });
    connect(m_files, &AttachedFiles::changed, this, [this](std::int64_t chat) {
        if (m_conversation && m_conversation->id() == chat)
            m_composer->setFiles(m_files->tiles(chat));
        m_forecast->refreshSoon();
    });
    connect(m_files, &AttachedFiles::refused, this,
            [this](std::int64_t chat, const QString &sentence) {
                if (m_conversation && m_conversation->id() == chat)
                    setNotice(sentence);
            });
}

void ChatScreen::dragEnterEvent(QDragEnterEvent *event)
{
    if (m_conversation && event->mimeData()->hasUrls())
        event->acceptProposedAction();
}

void ChatScreen::dropEvent(QDropEvent *event)
{
    QList<QUrl> files;
    for (const QUrl &url : event->mimeData()->urls()) {
        if (url.isLocalFile())
            files.append(url);
    }
    m_files->addFiles(m_conversation->id(), files);
    event->acceptProposedAction();
}

QWidget *ChatScreen::modelChip() const
{
    return m_composer;
}

void ChatScreen::setWelcome(QWidget *welcome)
{
    delete m_welcome;
    m_welcome = welcome;
    if (welcome)
        m_welcomePlace->layout()->addWidget(welcome);
    refreshHeader();
}

void ChatScreen::setFollowAnswers(bool follow)
{
    m_view->setFollowAnswers(follow);
}

void ChatScreen::setWideColumn(bool wide)
{
    m_view->setWide(wide);
    m_composer->setMaximumWidth(wide ? QWIDGETSIZE_MAX : ColumnWidth);
}

void ChatScreen::setSendKey(SendKey key)
{
    m_composer->setSendKey(key);
}

void ChatScreen::setBlockedPatterns(const QStringList &patterns)
{
    m_check->setBlocked(patterns);
}

void ChatScreen::setNotice(const QString &sentence)
{
    m_budget->drop();
    if (sentence.isEmpty())
        m_composer->hideNotice();
    else
        m_composer->showNotice(Tone::Warning, sentence);
}

void ChatScreen::show(core::Conversation *conversation)
{
    if (m_conversation)
        m_conversation->disconnect(this);
    m_conversation = conversation;
    m_editing = 0;
    m_regenerateArmed.stop();
    m_budget->drop();
    m_composer->hideNotice();
    m_header->show(conversation);
    m_feed->setConversation(conversation);
    if (m_detailsFeed)
        m_detailsFeed->setConversation(conversation);
    if (conversation) {
        connect(conversation, &core::Conversation::recordChanged, this, &ChatScreen::refreshHeader);
        connect(conversation, &core::Conversation::messageChanged, this,
                &ChatScreen::refreshHeader);
        connect(conversation, &core::Conversation::pathChanged, this, &ChatScreen::refreshHeader);
        connect(conversation, &core::Conversation::recordChanged, this,
                &ChatScreen::refreshComposer);
        connect(conversation, &core::Conversation::runningChanged, this,
                &ChatScreen::refreshComposer);
        connect(conversation, &core::Conversation::refusedByBudget, this, &ChatScreen::takeBack);
    }
    m_composer->setText(conversation ? conversation->record().draft : QString());
    m_composer->setFiles(conversation ? m_files->tiles(conversation->id()) : QList<FileTile>());
    refreshHeader();
    refreshComposer();
}

void ChatScreen::refreshHeader()
{
    const bool empty = !m_conversation || m_conversation->isEmpty();
    m_header->refresh();
    m_welcomePlace->setVisible(empty && m_welcome);
    m_view->setVisible(!m_welcomePlace->isVisibleTo(this));
}

void ChatScreen::refreshComposer()
{
    setEnabled(m_conversation != nullptr);
    if (!m_conversation)
        return;
    const core::Target &target = m_conversation->record().target;
    const bool chosen = !target.model.isEmpty();
    m_composer->setModel(chosen ? m_names.model(target) : tr("Choose a model"),
                         chosen ? m_theme.theme().providerColor(target.provider) : QColor());
    m_composer->setOptionsCount(differingOptions(m_conversation->record().options));
    m_composer->setRunning(m_conversation->isRunning());
    m_forecast->refreshSoon();
    refreshHint();
}

void ChatScreen::refreshHint()
{
    if (!m_conversation)
        return;
    const bool simulated = m_conversation->record().target.simulated;
    const QString forecast = forecastText(m_forecast->forecasts());
    if (forecast.isEmpty() || m_conversation->isRunning())
        m_composer->setHint(simulated ? tr("practice, simulated cost") : QString());
    else
        m_composer->setHint(simulated ? tr("practice \u00B7 %1").arg(forecast) : forecast);
}

void ChatScreen::setForecastSource(SendForecast::Answer answer)
{
    m_forecast->setSource(std::move(answer));
}

QList<core::ForecastQuestion> ChatScreen::nextQuestion() const
{
    if (!m_conversation || m_conversation->record().target.model.isEmpty())
        return {};
    const QString text = m_composer->text();
    const QList<core::AttachmentPart> files =
        m_editing ? QList<core::AttachmentPart>() : m_files->of(m_conversation->id());
    if (QStringView(text).trimmed().isEmpty() && files.isEmpty())
        return {};
    return {{m_conversation->requestFor(text, files, m_editing), m_conversation->record().target}};
}

void ChatScreen::send(const QString &text)
{
    if (!m_conversation || !m_check->passes(text))
        return;
    if (const auto sent = sendBy(text, {}); !sent)
        setNotice(core::userText(sent.error()));
}

core::Result<core::Done> ChatScreen::sendBy(const QString &text, const core::SpendTerms &terms)
{
    const core::Result<core::Done> sent =
        m_editing ? m_conversation->editAndResend(m_editing, text, terms)
                  : m_conversation->send(text, m_files->of(m_conversation->id()), terms);
    if (!sent)
        return sent;
    if (!m_editing)
        m_files->clear(m_conversation->id());
    m_editing = 0;
    m_budget->drop();
    m_composer->hideNotice();
    m_composer->setText({});
    return sent;
}

//! The text stays where it was written.
void ChatScreen::takeBack(const core::RefusedTurn &turn)
{
    m_refused = turn;
    const QString typed = m_composer->text(); // since then
    if (turn.kind == core::RefusedTurn::Kind::Edit) {
        beginEdit(turn.messageId, turn.text);
    } else if (turn.kind == core::RefusedTurn::Kind::Send) {
        m_composer->setText(typed.isEmpty() ? turn.text
                                            : turn.text + QStringLiteral("\n\n") + typed);
        m_conversation->setDraft(m_composer->text());
        m_files->put(m_conversation->id(), turn.attachments);
    }
    if (turn.error.shortfall)
        m_budget->ask(*turn.error.shortfall);
    else
        setNotice(core::userText(turn.error));
}

void ChatScreen::sendAgain(const core::SpendTerms &terms)
{
    if (!m_conversation)
        return;
    const bool remakes = m_refused.kind == core::RefusedTurn::Kind::Regenerate;
    const auto sent = remakes ? m_conversation->regenerate(m_refused.messageId, terms)
                              : sendBy(m_composer->text(), terms);
    if (!sent)
        setNotice(core::userText(sent.error()));
}

void ChatScreen::editLast()
{
    if (!m_conversation)
        return;
    const QList<core::MessageRecord> path = m_conversation->path();
    for (auto message = path.crbegin(); message != path.crend(); ++message) {
        if (message->role == core::Role::User)
            return beginEdit(message->id, core::textOf(message->parts));
    }
}

void ChatScreen::beginEdit(std::int64_t questionId, const QString &text)
{
    m_editing = questionId;
    m_composer->setText(text);
    m_composer->setFiles({}); // its own files go along unchanged
    m_composer->showNotice(Tone::Neutral, tr("Sending makes a new version; the old one is kept."),
                           {tr("Cancel")});
    focusComposer();
}

void ChatScreen::endEdit()
{
    m_composer->hideNotice();
    if (!m_editing)
        return;
    m_editing = 0;
    m_composer->setText(m_conversation ? m_conversation->record().draft : QString());
    if (m_conversation)
        m_composer->setFiles(m_files->tiles(m_conversation->id()));
}

void ChatScreen::startFind()
{
    m_find->start();
}

bool ChatScreen::escape()
{
    if (m_find->isVisible()) {
        m_find->stop();
        return true;
    }
    if (m_editing) {
        endEdit();
        return true;
    }
    if (m_conversation && m_conversation->isRunning()) {
        m_conversation->stop();
        return true;
    }
    return false;
}

void ChatScreen::copyLastAnswer()
{
    const QList<core::MessageRecord> path =
        m_conversation ? m_conversation->path() : QList<core::MessageRecord>();
    if (!path.isEmpty() && path.last().role == core::Role::Assistant)
        QGuiApplication::clipboard()->setText(core::textOf(path.last().parts));
}

void ChatScreen::goToMessage(int step)
{
    m_view->goToMessage(step);
}

void ChatScreen::focusComposer()
{
    m_composer->setFocus(Qt::OtherFocusReason);
}

void ChatScreen::regenerateOnSecondPress()
{
    if (!m_conversation || m_conversation->isEmpty() || m_conversation->isRunning())
        return;
    if (m_regenerateArmed.isActive()) {
        m_regenerateArmed.stop();
        m_composer->hideNotice();
        return regenerateLast();
    }
    const core::AnswerFigures last = m_conversation->figures(m_conversation->path().last().id);
    const QString cost = costText(last.cost, Decimals::Figures,
                                  last.simulated ? MoneyMark::Simulated
                                  : last.local   ? MoneyMark::Local
                                                 : MoneyMark::None);
    m_composer->showNotice(Tone::Neutral,
                           tr("Press again to make the last answer again: \u2248 %1").arg(cost));
    m_regenerateArmed.start();
}

void ChatScreen::setDetailSources(const DetailSources &sources)
{
    m_detailSources = sources;
}

void ChatScreen::setDetailsShown(bool shown)
{
    m_header->setDetailsShown(shown);
    if (shown && !m_details) {
        m_details = new DetailsPanel(m_theme, m_names, m_detailSources, this);
        m_detailsFeed = new DetailsFeed(*m_details, m_detailSources, this);
        m_detailsFeed->setConversation(m_conversation);
    }
    if (!m_details)
        return;
    m_details->setVisible(shown);
    placeDetails();
    m_detailsFeed->refresh();
}

void ChatScreen::refreshDetails()
{
    if (m_detailsFeed)
        m_detailsFeed->refreshStored();
}

void ChatScreen::openDetailsOf(const QString &messageId)
{
    if (!m_details || m_details->isHidden()) {
        setDetailsShown(true);
        Q_EMIT detailsToggled(true);
    }
    m_detailsFeed->choose(messageId.toLongLong());
}

void ChatScreen::placeDetails()
{
    if (!m_details)
        return;
    const bool docked = window()->width() >= DockFrom;
    const bool mirrored = isRightToLeft();
    const int room = docked && !m_details->isHidden() ? DetailsPanel::Width : 0;
    layout()->setContentsMargins(mirrored ? room : 0, 0, mirrored ? 0 : room, 0);
    const int top = docked ? 0 : ChatHeader::Height + 1;
    m_details->setGeometry(mirrored ? 0 : width() - DetailsPanel::Width, top, DetailsPanel::Width,
                           height() - top);
    m_details->raise();
}

void ChatScreen::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    placeDetails();
}

} // namespace ui
