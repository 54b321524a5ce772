#include "ui/chat/chatheader.h"

#include "ui/conversation/answertexts.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/figures.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/plaintext.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>

namespace ui {

ChatHeader::ChatHeader(const ThemeSource &theme, QWidget *parent)
    : QWidget(parent)
    , m_title(new PlainLabel(theme, TextRole::Heading, {}, this))
    , m_titleEdit(new QLineEdit(this))
    , m_workspace(new PlainLabel(theme, TextRole::Muted, {}, this))
    , m_cost(new PlainLabel(theme, TextRole::Strong, {}, this))
    , m_tokens(new PlainLabel(theme, TextRole::Muted, {}, this))
    , m_more(new IconButton(theme, QStringLiteral("dots"), tr("All actions of this chat"), this))
    , m_details(new PillButton(theme, ButtonLook::Chip, tr("Details"), this))
{
    setFixedHeight(Height);
    m_title->setObjectName(QStringLiteral("chatTitle"));
    m_title->setElide(Qt::ElideRight);
    m_title->installEventFilter(this);
    m_titleEdit->setObjectName(QStringLiteral("chatTitleEdit"));
    m_titleEdit->setAccessibleName(tr("Title of this chat"));
    m_titleEdit->installEventFilter(this);
    m_titleEdit->hide();
    m_workspace->setObjectName(QStringLiteral("chatWorkspace"));
    m_workspace->setElide(Qt::ElideRight);
    m_workspace->hide();
    m_cost->setObjectName(QStringLiteral("chatCost"));
    m_tokens->setObjectName(QStringLiteral("chatTokens"));
    m_more->setObjectName(QStringLiteral("chatActions"));
    m_details->setObjectName(QStringLiteral("detailsButton"));
    m_details->setCheckable(true);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(5 * Theme::Step, 0, 5 * Theme::Step, 0);
    row->setSpacing(2 * Theme::Step);
    row->addWidget(m_title, 1);
    row->addWidget(m_titleEdit, 1);
    row->addWidget(m_workspace);
    row->addWidget(m_cost);
    row->addWidget(m_tokens);
    row->addWidget(m_more);
    row->addWidget(m_details);
    connect(m_titleEdit, &QLineEdit::editingFinished, this, &ChatHeader::rename);
    connect(m_more, &QAbstractButton::clicked, this, &ChatHeader::openMenu);
    connect(m_details, &QAbstractButton::clicked, this, [this](bool shown) {
        setDetailsShown(shown);
        Q_EMIT detailsToggled(shown);
    });
}

void ChatHeader::show(core::Conversation *conversation)
{
    rename(); // the title that is being typed is that of the chat that was shown
    m_conversation = conversation;
    refresh();
}

void ChatHeader::refresh()
{
    const bool empty = !m_conversation || m_conversation->isEmpty();
    const QString title = m_conversation ? m_conversation->record().title : QString();
    m_title->setText(title.isEmpty() ? tr("New chat") : title);
    m_tokens->setVisible(!empty);
    refreshWorkspace();
    if (empty)
        return m_cost->hide();
    const MoneyMark mark = m_conversation->isSimulated() ? MoneyMark::Simulated : MoneyMark::None;
    const core::Cost total = m_conversation->totalCost();
    m_cost->setText(costText(total, Decimals::Figures, mark));
    m_cost->setVisible(!m_conversation->isRunning() || total.low > core::PicoUsd());
    m_tokens->setVisible(m_conversation->totalTokens() > 0);
    const std::int64_t count = m_conversation->totalTokens();
    const core::AnswerFigures::Bound bound = m_conversation->tokensBound();
    const QString shown = bound == core::AnswerFigures::Bound::AtLeast ? shortLeastCountText(count)
                                                                       : shortCountText(count);
    const QString tokens = boundedText(tr("%1 tokens").arg(shown), bound);
    m_tokens->setText(m_cost->isHidden() ? tokens : QStringLiteral("\u00B7 ") + tokens);
}

void ChatHeader::refreshWorkspace()
{
    constexpr int MostLetters = 24; // the title needs the room more
    QString name;
    for (const WorkspaceName &each : std::as_const(m_workspaces)) {
        if (m_conversation && each.id == m_conversation->record().workspaceId)
            name = shownName(each.name);
    }
    m_workspace->setMaximumWidth(MostLetters * m_workspace->fontMetrics().averageCharWidth());
    m_workspace->setText(name);
    m_workspace->setAccessibleName(tr("Workspace %1").arg(name));
    m_workspace->setVisible(!name.isEmpty() && m_workspaces.size() > 1);
}

void ChatHeader::setWorkspaces(const QList<WorkspaceName> &names)
{
    m_workspaces = names;
    refreshWorkspace();
}

void ChatHeader::setDetailsShown(bool shown)
{
    m_details->setChecked(shown);
    m_details->setLook(shown ? ButtonLook::Soft : ButtonLook::Chip);
}

void ChatHeader::openMenu()
{
    // Opened without a loop of its own: the answer goes on under it.
    auto *menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("chatActionsMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (m_conversation) {
        addChatActions(*menu);
        menu->addSeparator();
        addAnswerActions(*menu);
        menu->addSeparator();
        connect(menu->addAction(tr("Delete")), &QAction::triggered, this,
                &ChatHeader::deleteRequested);
        menu->actions().last()->setEnabled(!m_conversation->isEmpty());
    }
    menu->popup(m_more->mapToGlobal(QPoint(0, m_more->height() + Theme::Step)));
    menu->setActiveAction(menu->actions().value(0));
}

void ChatHeader::addChatActions(QMenu &menu)
{
    const core::ConversationRecord &record = m_conversation->record();
    const bool pinned = record.pinned;
    const bool archived = record.archived;
    connect(menu.addAction(tr("Rename")), &QAction::triggered, this, &ChatHeader::startRename);
    connect(menu.addAction(pinned ? tr("Unpin") : tr("Pin")), &QAction::triggered, this,
            [this, pinned] {
                if (m_conversation)
                    m_conversation->setPinned(!pinned);
            });
    connect(menu.addAction(archived ? tr("Take out of the archive") : tr("Archive")),
            &QAction::triggered, this, [this, archived] {
                if (!archived)
                    Q_EMIT archiveRequested();
                else if (m_conversation)
                    m_conversation->setArchived(false);
            });
    for (QAction *action : menu.actions())
        action->setEnabled(!m_conversation->isEmpty());
    addWorkspaceMenu(menu, m_workspaces, record.workspaceId,
                     [this](std::int64_t workspaceId) { Q_EMIT moveRequested(workspaceId); });
    if (!m_conversation->record().contextStart.isAll())
        connect(menu.addAction(tr("Send the whole chat again")), &QAction::triggered, this,
                [this] { m_conversation->setContextStart({}); });
    connect(menu.addAction(tr("Options")), &QAction::triggered, this,
            &ChatHeader::optionsRequested);
}

void ChatHeader::addAnswerActions(QMenu &menu)
{
    QList<QAction *> ofAnswers;
    const auto add = [&](const QString &text, void (ChatHeader::*request)()) {
        QAction *action = menu.addAction(text);
        connect(action, &QAction::triggered, this, request);
        ofAnswers.append(action);
    };
    add(tr("Find in this chat"), &ChatHeader::findRequested);
    add(tr("Copy the last answer"), &ChatHeader::copyRequested);
    add(tr("Make the last answer again"), &ChatHeader::regenerateRequested);
    for (QAction *action : std::as_const(ofAnswers))
        action->setEnabled(!m_conversation->isEmpty());
    ofAnswers.last()->setEnabled(!m_conversation->isEmpty() && !m_conversation->isRunning());
    QAction *details = menu.addAction(tr("Details"));
    details->setCheckable(true);
    details->setChecked(m_details->isChecked());
    connect(details, &QAction::triggered, m_details, &QAbstractButton::click);
}

void ChatHeader::startRename()
{
    if (!m_conversation || m_conversation->isEmpty())
        return;
    m_titleEdit->setText(m_conversation->record().title);
    m_title->hide();
    m_titleEdit->show();
    m_titleEdit->setFocus(Qt::MouseFocusReason);
    m_titleEdit->selectAll();
}

void ChatHeader::rename()
{
    if (m_titleEdit->isHidden()) // not isVisible(): another place may stand before it
        return;
    const bool hadFocus = m_titleEdit->hasFocus();
    m_titleEdit->hide();
    m_title->show();
    if (m_conversation)
        m_conversation->setTitle(m_titleEdit->text());
    if (hadFocus)
        Q_EMIT renamed();
}

bool ChatHeader::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_title && event->type() == QEvent::MouseButtonDblClick) {
        startRename();
        return true;
    }
    const bool isKey =
        event->type() == QEvent::KeyPress || event->type() == QEvent::ShortcutOverride;
    if (watched == m_titleEdit && isKey &&
        static_cast<QKeyEvent *>(event)->key() == Qt::Key_Escape) {
        event->accept(); // it would stop the answer
        if (event->type() == QEvent::ShortcutOverride)
            return true;
        m_titleEdit->setText(m_conversation ? m_conversation->record().title : QString());
        rename();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace ui
