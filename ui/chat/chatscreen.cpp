#include "ui/chat/chatscreen.h"

#include "ui/chat/chatheader.h"
#include "ui/chat/detailsfeed.h"
#include "ui/chat/findbar.h"
#include "ui/chat/turncomposition.h"
#include "ui/transcript/composer.h"
#include "ui/transcript/transcriptview.h"
#include "ui/widgets/figures.h"
#include "ui/widgets/hairline.h"
#include "ui/widgets/links.h"
#include "ui/widgets/visibility.h"

#include <QClipboard>
#include <QCoreApplication>
#include <QDragEnterEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
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
    , m_turn(new TurnComposition(*m_composer, theme, m_names, this))
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
    m_composer->installEventFilter(this);

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
    connect(m_turn, &TurnComposition::modelRequested, this, &ChatScreen::modelRequested);
    connect(m_turn, &TurnComposition::budgetRequested, this, &ChatScreen::budgetRequested);
    connect(m_feed, &ConversationFeed::editRequested, m_turn, &TurnComposition::beginEdit);
    connect(m_feed, &ConversationFeed::branched, m_turn, &TurnComposition::beginBranch);
    connect(m_feed, &ConversationFeed::fitRequested, m_turn, &TurnComposition::makeFit);
    connect(m_feed, &ConversationFeed::againRequested, m_turn, &TurnComposition::askAgain);
    connect(m_feed, &ConversationFeed::otherModelRequested, this, &ChatScreen::modelRequested);
    connect(m_feed, &ConversationFeed::insteadRequested, this, &ChatScreen::insteadRequested);
    connect(m_feed, &ConversationFeed::keySettingsRequested, this,
            &ChatScreen::keySettingsRequested);
    connect(m_feed, &ConversationFeed::reminderRequested, this, &ChatScreen::reminderRequested);
    connect(m_feed, &ConversationFeed::detailsRequested, this, &ChatScreen::openDetailsOf);
    connect(m_view, &TranscriptView::messageTouched, this, [this](const QString &messageId) {
        if (m_detailsFeed)
            m_detailsFeed->choose(messageId.toLongLong());
    });
    connect(m_feed, &ConversationFeed::refused, m_turn, &TurnComposition::setNotice);
    connect(m_feed, &ConversationFeed::warned, m_turn, &TurnComposition::setNotice);
    connect(m_feed, &ConversationFeed::linkRequested, this,
            [this](const QString &text, const QString &url) { openLink(this, url, text); });
}

void ChatScreen::connectHeader()
{
    m_regenerateArmed.setSingleShot(true);
    m_regenerateArmed.setInterval(SecondPress);
    connect(&m_regenerateArmed, &QTimer::timeout, this, [this] {
        if (m_composer->noticeText() == m_regenerateNotice) // not what came since
            m_turn->setNotice({});
    });
    connect(m_header, &ChatHeader::findRequested, this, &ChatScreen::startFind);
    connect(m_header, &ChatHeader::renamed, this, &ChatScreen::focusComposer);
    connect(m_header, &ChatHeader::copyRequested, this, &ChatScreen::copyLastAnswer);
    connect(m_header, &ChatHeader::regenerateRequested, this, &ChatScreen::regenerateLast);
    connect(m_header, &ChatHeader::optionsRequested, m_turn, &TurnComposition::openOptions);
    connect(m_header, &ChatHeader::detailsToggled, this, &ChatScreen::detailsToggled);
    connect(m_header, &ChatHeader::deleteRequested, this, [this] {
        if (m_conversation)
            Q_EMIT deleteRequested(m_conversation->id());
    });
    connect(m_header, &ChatHeader::archiveRequested, this, [this] {
        if (m_conversation)
            Q_EMIT archiveRequested(m_conversation->id());
    });
    connect(m_header, &ChatHeader::moveRequested, this, [this](std::int64_t workspaceId) {
        if (m_conversation)
            Q_EMIT moveRequested(m_conversation->id(), workspaceId);
    });
}

void ChatScreen::askInstead(std::int64_t answerId, const core::Route &route)
{
    m_feed->askInstead(answerId, route);
}

void ChatScreen::regenerateLast()
{
    // A chat that went back to before its first question has messages, but none in sight.
    if (const auto last = m_conversation ? m_conversation->leaf() : std::nullopt)
        m_turn->askAgain(last->id, core::Conversation::Again::Whole);
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
    m_turn->addFiles(files);
    event->acceptProposedAction();
}

