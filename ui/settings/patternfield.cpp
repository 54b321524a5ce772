#include "ui/settings/patternfield.h"

#include "core/conversation/promptguard.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/plainlabel.h"

#include <QEvent>
#include <QFocusEvent>
#include <QFontMetrics>
#include <QPlainTextEdit>
#include <QVBoxLayout>

#include <utility>

namespace ui {

PatternField::PatternField(const ThemeSource &theme, const QString &objectName, const QString &head,
                           QWidget *parent)
    : QWidget(parent)
    , m_head(new PlainLabel(theme, TextRole::Section, {}, this))
    , m_edit(new QPlainTextEdit(this))
    , m_fault(new PlainLabel(theme, TextRole::Error, {}, this))
    , m_undo(new PillButton(theme, ButtonLook::Link, tr("Undo"), this))
{
    build(theme, objectName);
    setHead(head);
    m_edit->installEventFilter(this);
    connect(m_edit, &QPlainTextEdit::textChanged, this, &PatternField::check);
    connect(m_undo, &QAbstractButton::clicked, this, [this] {
        const QString former = m_former;
        m_edit->setPlainText(former);
        tell(former);
    });
}

void PatternField::build(const ThemeSource &theme, const QString &objectName)
{
    constexpr int LinesShown = 6;
    auto *note = new PlainLabel(
        theme, TextRole::Small,
        tr("One a line: words, in capitals or not, or a regular expression between slashes, as "
           "/ACME-\\d+/. Keys and passwords are always asked about."),
        this);
    note->setWordWrap(true);
    m_edit->setObjectName(objectName);
    m_edit->setAccessibleDescription(note->text());
    m_edit->setTabChangesFocus(true);
    m_edit->setMinimumHeight(LinesShown * QFontMetrics(theme.theme().chrome).lineSpacing());
    m_fault->setObjectName(objectName + QStringLiteral("-fault"));
    m_fault->setWordWrap(true);
    m_fault->hide();
    m_undo->setObjectName(objectName + QStringLiteral("-undo"));
    m_undo->hide();

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(3 * Theme::Step);
    column->addWidget(m_head);
    column->addWidget(m_edit);
    column->addWidget(m_fault);
    column->addWidget(note);
    column->addWidget(m_undo, 0, Qt::AlignLeading);
}

void PatternField::setHead(const QString &head)
{
    m_head->setText(head);
    m_edit->setAccessibleName(head);
    m_undo->setAccessibleName(tr("Undo: %1").arg(head));
}

void PatternField::setValue(const QString &patterns)
{
    const bool isWritten = m_edit->hasFocus() && m_edit->document()->isModified();
    if (std::exchange(m_value, patterns) != patterns && !isWritten)
        m_edit->setPlainText(patterns);
}

void PatternField::forget()
{
    m_value.clear();
    m_edit->clear();
    m_undo->hide();
}

void PatternField::check()
{
    m_undo->hide();
    QString fault;
    const QStringList lines = m_edit->toPlainText().split(u'\n');
    for (qsizetype i = 0; i < lines.size() && fault.isEmpty(); ++i) {
        if (const QString why = core::patternFault(lines.at(i)); !why.isEmpty())
            fault = tr("Line %1 is no regular expression: %2.").arg(QString::number(i + 1), why);
    }
    m_fault->setText(fault);
    m_fault->setVisible(!fault.isEmpty());
}

void PatternField::leave()
{
    QStringList patterns;
    for (const QString &line : m_edit->toPlainText().split(u'\n')) {
        const QString pattern = line.trimmed();
        if (!core::patternFault(pattern).isEmpty())
            return; // what was typed stays, nothing is stored
        if (!pattern.isEmpty())
            patterns.append(pattern);
    }
    const QString tidy = patterns.join(u'\n');
    if (m_edit->toPlainText() != tidy && !m_edit->hasFocus())
        m_edit->setPlainText(tidy);
    tell(tidy);
}

void PatternField::tell(const QString &patterns)
{
    if (patterns == m_value)
        return;
    m_former = std::exchange(m_value, patterns);
    Q_EMIT entered(patterns);
    m_undo->show();
}

bool PatternField::eventFilter(QObject *watched, QEvent *event)
{
    // The field's own menu takes the focus, too, and gives it back.
    if (watched == m_edit && event->type() == QEvent::FocusOut &&
        static_cast<QFocusEvent *>(event)->reason() != Qt::PopupFocusReason)
        leave();
    return QWidget::eventFilter(watched, event);
}

void PatternField::hideEvent(QHideEvent *event)
{
    leave();
    QWidget::hideEvent(event);
}

} // namespace ui
