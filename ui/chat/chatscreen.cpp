#include "ui/chat/chatscreen.h"

#include "core/base/errortext.h"
#include "ui/chat/attachedfiles.h"
#include "ui/chat/findbar.h"
#include "ui/chat/optionspopup.h"
#include "ui/conversation/promptcheck.h"
#include "ui/transcript/composer.h"
#include "ui/transcript/transcriptview.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/figures.h"
#include "ui/widgets/hairline.h"
#include "ui/widgets/links.h"
#include "ui/widgets/plainlabel.h"

#include <QClipboard>
#include <QDragEnterEvent>
#include <QEvent>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMimeData>

namespace ui {

namespace {

constexpr int HeaderHeight = 13 * Theme::Step;
constexpr int ColumnWidth = 740;

} // namespace

ChatScreen::ChatScreen(const ThemeSource &theme, ConversationFeed::Names names, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_names(std::move(names))
    , m_header(new QWidget(this))
    , m_title(new PlainLabel(theme, TextRole::Heading, {}, m_header))
    , m_titleEdit(new QLineEdit(m_header))
    , m_cost(new PlainLabel(theme, TextRole::Strong, {}, m_header))
    , m_tokens(new PlainLabel(theme, TextRole::Muted, {}, m_header))
    , m_view(new TranscriptView(theme.theme(), this))
    , m_find(new FindBar(theme, *m_view, this))
    , m_composer(new Composer(theme, this))
    , m_files(new AttachedFiles(this))
    , m_options(new OptionsPopup(theme, this))
    , m_check(new PromptCheck(*m_composer, this))
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
    buildHeader(theme);

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
    column->addWidget(new Hairline(theme, Qt::Horizontal, this));
    column->addWidget(m_find);
    column->addWidget(m_view, 1);
    column->addWidget(m_welcomePlace, 1);
    column->addLayout(composerRow);
    connectParts();
    connectFiles();
    show(nullptr);
}

void ChatScreen::buildHeader(const ThemeSource &)
{
    m_header->setFixedHeight(HeaderHeight);
    m_title->setObjectName(QStringLiteral("chatTitle"));
    m_title->setElide(Qt::ElideRight);
    m_title->installEventFilter(this);
    m_titleEdit->setObjectName(QStringLiteral("chatTitleEdit"));
    m_titleEdit->setAccessibleName(tr("Title of this chat"));
    m_titleEdit->installEventFilter(this);
    m_titleEdit->hide();
    m_cost->setObjectName(QStringLiteral("chatCost"));
    m_tokens->setObjectName(QStringLiteral("chatTokens"));
    auto *row = new QHBoxLayout(m_header);
    row->setContentsMargins(5 * Theme::Step, 0, 5 * Theme::Step, 0);
    row->setSpacing(2 * Theme::Step);
    row->addWidget(m_title, 1);
    row->addWidget(m_titleEdit, 1);
    row->addWidget(m_cost);
    row->addWidget(m_tokens);
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
        refreshHint();
    });
    connect(m_composer, &Composer::modelRequested, this, &ChatScreen::modelRequested);
    connect(m_composer, &Composer::optionsRequested, this, [this] {
        if (m_conversation)
            m_options->open(m_conversation->record().options, m_composer);
    });
    connect(m_options, &OptionsPopup::changed, this, [this](const core::ChatOptions &options) {
        if (m_conversation)
            m_conversation->setOptions(options);
        focusComposer();
    });
    connect(m_composer, &Composer::editLastRequested, this, &ChatScreen::editLast);
    connect(m_composer, &Composer::noticeActionChosen, this, [this](int action) {
        if (!m_check->answer(action))
            endEdit();
    });
    connect(m_check, &PromptCheck::confirmed, this, &ChatScreen::send);
    connect(m_titleEdit, &QLineEdit::editingFinished, this, &ChatScreen::rename);
    connect(m_feed, &ConversationFeed::editRequested, this, &ChatScreen::beginEdit);
    connect(m_feed, &ConversationFeed::otherModelRequested, this, &ChatScreen::modelRequested);
    connect(m_feed, &ConversationFeed::keySettingsRequested, this,
            &ChatScreen::keySettingsRequested);
    connect(m_feed, &ConversationFeed::refused, this, &ChatScreen::setNotice);
    connect(m_feed, &ConversationFeed::warned, this, &ChatScreen::setNotice);
    connect(m_feed, &ConversationFeed::linkRequested, this,
            [this](const QString &text, const QString &url) { openLink(this, url, text); });
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
    m_composer->hideNotice();
    m_titleEdit->hide();
    m_title->show();
    m_feed->setConversation(conversation);
    if (conversation) {
        connect(conversation, &core::Conversation::recordChanged, this, &ChatScreen::refreshHeader);
        connect(conversation, &core::Conversation::messageChanged, this,
                &ChatScreen::refreshHeader);
        connect(conversation, &core::Conversation::pathChanged, this, &ChatScreen::refreshHeader);
        connect(conversation, &core::Conversation::recordChanged, this,
                &ChatScreen::refreshComposer);
        connect(conversation, &core::Conversation::runningChanged, this,
                &ChatScreen::refreshComposer);
    }
    m_composer->setText(conversation ? conversation->record().draft : QString());
    m_composer->setFiles(conversation ? m_files->tiles(conversation->id()) : QList<FileTile>());
    refreshHeader();
    refreshComposer();
}