std::optional<core::ChatRequest> ChatScreen::nextRequest() const
{
    return m_turn->nextRequest();
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

void ChatScreen::setAnnouncements(Announcements which)
{
    m_view->setAnnouncements(which);
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
    m_turn->setBlockedPatterns(patterns);
}

void ChatScreen::setWorkspaces(const QList<WorkspaceName> &names)
{
    m_header->setWorkspaces(names);
}

void ChatScreen::setNotice(const QString &sentence)
{
    m_turn->setNotice(sentence);
}

void ChatScreen::show(core::Conversation *conversation)
{
    // Chosen again, as by its row: what is being written, asked about and read stays.
    if (conversation && conversation == m_conversation)
        return;
    if (m_conversation)
        m_conversation->disconnect(this);
    m_conversation = conversation;
    m_regenerateArmed.stop();
    setEnabled(conversation != nullptr);
    m_header->show(conversation);
    m_feed->setConversation(conversation);
    if (m_detailsFeed)
        m_detailsFeed->setConversation(conversation);
    if (conversation) {
        connect(conversation, &core::Conversation::recordChanged, this, &ChatScreen::refreshHeader);
        connect(conversation, &core::Conversation::messageChanged, this,
                &ChatScreen::refreshHeader);
        connect(conversation, &core::Conversation::pathChanged, this, &ChatScreen::refreshHeader);
    }
    m_turn->setConversation(conversation);
    refreshHeader();
}

void ChatScreen::showMessage(std::int64_t messageId)
{
    if (m_feed->showMessage(messageId) && m_detailsFeed)
        m_detailsFeed->choose(messageId);
}

void ChatScreen::refreshHeader()
{
    const bool empty = !m_conversation || m_conversation->isEmpty();
    m_header->refresh();
    setShown(*m_welcomePlace, empty && m_welcome);
    m_view->setVisible(!m_welcomePlace->isVisibleTo(this));
}

void ChatScreen::setTokenCounter(core::TokenCounter *counter)
{
    m_turn->setTokenCounter(counter);
}

void ChatScreen::setCacheLoss(core::TellCacheLoss tell)
{
    m_turn->setCacheLoss(std::move(tell));
}

void ChatScreen::setForecastSource(SendForecast::Answer answer)
{
    m_turn->setForecastSource(std::move(answer));
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
    if (m_turn->stopWaiting() || m_turn->endEdit())
        return true;
    if (m_conversation && m_conversation->isRunning()) {
        m_conversation->stop();
        return true;
    }
    return false;
}

void ChatScreen::copyLastAnswer()
{
    const auto last = m_conversation ? m_conversation->leaf() : std::nullopt;
    if (!last || last->role != core::Role::Assistant)
        return;
    // One that waits or failed has none: what was copied before is not lost for it.
    if (const QString text = core::textOf(last->parts); !text.isEmpty())
        QGuiApplication::clipboard()->setText(text);
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
    const auto answer = m_conversation ? m_conversation->leaf() : std::nullopt;
    if (!answer || m_conversation->isRunning())
        return;
    if (m_regenerateArmed.isActive()) {
        m_regenerateArmed.stop();
        m_turn->setNotice({});
        return regenerateLast();
    }
    const core::AnswerFigures last = m_conversation->figures(answer->id);
    const QString cost = costText(last.cost, Decimals::Figures,
                                  last.simulated ? MoneyMark::Simulated
                                  : last.local   ? MoneyMark::Local
                                                 : MoneyMark::None);
    m_regenerateNotice = tr("Press again to make the last answer again: \u2248 %1").arg(cost);
    m_turn->setNotice({}); // a question whose buttons are gone is none any more
    m_composer->showNotice(Tone::Neutral, m_regenerateNotice);
    m_regenerateArmed.start();
}

void ChatScreen::setDetailSources(const DetailSources &sources)
{
    m_detailSources = sources;
    m_turn->setContextLimit(sources.contextLimit);
}

void ChatScreen::setDetailsShown(bool shown)
{
    m_header->setDetailsShown(shown);
    if (shown && !m_details) {
        m_details = new DetailsPanel(m_theme, m_names, m_detailSources, this);
        m_details->installEventFilter(this);
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
    const int panel = m_details->width();
    const int room = docked && !m_details->isHidden() ? panel : 0;
    layout()->setContentsMargins(mirrored ? room : 0, 0, mirrored ? 0 : room, 0);
    // Above the messages it leaves the composer free: what is typed there, and Stop.
    const int top = docked ? 0 : ChatHeader::Height + 1;
    const int bottom = docked ? height() : m_composer->y();
    m_details->setGeometry(mirrored ? 0 : width() - panel, top, panel, bottom - top);
    m_details->raise();
}

bool ChatScreen::eventFilter(QObject *watched, QEvent *event)
{
    const bool moves = event->type() == QEvent::Move || event->type() == QEvent::Resize;
    if (moves && (watched == m_composer || watched == m_details))
        placeDetails(); // the composer grows with its text, the panel with the text size
    return QWidget::eventFilter(watched, event);
}

//! What nobody took is meant for the composer: a click on the messages does not end writing.
void ChatScreen::keyPressEvent(QKeyEvent *event)
{
    QWidget *edit = m_composer->focusProxy();
    const bool types =
        !event->text().isEmpty() && event->text().at(0).isPrint() &&
        !(event->modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier));
    if (!types || !edit || !edit->isVisible() || !edit->isEnabled() || edit->hasFocus())
        return QWidget::keyPressEvent(event);
    focusComposer();
    QCoreApplication::sendEvent(edit, event);
}

void ChatScreen::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    placeDetails();
}

} // namespace ui
