#include "ui/chat/findbar.h"

#include "ui/transcript/transcriptview.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/plainlabel.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>

namespace ui {

FindBar::FindBar(const ThemeSource &theme, TranscriptView &view, QWidget *parent)
    : QWidget(parent)
    , m_view(view)
    , m_text(new QLineEdit(this))
    , m_count(new PlainLabel(theme, TextRole::Muted, {}, this))
{
    setObjectName(QStringLiteral("findBar"));
    m_text->setObjectName(QStringLiteral("findText"));
    m_text->setAccessibleName(tr("Find in this chat"));
    m_text->setPlaceholderText(tr("Find in this chat"));
    m_text->installEventFilter(this);
    auto *previous =
        new IconButton(theme, QStringLiteral("chevron-left"), tr("Previous hit"), this);
    auto *next = new IconButton(theme, QStringLiteral("chevron-right"), tr("Next hit"), this);
    auto *close = new IconButton(theme, QStringLiteral("close"), tr("Close"), this);

    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(4 * Theme::Step, 2 * Theme::Step, 4 * Theme::Step, 2 * Theme::Step);
    row->setSpacing(2 * Theme::Step);
    row->addWidget(m_text, 1);
    row->addWidget(m_count);
    row->addWidget(previous);
    row->addWidget(next);
    row->addWidget(close);

    connect(m_text, &QLineEdit::textChanged, &view, &TranscriptView::setFindText);
    connect(previous, &QAbstractButton::clicked, &view, &TranscriptView::findPrevious);
    connect(next, &QAbstractButton::clicked, &view, &TranscriptView::findNext);
    connect(close, &QAbstractButton::clicked, this, &FindBar::stop);
    connect(&view, &TranscriptView::findChanged, this, [this](int current, int total) {
        m_count->setText(m_text->text().isEmpty() ? QString()
                                                  : tr("%1 of %2").arg(current).arg(total));
    });
    hide();
}

void FindBar::start()
{
    // Its icon makes Qt load every image plugin: not before the window shows.
    m_text->setClearButtonEnabled(true);
    show();
    m_text->setFocus(Qt::ShortcutFocusReason);
    m_text->selectAll();
    m_view.setFindText(m_text->text());
}

void FindBar::stop()
{
    hide();
    m_view.setFindText({});
    m_view.setFocus(Qt::OtherFocusReason);
}

bool FindBar::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) {
            if (key->modifiers() & Qt::ShiftModifier)
                m_view.findPrevious();
            else
                m_view.findNext();
            return true;
        }
        if (key->key() == Qt::Key_Escape) {
            stop();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace ui