void ChatScreen::refreshHeader()
{
    const bool empty = !m_conversation || m_conversation->isEmpty();
    const QString title = m_conversation ? m_conversation->record().title : QString();
    m_title->setText(title.isEmpty() ? tr("New chat") : title);
    m_tokens->setVisible(!empty);
    m_welcomePlace->setVisible(empty && m_welcome);
    m_view->setVisible(!m_welcomePlace->isVisibleTo(this));
    if (empty)
        return m_cost->hide();
    const MoneyMark mark = m_conversation->isSimulated() ? MoneyMark::Simulated : MoneyMark::None;
    const core::Cost total = m_conversation->totalCost();
    m_cost->setText(costText(total, Decimals::Figures, mark));
    m_cost->setVisible(!m_conversation->isRunning() || total.low > core::PicoUsd());
    m_tokens->setVisible(m_conversation->totalTokens() > 0);
    m_tokens->setText(tr("· %1 tokens").arg(shortCountText(m_conversation->totalTokens())));
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
    refreshHint();
}

void ChatScreen::refreshHint()
{
    if (!m_conversation)
        return;
    const bool simulated = m_conversation->record().target.simulated;
    m_composer->setHint(simulated ? tr("practice, simulated cost") : QString());
}

void ChatScreen::send(const QString &text)
{
    if (!m_conversation || !m_check->passes(text))
        return;
    const core::Result<core::Done> sent =
        m_editing ? m_conversation->editAndResend(m_editing, text)
                  : m_conversation->send(text, m_files->of(m_conversation->id()));
    if (!sent)
        return setNotice(core::userText(sent.error()));
    if (!m_editing)
        m_files->clear(m_conversation->id());
    m_editing = 0;
    m_composer->hideNotice();
    m_composer->setText({});
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

void ChatScreen::rename()
{
    if (!m_titleEdit->isVisible())
        return;
    m_titleEdit->hide();
    m_title->show();
    if (m_conversation)
        m_conversation->setTitle(m_titleEdit->text());
}

bool ChatScreen::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_title && event->type() == QEvent::MouseButtonDblClick && m_conversation &&
        !m_conversation->isEmpty()) {
        m_titleEdit->setText(m_conversation->record().title);
        m_title->hide();
        m_titleEdit->show();
        m_titleEdit->setFocus(Qt::MouseFocusReason);
        m_titleEdit->selectAll();
        return true;
    }
    if (watched == m_titleEdit && event->type() == QEvent::KeyPress &&
        static_cast<QKeyEvent *>(event)->key() == Qt::Key_Escape) {
        m_titleEdit->setText(m_conversation ? m_conversation->record().title : QString());
        rename();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace ui
